"""What a changed rule would do: told exactly, stored not at all, done the same when it is saved."""

from collections.abc import Collection
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models import Model
from models.access import Viewer
from models.regulations import Regulation
from services.deadlines import foreseeing, verbs
from services.deadlines.foreseeing import Fate, Foreseen, Line, foresee, redraw
from services.production_calendar import load_calendar
from services.regulations import editing
from services.regulations.loading import pack_of
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.regulated import CODE, draw, duties, follow


@pytest.fixture
def regulation(session: scoped_session[Session], cast: Cast) -> Regulation:
    made = follow(session(), cast.service, cast.opeka, cast.other_opeka)
    draw(session())
    session.commit()
    return made


def store(session: Session, code: str, **values: Any) -> Collection[str]:
    """A new version of the small regulation in which a rule says something else; the keys that it changed."""
    pack = pack_of(session, CODE)
    assert pack
    changed = editing.with_changes(pack, code, values)
    number = editing.newest_version(session, _id(session)).number
    loaded = editing.store(session, pack=changed, version=number, note="письмо", by=None, on=TODAY, now=NOW)
    return {f"{CODE}/{one}" for one in (*loaded.added, *loaded.changed, *loaded.ended)}


def _id(session: Session) -> int:
    return session.scalars(select(Regulation.id).where(Regulation.code == CODE)).one()


def ahead(session: Session, code: str, **values: Any) -> Foreseen:
    return foresee(
        session,
        change=lambda: store(session, code, **values),
        keys={f"{CODE}/{code}"},
        calendar=load_calendar(session),
        on=TODAY,
        now=NOW,
    )


def everything(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    found = {}
    for table in Model.metadata.sorted_tables:
        keys = list(table.primary_key.columns)
        found[table.name] = [tuple(row) for row in session.execute(select(table).order_by(*keys))]
    return found


def test_nothing_of_a_preview_is_stored(session: scoped_session[Session], cast: Cast, regulation: Regulation) -> None:
    before = everything(session())
    foreseen = ahead(session(), "A01", opens="09-20", closes="10-20", in_force_from="2026-10-01")
    assert sum(foreseen.lines.values()) == 2
    session.commit()  # Also of the history nothing is left to be written.
    assert everything(session()) == before


def test_dates_that_move_are_told_with_the_old_and_the_new_day(
    session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    foreseen = ahead(session(), "A01", closes="10-15")
    old, new = (date(2027, 9, 25), date(2027, 10, 5)), (date(2027, 9, 25), date(2027, 10, 15))
    assert foreseen.lines == {Line(agency.id, old, new): 1 for agency in (cast.opeka, cast.other_opeka)}
    assert foreseen.total(Fate.MOVED) == 2
    assert foreseen.kept == 2  # This autumn's windows are open.
    assert (foreseen.people, foreseen.all_people, foreseen.is_partial) == (0, 0, False)


def test_a_window_that_opens_on_another_day_is_the_same_one_moved(
    session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    foreseen = ahead(session(), "A01", opens="09-20", in_force_from="2027-01-01")
    moved = {line: count for line, count in foreseen.lines.items() if line.fate is Fate.MOVED}
    assert moved == {
        Line(agency.id, (date(2027, 9, 25), date(2027, 10, 5)), (date(2027, 9, 20), date(2027, 10, 5))): 1
        for agency in (cast.opeka, cast.other_opeka)
    }


def test_a_rule_that_ends_asks_for_nothing_after_its_end(
    session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    foreseen = ahead(session(), "A02", in_force_to="2026-12-31")
    assert {line.fate for line in foreseen.lines} == {Fate.REMOVED}
    assert foreseen.total(Fate.REMOVED) == len(duties(session(), "A02", cast.service)) - 1
    assert foreseen.kept == 1


def test_saving_does_what_was_foreseen_and_open_duties_keep_their_version(
    session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    now_open, next_year = duties(session(), "A01", cast.opeka)
    number, first_version, dropped = now_open.id, now_open.rule_id, next_year.id
    boris = Viewer.of(session(), cast.boris, TODAY)
    verbs.pause(session(), deadline=now_open, reason="Ждём колледж", by=boris)
    keys = store(session(), "A01", closes="10-15")
    redraw(session(), keys=keys, calendar=load_calendar(session()), on=TODAY, now=NOW)
    session.commit()
    session.expire_all()
    kept, drawn = duties(session(), "A01", cast.opeka)
    assert (kept.id, kept.rule_id, kept.due_on) == (number, first_version, date(2026, 10, 5))
    assert drawn.due_on == date(2027, 10, 15)
    assert drawn.rule.version == 2
    assert dropped not in (number, drawn.id) or drawn.rule_id != first_version
    before = everything(session())
    draw(session())  # The daily run finds nothing to do.
    session.commit()
    assert everything(session())["deadline"] == before["deadline"]


def test_only_some_people_are_counted_where_they_are_many(
    session: scoped_session[Session], cast: Cast, regulation: Regulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreseeing, "PEOPLE", 2)
    foreseen = ahead(session(), "A03", amount=3)
    assert (foreseen.people, foreseen.all_people, foreseen.is_partial) == (2, 3, True)
    scopes, people, total = foreseeing.few_people(session())
    assert (people, total) == (2, 3)
    assert scopes[-1].last < max(cast.own.id, cast.local.id, cast.foreign.id)
