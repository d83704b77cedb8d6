"""The shipped law in a test's database, organisations that follow it, and short questions about obligations."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from models.access import Viewer
from models.base import Model
from models.context import Actor, act_as
from models.deadlines import Deadline, Occurrence
from models.graduates import Graduate
from models.production_calendar import CalendarDay, CalendarYear
from models.regulations import AgencyRegulation, DeadlineRule, Regulation, RegulationVersion
from models.rule_terms import RuleTerms, Trigger
from models.territory import Agency
from models.users import Role
from models.working_calendar import WorkingCalendar
from services.deadlines.dates import horizon
from services.deadlines.generation import generate
from services.deadlines.occurrences import record
from services.deadlines.run import Made
from services.production_calendar import load_calendar, load_years
from services.regulations.loading import load_shipped


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


LAW: list[type[Model]] = [CalendarYear, CalendarDay, Regulation, RegulationVersion, DeadlineRule]
_loaded: dict[str, list[list[dict[str, Any]]]] = {}  # By database: what loading made, to be put back at once.


def load_law(session: Session, on: date = date(2026, 1, 1)) -> WorkingCalendar:
    """The production calendar and the six packs; read from the files once for each database."""
    act_as(session, Actor(at(on)))
    url = str(session.get_bind().engine.url)
    if url in _loaded:
        for model, rows in zip(LAW, _loaded[url], strict=True):
            session.execute(insert(model.__table__), rows)  # type: ignore[arg-type]
            _count_on(session, model)
    else:
        load_years(session)
        load_shipped(session, now=at(on), on=on)
        session.flush()
        _loaded[url] = [[dict(row._mapping) for row in session.execute(select(model.__table__))] for model in LAW]
    return load_calendar(session)


def _count_on(session: Session, model: type[Model]) -> None:
    """A database made anew under an old name would give the numbers of these rows once more."""
    table = model.__tablename__
    if session.get_bind().dialect.name == "postgresql" and "id" in model.__table__.c:
        named = f"pg_get_serial_sequence('{table}', 'id')"
        session.execute(text(f"SELECT setval({named}, greatest((SELECT max(id) FROM {table}), nextval({named})))"))


def follow(session: Session, agency: Agency, *codes: str, since: date = date(2025, 1, 1)) -> None:
    for code in codes:
        regulation = session.scalars(select(Regulation).where(Regulation.code == code)).one()
        session.add(AgencyRegulation(agency_id=agency.id, regulation_id=regulation.id, starts_on=since))
    session.flush()


def make_regulation(session: Session, code: str = "test-region", **fields: Any) -> Regulation:
    fields = {
        "title": "Испытательный порядок",
        "short_title": "Испытательный",
        "in_force_from": date(2020, 1, 1),
    } | fields
    regulation = Regulation(code=code, issuer="", number="", territory="", **fields)
    session.add(regulation)
    session.flush()
    return regulation


def make_rule(
    session: Session, regulation: Regulation, code: str, terms: dict[str, Any], **fields: Any
) -> DeadlineRule:
    fields = {"in_force_from": date(2020, 1, 1), "version": 1, "title": f"Правило {code}"} | fields
    rule = DeadlineRule(
        regulation=regulation,
        code=code,
        key=f"{regulation.code}/{code}",
        clause="1.1",
        clause_heading="",
        kind=RuleTerms.of(terms).kind,
        terms_data=terms,
        note="",
        created_at=at(date(2020, 1, 1)),
        **fields,
    )
    session.add(rule)
    session.flush()
    return rule


def run(session: Session, on: date, until: date | None = None) -> Made:
    """The daily run, as the command does it."""
    act_as(session, Actor(at(on)))
    made = Made()
    for part in generate(session, calendar=load_calendar(session), on=on, until=until or horizon(on), now=at(on)):
        made += part
        session.commit()
    return made


def viewer_of(agency: Agency, on: date, *, role: Role = Role.CLERK) -> Viewer:
    """Somebody of an organisation without an account of his or her own."""
    return Viewer(None, role, agency.id, agency.kind, agency.sees_whole_region, False, (), on)  # type: ignore[arg-type]


def happen(
    session: Session, trigger: str, agency: Agency, graduate: Graduate | None, day: date, **more: Any
) -> Occurrence:
    """Record an event on a day (or on `noted_on`), and save: its obligations arise with it."""
    noted_on = more.pop("noted_on", day)
    act_as(session, Actor(at(noted_on)))
    occurrence = record(
        session,
        trigger=Trigger(trigger),
        agency_id=agency.id,
        graduate_id=graduate.id if graduate else None,
        happened_on=day,
        by=viewer_of(agency, noted_on, role=Role.ADMINISTRATOR),
        now=at(noted_on),
        **more,
    )
    session.commit()
    return occurrence


def duties(session: Session, code: str, graduate: Graduate | None = None) -> list[Deadline]:
    """Obligations by the code of a rule («T05», «vologda-2022/T05»), the earliest first."""
    key = Deadline.rule_key == code if "/" in code else Deadline.rule_key.endswith(f"/{code}")
    query = select(Deadline).where(key).order_by(Deadline.due_on, Deadline.id)
    if graduate is not None:
        query = query.where(Deadline.graduate_id == graduate.id)
    return list(session.scalars(query))


def duty(session: Session, code: str, graduate: Graduate | None = None) -> Deadline:
    """The only one."""
    (found,) = duties(session, code, graduate)
    return found


def dues(found: Iterable[Deadline]) -> list[date]:
    return [deadline.due_on for deadline in found]
