"""Lines of the journals of letters that were a mistake: annulled only where that does not hide what happened."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import AT_RECIPIENT, IncomingLetter, OutgoingLetter, ReferralStatus
from services import numbering
from services.errors import need

SETTLED = (ReferralStatus.ANSWERED, ReferralStatus.CLOSED)
NEVER_DEALT_WITH = (ReferralStatus.DECLINED, ReferralStatus.REVOKED)


def annul(session: Session, *, line: OutgoingLetter | IncomingLetter, reason: str, by: Viewer) -> None:
    """Strike a number out, with the reason; the head. Raises Refused."""
    told = why_it_stands(session, line)
    need(not told, told)
    numbering.annul(session, record=line, reason=reason, by=by)


def why_it_stands(session: Session, line: OutgoingLetter | IncomingLetter) -> str:
    """Why a number cannot be annulled, in a sentence; empty: it can."""
    return _why_sent(session, line) if isinstance(line, OutgoingLetter) else _why_received(line)


def _why_sent(session: Session, line: OutgoingLetter) -> str:
    """What went stays in the journal; a letter that was taken back before anybody received it did not go."""
    if line.message_id is not None:
        return "Под этим номером ушёл ответ: номер остаётся за ним. Если ответ неверный, отправитель письма вернёт его."
    if any(one.id > line.id and one.agency_id == line.agency_id for one in line.referral.outgoing):
        return "Под этим номером письмо уходило и было возвращено на доработку: строка остаётся в журнале."
    status = line.referral.status
    if status is not ReferralStatus.REVOKED:
        can_be_revoked = status in AT_RECIPIENT or status is ReferralStatus.RETURNED
        told = "Сначала отзовите его." if can_be_revoked else "Оно прочитано, и строка остаётся в журнале."
        return f"Под этим номером ушло письмо. {told}"
    came = select(IncomingLetter.id).where(
        IncomingLetter.referral_id == line.referral_id, IncomingLetter.annulled_on.is_(None)
    )
    if session.scalar(came.limit(1)) is not None:
        return "Получатель зарегистрировал письмо с этим номером: строка остаётся с отметкой «отозвано»."
    return ""


def _why_received(line: IncomingLetter) -> str:
    """What came through the system did come; a paper may have been entered twice, or by mistake."""
    letter = line.referral
    if not letter.is_on_paper:
        return "Письмо пришло через «Маршрут»: его получение остаётся в журнале."
    if line.message_id is not None:
        is_settled = letter.status in SETTLED
        return "Ответ принят под этим номером. Сначала верните ответ." if is_settled else ""
    is_over = letter.status in NEVER_DEALT_WITH
    return "" if is_over else "По этому письму идёт работа. Если оно внесено по ошибке, сначала отклоните письмо."
