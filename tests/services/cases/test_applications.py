"""Applications: received, registered with a number, withdrawn, answered; each refusal has its sentence."""

from datetime import date

import pytest
from sqlalchemy.orm import Session, scoped_session

from models.cases import Application
from models.graduates import SupportStage
from models.users import Role
from services import numbering
from services.cases import applications, drafts
from services.cases.states import ApplicationState, application_state
from services.errors import Refused
from tests.cases_factories import by, make_application, make_contract, make_refusal
from tests.clock import at
from tests.services.cases.conftest import Centre

RECEIVED, REGISTERED = date(2026, 4, 23), date(2026, 4, 24)


def received(session: scoped_session[Session], centre: Centre, **more: object) -> Application:
    return make_application(session(), centre.alina, centre.agency, RECEIVED, **more)


def test_an_application_gets_its_number_when_it_is_registered(session: scoped_session[Session], centre: Centre) -> None:
    numbering.begin_after(
        session(),
        agency_id=centre.agency.id,
        journal=Application.__journal__,
        year=2026,
        last_number=11,
        by=by(centre.agency, RECEIVED, Role.HEAD),
    )
    made = received(session, centre)
    assert (made.number, application_state(made)) == (None, ApplicationState.RECEIVED)
    applications.register(session(), application=made, registered_on=REGISTERED, by=by(centre.agency, REGISTERED))
    session.commit()
    assert (made.number_text, made.registered_on) == ("12/2026", REGISTERED)
    assert application_state(made) is ApplicationState.REGISTERED
    assert centre.alina.stage is SupportStage.APPLICATION


def test_the_number_is_of_the_year_of_registration(session: scoped_session[Session], centre: Centre) -> None:
    made = make_application(session(), centre.alina, centre.agency, date(2026, 12, 29), registered_on=date(2027, 1, 11))
    assert made.number_text == "1/2027"


@pytest.mark.parametrize(
    ("on", "registered_on", "told", "field"),
    [
        (
            REGISTERED,
            date(2026, 4, 22),
            "Номер не присвоен: дата регистрации раньше даты поступления (23.04.2026). Исправьте дату.",
            "registered_on",
        ),
        (REGISTERED, date(2026, 4, 25), "Этот день ещё не наступил.", "registered_on"),
    ],
)
def test_dates_out_of_order_give_no_number(
    session: scoped_session[Session], centre: Centre, on: date, registered_on: date, told: str, field: str
) -> None:
    made = received(session, centre)
    with pytest.raises(Refused) as refusal:
        applications.register(session(), application=made, registered_on=registered_on, by=by(centre.agency, on))
    assert (str(refusal.value), refusal.value.field) == (told, field)
    assert made.number is None


def test_nothing_is_received_tomorrow_or_about_a_stranger_or_for_others(
    session: scoped_session[Session], centre: Centre
) -> None:
    asked = {"agency_id": centre.agency.id, "now": at(RECEIVED)}
    own = by(centre.agency, RECEIVED)
    for graduate, day, who, told in (
        (centre.alina, REGISTERED, own, "Этот день ещё не наступил."),
        (centre.alina, date(2000, 1, 1), own, "Это раньше рождения выпускника (02.02.2008)."),
        (
            centre.alina,
            RECEIVED,
            by(centre.other, RECEIVED),
            "Заявления, отказы, договоры и заключения оформляет сама организация.",
        ),
    ):
        with pytest.raises(Refused) as refusal:
            applications.receive(session(), graduate_id=graduate.id, received_on=day, by=who, **asked)
        assert str(refusal.value) == told
    with pytest.raises(Refused, match="Такой карточки нет среди тех, кого вы видите"):
        applications.receive(
            session(),
            graduate_id=centre.alina.id,
            received_on=RECEIVED,
            agency_id=centre.other.id,
            by=by(centre.other, RECEIVED),
            now=at(RECEIVED),
        )


def test_it_is_registered_once(session: scoped_session[Session], centre: Centre) -> None:
    made = received(session, centre, registered_on=REGISTERED)
    with pytest.raises(Refused, match="Заявление уже зарегистрировано: № 1/2026"):
        applications.register(session(), application=made, registered_on=REGISTERED, by=by(centre.agency, REGISTERED))


def test_it_is_taken_back_before_a_decision_only(session: scoped_session[Session], centre: Centre) -> None:
    made = received(session, centre, registered_on=REGISTERED)
    who = by(centre.agency, REGISTERED)
    with pytest.raises(Refused, match=r"Это раньше поступления заявления \(23.04.2026\)"):
        applications.withdraw(session(), application=made, withdrawn_on=date(2026, 4, 1), by=who)
    applications.withdraw(session(), application=made, withdrawn_on=REGISTERED, by=who)
    assert application_state(made) is ApplicationState.WITHDRAWN
    with pytest.raises(Refused, match="Заявление уже отозвано"):
        applications.withdraw(session(), application=made, withdrawn_on=REGISTERED, by=who)
    decided = received(session, centre, registered_on=REGISTERED)
    make_refusal(session(), centre.alina, centre.agency, REGISTERED, application=decided)
    with pytest.raises(Refused, match="По заявлению уже есть решение: отозвать его нельзя"):
        applications.withdraw(session(), application=decided, withdrawn_on=REGISTERED, by=who)


def test_a_withdrawn_application_is_not_registered(session: scoped_session[Session], centre: Centre) -> None:
    made = received(session, centre)
    who = by(centre.agency, REGISTERED)
    applications.withdraw(session(), application=made, withdrawn_on=REGISTERED, by=who)
    with pytest.raises(Refused, match="Заявление отозвано: регистрировать его не нужно"):
        applications.register(session(), application=made, registered_on=REGISTERED, by=who)


def test_the_notice_has_a_day_and_a_way(session: scoped_session[Session], centre: Centre) -> None:
    made = received(session, centre, registered_on=REGISTERED)
    who = by(centre.agency, REGISTERED)
    with pytest.raises(Refused, match="Укажите, как уведомили"):
        applications.notify(session(), application=made, notified_on=REGISTERED, notified_how=" ", by=who)
    with pytest.raises(Refused, match="Это раньше поступления заявления"):
        applications.notify(session(), application=made, notified_on=date(2026, 4, 1), notified_how="лично", by=who)
    applications.notify(session(), application=made, notified_on=REGISTERED, notified_how="лично", by=who)
    assert (made.notified_on, made.notified_how) == (REGISTERED, "лично")


def test_age_outside_the_profile_warns(session: scoped_session[Session], centre: Centre) -> None:
    late = make_application(session(), centre.pavel, centre.agency, RECEIVED)
    early = make_application(session(), centre.young, centre.agency, RECEIVED, is_identity_shown=False)
    assert applications.warnings_of(session(), application=late) == [
        "23 года исполнилось 10.01.2026: права на сопровождение нет. Можно оформить отказ."
    ]
    assert applications.warnings_of(session(), application=early) == [
        "Выпускнику нет 18 лет (исполнится 01.03.2027): права на сопровождение ещё нет. Можно оформить отказ.",
        "Документ, удостоверяющий личность, не предъявлен: без него договор не подписать. Попросите донести.",
    ]
    assert applications.warnings_of(session(), application=received(session, centre)) == []


def test_one_with_a_decision_is_not_annulled_first(session: scoped_session[Session], centre: Centre) -> None:
    head = by(centre.agency, REGISTERED, Role.HEAD)
    made = received(session, centre, registered_on=REGISTERED)
    make_contract(session(), centre.alina, centre.agency, REGISTERED, application=made)
    with pytest.raises(Refused, match="По заявлению заключён договор № 1/2026: сначала аннулируйте его"):
        applications.annul(session(), application=made, reason="ошибка", by=head)
    other = make_application(session(), centre.denis, centre.agency, RECEIVED, registered_on=REGISTERED)
    make_refusal(session(), centre.denis, centre.agency, REGISTERED, application=other)
    with pytest.raises(Refused, match="По заявлению записан отказ № 1/2026: сначала аннулируйте его"):
        applications.annul(session(), application=other, reason="ошибка", by=head)
    free = make_application(session(), centre.denis, centre.agency, RECEIVED, registered_on=REGISTERED)
    with pytest.raises(Refused, match="только руководитель"):
        applications.annul(session(), application=free, reason="ошибка", by=by(centre.agency, REGISTERED))
    applications.annul(session(), application=free, reason="ошибка", by=head)
    assert (free.number_text, application_state(free)) == ("3/2026", ApplicationState.ANNULLED)


def test_one_without_a_number_is_put_away_by_those_who_keep_it(
    session: scoped_session[Session], centre: Centre
) -> None:
    made = received(session, centre)
    drafts.discard(session(), record=made, reason="не тот человек", by=by(centre.agency, RECEIVED))
    session.commit()
    assert (made.annulled_reason, centre.alina.stage) == ("не тот человек", None)
    numbered = received(session, centre, registered_on=REGISTERED)
    with pytest.raises(Refused, match="У записи уже есть номер"):
        drafts.discard(session(), record=numbered, reason="ошибка", by=by(centre.agency, REGISTERED))
