"""Short builders of letters between organisations; `kind` of shipped packs is looked up, else a plain one stands in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from models.exchange import OVER, Referral, ReferralPerson, ReferralStatus
from models.graduates import Graduate
from models.territory import Agency, AgencyKind
from models.users import User

SENT_ON = date(2026, 9, 1)
PLAIN: dict[str, Any] = {
    "regulation": "common",
    "regulation_title": "Общие сроки",
    "code": "request",
    "title": "Запрос",
    "from": [kind.value for kind in AgencyKind],
    "to": [kind.value for kind in AgencyKind],
    "about": "several",
    "fields": [{"label": "ФИО", "source": "name"}],
    "answer_days": 30,
}


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=UTC)


def make_referral(
    session: Session,
    sender: Agency,
    recipient: Agency,
    *people: Graduate,
    status: ReferralStatus = ReferralStatus.SENT,
    sent_on: date = SENT_ON,
    author: User | None = None,
    terms: dict[str, Any] | None = None,
    **fields: Any,
) -> Referral:
    """A letter as it would stand in a status, without having gone through the verbs."""
    said = terms or PLAIN
    is_sent = status is not ReferralStatus.DRAFT
    if status in (ReferralStatus.RETURNED, ReferralStatus.DECLINED, ReferralStatus.REVOKED, ReferralStatus.FORWARDED):
        fields.setdefault("reason", "не наш вопрос")
    if status is ReferralStatus.ANSWERED:
        fields.setdefault("answered_on", sent_on)
    fields.setdefault("summary", "Как учится")
    referral = Referral(
        kind_key=f"{said['regulation']}/{said['code']}",
        kind_title=said["title"],
        clause_text="п. 4.4",
        terms=said,
        status=status,
        sender=sender,
        sender_name=sender.name,
        recipient=recipient,
        recipient_name=recipient.name,
        ground="согласие" if is_sent else "",
        about_text=people[0].last_name if people else "",
        author=author,
        created_at=at(sent_on),
        sent_at=at(sent_on) if is_sent else None,
        sent_on=sent_on if is_sent else None,
        closed_at=at(sent_on) if status in OVER else None,
        **fields,
    )
    referral.people = [
        ReferralPerson(graduate_id=one.id, position=place, name=one.full_name, birth_date=one.birth_date)
        for place, one in enumerate(people)
    ]
    session.add(referral)
    session.flush()
    return referral
