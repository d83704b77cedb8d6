"""The rows put back at once are those that building the cast leaves, and are not put where they do not fit."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.base import Model
from services.audit import CHANGES, KEY, digest_of, link
from tests.factories import Cast, build_cast, make_district
from tests.kept_cast import KeptCast


def _contents(session: Session) -> dict[str, list[Any]]:
    """Every row of every table; the numbers that PostgreSQL never gives twice are left out there."""
    has_same_numbers = session.get_bind().dialect.name == "sqlite"
    told = {}
    for table in Model.metadata.sorted_tables:
        rows = [tuple(row) for row in session.execute(select(table))]
        told[table.name] = sorted(rows, key=str) if has_same_numbers else [len(rows)]
    return told


def test_the_kept_rows_are_those_of_a_cast_that_was_built(
    session: scoped_session[Session], kept_cast: KeptCast
) -> None:
    found = []
    for make in (build_cast, kept_cast.put):
        with session.begin_nested() as savepoint:
            make(session())
            session.flush()
            found.append(_contents(session()))
            savepoint.rollback()
        session.expunge_all()
    built, put = found
    for audit in ("audit_event", "chain_head"):  # Written at a commit: see the next test.
        assert put.pop(audit) != []
        built.pop(audit)
    assert put == built


def test_a_cast_has_its_links_in_a_whole_chain(session: scoped_session[Session], cast: Cast) -> None:
    heads = Model.metadata.tables["chain_head"]
    previous, events = "", Model.metadata.tables["audit_event"]
    rows = session.execute(select(events).order_by(events.c.seq)).all()
    for seq, row in enumerate(rows, start=1):
        previous = link(session.info[KEY], previous, seq, digest_of(dict(row._mapping)))
        assert (row.seq, row.mac) == (seq, previous)
    head = session.execute(select(heads.c.length, heads.c.mac).where(heads.c.chain == CHANGES)).one()
    assert tuple(head) == (len(rows), previous)
    assert {row.subject_id for row in rows if row.subject == "user_account"} >= {cast.anna.id, cast.root.id}


def test_rows_are_not_put_where_others_were_made(session: scoped_session[Session], kept_cast: KeptCast) -> None:
    assert kept_cast.fits(session())
    make_district(session(), "other", "Другой")
    assert not kept_cast.fits(session())
