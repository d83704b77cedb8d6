"""What the facts of a letter are read from: loaded for all its people at once, by a few statements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from models.assessments import ReadinessAssessment
from models.circumstances import Address, Employment, FamilyStatus, Housing, Placement, Study
from models.dictionaries import ServiceKind
from models.graduates import Graduate
from models.plans import OPEN_MEASURES, Measure, Plan, PlanState
from models.support import CategoryDecision
from models.work import ServiceRecord

CHUNK = 500  # People of one statement.
LATELY = timedelta(days=182)
# What is never told of a person: health, offences, what was said to a psychologist.
CLOSED_DIRECTIONS = ("health", "difficulty")
CLOSED_SERVICES = ("medical", "psychological")

PLACEMENTS = selectinload(Graduate.placements).joinedload(Placement.form, innerjoin=True)
STUDIES = selectinload(Graduate.studies).options(
    joinedload(Study.level), joinedload(Study.agency), joinedload(Study.leave), joinedload(Study.status)
)
EMPLOYMENTS = selectinload(Graduate.employments).joinedload(Employment.status, innerjoin=True)
FAMILIES = selectinload(Graduate.family_statuses).joinedload(FamilyStatus.status, innerjoin=True)
HOUSINGS = selectinload(Graduate.housings).joinedload(Housing.status, innerjoin=True)
ADDRESSES = selectinload(Graduate.addresses).joinedload(Address.district)
CATEGORIES = selectinload(Graduate.category_decisions).joinedload(CategoryDecision.category, innerjoin=True)
PROBLEMS = selectinload(Graduate.problems)
SITUATIONS = selectinload(Graduate.situations)
CHILDREN = selectinload(Graduate.dependants)
ASSIGNMENTS = selectinload(Graduate.assignments)
DISTRICTS = joinedload(Graduate.district)
EXIT_GROUND = joinedload(Graduate.exit_ground)
LEGAL_STATUS = joinedload(Graduate.legal_status)
KNOWN = load_only(Graduate.id)

Loaded = Mapping[int, str]  # graduate → text
Batch = Callable[[Session, Sequence[int], date], Loaded]


@dataclass
class Desk:
    """The people of one letter on a day; what does not stand in their cards is asked once for all of them."""

    session: Session
    on: date
    numbers: Sequence[int] = ()
    _asked: dict[Batch, Loaded] = field(default_factory=dict)

    def ask(self, batch: Batch, graduate: Graduate) -> str:
        if batch not in self._asked:
            self._asked[batch] = batch(self.session, self.numbers, self.on)
        return self._asked[batch].get(graduate.id, "")


def load(session: Session, numbers: Sequence[int], options: Iterable[Any]) -> None:
    """Read what the options say of all these cards, which are there already, so that nothing is read card by card."""
    chosen = list(dict.fromkeys(options))
    for start in range(0, len(numbers) if chosen else 0, CHUNK):
        chunk = numbers[start : start + CHUNK]
        session.scalars(select(Graduate).where(Graduate.id.in_(chunk)).options(KNOWN, *chosen)).all()


def readiness(session: Session, numbers: Sequence[int], on: date) -> Loaded:
    """«14 баллов из 20, 12.03.2026»: the newest assessment of each, without its notes."""
    a = ReadinessAssessment
    query = select(a).options(selectinload(a.scores)).where(a.graduate_id.in_(numbers))
    query = query.where(a.annulled_on.is_(None), a.assessed_on <= on).order_by(a.assessed_on, a.id)
    return {one.graduate_id: _points(one) for one in session.scalars(query)}


def _points(assessment: ReadinessAssessment) -> str:
    points = sum(score.value for score in assessment.scores)
    return f"баллов {points} из {2 * len(assessment.scores)}, оценка от {assessment.assessed_on:%d.%m.%Y}"


def open_measures(session: Session, numbers: Sequence[int], on: date) -> Loaded:
    """What the plans in force still have to do, closed directions apart."""
    query = (
        select(Plan.graduate_id, Measure.title)
        .join(Measure, Measure.plan_id == Plan.id)
        .where(Plan.graduate_id.in_(numbers), Plan.state == PlanState.APPROVED)
        .where(Plan.starts_on <= on, Plan.ends_on >= on, Measure.status.in_(OPEN_MEASURES))
        .where(Measure.direction_code.not_in(CLOSED_DIRECTIONS))
        .where(or_(Measure.service_kind_code.is_(None), Measure.service_kind_code.not_in(CLOSED_SERVICES)))
        .order_by(Plan.id, Measure.position, Measure.id)
    )
    titles: dict[int, list[str]] = defaultdict(list)
    for number, title in session.execute(query):
        titles[number].append(title)
    return {number: "; ".join(dict.fromkeys(found)) for number, found in titles.items()}


def services(session: Session, numbers: Sequence[int], on: date) -> Loaded:
    """«услуги за полгода: социально-правовые – 3», closed kinds apart."""
    r = ServiceRecord
    query = (
        select(r.graduate_id, ServiceKind.label, r.quantity)
        .join(ServiceKind, ServiceKind.code == r.kind_code)
        .where(r.graduate_id.in_(numbers), r.annulled_on.is_(None), r.kind_code.not_in(CLOSED_SERVICES))
        .where(r.provided_on > on - LATELY, r.provided_on <= on)
        .order_by(ServiceKind.position, ServiceKind.code)
    )
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for number, label, quantity in session.execute(query):
        counts[number][label] += quantity
    return {
        number: "услуги за полгода: " + ", ".join(f"{label} – {count}" for label, count in counted.items())
        for number, counted in counts.items()
    }
