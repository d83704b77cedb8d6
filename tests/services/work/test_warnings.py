"""What an entry warns of: a late day, an age outside the profile, a service without contract, an unusual form."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.cases import ContractSuspension
from models.circumstances import Housing
from models.dictionaries import HousingStatus
from models.work import SessionKind
from services.work import service_forms, warnings
from tests import work_factories as make
from tests.clock import follow, load_law
from tests.conftest import TODAY
from tests.factories import Cast, make_graduate

Db = scoped_session[Session]
NONE = "Услуга без действующего договора"


def told(session: Db, cast: Cast, record: Any) -> list[str]:
    session.commit()
    return warnings.about(session(), record=record, by=make.seeing(session(), cast.anna))


# -- Days and ages ---------------------------------------------------------------------------------------------------


def test_an_entry_is_late_after_thirty_days(session: Db, cast: Cast) -> None:
    assert told(session, cast, make.talk(session(), cast.anna, cast.own, held_on=make.days_ago(30))) == []
    late = make.talk(session(), cast.anna, cast.own, held_on=make.days_ago(31))
    assert told(session, cast, late) == ["Запись внесена через 31 день после события: проверьте дату."]


@pytest.mark.parametrize(
    ("born", "outside"),
    [(date(2008, 10, 2), True), (date(2008, 10, 1), False), (date(2003, 10, 1), False), (date(2003, 9, 30), True)],
)
def test_an_age_outside_the_profile_is_told(session: Db, cast: Cast, born: date, outside: bool) -> None:
    """aistenok: from 18 to the 23rd birthday itself."""
    load_law(session())
    follow(session(), cast.service, "aistenok")
    person = make_graduate(session(), "Крайнов Лев Ильич", agency_id=cast.service.id, birth_date=born)
    found = told(session, cast, make.talk(session(), cast.anna, person))
    assert found == (["Возраст вне профиля (18–23 лет)."] if outside else [])


def test_a_session_of_the_programme_has_ages_of_its_own(session: Db, cast: Cast) -> None:
    load_law(session())
    follow(session(), cast.service, "syzran-2022")
    young = make_graduate(session(), "Юнцов Лев Ильич", agency_id=cast.service.id, birth_date=date(2010, 1, 1))
    fields = {"kind": SessionKind.PROGRAMME, "programme": "Ты не один", "service_kind_code": None}
    made = make.group(session(), cast.anna, [young, cast.own], **fields)
    assert told(session, cast, made) == ["Возраст вне программы подготовки (14–18 лет)."]


# -- Contracts -------------------------------------------------------------------------------------------------------


def test_a_service_asks_for_a_contract_in_force_on_its_day(session: Db, cast: Cast) -> None:
    make.contract(session(), cast.service, cast.own, date(2026, 2, 1), date(2026, 9, 20))
    inside = make.service(session(), cast.anna, cast.own, provided_on=date(2026, 9, 20))
    assert told(session, cast, inside) == []
    after = make.service(session(), cast.anna, cast.own, provided_on=date(2026, 9, 21))
    assert told(session, cast, after) == [f"{NONE}: последний закончился 20.09.2026."]
    before = make.service(session(), cast.anna, cast.own, provided_on=date(2026, 1, 31))
    assert f"{NONE}." in told(session, cast, before)


def test_a_terminated_a_suspended_and_somebody_elses_contract_do_not_count(session: Db, cast: Cast) -> None:
    make.contract(session(), cast.opeka, cast.own, date(2026, 2, 1), date(2027, 2, 1))
    assert told(session, cast, make.service(session(), cast.anna, cast.own)) == [f"{NONE}."]
    kept = make.contract(session(), cast.service, cast.own, date(2026, 2, 1), date(2027, 2, 1))
    pause = ContractSuspension(contract=kept, ground_code="military", starts_on=make.days_ago(9))
    session.add(pause)
    assert told(session, cast, make.service(session(), cast.anna, cast.own)) == [f"{NONE}: он приостановлен."]
    pause.ends_on = make.days_ago(1)
    assert told(session, cast, make.service(session(), cast.anna, cast.own)) == []
    kept.ended_on, kept.termination_ground_code = make.days_ago(2), "mutual_agreement"
    found = told(session, cast, make.service(session(), cast.anna, cast.own))
    assert found == [f"{NONE}: последний закончился 29.09.2026."]


def test_urgent_services_need_no_contract_but_an_act(session: Db, cast: Cast) -> None:
    assert told(session, cast, make.act(session(), cast.anna, cast.own)) == []
    single = make.service(session(), cast.anna, cast.own, kind_code="urgent")
    (only,) = told(session, cast, single)
    assert only.startswith("Срочная услуга записана без акта")


def test_a_talk_warns_of_the_service_that_rests_on_it(session: Db, cast: Cast) -> None:
    talk = make.talk(session(), cast.anna, cast.own)
    assert told(session, cast, talk) == []
    make.service(session(), cast.anna, cast.own, ground=talk)
    assert told(session, cast, talk) == [f"{NONE}."]


# -- Forms of service ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("housing", "forms", "clause"),
    [
        ("dormitory", ("semi_stationary",), "4.3"),
        ("owned", ("semi_stationary",), "4.4"),
        ("assigned", ("semi_stationary",), "4.4"),
        ("special_lease", ("semi_stationary",), "4.4"),
        ("social_lease", ("semi_stationary",), "4.4"),
        ("homeless", ("semi_stationary", "stationary"), "4.5"),
        ("rented", ("semi_stationary", "stationary"), "4.5"),
        ("relatives", ("semi_stationary", "stationary"), "4.5"),
        ("institution", ("semi_stationary", "stationary"), "4.5"),
    ],
)
def test_forms_follow_housing(session: Db, cast: Cast, housing: str, forms: tuple[str, ...], clause: str) -> None:
    rules = _of_syzran(session, cast)
    assert rules.offered(housing) == forms
    rule = rules.rule(housing)
    assert rule is not None
    assert rule.basis.endswith(f"п. {clause}")


def _of_syzran(session: Db, cast: Cast) -> service_forms.FormsByHousing:
    load_law(session())
    follow(session(), cast.service, "syzran-2022")
    return service_forms.forms_by_housing(session(), agency_id=cast.service.id, on=TODAY)


def test_every_line_of_the_dictionary_of_housing_has_its_place(session: Db, cast: Cast) -> None:
    rules = _of_syzran(session, cast)
    known = {code for rule in rules.rules for code in rule.housing}
    assert set(session.scalars(select(HousingStatus.code))) == known | {"unknown"}
    assert len(rules.offered("unknown")) == len(rules.offered(None)) == 3


def test_where_no_regulation_says_so_every_form_is_as_good(session: Db, cast: Cast) -> None:
    rules = service_forms.forms_by_housing(session(), agency_id=cast.service.id, on=TODAY)
    assert rules.offered("dormitory") == service_forms.ALL


def _lives(session: Db, cast: Cast, housing: str) -> None:
    session.add(Housing(graduate=cast.own, status_code=housing, starts_on=date(2026, 1, 1)))
    make.contract(session(), cast.service, cast.own, date(2026, 2, 1), date(2027, 2, 1))
    session.commit()


def test_the_form_is_proposed_and_another_is_warned_of(session: Db, cast: Cast) -> None:
    _of_syzran(session, cast)
    _lives(session, cast, "dormitory")
    usual = make.service(session(), cast.anna, cast.own)
    assert usual.form_code == "semi_stationary"
    assert told(session, cast, usual) == []
    unusual = make.service(session(), cast.anna, cast.own, form_code="stationary")
    assert told(session, cast, unusual) == [
        "Форма «стационарная» не для жилья «общежитие»: предлагается полустационарная (Сызранский порядок, п. 4.3)."
    ]


@pytest.mark.parametrize(("follows", "warns"), [("syzran-2022", True), ("vologda-2022", False)])
def test_the_rule_binds_those_who_follow_the_order_of_syzran(
    session: Db, cast: Cast, follows: str, warns: bool
) -> None:
    load_law(session())
    follow(session(), cast.service, follows)
    _lives(session, cast, "owned")
    made = make.service(session(), cast.anna, cast.own, form_code="at_home", provided_on=TODAY)
    assert bool(told(session, cast, made)) == warns
