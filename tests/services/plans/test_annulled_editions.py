"""Annulling one edition of several: never are two of them in force."""

from datetime import date, timedelta

from sqlalchemy.orm import Session, scoped_session

from models.plans import Plan, PlanState
from services.plans import approval, editions
from tests.conftest import NOW
from tests.factories import Cast
from tests.plans_factories import approved, make_approved, seen_by

Sessions = scoped_session[Session]


def three_editions(session: Sessions, cast: Cast) -> list[Plan]:
    """Each closed by the approval of the next one; the last is in force."""
    anna = seen_by(session(), cast.anna)
    chain = [make_approved(session(), cast.own, cast.service)]
    for number in (1, 2):
        starts_on = date(2026, 9, 1) + timedelta(days=7 * number)
        draft = editions.renew(
            session(),
            plan=chain[-1],
            starts_on=starts_on,
            ends_on=date(2027, 8, 31),
            reason="изменилась ситуация",
            by=anna,
            now=NOW,
        )
        chain.append(approved(session(), draft))
    session.commit()
    return chain


def test_an_old_edition_that_is_annulled_brings_none_back_while_a_later_one_is_in_force(
    session: Sessions, cast: Cast
) -> None:
    first, second, third = three_editions(session, cast)
    galina = seen_by(session(), cast.galina)
    approval.annul(session(), plan=second, reason="не тот срок", by=galina)
    session.commit()
    assert [one.is_in_force for one in (first, second, third)] == [False, False, True]
    assert first.state is PlanState.CLOSED


def test_the_first_edition_is_in_force_again_when_both_after_it_are_annulled(session: Sessions, cast: Cast) -> None:
    first, second, third = three_editions(session, cast)
    galina = seen_by(session(), cast.galina)
    for plan in (second, third):
        approval.annul(session(), plan=plan, reason="ошибка", by=galina)
    session.commit()
    assert [one.is_in_force for one in (first, second, third)] == [True, False, False]
