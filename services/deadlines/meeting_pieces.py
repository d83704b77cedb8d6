"""What meetings fulfil: a sitting with a quorum, a methodical meeting; an agreed membership of a council."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.deadlines import Deadline, DeadlineEvidence
from models.meetings import Body, Meeting, MeetingAttendee, MeetingKind, MeetingStatus
from models.rule_terms import EvidenceKind
from services.deadlines.fact import Fact
from services.deadlines.meeting_facts import composed
from services.deadlines.piece import Piece

K = EvidenceKind


def meetings(session: Session, agency_ids: Collection[int]) -> Iterator[Piece]:
    """Held by an organisation; a sitting counts with the quorum of its body only."""
    m, a = Meeting, MeetingAttendee
    came = (
        select(func.count(a.id))
        .where(a.meeting_id == m.id, a.member_id.is_not(None), a.is_present)
        .correlate(m)
        .scalar_subquery()
    )
    query = (
        select(
            *(m.id, m.kind, m.held_on, m.agency_id, m.number, m.year, m.members_total, came.label("came")),
            *(Body.key, Body.quorum_part, Body.quorum_of),
        )
        .outerjoin(Body, Body.id == m.body_id)
        .where(m.status == MeetingStatus.HELD, m.annulled_on.is_(None), m.agency_id.in_(agency_ids))
    )
    for row in session.execute(query):
        if row.kind is MeetingKind.SITTING and row.came * row.quorum_of < row.quorum_part * row.members_total:
            continue
        of = frozenset({row.kind.value, *((row.key,) if row.key else ())})
        number = f"{row.number}/{row.year}"
        yield Piece(K.MEETING, f"meeting:{row.id}", row.held_on, agency_id=row.agency_id, number=number, of=of)


def approvals(session: Session) -> Iterator[Piece]:
    """The day on which the membership was agreed covers all changes before it.

    A card of a council bears its last agreement only: an earlier one stays where it was noted.
    """
    noted = _noted(session)
    agreed = dict(session.execute(select(Body.id, Body.approved_on)).all())
    changes: dict[str, list[Fact]] = defaultdict(list)
    for fact in composed(session):
        changes[fact.source.partition("/")[0]].append(fact)
    for body, found in changes.items():
        last = agreed[int(body.partition(":")[2])]
        for fact in found:
            before = noted.get(fact.source)
            on = last
            if before is not None and any(other.on > before for other in found) and (last is None or before < last):
                on = before
            if on is not None and on >= fact.on:
                about = frozenset({fact.source})
                yield Piece(K.APPROVAL, f"{fact.source}/agreed", on, agency_id=fact.agency_id, about=about)


def _noted(session: Session) -> dict[str, Any]:
    """Change of a council → the day of its agreement, as far as it is noted."""
    e = DeadlineEvidence
    query = select(Deadline.subject, e.happened_on).join(e.deadline)
    rows = session.execute(query.where(e.kind == K.APPROVAL, e.reference.startswith("body:")))
    return {subject.partition(">")[0]: on for subject, on in rows}
