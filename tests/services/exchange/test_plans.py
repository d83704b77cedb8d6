"""How SQLite, which keeps no statistics, finds letters: what stands on every page never walks what is over."""

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session, scoped_session

from models.exchange import Referral
from services.exchange import boxes, urgent
from services.exchange.boxes import Box
from tests.conftest import TODAY

OPEN = ("ix_referral_in_work", "ix_referral_awaited", "ix_referral_inbox", "ix_referral_outbox")


def plan(session: scoped_session[Session], query) -> list[str]:
    """The steps that look for letters."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses by its statistics")
    text = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    steps = [row[-1] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]
    return [step for step in steps if " referral " in f"{step} "]


def test_the_numbers_of_the_boxes_are_counted_in_indexes_alone(session) -> None:
    steps = plan(session, boxes.counting(agency_id=7, on=TODAY))
    assert len(steps) == 5
    assert all("COVERING INDEX" in step for step in steps), steps


def test_open_letters_are_found_among_open_ones(session) -> None:
    for box in (Box.INBOX, Box.OUTBOX):
        (part,) = boxes.parts_of(box, agency_id=7, on=TODAY)
        order = (Referral.sent_at.desc(), Referral.id.desc())
        (step,) = plan(session, select(Referral.id).where(part).order_by(*order).limit(50))
        assert any(name in step for name in OPEN[2:]), step
    for box in (Box.AWAITED, Box.OVERDUE):
        for part in boxes.parts_of(box, agency_id=7, on=TODAY):
            (step,) = plan(session, select(Referral.id).where(part))
            assert any(name in step for name in OPEN[:2]), step


def test_the_strip_of_emergencies_looks_among_those_that_wait(session) -> None:
    steps = plan(session, urgent.numbers(7))
    assert len(steps) == 2
    assert all("ix_referral_alarms" in step for step in steps), steps
