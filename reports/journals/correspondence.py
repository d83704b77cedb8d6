"""What a chunk of journal lines needs to know of their letters: numbers on both sides, people, where they went on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.exchange import IncomingLetter, OutgoingLetter, Referral, ReferralPerson, ReplyOutcome

NAMED = 3  # People whose names stand in a line; of more of them it tells how many.


@dataclass(frozen=True)
class Line:
    """A number that a letter or an answer got in a journal, and holds."""

    id: int
    agency_id: int
    message_id: int | None
    number: str
    on: date

    @property
    def text(self) -> str:
        """«№ 7/2026 от 26.03.2026»."""
        return f"№ {self.number} от {self.on:%d.%m.%Y}"


@dataclass(frozen=True)
class Passed:
    """The letter that a forwarded one became."""

    id: int
    recipient: str
    outcome: ReplyOutcome | None


@dataclass
class Correspondence:
    outgoing: dict[int, list[Line]] = field(default_factory=lambda: defaultdict(list))
    incoming: dict[int, list[Line]] = field(default_factory=lambda: defaultdict(list))
    named: dict[int, list[tuple[int | None, str]]] = field(default_factory=lambda: defaultdict(list))
    passed: dict[int, Passed] = field(default_factory=dict)

    # -- Whom it is about ----------------------------------------------------------------------------------------------

    def about(self, letter: Referral) -> str:
        people = [name for _, name in self.named[letter.id]]
        told = "; ".join(people[:NAMED])
        return f"{told} и другие, всего {letter.about_text}" if len(people) > NAMED else told

    def cards(self, referral_id: int) -> tuple[int, ...]:
        return tuple(number for number, _ in self.named[referral_id][:NAMED] if number is not None)

    # -- Numbers -------------------------------------------------------------------------------------------------------

    def numbers(self, referral_id: int, agency_id: int) -> list[Line]:
        """Under which an organisation sent a letter: several where it was returned and sent again."""
        sent = self.outgoing[referral_id]
        return [line for line in sent if line.agency_id == agency_id and line.message_id is None]

    def answers(self, referral_id: int, agency_id: int) -> list[Line]:
        """Outgoing numbers of the answers of an organisation."""
        return [one for one in self.outgoing[referral_id] if one.agency_id == agency_id and one.message_id is not None]

    def received_answers(self, referral_id: int, agency_id: int) -> list[Line]:
        return [one for one in self.incoming[referral_id] if one.agency_id == agency_id and one.message_id is not None]

    def came(self, referral_id: int, agency_id: int | None) -> Line | None:
        """Under which number an organisation received the letter itself."""
        found = [one for one in self.incoming[referral_id] if one.agency_id == agency_id and one.message_id is None]
        return found[-1] if found else None

    def sent(self, record: IncomingLetter) -> Line | None:
        """The number that the other side gave to what came."""
        lines = self.outgoing[record.referral_id]
        found = [one for one in lines if one.message_id == record.message_id and one.agency_id != record.agency_id]
        in_time = [one for one in found if one.on <= record.received_on]
        return next(reversed(in_time or found), None)

    def next_number(self, record: OutgoingLetter) -> Line | None:
        """Under which a letter was sent again after this one."""
        later = (one for one in self.numbers(record.referral_id, record.agency_id) if one.id > record.id)
        return next(later, None)

    # -- Where it went on ----------------------------------------------------------------------------------------------

    def passed_on(self, referral_id: int) -> Passed | None:
        return self.passed.get(referral_id)

    def outcome(self, referral_id: int) -> str:
        """How the last of the letters that a forwarded one became ended."""
        last = self.passed.get(referral_id)
        while last is not None and last.id in self.passed:
            last = self.passed[last.id]
        return last.outcome.label if last and last.outcome else ""


def gathered(session: Session, records: Sequence[Any]) -> Correspondence:
    """A few statements for a whole chunk of lines."""
    found = Correspondence()
    ids = {record.referral_id for record in records}
    known = ids | _follow(session, found, ids)
    for model, day, lines in (
        (OutgoingLetter, OutgoingLetter.sent_on, found.outgoing),
        (IncomingLetter, IncomingLetter.received_on, found.incoming),
    ):
        _number(session, model, day, known, lines)
    p = ReferralPerson
    people = select(p.referral_id, p.graduate_id, p.name).where(p.referral_id.in_(ids), p.position <= NAMED)
    for referral_id, graduate_id, name in session.execute(people.order_by(p.referral_id, p.position)):
        found.named[referral_id].append((graduate_id, name))
    return found


def _follow(session: Session, found: Correspondence, ids: Iterable[int]) -> set[int]:
    """The letters that these became when they were passed on, however often."""
    r = Referral
    seen: set[int] = set()
    frontier = set(ids)
    while frontier:
        query = select(r.id, r.origin_id, r.recipient_name, r.outcome).where(r.origin_id.in_(frontier))
        rows = session.execute(query.order_by(r.id)).all()
        for number, origin, name, outcome in rows:
            if origin is not None:
                found.passed[origin] = Passed(number, name, outcome)
        frontier = {number for number, *_ in rows} - seen
        seen |= frontier
    return seen


def _number(session: Session, model: Any, day: Any, ids: Iterable[int], lines: dict[int, list[Line]]) -> None:
    columns = (model.id, model.agency_id, model.message_id, model.number, model.year, day, model.referral_id)
    query = select(*columns).where(model.referral_id.in_(ids), model.annulled_on.is_(None)).order_by(model.id)
    for id_, agency_id, message_id, number, year, on, referral_id in session.execute(query):
        lines[referral_id].append(Line(id_, agency_id, message_id, f"{number}/{year}", on))
