"""Orders on curators and what they do to assignments; state assistance; papers for a dwelling."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.aid import HousingDocument, PaperState
from models.regulations import AgencyRegulation, Regulation
from models.support import Assignment, AssignmentKind
from services.aid import benefits, housing, orders
from services.errors import Refused
from services.regulations.loading import load_packs
from services.regulations.parsing import shipped_packs
from tests import library_factories as make
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.library_factories import seen_by

DAY = timedelta(days=1)


def held(cast: Cast) -> list[tuple[str, Any, Any]]:
    return sorted((one.name, one.starts_on, one.ends_on) for one in cast.own.assignments)


def test_an_order_makes_the_curator_and_ends_the_one_before(session: scoped_session[Session], cast: Cast) -> None:
    before = Assignment(kind=AssignmentKind.CURATOR, name="Прежняя", starts_on=TODAY - 9 * DAY)
    cast.own.assignments.append(before)
    order = make.make_order(session(), cast.galina, cast.own, user_id=cast.anna.id, name="")
    assert order.number_text == "1/2026"
    assert order.assignment in cast.own.assignments
    assert (before.ends_on, order.name) == (TODAY - DAY, cast.anna.name)
    assert (order.assignment.order_number, order.assignment.order_on) == ("1/2026", TODAY)  # type: ignore[union-attr]
    session.commit()
    assert cast.own.curator_name == cast.anna.name


def test_a_mentor_stands_beside_the_curator(session: scoped_session[Session], cast: Cast) -> None:
    make.make_order(session(), cast.galina, cast.own)
    make.make_order(session(), cast.galina, cast.own, kind=AssignmentKind.MENTOR, name="Наставник")
    assert [end for _, _, end in held(cast)] == [None, None]


def test_two_orders_from_one_day_are_refused(session: scoped_session[Session], cast: Cast) -> None:
    make.make_order(session(), cast.galina, cast.own)
    with pytest.raises(Refused, match="уже назначен"):
        make.make_order(session(), cast.galina, cast.own, name="Другая")


def test_only_the_head_orders_and_only_of_own_people(session: scoped_session[Session], cast: Cast) -> None:
    with pytest.raises(Refused, match="руководитель"):
        make.make_order(session(), cast.anna, cast.own)
    with pytest.raises(Refused, match="нет среди тех, кого вы видите"):
        make.make_order(session(), cast.galina, cast.foreign)
    with pytest.raises(Refused, match="кого назначить"):
        make.make_order(session(), cast.galina, cast.own, name=" ")
    with pytest.raises(Refused, match="Такого сотрудника"):
        make.make_order(session(), cast.galina, cast.own, user_id=cast.boris.id)
    with pytest.raises(Refused, match="ещё не наступил"):
        make.make_order(session(), cast.galina, cast.own, ordered_on=TODAY + DAY)


def test_an_annulled_order_takes_its_assignment_back(session: scoped_session[Session], cast: Cast) -> None:
    order = make.make_order(session(), cast.galina, cast.own)
    assert orders.annul(session(), order=order, reason="ошибка", by=seen_by(session(), cast.galina))
    session.commit()
    assert (order.number_text, order.assignment, held(cast)) == ("1/2026", None, [])
    assert make.make_order(session(), cast.galina, cast.own).number == 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"measure": " "}, "measure"),
        ({"recognised_on": TODAY}, "decision"),
        ({"decision": "№ 1"}, "recognised_on"),
        ({"granted_on": TODAY - DAY}, "granted_on"),
        ({"refused_on": TODAY}, "refusal"),
        ({"refusal": "нет"}, "refused_on"),
        ({"granted_on": TODAY, "refused_on": TODAY, "refusal": "нет"}, "refused_on"),
        ({"amount": 0}, "amount"),
        ({"ends_on": TODAY}, "ends_on"),
        ({"applied_on": TODAY + DAY}, "applied_on"),
    ],
)
def test_assistance_is_refused_at_its_field(
    session: scoped_session[Session], cast: Cast, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        make.make_benefit(session(), cast.anna, cast.own, **fields)
    assert refusal.value.field == field


def test_assistance_is_annulled_by_the_head(session: scoped_session[Session], cast: Cast) -> None:
    benefit = make.make_benefit(session(), cast.anna, cast.own, recognised_on=TODAY, decision="№ 7")
    with pytest.raises(Refused, match="только руководитель"):
        benefits.annul(session(), benefit=benefit, reason="x", by=seen_by(session(), cast.anna))
    benefits.annul(session(), benefit=benefit, reason="ошибка", by=seen_by(session(), cast.galina))
    with pytest.raises(Refused, match="аннулирована"):
        benefits.change(session(), benefit=benefit, course=benefits.Course("x"), by=seen_by(session(), cast.anna))


def test_the_list_of_papers_comes_from_the_regulation(session: scoped_session[Session], cast: Cast) -> None:
    by = seen_by(session(), cast.anna)
    told = {"agency_id": cast.service.id, "graduate_id": cast.own.id, "by": by}
    with pytest.raises(Refused, match="перечня бумаг на жильё нет"):
        housing.prefill(session(), **told)
    load_packs(session(), packs=shipped_packs(), now=NOW)
    _follow(session(), cast)
    make.make_paper(session(), cast.anna, cast.own, "Паспорт")
    assert housing.prefill(session(), **told) == 9
    assert housing.prefill(session(), **told) == 0


def _follow(session: Session, cast: Cast) -> None:
    kizil = session.scalars(select(Regulation).where(Regulation.code == "kizil-programme")).one()
    session.add(AgencyRegulation(agency_id=cast.service.id, regulation_id=kizil.id, starts_on=TODAY))
    session.flush()


def test_a_paper_that_is_collected_has_its_day(session: scoped_session[Session], cast: Cast) -> None:
    paper: HousingDocument = make.make_paper(session(), cast.anna, cast.own)
    by = seen_by(session(), cast.anna)
    with pytest.raises(Refused, match="когда документ собран"):
        housing.change(session(), paper=paper, line=housing.Line("Паспорт", PaperState.COLLECTED), by=by)
    housing.change(session(), paper=paper, line=housing.Line("Паспорт", PaperState.COLLECTED, TODAY), by=by)
    assert paper.state is PaperState.COLLECTED
    with pytest.raises(Refused, match="уже есть"):
        make.make_paper(session(), cast.anna, cast.own)
