"""What happens to a letter: sent, received, accepted, answered, closed; returned, declined, revoked, passed on.

Every verb is a claim (services.exchange.common): of two people at once one does it, the other is told who did. With
it go its line of history, numbers of the journals, notifications, and the cards that it opens or closes; obligations
follow in the same transaction (services.deadlines).
"""

from services.exchange.workflow.answering import answer
from services.exchange.workflow.asking import pause, resume, say
from services.exchange.workflow.common import USUAL_MINUTES, allow_minutes
from services.exchange.workflow.receiving import accept, acknowledge, assign, receive, start, take
from services.exchange.workflow.refusing import decline, forward, give_back
from services.exchange.workflow.sending import close, need_sendable, reopen, revoke, send

__all__ = [
    "USUAL_MINUTES",
    "accept",
    "acknowledge",
    "allow_minutes",
    "answer",
    "assign",
    "close",
    "decline",
    "forward",
    "give_back",
    "need_sendable",
    "pause",
    "receive",
    "reopen",
    "resume",
    "revoke",
    "say",
    "send",
    "start",
    "take",
]
