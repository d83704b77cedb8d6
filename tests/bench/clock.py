"""The daily run over organisations and people: 300 organisations under the five regulations, whatever many people.

Everybody has had a home that ended, most study, many have a category, a consent and a need that was noted.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from flask_migrate import upgrade
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.deadlines import Deadline
from models.regulations import AgencyRegulation, Regulation
from models.territory import AgencyKind, District
from services.deadlines.generation import generate
from services.demo import bulk
from services.production_calendar import load_calendar, load_years
from services.regulations.loading import load_shipped
from tests.bench.databases import application
from tests.factories import make_agency, make_district
from views import edge
from views.cli_tools import transaction
from views.extensions import db

ON, UNTIL = date(2026, 1, 1), date(2026, 12, 31)
SIZES = (10_000, 30_000, 100_000)
DISTRICTS = 10  # for each regulation
K = AgencyKind
KINDS = (K.GUARDIANSHIP, K.SOCIAL_CENTRE, K.SUPPORT_SERVICE, K.CARE_CENTRE, K.COLLEGE)
CENTRES = (K.REGIONAL_OPERATOR, K.COORDINATION_CENTRE, K.DEPARTMENT, K.COUNCIL)
CHUNK = 10_000


@dataclass(frozen=True)
class Place:
    district: int
    responsible: tuple[int, ...]
    college: int


@dataclass(frozen=True)
class Taken:
    people: int
    organisations: int
    obligations: int
    first: float  # seconds
    again: float  # the same day, nothing changed
    next_day: float  # everybody is looked at, hardly anything to make


@contextmanager
def region(url: str, folder: Path, people: int) -> Iterator[None]:
    """A migrated database with the law, the organisations and the people."""
    app = application(url, folder)
    with app.app_context():
        upgrade()
        with transaction() as session:
            load_years(session)
            load_shipped(session, now=edge.clock(), on=ON)
        with transaction() as session:
            places = _organisations(session)
            with bulk.without_indexes(session.connection()):
                for rows in _people(places, people, session.get_bind().dialect.name):
                    bulk.write(session.connection(), rows)
        yield
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def measure(url: str, folder: Path, people: int) -> Taken:
    with region(url, folder, people):
        first, again, next_day = _run(), _run(), _run(1)
        session = db.session()
        obligations = session.scalar(select(func.count(Deadline.id))) or 0
        organisations = session.scalar(select(func.count(func.distinct(AgencyRegulation.agency_id)))) or 0
        session.rollback()
        return Taken(people, organisations, obligations, first, again, next_day)


def _run(later: int = 0) -> float:
    """As the command does it: a commit after every part; `later` days after the first."""
    days = timedelta(days=later)
    start = time.perf_counter()
    with transaction() as session:
        calendar = load_calendar(session)
        for _ in generate(session, calendar=calendar, on=ON + days, until=UNTIL + days, now=edge.clock()):
            session.commit()
    return time.perf_counter() - start


def _organisations(session: Session) -> list[Place]:
    """Sixty for each regulation: five in each of ten districts, and ten that serve them all."""
    places = []
    for regulation in session.scalars(select(Regulation).where(Regulation.code != "common").order_by(Regulation.id)):
        districts = [make_district(session, f"d{regulation.id}-{n}", f"Район {n}") for n in range(DISTRICTS)]
        ids = []
        for district in districts:
            own = {kind: _agency(session, regulation.id, kind, (district,), district.code) for kind in KINDS}
            ids += own.values()
            responsible = (own[K.SUPPORT_SERVICE], own[K.SUPPORT_SERVICE], own[K.CARE_CENTRE])
            places.append(Place(district.id, responsible, own[K.COLLEGE]))
        for number in range(DISTRICTS):
            kind = CENTRES[number % len(CENTRES)]
            ids.append(_agency(session, regulation.id, kind, tuple(districts), f"all{number}"))
        session.add_all(AgencyRegulation(agency_id=one, regulation_id=regulation.id, starts_on=ON) for one in ids)
    session.flush()
    return places


def _agency(session: Session, regulation_id: int, kind: AgencyKind, districts: tuple[District, ...], mark: str) -> int:
    flags = {"is_data_bank_operator": kind is K.REGIONAL_OPERATOR}
    return make_agency(session, f"{kind.value}-{regulation_id}-{mark}", kind, districts=districts, **flags).id


def _people(places: list[Place], count: int, dialect: str) -> Iterator[bulk.Rows]:
    rng = Random(7)
    at = bulk.moment(edge.clock(), dialect)
    for start in range(0, count, CHUNK):
        rows = bulk.no_rows()
        for number in range(start + 1, min(start + CHUNK, count) + 1):
            _person(rows, number, places[number % len(places)], rng, at)
        yield rows


def _person(rows: bulk.Rows, number: int, place: Place, rng: Random, at: str) -> None:
    born = date(2003, 1, 1) + timedelta(days=rng.randrange(6 * 365))
    came_of_age = born.replace(year=born.year + 18, day=min(born.day, 28))
    category = rng.choice(("crisis", "active", "active", "stable", "stable", "stable", None))
    agency = rng.choice(place.responsible)
    fields = dict.fromkeys(bulk.COLUMNS["graduate"], "")
    fields |= {"id": number, "last_name": "Иванов", "first_name": "Иван", "birth_date": str(born), "sex": "male"}
    fields |= {"name_key": f"иванов иван {number}", "created_at": at, "updated_at": at, "version": 1}
    fields |= {"is_volunteer": False, "current_children": 0, "open_problems": 0, "category_code": category}
    fields |= {"agency_id": agency, "origin_district_id": place.district, "district_id": place.district}
    nothing = ("legal_status_code", "care_loss_reason_code", "first_identified_on", "exit_ground_code")
    nothing += ("graduating_agency_id", "current_employment_code", "current_marital_code", "current_housing_code")
    fields |= dict.fromkeys((*nothing, "created_by_id"), None)
    fields |= {"left_on": str(came_of_age) if came_of_age < ON + timedelta(days=200) else None}
    rows["graduate"].append(tuple(fields[name] for name in bulk.COLUMNS["graduate"]))
    form = rng.choice(("foster_family", "guardianship", "institution"))
    ends = str(came_of_age) if came_of_age < ON + timedelta(days=200) else None
    rows["placement"].append((number, form, str(born), ends, None, "", place.district, "", ""))
    if rng.random() < 0.6:
        entered = str(date(2023 + rng.randrange(3), 9, 1))
        rows["study"].append(
            (number, entered, True, None, "basic", "studying", place.college, "", 1, "Повар", True, "", None, None, "")
        )
    if category:
        decided = str(ON + timedelta(days=rng.randrange(300)))
        rows["category_decision"].append((number, category, decided, None, "", ""))
    if rng.random() < 0.3:
        found = str(ON + timedelta(days=rng.randrange(300)))
        rows["problem"].append((number, "housing", "Жильё", 2, found, "message", None, ""))
    until = str(ON + timedelta(days=rng.randrange(900)))
    rows["consent"].append((number, "support", str(ON - timedelta(days=400)), until, None, "", "", agency))
