"""200,000 letters of one organisation, to it and from it, in every status, with their numbers and people."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from models.exchange import (
    OVER,
    IncomingLetter,
    OutgoingLetter,
    Referral,
    ReferralPerson,
    ReferralStatus,
    ReferralUrgency,
)
from models.graduates import Graduate
from models.territory import Agency
from models.text import normalise
from models.users import User
from services.exchange.kinds import kinds_of
from services.exchange.people_facts import short_name
from services.regulations.loading import current_packs
from tests.bench.databases import DAY
from views.cli_tools import transaction

LOGIN = "sluzhba"
COUNT = int(os.environ.get("BENCH_LETTERS", "") or 200_000)
CHUNK = 5_000
YEARS = 5
S = ReferralStatus
OPEN = (S.SENT, S.RECEIVED, S.ACCEPTED, S.IN_WORK, S.ANSWERED, S.RETURNED)
URGENCIES = tuple(ReferralUrgency)


def seed() -> User:
    """Half of the letters came, half went; two of five are open; the user who reads them is returned."""
    with transaction() as session:
        user = session.scalars(select(User).where(User.login == LOGIN)).one()
        others = list(session.scalars(select(Agency).where(Agency.id != user.agency_id).order_by(Agency.id)))
        people = list(session.execute(select(Graduate.id, Graduate.last_name, Graduate.first_name).limit(1000)))
        kinds = [kind for pack in current_packs(session) for kind in kinds_of(pack)]
        first = (session.scalar(select(func.max(Referral.id))) or 0) + 1
        for start in range(0, COUNT, CHUNK):
            numbers = range(start, min(start + CHUNK, COUNT))
            rows = [_letter(first + place, place, user, others, people, kinds) for place in numbers]
            _store(session, rows, [people[place % len(people)] for place in numbers], user)
    return user


def _letter(number: int, place: int, user: User, others: list[Agency], people: list[Any], kinds: Any) -> dict[str, Any]:
    comes = place % 2 == 0
    other, kind = others[place % len(others)], kinds[place % len(kinds)]
    turn = place // 2
    status = OPEN[turn // 5 % len(OPEN)] if turn % 5 < 2 else OVER[turn % len(OVER)]
    sent_on = DAY - timedelta(days=place * 7919 % (365 * YEARS))
    sent_at = _at(sent_on)
    person = people[place % len(people)]
    name = f"{person[1]} {person[2]}"
    ends: tuple[Any, Any] = (other, user.agency) if comes else (user.agency, other)
    is_paused = status is S.IN_WORK and turn % 3 == 0
    return {
        "id": number,
        "kind_key": kind.key,
        "kind_title": kind.title,
        "clause_text": kind.ground,
        "terms": {},
        "is_notice": kind.is_notice,
        "urgency": URGENCIES[turn % 17] if turn % 17 < 3 else ReferralUrgency.NORMAL,
        "status": status,
        "sender_id": ends[0].id,
        "sender_name": ends[0].name,
        "recipient_id": ends[1].id,
        "recipient_name": ends[1].name,
        "is_on_paper": turn % 11 == 0,
        "summary": kind.title,
        "text": "Просим сообщить",
        "facts": [],
        "about_text": short_name(name),
        "about_key": normalise(name),
        "ground": kind.ground,
        "their_number": f"01-17/{place}" if turn % 11 == 0 else "",
        "created_at": sent_at,
        "sent_at": sent_at,
        "sent_on": sent_on,
        "received_on": None if status is S.SENT else sent_on,
        "accepted_at": None,
        "author_id": user.id,
        "executor_id": user.id if turn % 7 == 0 else None,
        "answer_due_on": None if turn % 4 == 0 else sent_on + timedelta(days=30),
        "answered_on": sent_on if status in (S.ANSWERED, S.CLOSED) else None,
        "paused_on": sent_on if is_paused else None,
        "pause_reason": "Чей это адрес?" if is_paused else "",
        "reason": "Не наш вопрос" if status in (S.RETURNED, S.DECLINED, S.REVOKED, S.FORWARDED) else "",
        "closed_at": sent_at + timedelta(days=20) if status in OVER else None,
        "version": 1,
    }


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=UTC)


def _store(session: Session, rows: list[dict[str, Any]], people: list[Any], user: User) -> None:
    session.execute(insert(Referral), rows)
    told = [
        {"referral_id": row["id"], "graduate_id": person[0], "position": 0, "name": row["about_text"], "facts": []}
        for row, person in zip(rows, people, strict=True)
    ]
    session.execute(insert(ReferralPerson), told)
    for journal, day in ((IncomingLetter, "received_on"), (OutgoingLetter, "sent_on")):
        session.execute(insert(journal), list(_lines(journal, day, rows, user)))


def _lines(journal: Any, day: str, rows: list[dict[str, Any]], user: User) -> Iterator[dict[str, Any]]:
    """In years of their own, in which nobody else gets a number."""
    side = "recipient_id" if journal is IncomingLetter else "sender_id"
    for row in rows:
        if row[side] == user.agency_id:
            yield {
                "referral_id": row["id"],
                "agency_id": user.agency_id,
                "year": 1999,
                "number": row["id"],
                day: row["sent_on"],
                "created_at": row["created_at"],
                "created_by_id": user.id,
                "form_token": None,
            }
