"""One text to one recipient or to several: a letter each, in one transaction, once for a form (vologda 4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from models.access import Viewer
from models.deadlines import Deadline
from models.exchange import OVER, Referral, ReferralPerson, ReferralStatus
from services.errors import need
from services.exchange import drafting, workflow
from services.exchange.drafting import Told

MANY_RECIPIENTS = 50
FOREIGN_DEADLINE = "Этот срок не вашей организации: письмо по нему не пишут."


@dataclass(frozen=True)
class Addressee:
    """An organisation of the directory, or a correspondent in words."""

    agency_id: int | None
    text: str = ""


def write(
    session: Session,
    *,
    kind_key: str,
    to: Sequence[Addressee],
    told: Told,
    agency_id: int,
    form_token: str,
    is_sent: bool,
    by: Viewer,
    now: datetime,
) -> list[Referral]:
    """A draft to each recipient, sent at once where asked for. A second click gets what the first one made.

    Raises Refused; then nothing of it is kept, once the caller rolls back.
    """
    if made := written_before(session, form_token=form_token, by=by):
        return made
    wanted = list(dict.fromkeys(to))
    need(wanted, "Укажите, кому письмо.", field="recipient_id")
    need(len(wanted) <= MANY_RECIPIENTS, f"Не больше {MANY_RECIPIENTS} получателей.", field="recipient_id")
    check(session, told=told, agency_id=agency_id, by=by)
    batch = form_token[:32] if len(wanted) > 1 and form_token else told.batch
    letters = []
    for number, one in enumerate(wanted):
        text = replace(told, recipient_id=one.agency_id, recipient_text=one.text, batch=batch)
        letter = drafting.draft(session, kind_key=kind_key, told=text, agency_id=agency_id, by=by, now=now)
        letter.form_token = f"{form_token}-{number}" if form_token else None
        letters.append(letter)
    session.flush()
    if is_sent:
        for letter in letters:
            workflow.send(session, referral=letter, by=by, now=now)
    return letters


def written_before(session: Session, *, form_token: str, by: Viewer) -> list[Referral]:
    """What this very form has already made."""
    if not form_token:
        return []
    query = select(Referral).where(
        Referral.author_id == by.user_id, Referral.form_token.startswith(f"{form_token}-", autoescape=True)
    )
    return list(session.scalars(query.order_by(Referral.id)))


def change(
    session: Session, *, referral: Referral, to: Addressee, told: Told, is_sent: bool, by: Viewer, now: datetime
) -> None:
    """Change a draft or a returned letter, and send it where asked for. Raises Refused."""
    assert referral.sender_id is not None
    check(session, told=told, agency_id=referral.sender_id, by=by)
    flag_modified(referral, "text")  # Its version rises also where only its people change.
    text = replace(told, recipient_id=to.agency_id, recipient_text=to.text, batch=referral.batch)
    drafting.edit(session, referral=referral, told=text, by=by)
    if is_sent:
        workflow.send(session, referral=referral, by=by, now=now)


def check(session: Session, *, told: Told, agency_id: int, by: Viewer) -> None:
    """What a letter refers to is the organisation's own obligation, and a consent of the very person."""
    if told.deadline_id is not None:
        deadline = session.get(Deadline, told.deadline_id)
        need(deadline is not None and deadline.agency_id == agency_id, FOREIGN_DEADLINE)
    if told.consent_id is not None:
        people = list(set(told.graduate_ids))
        drafting.consent_of(session, consent_id=told.consent_id, graduate_ids=people, on=by.on)


def under_way(session: Session, *, kind_key: str, sender_id: int, graduate_id: int) -> list[Referral]:
    """Letters of a kind about a person that the organisation has sent and that are not over."""
    r = Referral
    query = (
        select(r)
        .join(ReferralPerson, ReferralPerson.referral_id == r.id)
        .where(ReferralPerson.graduate_id == graduate_id, r.sender_id == sender_id, r.kind_key == kind_key)
        .where(r.status.not_in([ReferralStatus.DRAFT, *OVER]))
        .order_by(r.sent_at.desc())
        .limit(3)
    )
    return list(session.scalars(query))


def of_batch(session: Session, *, referral: Referral) -> list[Referral]:
    """Unsent letters that were written together with a draft, itself included; what was returned goes by itself."""
    if referral.batch is None or referral.status is not ReferralStatus.DRAFT:
        return [referral]
    r = Referral
    query = select(r).where(r.batch == referral.batch, r.sender_id == referral.sender_id)
    return list(session.scalars(query.where(r.status == ReferralStatus.DRAFT).order_by(r.id))) or [referral]
