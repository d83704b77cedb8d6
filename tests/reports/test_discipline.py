"""The report on terms: what was kept, late, missed and why, by organisation and by clause."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.deadlines import Closing, Deadline, DeadlineEvidence, State
from models.rule_terms import EvidenceKind
from reports.base import Desk, Parameters
from reports.discipline import Discipline
from reports.figures import Drilled, Part
from reports.period import Period
from reports.terms_kept import STATES, Fate, fate_on
from services import reporting
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.obligations import make_deadline, make_rule
from tests.reports.statements import statements

PERIOD = Period.parse("2026-Q3")
DAY = PERIOD.ends_on
DUE = date(2026, 8, 10)


@pytest.fixture
def duties(session: Session, cast: Cast) -> None:
    """One of each fate of the service by one clause, a missed one of the opeka by another, one out of the period."""
    first, second = make_rule(session, "one"), make_rule(session, "two")
    make = lambda **fields: make_deadline(session, cast.service, first, **{"due_on": DUE, **fields})  # noqa: E731
    make(subject="in time", done_on=DUE, achieved=1)
    late = make(subject="late", done_on=DUE + timedelta(days=2), achieved=1)
    late.evidence.append(
        DeadlineEvidence(
            kind=EvidenceKind.INFORMATION,
            reference="mark:1",
            happened_on=late.done_on,
            note="ждали справку",
            noted_at=NOW,
        )
    )
    make(subject="later", done_on=DUE + timedelta(days=3), achieved=1)
    make(subject="missed")
    make(subject="paused", paused_on=DUE, pause_reason="ждём ответа")
    make(subject="waived", closing=Closing.WAIVED, closing_reason="умер")
    make(subject="needless", closing=Closing.NOT_APPLICABLE, closing_reason="переехал")
    make(subject="done after the day", done_on=DAY + timedelta(days=1), achieved=1)
    make_deadline(session, cast.opeka, second, due_on=DAY, subject="pending")
    make_deadline(session, cast.opeka, second, due_on=DAY - timedelta(days=1), subject="missed")
    make_deadline(session, cast.opeka, second, due_on=DAY + timedelta(days=1), subject="other period")
    session.flush()


def desk_of(session: Session, cast: Cast, *, whole: bool, **chosen: str) -> Desk:
    if whole:
        return Desk(session, Viewer.of(session, cast.kira, TODAY), Parameters(DAY, period=PERIOD, chosen=chosen))
    viewer = reporting.agency_viewer(session, agency=cast.service, today=TODAY)
    return Desk(session, viewer, Parameters(DAY, cast.service.id, cast.service.short_name, PERIOD, chosen=chosen))


def parts(desk: Desk) -> dict[str, Part]:
    return {part.key: part for part in Discipline().parts(desk)}


def line(part: Part, code: object) -> list[int]:
    return [int(figure.value or 0) for figure in next(one for one in part.lines if one.code == str(code)).figures]


def test_terms_by_organisation_and_clause(session: Session, cast: Cast, duties: None) -> None:
    found = parts(desk_of(session, cast, whole=True))
    # All, in time, late, missed, paused, pending, closed.
    assert line(found["agencies"], cast.service.id) == [8, 1, 2, 2, 1, 0, 2]
    assert line(found["agencies"], cast.opeka.id) == [2, 0, 0, 1, 0, 1, 0]
    assert line(found["agencies"], "total") == [10, 1, 2, 3, 1, 1, 2]
    assert [row.figures[0].value for row in found["duties"].lines] == [8, 2, 10]
    assert (found["summary"].figure("over").text, found["summary"].figure("share").text) == ("6", "16,7 %")
    assert "matrix" not in found


def test_causes_are_those_that_were_told(session: Session, cast: Cast, duties: None) -> None:
    causes = parts(desk_of(session, cast, whole=True))["causes"]
    told = {row.code: row.figures[0].value for row in causes.lines}
    assert told == {
        "late_told": 1,
        "late": 1,
        "paused": 1,
        "missed": 3,
        "waived": 1,
        "not_applicable": 1,
        "total": 8,
    }


def test_an_organisation_reads_its_own(session: Session, cast: Cast, duties: None) -> None:
    found = parts(desk_of(session, cast, whole=False))
    assert found["summary"].figure("all").value == 8
    assert "agencies" not in found


def test_in_full_each_organisation_has_its_clauses(session: Session, cast: Cast, duties: None) -> None:
    matrix = parts(desk_of(session, cast, whole=True, detail="full"))["matrix"]
    assert len(matrix.lines) == 3
    assert {row.label.partition(" · ")[0] for row in matrix.lines[:-1]} == {
        cast.service.short_name,
        cast.opeka.short_name,
    }


def by_chance(session: Session, cast: Cast, count: int) -> None:
    chance = Random(5)
    rules = [make_rule(session, f"r{number}") for number in range(4)]
    for number in range(count):
        due = DUE + timedelta(days=chance.randrange(-60, 70))
        done = chance.random() < 0.5
        closed = not done and chance.random() < 0.2
        paused = not done and not closed and chance.random() < 0.3
        make_deadline(
            session,
            chance.choice([cast.service, cast.opeka, cast.other_opeka]),
            chance.choice(rules),
            subject=f"n{number}",
            due_on=due,
            done_on=due + timedelta(days=chance.randrange(-9, 9)) if done else None,
            achieved=int(done),
            closing=chance.choice(list(Closing)) if closed else None,
            closing_reason="так" if closed else "",
            paused_on=due if paused else None,
            pause_reason="ждём" if paused else "",
        )
    session.flush()


@pytest.mark.parametrize("whole", [True, False])
def test_every_figure_is_the_number_of_obligations_behind_it(session: Session, cast: Cast, whole: bool) -> None:
    by_chance(session, cast, 150)
    desk, report = desk_of(session, cast, whole=whole, detail="full"), Discipline()
    for part in report.parts(desk):
        for row in part.lines:
            if part.key in ("agencies", "duties", "matrix"):
                first, *rest = (int(figure.value or 0) for figure in row.figures)
                assert first == sum(rest)
            for figure in row.figures:
                if figure.key and part.key + ".share" not in figure.key and row.code != "share":
                    assert behind(desk, report.drill(desk, figure.key)) == figure.value, figure.key


def behind(desk: Desk, drilled: Drilled | None) -> int:
    assert drilled is not None
    return desk.session.scalar(drilled.records.select(func.count())) or 0


def test_fates_agree_with_states(session: Session, cast: Cast) -> None:
    by_chance(session, cast, 80)
    states = {state: fate for fate, found in STATES.items() for state in found}
    assert set(states) == set(State)
    for deadline, fate in session.execute(select(Deadline, fate_on(DAY))):
        assert states[deadline.state_on(DAY)] is Fate(fate)


def test_nothing_is_zeros_and_a_dash(session: Session, cast: Cast) -> None:
    found = parts(desk_of(session, cast, whole=True))
    assert (found["summary"].figure("all").text, found["summary"].figure("share").text) == ("0", "—")


def test_however_many_obligations_the_statements_are_few(session: Session, cast: Cast, duties: None) -> None:
    desk = desk_of(session, cast, whole=True, detail="full")
    with statements() as asked:
        Discipline().parts(desk)
    assert sum("FROM deadline " in one for one in asked) == 1
    assert len(asked) == 3
