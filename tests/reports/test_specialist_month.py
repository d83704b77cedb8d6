"""The monthly report of a specialist: services, work, changes; each figure with its records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from models.plans import Measure, MeasureStatus, Plan, PlanKind, PlanState
from models.support import Assignment, AssignmentKind, CategoryDecision
from models.territory import Agency
from models.users import User
from models.work import Appeal, ServiceRecord
from reports.base import Desk
from reports.figures import Part
from reports.period import Period
from reports.specialist_month import SpecialistMonth
from tests.clock import at
from tests.factories import Cast, make_graduate
from tests.kpi_factories import desk_of, support
from tests.period_factories import Year
from tests.reports.figures_checked import check_every_figure, counts, part
from tests.reports.statements import statements

REPORT = SpecialistMonth()
NOVEMBER = Period.parse("2026-11")


def desk_for(session: Session, agency: Agency, user: User | None, period: Period = NOVEMBER) -> Desk:
    desk = desk_of(session, agency, period)
    named = {"specialist_id": user.id, "specialist_name": user.name} if user else {}
    return replace(desk, parameters=replace(desk.parameters, **named))  # type: ignore[arg-type]


def told(session: Session, cast: Cast, key: str, user: User | None = None) -> Part:
    return part(REPORT.parts(desk_for(session, cast.service, user or cast.anna)), key)


def serve(session: Session, cast: Cast, on: date, kind: str = "legal", **fields: object) -> None:
    fields = {"graduate_id": cast.own.id, "specialist_id": cast.anna.id, "specialist": "Анна", "quantity": 1} | fields
    session.add(ServiceRecord(agency_id=cast.service.id, provided_on=on, title="Помощь", kind_code=kind, **fields))
    session.flush()


def figures(found: Part, line: str) -> list[object]:
    return [figure.value for figure in next(one for one in found.lines if one.code == line).figures]


@pytest.mark.parametrize("whose", ["anna", "galina", "nobody"])
def test_every_figure_is_the_number_of_records_behind_it(session: Session, cast: Cast, whose: str) -> None:
    Year(session, cast.opeka, cast.service, [cast.boris], seed=2).live(5)
    Year(session, cast.service, cast.opeka, [cast.anna, cast.galina], seed=3).live(12)
    desk = desk_for(session, cast.service, getattr(cast, whose, None), Period.parse("2026"))
    parts = check_every_figure(REPORT, desk)
    assert sum(1 for figure in counts(parts) if figure.value) > 15


def test_its_tables_are_services_work_and_changes(session: Session, cast: Cast) -> None:
    parts = REPORT.parts(desk_for(session, cast.service, cast.anna))
    assert [one.title for one in parts] == [
        "А. Услуги",
        "Б. Работа",
        "В. Изменения",
        "В. Изменения: уровни сопровождения",
    ]
    assert parts[0].headings == ("Услуг", "Получателей", "Из них впервые", "В кризисе")
    assert {figure.value for figure in counts(parts)} == {0}


def test_who_was_served_before_is_not_served_for_the_first_time(session: Session, cast: Cast) -> None:
    other = make_graduate(session, "Новиков Иван", agency_id=cast.service.id)
    serve(session, cast, date(2026, 10, 31), "medical")
    serve(session, cast, date(2026, 11, 1), quantity=3)
    serve(session, cast, date(2026, 11, 30), graduate_id=other.id, quantity=2)
    assert figures(told(session, cast, "kinds"), "legal") == [5, 2, 1, 0]


def test_an_annulled_service_and_one_of_somebody_else_do_not_count(session: Session, cast: Cast) -> None:
    serve(session, cast, date(2026, 11, 5), annulled_on=date(2026, 11, 6), annulled_reason="ошибка")
    serve(session, cast, date(2026, 11, 5), specialist_id=cast.galina.id)
    assert figures(told(session, cast, "kinds"), "total") == [0, 0, 0, 0]
    assert figures(told(session, cast, "kinds", cast.galina), "total") == [1, 1, 1, 0]


def test_in_crisis_is_whoever_was_so_on_the_day_of_the_service(session: Session, cast: Cast) -> None:
    for code, since in (("crisis", date(2026, 11, 1)), ("active", date(2026, 11, 20))):
        session.add(CategoryDecision(graduate_id=cast.own.id, category_code=code, starts_on=since))
    serve(session, cast, date(2026, 11, 19), "legal")
    serve(session, cast, date(2026, 11, 20), "medical")
    found = told(session, cast, "kinds")
    assert (figures(found, "legal")[3], figures(found, "medical")[3], figures(found, "total")[3]) == (1, 0, 1)


def test_appeals_stand_as_they_do_on_the_last_day(session: Session, cast: Cast) -> None:
    """Received, done, open, overdue: one of October still open, one done in November, one done later."""
    days = (
        (date(2026, 10, 5), date(2026, 10, 20), None),
        (date(2026, 11, 5), date(2026, 12, 5), date(2026, 11, 7)),
        (date(2026, 11, 6), date(2026, 12, 6), date(2026, 12, 1)),
    )
    for number, (received, due, done) in enumerate(days, 1):
        session.add(
            Appeal(
                graduate_id=cast.own.id, agency_id=cast.service.id, received_on=received, due_on=due, done_on=done,
                content="Просит", outcome_code="solved" if done else None, specialist_id=cast.anna.id, specialist="А",
                year=2026, number=number, created_at=at(received),
            )
        )  # fmt: skip
    session.flush()
    work = told(session, cast, "work")
    lines = ("appeals", "appeals-done", "appeals-open", "appeals-overdue")
    assert [work.figure(code).value for code in lines] == [2, 1, 2, 1]


def test_a_measure_taken_over_by_a_new_edition_counts_once(session: Session, cast: Cast) -> None:
    _assign(session, cast)
    first = _plan(session, cast, 1, PlanState.CLOSED, closed_on=date(2026, 11, 3))
    second = _plan(session, cast, 2, PlanState.APPROVED, edition=2, previous_id=first.id)
    old = _measure(session, first)
    _measure(session, second, carried_from_id=old.id, status=MeasureStatus.DONE, done_on=date(2026, 11, 9))
    _measure(session, second, due_on=date(2026, 11, 2))
    work = told(session, cast, "work")
    lines = ("measures", "measures-done", "measures-refused", "measures-late")
    assert [work.figure(code).value for code in lines] == [2, 1, 0, 1]
    assert told(session, cast, "work", cast.galina).figure("measures").value == 0


def _assign(session: Session, cast: Cast) -> None:
    session.add(
        Assignment(
            graduate_id=cast.own.id,
            kind=AssignmentKind.CURATOR,
            user_id=cast.anna.id,
            name="Анна",
            starts_on=date(2026, 1, 1),
        )
    )
    session.flush()


def _plan(session: Session, cast: Cast, number: int, state: PlanState, **fields: object) -> Plan:
    day = date(2026, 11, 1)
    plan = Plan(
        graduate_id=cast.own.id, agency_id=cast.service.id, kind=PlanKind.INDIVIDUAL, state=state, starts_on=day,
        ends_on=date(2027, 1, 1), approved_on=day, year=2026, number=number, created_at=at(day), **fields,
    )  # fmt: skip
    session.add(plan)
    session.flush()
    return plan


def _measure(session: Session, plan: Plan, **fields: object) -> Measure:
    fields = {"due_on": date(2026, 11, 20), "title": "Паспорт", "direction_code": "legal"} | fields
    made = Measure(plan=plan, **fields)
    session.add(made)
    session.flush()
    return made


def test_changes_are_of_the_people_of_the_specialist(session: Session, cast: Cast) -> None:
    _assign(session, cast)
    support(session, cast.own, cast.service, date(2026, 11, 2))
    support(session, cast.local, cast.service, date(2026, 11, 3))
    for code, since in (("crisis", date(2026, 11, 2)), ("stable", date(2026, 11, 9))):
        session.add(CategoryDecision(graduate_id=cast.own.id, category_code=code, starts_on=since))
    session.flush()
    assert told(session, cast, "changes").figure("accepted").value == 1
    transfers = told(session, cast, "transfers")
    assert (figures(transfers, "crisis"), figures(transfers, "stable")) == ([1, 0], [0, 1])


def test_more_records_take_no_more_statements(session: Session, cast: Cast) -> None:
    year = Year(session, cast.service, cast.opeka, [cast.anna], seed=4)
    desk = desk_for(session, cast.service, cast.anna, Period.parse("2026"))
    year.live(16)
    few = _statements(desk)
    year.live(8)
    assert _statements(desk) == few <= 20


def _statements(desk: Desk) -> int:
    with statements() as made:
        REPORT.parts(desk)
    return len(made)
