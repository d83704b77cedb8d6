"""A plan before its approval: its contract, its period, its lines, and who may write it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.plans import Measure, Plan, PlanKind, PlanPartner, PlanState
from models.support import Problem
from models.users import Role
from services.errors import Refused
from services.plans import approval, drafts, templates
from services.plans.holding import CHANGED, NOT_A_DRAFT
from tests.clock import at, follow, load_law, viewer_of
from tests.conftest import TODAY
from tests.factories import Cast
from tests.plans_factories import FROM, TO, make_contract, make_measure, make_plan, seen_by

Sessions = scoped_session[Session]


def begin(session: Sessions, cast: Cast, **fields: Any) -> Plan:
    fields = {"graduate_id": cast.own.id, "agency_id": cast.service.id, "starts_on": FROM, "ends_on": TO} | fields
    return drafts.begin(session(), plan=Plan(**fields), by=seen_by(session(), cast.anna), now=at(TODAY))


def test_a_plan_belongs_to_the_contract_and_ends_with_it(session: Sessions, cast: Cast) -> None:
    contract = make_contract(session(), cast.own, cast.service, ends_on=date(2027, 5, 11))
    plan = begin(session, cast)
    assert (plan.contract_id, plan.ends_on) == (contract.id, date(2027, 5, 11))
    assert drafts.warnings(session(), plan=plan, on=TODAY, wanted_end=TO) == [
        "План заканчивается 11.05.2027, вместе с договором: он не может быть длиннее."
    ]
    assert drafts.warnings(session(), plan=plan, on=TODAY, wanted_end=plan.ends_on) == []


def test_a_plan_does_not_begin_before_its_contract(session: Sessions, cast: Cast) -> None:
    make_contract(session(), cast.own, cast.service)
    with pytest.raises(Refused, match="План начинается раньше договора") as refusal:
        begin(session, cast, starts_on=date(2026, 8, 31))
    assert refusal.value.field == "starts_on"


def test_services_without_a_contract_are_warned_of(session: Sessions, cast: Cast) -> None:
    make_contract(session(), cast.local, cast.service)  # Somebody else's.
    plan = begin(session, cast)
    assert plan.contract is None
    assert drafts.warnings(session(), plan=plan, on=TODAY) == [drafts.NO_CONTRACT]
    programme = begin(session, cast, kind=PlanKind.SOCIAL_SERVICES)
    assert drafts.warnings(session(), plan=programme, on=TODAY) == []


def test_a_plan_longer_than_the_right_is_warned_of(session: Sessions, cast: Cast) -> None:
    plan = begin(session, cast, ends_on=date(2028, 8, 15))
    assert drafts.warnings(session(), plan=plan, on=TODAY)[1:] == [
        "План длится дольше права на сопровождение: его последний день 14.08.2028."
    ]


def test_a_programme_of_social_services_names_its_issuer_and_is_looked_at_anew(session: Sessions, cast: Cast) -> None:
    number = {"kind": PlanKind.SOCIAL_SERVICES, "foreign_number": "15/2026 от 20.08.2026"}
    with pytest.raises(Refused, match="кем выдана"):
        begin(session, cast, **number)
    issued = number | {"foreign_issuer": "Центр социальных выплат"}
    assert begin(session, cast, **issued).review_on == TO
    assert begin(session, cast, **issued, ends_on=date(2031, 1, 1)).review_on == date(2029, 9, 1)
    with pytest.raises(Refused, match="не реже раза в три года: не позже "):
        begin(session, cast, **issued, review_on=date(2029, 9, 2))
    with pytest.raises(Refused, match="только у ИППСУ"):
        begin(session, cast, foreign_number="15/2026")


def test_partners_belong_to_a_joint_plan(session: Sessions, cast: Cast) -> None:
    def partners(*agencies: Any) -> list[PlanPartner]:
        return [PlanPartner(agency_id=agency.id) for agency in agencies]

    with pytest.raises(Refused, match="только в совместном плане"):
        begin(session, cast, partners=partners(cast.opeka))
    with pytest.raises(Refused, match="и так сторона"):
        begin(session, cast, kind=PlanKind.JOINT, partners=partners(cast.service))
    with pytest.raises(Refused, match="дважды"):
        begin(session, cast, kind=PlanKind.JOINT, partners=partners(cast.opeka, cast.opeka))
    late = partners(cast.opeka)
    late[0].agreed_on = date(2026, 10, 2)
    with pytest.raises(Refused, match="ещё не наступила"):
        begin(session, cast, kind=PlanKind.JOINT, partners=late)
    assert begin(session, cast, kind=PlanKind.JOINT, partners=partners(cast.opeka)).partners[0].agency is cast.opeka


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ({"due_on": date(2026, 8, 31)}, "Мероприятие раньше плана: план начинается 01.09.2026."),
        ({"starts_on": date(2026, 8, 1), "due_on": None}, "Мероприятие раньше плана"),
        ({"due_on": date(2027, 9, 1)}, "Срок позже окончания плана"),
        ({"starts_on": date(2027, 9, 1), "due_on": None}, "Начало позже окончания плана"),
        ({"starts_on": date(2027, 2, 1)}, "Срок раньше начала."),
    ],
)
def test_measures_lie_inside_the_plan(session: Sessions, cast: Cast, dates: dict[str, Any], told: str) -> None:
    with pytest.raises(Refused, match=told):
        begin(session, cast, measures=[make_measure("Консультация юриста", **dates)])


def test_a_plan_is_begun_by_the_organisation_for_somebody_it_sees(session: Sessions, cast: Cast) -> None:
    with pytest.raises(Refused, match="Такой карточки нет"):
        begin(session, cast, graduate_id=cast.foreign.id)
    with pytest.raises(Refused, match="сама организация"):
        begin(session, cast, agency_id=cast.opeka.id)
    kira = viewer_of(cast.service, TODAY, role=Role.COORDINATOR)
    plan = Plan(graduate_id=cast.own.id, agency_id=cast.service.id, starts_on=FROM, ends_on=TO)
    with pytest.raises(Refused, match="сама организация"):
        drafts.begin(session(), plan=plan, by=kira, now=at(TODAY))


def test_a_day_of_consent_does_not_lie_ahead(session: Sessions, cast: Cast) -> None:
    with pytest.raises(Refused, match="ещё не наступила"):
        begin(session, cast, agreed_on=date(2026, 10, 2))
    with pytest.raises(Refused, match="раньше первого"):
        begin(session, cast, ends_on=date(2026, 8, 31))


def test_a_new_plan_starts_from_the_open_problems_of_the_card(session: Sessions, cast: Cast) -> None:
    day = date(2026, 8, 1)
    cast.own.problems = [
        Problem(kind_code="housing", description="выселяют из общежития", found_on=day),
        Problem(kind_code="health", description="решено", found_on=day, resolved_on=day, resolution="вылечен"),
    ]
    session.flush()
    cast.own.curator_name = "Смирнова Ольга Петровна"
    plan = begin(session, cast)
    assert [(row.problem, row.position) for row in plan.spheres] == [("выселяют из общежития", 1)]
    assert plan.curator == "Смирнова Ольга Петровна"


def test_only_a_draft_is_thrown_away(session: Sessions, cast: Cast) -> None:
    by = seen_by(session(), cast.anna)
    plan = make_plan(session(), cast.own, cast.service)
    approval.submit(session(), plan=plan, by=by)
    with pytest.raises(Refused, match=NOT_A_DRAFT):
        drafts.discard(session(), plan=plan, by=by)
    approval.withdraw(session(), plan=plan, by=by)
    drafts.discard(session(), plan=plan, by=by)
    session.commit()
    assert session.scalars(select(Plan)).all() == [] == session.scalars(select(Measure)).all()


# -- Templates -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "starts_on", "due_on"),
    [
        ((9,), date(2026, 9, 1), date(2026, 9, 30)),
        ((9, 10), date(2026, 9, 1), date(2026, 10, 31)),
        ((5, 6, 7), date(2026, 5, 12), date(2026, 7, 31)),
        ((4, 9), date(2026, 9, 1), date(2026, 9, 30)),
        ((1, 12), date(2026, 12, 1), date(2027, 1, 31)),
        ((5,), date(2026, 5, 12), date(2026, 5, 31)),
        ((), None, date(2027, 5, 11)),
        (templates.ALL_MONTHS, None, date(2027, 5, 11)),
    ],
)
def test_months_become_the_next_term_inside_the_plan(
    months: tuple[int, ...], starts_on: date | None, due_on: date | None
) -> None:
    start = date(2026, 5, 12)
    found = templates.term_of(months, starts_on=start, ends_on=date(2027, 5, 11), on=start)
    assert (found.starts_on, found.due_on) == (starts_on, due_on)


def test_months_outside_the_plan_give_no_term() -> None:
    found = templates.term_of((6,), starts_on=date(2026, 9, 1), ends_on=date(2027, 5, 31), on=date(2026, 9, 1))
    assert found == templates.Term(None, None)


def test_the_last_term_ends_with_the_plan() -> None:
    found = templates.term_of((5, 6), starts_on=date(2026, 9, 1), ends_on=date(2027, 5, 20), on=date(2026, 9, 1))
    assert found == templates.Term(date(2027, 5, 1), date(2027, 5, 20))


def test_the_measures_of_followed_regulations_are_offered(session: Sessions, cast: Cast) -> None:
    load_law(session())
    own = {one.code for one in templates.offered(session(), agency_id=cast.service.id, on=TODAY)}
    assert {code.partition("/")[0] for code in own} == {"common"}
    follow(session(), cast.service, "kizil-programme")
    offered = templates.offered(session(), agency_id=cast.service.id, on=TODAY)
    titles = [one.title for one in offered]
    assert len(titles) == len(set(titles))
    by_code = {one.code: one for one in offered}
    dormitory = by_code["kizil-programme/2.1"]
    assert (dormitory.months, dormitory.direction, dormitory.clause) == ((9,), "education", "Мероприятия 2.1")
    assert "common/dormitory" not in by_code  # The regulation's own stands instead of it.
    assert "kizil-programme/3.2" not in by_code  # A work of the organisation, not of a plan.
    assert len({one.direction for one in offered}) == 9
    assert all(one.service_kind for one in offered)


def test_measures_are_taken_over_once(session: Sessions, cast: Cast) -> None:
    load_law(session())
    plan = make_plan(session(), cast.own, cast.service, curator="Смирнова О. П.")
    by, version = seen_by(session(), cast.anna), plan.version
    added = templates.add(session(), plan=plan, codes=["common/state-support", "common/job"], by=by)
    assert [(one.title, one.due_on, one.executor, one.position) for one in added] == [
        ("Полное гособеспечение на учёбе", date(2026, 10, 31), "Смирнова О. П.", 2),
        ("Поиск работы", TO, "Смирнова О. П.", 3),
    ]
    assert plan.version > version
    assert templates.add(session(), plan=plan, codes=["common/job"], by=by) == []
    with pytest.raises(Refused, match="хотя бы одно"):
        templates.add(session(), plan=plan, codes=[], by=by)
    with pytest.raises(Refused, match="изменился"):
        templates.add(session(), plan=plan, codes=["common/nothing"], by=by)
    approval.submit(session(), plan=plan, by=by)
    with pytest.raises(Refused, match=NOT_A_DRAFT):
        templates.add(session(), plan=plan, codes=["common/lawyer"], by=by)


def test_a_plan_changed_meanwhile_is_not_changed_blindly(session: Sessions, cast: Cast) -> None:
    load_law(session())
    plan = make_plan(session(), cast.own, cast.service)
    session.commit()
    seen = plan.version
    session().connection().execute(Plan.__table__.update().values(version=seen + 1))  # type: ignore[attr-defined]
    with pytest.raises(Refused, match=CHANGED):
        approval.submit(session(), plan=plan, by=seen_by(session(), cast.anna))
    assert plan.state is PlanState.DRAFT
