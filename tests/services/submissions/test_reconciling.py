"""Guardianship and the social centre about the same people: matched by card or by name and birth date, a work list."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.submissions import Discrepancy, DiscrepancyKind
from reports.base import Parameters
from reports.period import Period
from reports.reconciliation import Reconciliation
from services.submissions import drawing, reconciling, wording
from tests.clock import at, run
from tests.services.exchange.letters import refused
from tests.submissions_factories import APPENDIX_2, RECEIVED, SIGNED, Handing

HALF = Period.parse("2026-H2")


@pytest.fixture
def hand(session: scoped_session[Session], tmp_path: Path) -> Handing:
    made = Handing(session(), tmp_path)
    run(session(), date(2026, 9, 1))
    made.in_care_of_centre(*made.people[:3])
    return made


def both(hand: Handing, address: str = "г. Сокол, ул. Другая, д. 2") -> None:
    """Both hand in; the social centre words an address otherwise."""
    hand.sent()
    theirs = hand.draw(hand.sergey, code=APPENDIX_2)
    row = hand.rows(theirs)[hand.people[0].full_name]
    words = {"address": address}
    wording.reword(hand.session, submission=theirs, row_id=row.id, words=words, **hand.told(hand.sergey))
    hand.approve(theirs, hand.sofia)
    hand.send(theirs, user=hand.sergey)


def found(session: Session) -> list[Discrepancy]:
    return list(session.scalars(select(Discrepancy).order_by(Discrepancy.id)))


def test_what_two_lists_say_differently_is_a_work_list(session: scoped_session[Session], hand: Handing) -> None:
    both(hand)
    assert reconciling.reconcile_half(session(), half=HALF, now=at(SIGNED)) == 2
    lines = {one.kind: one for one in found(session())}
    differs, missing = lines[DiscrepancyKind.DIFFERS], lines[DiscrepancyKind.ONLY_FIRST]
    assert (differs.column_title, differs.second_value) == ("Адрес места пребывания", "г. Сокол, ул. Другая, д. 2")
    assert missing.graduate_id == hand.people[3].id
    assert reconciling.reconcile_half(session(), half=HALF, now=at(SIGNED)) == 2
    assert len(found(session())) == 2

    told = hand.told(hand.pavel, RECEIVED)
    told["by"] = hand.by(hand.olga, RECEIVED)
    assert "разбирает" in refused(reconciling.resolve, session(), discrepancy=differs, resolution="верно", **told)
    told["by"] = hand.by(hand.pavel, RECEIVED)
    assert "Напишите" in refused(reconciling.resolve, session(), discrepancy=differs, resolution=" ", **told)
    reconciling.resolve(session(), discrepancy=differs, resolution="верны сведения опеки", **told)
    assert "уже разобрано" in refused(reconciling.resolve, session(), discrepancy=differs, resolution="верно", **told)

    report, viewer = Reconciliation(), hand.by(hand.pavel)
    rows = list(report.rows(session(), viewer, Parameters(SIGNED)))
    assert len(rows) == report.count(session(), viewer, Parameters(SIGNED)) == 2
    assert report.count(session(), viewer, Parameters(date(2026, 6, 1))) == 0
    assert report.count(session(), hand.by(hand.olga), Parameters(SIGNED)) == 0  # She may not read the other list.


def test_a_new_edition_keeps_what_was_settled_unless_it_says_something_else(
    session: scoped_session[Session], hand: Handing
) -> None:
    both(hand)
    reconciling.reconcile_half(session(), half=HALF, now=at(SIGNED))
    for one in found(session()):
        told = hand.told(hand.pavel, RECEIVED)
        reconciling.resolve(session(), discrepancy=one, resolution="сверено", **told)
    theirs = max({one.second for one in found(session())}, key=lambda one: one.id)
    again = drawing.next_edition(session(), submission=theirs, **hand.told(hand.sergey, RECEIVED))
    hand.approve(again, hand.sofia, RECEIVED)
    hand.send(again, user=hand.sergey, on=RECEIVED)
    reconciling.reconcile_half(session(), half=HALF, now=at(RECEIVED))
    of_new = [one for one in found(session()) if one.second_id == again.id]
    assert [one.resolution for one in of_new] == ["сверено", "сверено"]

    third = drawing.next_edition(session(), submission=again, **hand.told(hand.sergey, RECEIVED))
    row = hand.rows(third)[hand.people[0].full_name]
    words = {"address": "г. Вологда"}
    wording.reword(session(), submission=third, row_id=row.id, words=words, **hand.told(hand.sergey, RECEIVED))
    hand.approve(third, hand.sofia, RECEIVED)
    hand.send(third, user=hand.sergey, on=RECEIVED)
    reconciling.reconcile_half(session(), half=HALF, now=at(RECEIVED))
    opened = [one for one in found(session()) if one.second_id == third.id and one.resolved_at is None]
    assert [one.second_value for one in opened] == ["г. Вологда"]


def test_people_without_a_common_card_are_matched_by_name_and_birth_date(
    session: scoped_session[Session], hand: Handing
) -> None:
    both(hand, address="г. Сокол, ул. Лесная, д. 1.")
    assert reconciling.reconcile_half(session(), half=HALF, now=at(SIGNED)) == 1
    line = reconciling.Line(None, "АЛОВ  Иван Петрович", date(2005, 8, 14), {})
    same = reconciling.Line(5, "Алов Иван Петрович", date(2005, 8, 14), {})
    assert line.folded == same.folded
