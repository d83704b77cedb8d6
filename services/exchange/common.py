"""What every verb of the exchange desk has in common: rights, claims, history, names."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import Referral, ReferralEvent, ReferralStatus, ReferralStep
from models.exchange_access import referrals_visible_to
from models.reckoning import term
from models.territory import Agency
from models.users import User
from models.working_calendar import OutsideCalendar
from services.audit import plain, record_action
from services.errors import Refused, need
from services.exchange.kinds import ReferralKind
from services.production_calendar import load_calendar

CHANGED = "Письмо тем временем изменилось: посмотрите, что записано сейчас, и повторите."
LONGEST = timedelta(days=2 * 366)  # No letter waits longer for its answer.


class StaleReferral(Refused):
    """Somebody else was faster: the sentence says who did what, and when."""


def find(session: Session, *, referral_id: int, by: Viewer) -> Referral | None:
    """A letter by its number; None: there is none for this user."""
    query = select(Referral).where(Referral.id == referral_id, referrals_visible_to(by))
    return session.scalars(query).one_or_none()


def claim(
    session: Session,
    *,
    referral: Referral,
    step: ReferralStep,
    expected: Collection[ReferralStatus],
    becomes: ReferralStatus,
    by: Viewer,
    now: datetime,
    note: str = "",
    **values: Any,
) -> None:
    """Bring a letter from one of the expected statuses into another, if it still is in one; else StaleReferral.

    Compare and set: of two people at once exactly one does it, and only with the letter as it was read. The line
    of the history and of the audit comes with it, and `values` are columns that change together with the status.
    """
    session.flush()
    changed = {"status": becomes, **values}
    before = {name: plain(getattr(referral, name)) for name in changed}
    statement = (
        update(Referral)
        .where(Referral.id == referral.id, Referral.status.in_(expected), Referral.version == referral.version)
        .values(**changed, version=Referral.version + 1)
        .execution_options(synchronize_session=False)
    )
    status_before = referral.status
    if session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        session.refresh(referral)
        is_edited = referral.status in expected and (not referral.events or referral.events[-1].step is not step)
        raise StaleReferral(CHANGED if is_edited else what_happened(referral))
    session.refresh(referral)
    payload = {
        name: [before[name], now_is] for name in changed if (now_is := plain(getattr(referral, name))) != before[name]
    }
    record_action(session, subject="referral", subject_id=referral.id, payload=payload)
    note_step(session, referral=referral, step=step, before=status_before, by=by, now=now, note=note)


def note_step(
    session: Session,
    *,
    referral: Referral,
    step: ReferralStep,
    before: ReferralStatus | None,
    by: Viewer,
    now: datetime,
    note: str = "",
) -> None:
    """A line of the history of a letter."""
    event = ReferralEvent(
        step=step,
        status_before=before,
        status_after=referral.status,
        at=now,
        agency_id=by.agency_id,
        user_id=by.user_id,
        who=who(session, by),
        note=note.strip(),
    )
    referral.events.append(event)
    session.flush()


def what_happened(referral: Referral) -> str:
    """One sentence for whoever came second."""
    last = referral.events[-1] if referral.events else None
    told = f"{last.step.label} ({last.who}, {last.at:%d.%m.%Y})" if last else referral.status.label
    if referral.status is ReferralStatus.REVOKED:
        return f"Письмо отозвано отправителем: {referral.reason.rstrip('.')}. Ответ и другие действия невозможны."
    return f"Не выполнено: с письмом уже сделано другое – {told}. Сейчас оно «{referral.status.label}»."


def who(session: Session, by: Viewer) -> str:
    """«Анна Клерк, Служба «Перекрёсток»», as it was then."""
    user = session.get(User, by.user_id) if by.user_id is not None else None
    return ", ".join((user.name, user.agency.short_name)) if user else "система"


def has_accounts(session: Session, agency_id: int | None) -> bool:
    """Whether anybody of an organisation can sign in."""
    if agency_id is None:
        return False
    return session.scalar(select(User.id).where(User.agency_id == agency_id, ~User.is_locked).limit(1)) is not None


def agency_or_refuse(session: Session, agency_id: int | None, *, field: str, otherwise: str) -> Agency:
    found = session.get(Agency, agency_id) if agency_id is not None else None
    need(found is not None and found.is_active, otherwise, field=field)
    assert found
    return found


def answer_day(session: Session, kind: ReferralKind, sent_on: date) -> date | None:
    """The last day for an answer; None: the kind asks for none."""
    if kind.answer_days is None:
        return None
    try:
        return term(load_calendar(session), sent_on, kind.answer_days, kind.answer_unit).due_on
    except OutsideCalendar as error:
        raise Refused(f"Срок ответа не посчитать. {error}", field="answer_due_on") from None


def kind_as_written(referral: Referral) -> ReferralKind:
    """The kind of a letter as its pack worded it when it was written."""
    return ReferralKind.of(referral.terms)
