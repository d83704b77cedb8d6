"""«Не охвачены»: who needs support by law and by need, and has no contract in force."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import stages
from models.graduates import Graduate
from models.support import CategoryDecision, Problem
from services.coverage import is_uncovered
from tests.factories import Cast, make_graduate
from tests.kpi_factories import support

ON = date(2026, 10, 10)
OF_AGE = date(2005, 8, 14)


def someone(session: Session, *facts: Any, born: date = OF_AGE) -> Graduate:
    person = make_graduate(session, "Иванова Анна", birth_date=born)
    for fact in facts:
        fact.graduate = person
        session.add(fact)
    session.flush()
    return person


def trouble(**fields: Any) -> Problem:
    return Problem(description="Долг за жильё", found_on=date(2026, 3, 1), **fields)


def category(code: str) -> CategoryDecision:
    return CategoryDecision(category_code=code, starts_on=date(2026, 3, 1))


def found(session: Session) -> list[int]:
    return list(session.scalars(select(Graduate.id).where(is_uncovered(ON))))


@pytest.mark.parametrize(
    ("make", "is_found"),
    [
        (trouble, True),
        (lambda: trouble(resolved_on=date(2026, 4, 1)), False),
        (lambda: category("crisis"), True),
        (lambda: category("active"), True),
        (lambda: category("stable"), False),
    ],
)
def test_who_needs_support_is_found(session: Session, cast: Cast, make: Callable[[], Any], is_found: bool) -> None:
    person = someone(session, make())
    assert found(session) == ([person.id] if is_found else [])


def test_a_card_without_problem_and_category_is_in_no_need(session: Session, cast: Cast) -> None:
    someone(session)
    assert found(session) == []


@pytest.mark.parametrize(
    ("born", "is_found"),
    [
        (date(2008, 10, 11), False),
        (date(2008, 10, 10), True),
        (date(2003, 10, 10), True),
        (date(2003, 10, 9), False),
    ],
)
def test_only_from_18_to_23(session: Session, cast: Cast, born: date, is_found: bool) -> None:
    someone(session, trouble(), born=born)
    assert bool(found(session)) == is_found


def test_whoever_is_on_support_is_covered_until_removed(session: Session, cast: Cast) -> None:
    held, removed = someone(session, trouble()), someone(session, trouble())
    support(session, held, cast.service)
    support(session, removed, cast.service, until=date(2026, 6, 1))
    stages.refresh(session, graduate_ids=[held.id, removed.id])
    assert found(session) == [removed.id]


def test_turned_round_it_finds_everybody_else(session: Session, cast: Cast) -> None:
    someone(session, trouble())
    everybody = session.query(Graduate).count()
    others = session.scalars(select(Graduate.id).where(~is_uncovered(ON))).all()
    assert len(found(session)) == 1
    assert len(others) == everybody - 1
