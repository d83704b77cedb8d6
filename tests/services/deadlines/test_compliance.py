"""The table of a regulation by quarters: what it says today and what it said on a day in the past."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.context import Actor, act_as
from models.deadlines import Closing, Deadline, State
from models.regulations import Regulation, RuleSwitch
from models.rule_terms import Trigger
from services.deadlines import occurrences, verbs
from services.deadlines.compliance import Compliance, agencies_for, compliance, followed
from tests.conftest import NOW, TODAY
from tests.factories import Cast, make_agency
from tests.regulated import draw, duties, follow
from views.extensions import db

DAY = timedelta(days=1)


@pytest.fixture
def regulation(session: scoped_session[Session], cast: Cast) -> Regulation:
    """Anna's service and Boris's guardianship body follow it since January; opens and quotas are drawn."""
    made = follow(session(), cast.service, cast.opeka, since=date(2026, 1, 1))
    draw(session())
    session.commit()
    return made


def table(session: Session, agency_id: int, regulation: Regulation, on: date = TODAY) -> Compliance:
    ends_at = datetime(on.year, on.month, on.day, tzinfo=UTC) + DAY
    return compliance(session, agency_id=agency_id, regulation=regulation, on=on, ends_at=ends_at)


def states(found: Compliance) -> dict[str, list[list[tuple[str, int]]]]:
    """Rule → its cells → (state, count)."""
    return {
        row.rule.code: [[(part.state.value, part.count) for part in cell.parts] for cell in row.cells]
        for row in found.rows
    }


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_rules_stand_in_the_order_of_the_clauses_and_only_those_that_bind(
    session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    found = table(session(), cast.opeka.id, regulation)
    assert states(found) == {"A01": [[], [], [], [("due_soon", 1)]]}
    assert [one.rule.code for one in found.standing] == ["S01", "S02"]
    assert [one.is_planned for one in found.standing] == [False, True]
    assert found.others == 2
    of_service = table(session(), cast.service.id, regulation)
    assert list(states(of_service)) == ["A02", "A03"]  # Clause 2 before clause 3, whatever their order in the file.
    assert states(of_service)["A02"] == [[("due_soon", 1)]]  # A duty of the year stands across it.
    assert of_service.rows[1].is_empty
    assert of_service.others == 1


def test_evidence_counts_from_its_own_day(session: scoped_session[Session], cast: Cast, regulation: Regulation) -> None:
    (sent, *_) = duties(session(), "A01", cast.opeka)
    boris = Viewer.of(session(), cast.boris, TODAY)
    verbs.mark(session(), deadline=sent, happened_on=date(2026, 9, 28), number="15", by=boris, now=NOW)
    session.commit()
    (cell,) = (cell for cell in table(session(), cast.opeka.id, regulation).rows[0].cells if cell.parts)
    (part,) = cell.parts
    assert (cell.first, cell.last, part.state, part.deadline_id) == (3, 3, State.DONE, sent.id)
    assert part.proof
    assert (part.proof.happened_on, part.proof.number) == (date(2026, 9, 28), "15")
    before = table(session(), cast.opeka.id, regulation, date(2026, 9, 27))
    assert states(before)["A01"][3] == [("open", 1)]
    assert states(table(session(), cast.opeka.id, regulation, date(2026, 9, 20)))["A01"][3] == [("upcoming", 1)]
    assert before.totals == Counter({State.OPEN: 1})


def test_half_a_quota_is_told_as_of_the_day(
    session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    (this_year, *_) = duties(session(), "A02", cast.service)
    galina = Viewer.of(session(), cast.galina, TODAY)
    for day in (date(2026, 3, 2), date(2026, 9, 30)):
        verbs.mark(session(), deadline=this_year, happened_on=day, by=galina, now=NOW)
    session.commit()
    done = table(session(), cast.service.id, regulation).rows[0].cells[0].parts[0]
    assert (done.state, done.achieved, done.required) == (State.DONE, 2, 2)
    earlier = table(session(), cast.service.id, regulation, date(2026, 9, 29)).rows[0].cells[0].parts[0]
    assert (earlier.state, earlier.achieved) == (State.DUE_SOON, 1)


def test_what_was_waived_later_was_asked_for_on_the_day(
    session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    (this_year, *_) = duties(session(), "A02", cast.service)
    galina = Viewer.of(session(), cast.galina, TODAY)
    verbs.close(session(), deadline=this_year, closing=Closing.WAIVED, reason="Ремонт", by=galina)
    session.commit()
    assert table(session(), cast.service.id, regulation).totals == Counter({State.WAIVED: 1})
    assert table(session(), cast.service.id, regulation, TODAY - DAY).totals == Counter({State.DUE_SOON: 1})
    act_as(session(), Actor(NOW + 3 * DAY))
    verbs.reopen(session(), deadline=this_year, by=galina)
    session.commit()
    assert table(session(), cast.service.id, regulation, TODAY + DAY).totals == Counter({State.WAIVED: 1})
    assert table(session(), cast.service.id, regulation, TODAY + 4 * DAY).totals == Counter({State.DUE_SOON: 1})


def test_a_pause_counts_while_it_lasted(session: scoped_session[Session], cast: Cast, regulation: Regulation) -> None:
    (this_year, *_) = duties(session(), "A02", cast.service)
    galina = Viewer.of(session(), cast.galina, TODAY)
    verbs.pause(session(), deadline=this_year, reason="Ждём опеку", by=galina)
    session.commit()
    act_as(session(), Actor(NOW + 5 * DAY))
    verbs.resume(session(), deadline=this_year, by=galina)
    session.commit()
    assert table(session(), cast.service.id, regulation, TODAY + DAY).totals == Counter({State.PAUSED: 1})
    assert table(session(), cast.service.id, regulation, TODAY - DAY).totals == Counter({State.DUE_SOON: 1})
    assert table(session(), cast.service.id, regulation, TODAY + 5 * DAY).totals == Counter({State.DUE_SOON: 1})


def test_a_fact_that_nobody_knew_yet_is_not_in_the_table_of_the_day(
    session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    occurrences.record(
        session(),
        trigger=Trigger.APPLICATION_RECEIVED,
        agency_id=cast.service.id,
        graduate_id=None,
        other_id=None,
        happened_on=date(2026, 9, 30),
        number="7",
        note="",
        by=Viewer.of(session(), cast.anna, TODAY),
        now=NOW,
    )
    session.commit()
    assert states(table(session(), cast.service.id, regulation))["A03"][3] == [("due_soon", 1)]
    assert table(session(), cast.service.id, regulation, date(2026, 9, 29)).rows[1].is_empty


def test_a_rule_that_is_switched_off_says_so(
    session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    off = RuleSwitch(rule_key="small/A03", agency_id=cast.service.id, starts_on=TODAY, reason="Ведёт другая служба")
    off.created_at = NOW
    session.add(off)
    session.commit()
    row = table(session(), cast.service.id, regulation).rows[1]
    assert (row.off_since, row.off_reason) == (TODAY, "Ведёт другая служба")
    assert table(session(), cast.service.id, regulation, TODAY - DAY).rows[1].off_since is None


def test_the_number_of_statements_does_not_grow(
    app: Flask, session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    number = cast.service.id
    table(session(), number, regulation)
    with counted() as few:
        table(session(), number, regulation)
    pattern = duties(session(), "A02", cast.service)[0]
    rule = pattern.rule
    for place in range(60):
        due = date(2026, 1 + place % 12, 1 + place % 28)
        made = Deadline(rule=rule, rule_key=rule.key, agency_id=cast.service.id, subject=f"x{place}", period="2026")
        made.opens_on = made.nominal_on = made.due_on = made.control_on = made.soon_on = due
        made.created_at = NOW
        session.add(made)
    session.commit()
    session.refresh(regulation)
    with counted() as many:
        found = table(session(), number, regulation)
    assert sum(found.totals.values()) == 61
    assert len(many) == len(few)


def test_whose_tables_one_may_open(session: scoped_session[Session], cast: Cast) -> None:
    make_agency(session(), "closed", cast.service.kind, is_active=False)

    def names(user: object) -> set[str]:
        viewer = Viewer.of(session(), user, TODAY)  # type: ignore[arg-type]
        return {agency.code for agency in agencies_for(session(), viewer=viewer)}

    assert names(cast.anna) == names(cast.galina) == {"service"}
    assert names(cast.boris) == {"opeka-sokol"}
    everybody = {"service", "opeka-sokol", "opeka-totma", "centre", "department"}
    assert names(cast.kira) == names(cast.root) == everybody
    cast.centre.sees_whole_region = False
    session.flush()
    assert names(cast.kira) == {"centre"}


def test_regulations_are_those_of_the_day(session: scoped_session[Session], cast: Cast, regulation: Regulation) -> None:
    assert [one.code for one in followed(session(), agency_id=cast.service.id, on=TODAY)] == ["small"]
    assert followed(session(), agency_id=cast.service.id, on=date(2025, 12, 31)) == []
    assert followed(session(), agency_id=cast.other_opeka.id, on=TODAY) == []
