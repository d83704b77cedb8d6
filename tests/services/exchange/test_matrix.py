"""Verb × status × side: who may do what with a letter when, against a table of its own; everything else is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.access_grants import AccessGrant
from models.exchange import IncomingLetter, OutgoingLetter, Referral, ReferralEvent, ReferralStatus, ReplyOutcome
from models.journals import JournalCounter
from models.notifications import Notification
from models.territory import AgencyKind
from models.users import Role, User
from services.errors import Refused
from services.exchange import drafting, workflow
from services.exchange.drafting import Told
from services.exchange.letters import register_outgoing
from tests.conftest import NOW, TODAY
from tests.exchange_factories import make_referral
from tests.factories import Cast, make_agency, make_user
from tests.services.exchange.letters import CASE, Desk

S = ReferralStatus
SENDER, RECIPIENT = frozenset({"author", "colleague", "head"}), frozenset({"clerk", "chief"})
BOTH, NOBODY = SENDER | RECIPIENT, frozenset[str]()
FRESH, AT_WORK = {S.SENT, S.RECEIVED}, {S.RECEIVED, S.ACCEPTED, S.IN_WORK}
WAS_SENT = set(S) - {S.DRAFT}
MUTABLE = {S.DRAFT, S.RETURNED}


@dataclass(frozen=True)
class Rule:
    """Who, in which statuses, and what the letter is afterwards; None: what it was."""

    who: frozenset[str]
    when: set[S]
    becomes: S | None = None
    on_paper: frozenset[str] = SENDER  # Who, where the recipient has no account.
    when_on_paper: set[S] | None = None


RULES = {
    "send": Rule(SENDER, MUTABLE, S.SENT),
    "edit": Rule(SENDER, MUTABLE),
    "discard": Rule(SENDER, {S.DRAFT}),
    "receive": Rule(RECIPIENT, {S.SENT}, S.RECEIVED),
    "accept": Rule(RECIPIENT, FRESH, S.ACCEPTED),
    "start": Rule(RECIPIENT, {S.ACCEPTED}, S.IN_WORK),
    "answer": Rule(RECIPIENT, AT_WORK, S.ANSWERED, when_on_paper=AT_WORK | {S.SENT}),
    "pause": Rule(RECIPIENT, AT_WORK),
    "resume": Rule(NOBODY, set(), on_paper=NOBODY),  # Nothing waits here.
    "close": Rule(SENDER, {S.ANSWERED}, S.CLOSED),
    "reopen": Rule(SENDER, {S.ANSWERED}, S.IN_WORK),
    "give_back": Rule(RECIPIENT, FRESH, S.RETURNED, on_paper=NOBODY),
    "forward": Rule(RECIPIENT, {*FRESH, S.ACCEPTED}, S.FORWARDED, on_paper=NOBODY),
    "decline": Rule(RECIPIENT, FRESH, S.DECLINED),
    "revoke": Rule(frozenset({"author", "head"}), {*FRESH, S.ACCEPTED, S.IN_WORK, S.RETURNED}, S.REVOKED,
                   on_paper=frozenset({"author", "head"})),
    "say": Rule(BOTH, WAS_SENT - {S.REVOKED}),
}  # fmt: skip
SAID: dict[str, dict[str, Any]] = {
    "answer": {"text": "Сделано.", "outcome": ReplyOutcome.RESOLVED},
    "say": {"text": "Когда ждать?"},
    **{name: {"reason": "так надо"} for name in ("pause", "reopen", "give_back", "decline", "revoke")},
}
LEFT = (OutgoingLetter, IncomingLetter, JournalCounter, Notification, ReferralEvent, AccessGrant)


@dataclass
class Table:
    desk: Desk
    people: dict[str, User]
    is_on_paper: bool

    def letter(self, status: S) -> Referral:
        cast, session = self.desk.cast, self.desk.session
        recipient = self.people["clerk"].agency
        letter = make_referral(
            session, cast.service, recipient, cast.own, status=status, author=cast.anna, terms=CASE,
            answer_due_on=TODAY, is_on_paper=self.is_on_paper,
        )  # fmt: skip
        if status is not S.DRAFT:
            by = self.desk.by(cast.anna)
            register_outgoing(session, referral=letter, agency_id=cast.service.id, on=TODAY, by=by, now=NOW)
        return letter

    def act(self, verb: str, letter: Referral, user: User) -> None:
        session, by = self.desk.session, self.desk.by(user)
        if verb == "edit":
            told = Told(letter.recipient_id, text="Иначе", graduate_ids=[self.desk.cast.own.id])
            drafting.edit(session, referral=letter, told=told, by=by)
        elif verb == "discard":
            drafting.discard(session, referral=letter, by=by)
        else:
            more = {"recipient_id": self.desk.cast.other_opeka.id, "reason": "не наш"} if verb == "forward" else {}
            done: Callable[..., Any] = getattr(workflow, verb)
            done(session, referral=letter, by=by, now=NOW, **(SAID.get(verb, {}) | more))

    def left(self) -> list[int]:
        """How much there is of everything that a verb leaves behind."""
        session = self.desk.session
        counts = [session.scalar(select(func.count()).select_from(model)) or 0 for model in LEFT]
        return [*counts, session.scalar(select(func.sum(JournalCounter.last_number))) or 0]


@pytest.fixture(params=["with accounts", "on paper"])
def table(request: pytest.FixtureRequest, session: scoped_session[Session], cast: Cast) -> Table:
    desk = Desk(session(), cast)
    is_on_paper = request.param == "on paper"
    place = make_agency(session(), "college", AgencyKind.COLLEGE) if is_on_paper else cast.opeka
    people = {
        "author": cast.anna,
        "colleague": make_user(session(), "olga", "Ольга Коллега", Role.CLERK, cast.service),
        "head": cast.galina,
        "clerk": make_user(session(), "clerk", "Пётр Получатель", Role.CLERK, place, is_locked=is_on_paper),
        "chief": make_user(session(), "chief", "Павел Получатель", Role.HEAD, place, is_locked=is_on_paper),
        "overseer": cast.kira,
        "stranger": cast.vera,
    }
    session.commit()
    return Table(desk, people, is_on_paper)


@pytest.mark.parametrize("verb", list(RULES))
def test_a_verb_is_for_its_side_in_its_statuses_and_leaves_nothing_behind_where_refused(
    table: Table, verb: str
) -> None:
    rule, session = RULES[verb], table.desk.session
    wrong = []
    for status in S:
        for side, user in table.people.items():
            if table.is_on_paper and side in RECIPIENT:
                continue  # Nobody of them signs in.
            with session.begin_nested() as savepoint:
                letter = table.letter(status)
                before = table.left()
                found = _outcome(table, verb, letter, user)
                if found is None and table.left() != before:
                    found = "left something behind"
                savepoint.rollback()
            session.expire_all()
            if found != (expected := _expected(rule, side, status, table.is_on_paper)):
                wrong.append((status.value, side, found, expected))
    assert wrong == []


def _expected(rule: Rule, side: str, status: S, is_on_paper: bool) -> str | None:
    who = rule.on_paper if is_on_paper else rule.who
    when = rule.when_on_paper if is_on_paper and rule.when_on_paper is not None else rule.when
    return (rule.becomes or status).value if side in who and status in when else None


def _outcome(table: Table, verb: str, letter: Referral, user: User) -> str | None:
    """The status afterwards; None: refused."""
    status = letter.status
    try:
        table.act(verb, letter, user)
    except Refused:
        return None
    return status.value if verb == "discard" else letter.status.value
