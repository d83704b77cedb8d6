"""How many services were rendered: the same total however they are split, down to the lines of the journal."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.plans import Measure, Plan, PlanKind, PlanState
from models.work import GroupSession, ServiceRecord
from reports.period import Period
from reports.services_count import SPLIT, SPLITS, ServicesCount
from tests.clock import at
from tests.factories import Cast
from tests.kpi_factories import desk_of
from tests.period_factories import Year
from tests.reports.figures_checked import check_every_figure, part

REPORT = ServicesCount()
QUARTER, YEAR = Period.parse("2026-Q3"), Period.parse("2026")
KEYS = {
    "kind": "kinds",
    "form": "forms",
    "specialist": "specialists",
    "direction": "directions",
    "programme": "programmes",
}


@pytest.fixture
def year(session: Session, cast: Cast) -> Year:
    Year(session, cast.opeka, cast.service, [cast.boris], seed=5).live(5)
    made = Year(session, cast.service, cast.opeka, [cast.anna, cast.galina], seed=7)
    made.live(12)
    return made


def test_the_splits_are_those_of_the_clauses() -> None:
    assert set(SPLITS) == set(KEYS)
    assert SPLIT.default == "kind"


def test_every_figure_is_the_number_of_records_behind_it(session: Session, cast: Cast, year: Year) -> None:
    for split, key in KEYS.items():
        parts = check_every_figure(REPORT, desk_of(session, cast.service, QUARTER, split=split))
        assert [one.key for one in parts] == [key]


def test_the_total_is_the_journals_however_it_is_split(session: Session, cast: Cast, year: Year) -> None:
    rows = session.execute(
        select(ServiceRecord.quantity, ServiceRecord.graduate_id).where(
            ServiceRecord.agency_id == cast.service.id,
            ServiceRecord.annulled_on.is_(None),
            ServiceRecord.provided_on.between(YEAR.starts_on, YEAR.ends_on),
        )
    ).all()
    expected = [sum(row.quantity for row in rows), len(rows), len({row.graduate_id for row in rows})]
    assert len(rows) > len({row.graduate_id for row in rows}) > 1
    for split in KEYS:
        (found,) = REPORT.parts(desk_of(session, cast.service, YEAR, split=split))
        assert [figure.value for figure in found.lines[-1].figures[:3]] == expected, split


def test_services_are_told_apart_by_measure_programme_employee_and_appeal(session: Session, cast: Cast) -> None:
    day = date(2026, 8, 3)
    common = {"agency_id": cast.service.id, "year": 2026, "number": 1, "created_at": at(day)}
    plan = Plan(
        graduate_id=cast.own.id, kind=PlanKind.INDIVIDUAL, state=PlanState.APPROVED, starts_on=day, ends_on=day,
        approved_on=day, **common,
    )  # fmt: skip
    plan.measures = [Measure(title="Жильё", direction_code="housing")]
    held = GroupSession(held_on=day, topic="Бюджет", programme="Ты не один", specialist="Анна", **common)
    session.add_all([plan, held])
    session.flush()
    for fields in (
        {"measure_id": plan.measures[0].id, "specialist_id": cast.anna.id},
        {"session_id": held.id, "quantity": 2},
        {},
    ):
        session.add(
            ServiceRecord(
                graduate_id=cast.own.id, agency_id=cast.service.id, provided_on=day, title="Помощь", kind_code="legal",
                specialist="Кто-то", **fields,
            )
        )  # fmt: skip
    session.flush()

    def lines(split: str) -> dict[str, object]:
        found = part(REPORT.parts(desk_of(session, cast.service, QUARTER, split=split)), KEYS[split])
        return {line.label: line.figures[0].value for line in found.lines if line.figures[0].value}

    assert lines("direction") == {"содействие в реализации права на жилое помещение": 1, "вне плана": 3, "Всего": 4}
    assert lines("programme") == {"Ты не один": 2, "вне программ": 2, "Всего": 4}
    assert lines("specialist") == {"Анна Клерк": 1, "без учётной записи": 3, "Всего": 4}
