"""Refusals: only for want of a right that the card does not contradict; the graduate's own needs no reason."""

from datetime import date

import pytest
from sqlalchemy.orm import Session, scoped_session

from models.cases import Refusal, RefusalKind
from models.users import Role
from services import numbering
from services.cases import refusals
from services.cases.states import ApplicationState, application_state
from services.errors import Refused
from tests.cases_factories import by, make_application, make_contract, make_refusal
from tests.clock import at, follow, load_law
from tests.factories import Cast
from tests.services.cases.conftest import Centre

DAY, LATER = date(2026, 4, 23), date(2026, 4, 24)


def refuse(session: scoped_session[Session], centre: Centre, graduate: object, reason: str | None, **more: object):  # type: ignore[no-untyped-def]
    application = more.pop("application", None) or make_application(
        session(), graduate, centre.agency, DAY, registered_on=DAY
    )
    day = more.pop("refused_on", LATER)
    return refusals.refuse(
        session(),
        application=application,
        reason_code=reason,
        refused_on=day,
        by=by(centre.agency, LATER),
        now=at(LATER),
        **more,
    )


def test_the_organisation_refuses_whoever_has_turned_23(session: scoped_session[Session], centre: Centre) -> None:
    made = refuse(session, centre, centre.pavel, "over_23", clause="п. 10")
    session.commit()
    assert (made.kind, made.number_text, made.reason_code) == (RefusalKind.AGENCY, "1/2026", "over_23")
    assert application_state(made.application) is ApplicationState.REFUSED
    assert centre.pavel.stage is None


@pytest.mark.parametrize(
    ("who", "reason", "told"),
    [
        ("denis", "over_23", "23 года исполнится 03.02.2027: на 24.04.2026 право есть, по возрасту отказать нельзя."),
        ("alina", "under_18", "На 24.04.2026 выпускнику 18 лет, сопровождают с 18: по возрасту отказать нельзя."),
        ("alina", "not_graduate", "По карточке человека выпустила ваша организация: по этой причине отказать нельзя."),
        (
            "pavel",
            None,
            "Укажите, почему нет права: по другой причине организация не отказывает.",
        ),
    ],
)
def test_a_reason_that_the_card_contradicts_is_not_taken(
    session: scoped_session[Session], centre: Centre, who: str, reason: str | None, told: str
) -> None:
    graduate = getattr(centre, who)
    graduate.graduating_agency_id = centre.agency.id
    with pytest.raises(Refused) as refusal:
        refuse(session, centre, graduate, reason)
    assert (str(refusal.value), refusal.value.field) == (told, "reason_code")


def test_the_last_eligible_day_still_has_a_right(session: scoped_session[Session], centre: Centre) -> None:
    born = centre.pavel.birth_date
    centre.pavel.birth_date = born.replace(month=4, day=24)  # 23 today.
    with pytest.raises(Refused, match=r"23 года исполнится 24\.04\.2026"):
        refuse(session, centre, centre.pavel, "over_23")
    centre.pavel.birth_date = born.replace(month=4, day=23)
    assert refuse(session, centre, centre.pavel, "over_23").number == 1


def test_a_decision_follows_a_registered_application_once(session: scoped_session[Session], centre: Centre) -> None:
    unregistered = make_application(session(), centre.pavel, centre.agency, DAY)
    with pytest.raises(Refused, match="Сначала зарегистрируйте заявление"):
        refuse(session, centre, centre.pavel, "over_23", application=unregistered)
    application = make_application(session(), centre.pavel, centre.agency, DAY, registered_on=DAY)
    with pytest.raises(Refused, match=r"Это раньше регистрации заявления \(23.04.2026\)"):
        refuse(session, centre, centre.pavel, "over_23", application=application, refused_on=date(2026, 4, 22))
    with pytest.raises(Refused, match="Этот день ещё не наступил"):
        refuse(session, centre, centre.pavel, "over_23", application=application, refused_on=date(2026, 4, 25))
    refuse(session, centre, centre.pavel, "over_23", application=application)
    with pytest.raises(Refused, match="По этому заявлению записан отказ № 1/2026: решение уже принято"):
        refuse(session, centre, centre.pavel, "over_23", application=application)


def test_an_application_with_a_contract_is_not_refused(session: scoped_session[Session], centre: Centre) -> None:
    application = make_application(session(), centre.alina, centre.agency, DAY, registered_on=DAY)
    make_contract(session(), centre.alina, centre.agency, DAY, application=application)
    with pytest.raises(Refused, match="По этому заявлению уже заключён договор № 1/2026"):
        refuse(session, centre, centre.alina, "not_category", application=application)


def test_the_graduate_declines_without_a_reason_and_without_an_application(
    session: scoped_session[Session], centre: Centre
) -> None:
    made = make_refusal(session(), centre.alina, centre.agency, DAY)
    assert (made.kind, made.number_text, made.graduate_reason_code) == (RefusalKind.GRADUATE, "1/2026", None)
    application = make_application(session(), centre.denis, centre.agency, DAY)
    other = make_refusal(
        session(), centre.denis, centre.agency, DAY, application=application, graduate_reason_code="leaving"
    )
    assert (other.number, application_state(application)) == (2, ApplicationState.REFUSED)


def test_declining_is_checked_too(session: scoped_session[Session], centre: Centre) -> None:
    application = make_application(session(), centre.alina, centre.agency, LATER)
    with pytest.raises(Refused, match="Это заявление другого человека или другой организации"):
        make_refusal(session(), centre.denis, centre.agency, LATER, application=application)
    with pytest.raises(Refused, match=r"Это раньше поступления заявления \(24.04.2026\)"):
        make_refusal(session(), centre.alina, centre.agency, DAY, application=application)
    make_contract(session(), centre.denis, centre.agency, DAY)
    with pytest.raises(Refused, match="Договор № 1/2026 уже заключён: отказ от него – это расторжение"):
        make_refusal(session(), centre.denis, centre.agency, LATER)


def test_an_annulled_refusal_keeps_its_number_and_frees_the_application(
    session: scoped_session[Session], centre: Centre
) -> None:
    made: Refusal = refuse(session, centre, centre.pavel, "over_23")
    numbering.annul(session(), record=made, reason="ошибка", by=by(centre.agency, LATER, Role.HEAD))
    session.refresh(made.application)
    assert (made.number_text, application_state(made.application)) == ("1/2026", ApplicationState.REGISTERED)


def test_notices_and_warnings(session: scoped_session[Session], centre: Centre) -> None:
    centre.pavel.legal_status_code = "orphan"
    made = refuse(session, centre, centre.pavel, "not_category")
    session.flush()
    assert refusals.warnings_of(made) == [
        "В карточке правовой статус «ребёнок-сирота»: проверьте причину отказа.",
        "Отметьте, что человеку разъяснено право обратиться снова.",
    ]
    who = by(centre.agency, LATER)
    with pytest.raises(Refused, match=r"Это раньше отказа \(24.04.2026\)"):
        refusals.notify(session(), refusal=made, notified_on=DAY, notified_how="лично", by=who)
    with pytest.raises(Refused, match="Укажите, как уведомили"):
        refusals.notify(session(), refusal=made, notified_on=LATER, notified_how="", by=who)
    refusals.notify(session(), refusal=made, notified_on=LATER, notified_how="лично", by=who)
    assert made.notified_how == "лично"


def test_the_clause_of_a_refusal_is_that_of_the_followed_regulation(
    session: scoped_session[Session], cast: Cast
) -> None:
    load_law(session())
    asked = {"agency_id": cast.service.id, "on": date(2026, 4, 24)}
    assert refusals.clause_of(session(), **asked) == ""
    follow(session(), cast.service, "aistenok")
    assert refusals.clause_of(session(), **asked) == "п. 10, Положение «Аистёнка»"
