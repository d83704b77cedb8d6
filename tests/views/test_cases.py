"""From the application to the conclusion through the pages: forms, actions, refusals at their fields, double clicks."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse

from models.cases import Application, Conclusion, Contract, Refusal, RefusalKind, SupportEpisode
from models.graduates import Graduate, SupportStage
from models.plans import Plan, PlanKind, PlanState
from models.support import Assignment, AssignmentKind
from tests.cases_factories import make_application, make_conclusion, make_contract, make_draft, make_refusal
from tests.conftest import NOW, TODAY
from tests.factories import Cast, make_graduate
from tests.signing import sign_in
from tests.views.forms import open_form


def act(client: FlaskClient, record: Any, name: str, **typed: str) -> TestResponse:
    """Post an action of the record's page."""
    endpoint = record.__tablename__
    data = {f"{name}-{field}": value for field, value in typed.items()}
    return client.post(
        f"/{endpoint}/act/{name}/?id={record.id}",
        data={"version": str(record.version), **data},
        follow_redirects=True,
    )


def test_from_the_application_to_the_signed_contract(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    cast.service.head_position, cast.service.head_name = "директор", "Главная Галина"
    cast.own.assignments.append(Assignment(kind=AssignmentKind.CURATOR, name="Анна Клерк", starts_on=TODAY))
    session.commit()
    sign_in(client, cast.anna)
    typed = open_form(client, f"/application/new/?graduate={cast.own.id}")
    assert (typed["graduate_id"], typed["received_on"], typed["received_by"]) == (
        str(cast.own.id),
        "01.10.2026",
        "Анна Клерк",
    )
    typed |= {"is_identity_shown": "y", "request": "Нужно общежитие", "directions": "housing"}
    page = client.post("/application/new/", data=typed, follow_redirects=True)
    assert "Заявление принято." in page.text
    assert "содействие" in page.text.lower()
    application = session.scalars(select(Application)).one()
    assert (application.directions, application.created_by_id) == ("housing", cast.anna.id)

    page = act(client, application, "register", registered_on="01.10.2026")
    assert "Заявление зарегистрировано, № 1/2026." in page.text
    assert f"/contract/new/?application={application.id}" in page.text

    typed = open_form(client, f"/contract/new/?application={application.id}")
    assert (typed["signatory"], typed["curator"]) == ("директор Главная Галина", "Анна Клерк")
    assert (typed["starts_on"], typed["ends_on"]) == ("01.10.2026", "30.09.2027")
    page = client.post("/contract/new/", data=typed, follow_redirects=True)
    assert "Проект договора сохранён." in page.text
    contract = session.scalars(select(Contract)).one()
    page = act(client, contract, "sign", signed_on="01.10.2026", origin="детский дом")
    assert "Договор подписан, № 1/2026. Выпускник принят на сопровождение: № 1/2026 журнала принятых." in page.text
    assert "Нет действующего согласия на обработку данных" in page.text
    session.refresh(cast.own)
    assert cast.own.stage is SupportStage.CONTRACT
    card = client.get(f"/graduate/details/?id={cast.own.id}&tab=support").text
    assert "№ 1/2026 от 01.10.2026" in card
    assert "Договор действует по" in card
    assert "Новый договор" not in card  # One is open.


def test_a_double_click_makes_one_record(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    sign_in(client, cast.anna)
    typed = open_form(client, f"/application/new/?graduate={cast.own.id}")
    first = client.post("/application/new/", data=typed)
    second = client.post("/application/new/", data=typed)
    assert (first.location, second.status_code) == (second.location, 302)
    assert session.scalar(select(func.count(Application.id))) == 1
    application = session.scalars(select(Application)).one()
    version = {"version": str(application.version), "register-registered_on": "01.10.2026"}
    url = f"/application/act/register/?id={application.id}"
    assert client.post(url, data=version).status_code == 302
    again = client.post(url, data=version)
    assert again.status_code == 422
    assert "Пока страница была открыта, запись изменилась." in again.text
    assert application.number == 1


def test_a_second_click_on_an_agreement_makes_no_second_one(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    contract = make_contract(session(), cast.own, cast.service, TODAY)
    session.commit()
    sign_in(client, cast.anna)
    data = {"version": str(contract.version), "amend-signed_on": "01.10.2026", "amend-subject": "Куратор"}
    url = f"/contract/act/amend/?id={contract.id}"
    assert [client.post(url, data=data).status_code for _ in range(2)] == [302, 422]
    assert len(contract.amendments) == 1


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("register", {"registered_on": "02.10.2026"}, "Этот день ещё не наступил."),
        ("register", {"registered_on": "01.09.2026"}, "дата регистрации раньше даты поступления (30.09.2026)"),
        ("register", {"registered_on": ""}, "Заполните это поле."),
        ("register", {"registered_on": "32.13.2026"}, "Введите дату в виде 23.05.1998."),
        ("withdraw", {"withdrawn_on": "01.09.2026"}, "Это раньше поступления заявления (30.09.2026)."),
    ],
)
def test_a_wrong_day_is_told_at_its_field(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, name: str, typed: dict[str, str], told: str
) -> None:
    application = make_application(session(), cast.own, cast.service, date(2026, 9, 30))
    session.commit()
    sign_in(client, cast.anna)
    page = act(client, application, name, **typed)
    assert page.status_code == 422
    assert told in page.text
    assert f'value="{next(iter(typed.values()))}"' in page.text
    session.refresh(application)
    assert (application.number, application.withdrawn_on) == (None, None)


def test_a_form_with_faults_keeps_what_was_typed(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.anna)
    typed = open_form(client, f"/application/new/?graduate={cast.own.id}")
    page = client.post("/application/new/", data=typed | {"received_on": "02.10.2026", "request": "Жильё"})
    assert "Этот день ещё не наступил." in page.text
    assert "Жильё" in page.text
    page = client.post("/application/new/", data=typed | {"graduate_id": str(cast.foreign.id)})
    assert "Выберите человека из списка." in page.text
    page = client.post("/application/new/", data=typed | {"directions": "nonsense"})
    assert "Выберите значение из списка." in page.text
    assert session.scalars(select(Application)).all() == []


def test_one_past_the_age_is_offered_a_refusal_and_no_contract(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    cast.own.birth_date = date(2003, 1, 10)
    application = make_application(session(), cast.own, cast.service, TODAY, registered_on=TODAY)
    session.commit()
    sign_in(client, cast.anna)
    page = client.get(f"/application/details/?id={application.id}").text
    assert "23 года исполнилось 10.01.2026: права на сопровождение нет." in page
    assert "Заключить договор" not in page
    typed = open_form(client, f"/refusal/new/?application={application.id}")
    assert (typed["kind"], typed["reason_code"], typed["clause"]) == ("agency", "over_23", "")
    assert typed["graduate_id"] == str(cast.own.id)
    saved = client.post("/refusal/new/", data=typed, follow_redirects=True)
    assert "Отказ записан, № 1/2026." in saved.text
    refusal = session.scalars(select(Refusal)).one()
    assert (refusal.kind, refusal.application_id) == (RefusalKind.AGENCY, application.id)
    card = client.get(f"/graduate/details/?id={cast.own.id}&tab=support").text
    assert "нет права: старше 23 лет" in card
    assert "Новый договор" not in card
    typed = open_form(client, f"/contract/new/?graduate={cast.own.id}")
    refused = client.post("/contract/new/", data=typed)
    assert "права на сопровождение нет, договор не заключают" in refused.text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"kind": "agency"}, "Решение организации принимают по заявлению: выберите его."),
        ({"reason_code": "over_23"}, "Это причина решения организации: уберите её."),
        ({"kind": "agency", "graduate_reason_code": "leaving"}, "Это причина выпускника: уберите её."),
        ({"refused_on": "02.10.2026"}, "Этот день ещё не наступил."),
        ({"application_id": "999999"}, "Выберите значение из списка."),
    ],
)
def test_a_refusal_with_faults_is_not_recorded(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, changed: dict[str, str], told: str
) -> None:
    sign_in(client, cast.anna)
    typed = open_form(client, f"/refusal/new/?graduate={cast.own.id}") | {"kind": "graduate"}
    page = client.post("/refusal/new/", data=typed | changed)
    assert told in page.text
    assert session.scalars(select(Refusal)).all() == []


def test_the_graduates_refusal_is_recorded_and_noticed(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.anna)
    typed = open_form(client, f"/refusal/new/?graduate={cast.own.id}") | {
        "kind": "graduate",
        "is_return_explained": "y",
    }
    client.post("/refusal/new/", data=typed)
    refusal = session.scalars(select(Refusal)).one()
    assert (refusal.kind, refusal.responsible) == (RefusalKind.GRADUATE, "Анна Клерк")
    page = act(client, refusal, "notify", notified_on="01.10.2026", notified_how="лично")
    assert "Уведомление отмечено." in page.text
    edited = open_form(client, f"/refusal/edit/?id={refusal.id}")
    assert {"kind", "refused_on", "reason_code"} & set(edited) == set()
    assert client.post(f"/refusal/edit/?id={refusal.id}", data=edited | {"details": "сам"}).status_code == 302
    assert refusal.details == "сам"


def test_the_end_of_the_term_is_proposed_and_capped(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    cast.own.birth_date = date(2004, 2, 3)
    session.commit()
    sign_in(client, cast.anna)
    form = client.get(f"/contract/new/?graduate={cast.own.id}").text
    assert "Срок ограничен 03.02.2027: в этот день выпускнику исполняется 23 года." in form
    typed = open_form(client, f"/contract/new/?graduate={cast.own.id}")
    assert typed["ends_on"] == "03.02.2027"
    saved = client.post("/contract/new/", data=typed | {"ends_on": "30.09.2027"}, follow_redirects=True)
    assert "Срок ограничен 03.02.2027: в этот день выпускнику исполняется 23 года." in saved.text
    contract = session.scalars(select(Contract)).one()
    assert contract.ends_on == date(2027, 2, 3)
    edited = open_form(client, f"/contract/edit/?id={contract.id}") | {"ends_on": "30.09.2027"}
    client.post(f"/contract/edit/?id={contract.id}", data=edited)
    session.refresh(contract)
    assert contract.ends_on == date(2027, 2, 3)
    late = client.post(
        f"/contract/edit/?id={contract.id}", data=edited | {"version": str(contract.version), "starts_on": "04.02.2027"}
    )
    assert "23 года исполнилось 03.02.2027" in late.text


def test_a_signed_contract_is_changed_by_agreements_only(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    contract = make_contract(session(), cast.own, cast.service, TODAY)
    session.commit()
    sign_in(client, cast.anna)
    edited = open_form(client, f"/contract/edit/?id={contract.id}")
    assert {"starts_on", "ends_on", "signatory", "application_id"} & set(edited) == set()
    page = act(client, contract, "amend", signed_on="01.10.2026", subject="Продлить", new_ends_on="31.12.2027")
    assert "Дополнительное соглашение № 1 записано. Договор действует по 31.12.2027." in page.text
    page = act(client, contract, "suspend", ground_code="military", starts_on="01.10.2026")
    assert "Договор приостановлен." in page.text
    assert "приостановлен" in client.get("/contract/?f.state=suspended").text
    page = act(client, contract, "resume", ends_on="01.10.2026")
    assert "Договор возобновлён." in page.text
    page = act(client, contract, "hand", handed_on="01.10.2026")
    assert "Выдача экземпляра отмечена." in page.text


def test_a_contract_is_closed_by_a_conclusion_signed_by_both_and_followed(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    start = date(2025, 10, 2)
    contract = make_contract(session(), cast.own, cast.service, start, TODAY, curator="Анна Клерк")
    session.commit()
    sign_in(client, cast.anna)
    page = act(client, contract, "end", ended_on="01.10.2026", ground_code="term_expired")
    assert "Сначала составьте заключение о результатах" in page.text
    typed = open_form(client, f"/conclusion/new/?contract={contract.id}")
    assert (typed["period_from"], typed["period_to"], typed["curator"]) == ("02.10.2025", "01.10.2026", "Анна Клерк")
    page = client.post(
        "/conclusion/new/", data=typed | {"outcome": "extend", "results": "Учёба: 2 курс"}, follow_redirects=True
    )
    assert "Проект заключения сохранён." in page.text
    conclusion = session.scalars(select(Conclusion)).one()
    assert client.post(f"/conclusion/act/approve/?id={conclusion.id}").status_code == 403  # Anna is a clerk.
    sign_in(client, cast.galina)
    assert "Заключение утверждено, № 1/2026." in act(client, conclusion, "approve", approved_on="01.10.2026").text
    sign_in(client, cast.anna)
    page = act(client, contract, "end", ended_on="01.10.2026", ground_code="term_expired")
    assert "Договор нельзя закрыть по заключению без подписи выпускника." in page.text
    page = act(client, conclusion, "sign", signed_on="01.10.2026")
    assert "Закрыть договор" in page.text
    page = act(client, contract, "end", ended_on="01.10.2026", ground_code="term_expired")
    assert "Договор прекращён" in page.text
    assert session.scalars(select(SupportEpisode)).one().removed_on == TODAY
    page = client.get(f"/conclusion/details/?id={conclusion.id}").text
    assert f"/contract/new/?renew={contract.id}" in page
    typed = open_form(client, f"/contract/new/?renew={contract.id}")
    assert (typed["graduate_id"], typed["starts_on"]) == (str(cast.own.id), "02.10.2026")


def test_a_term_that_is_over_is_told_and_the_journal_is_near(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    contract = make_contract(session(), cast.own, cast.service, date(2025, 9, 1), date(2026, 8, 31))
    session.commit()
    sign_in(client, cast.anna)
    page = client.get(f"/contract/details/?id={contract.id}").text
    assert "Срок истёк 31.08.2026: составьте заключение и закройте договор." in page
    assert '"/journals/contracts/?year=2025"' in page
    card = client.get(f"/graduate/details/?id={cast.own.id}&tab=support").text
    assert "Срок договора № 1/2025 истёк 31.08.2026: сначала закройте его." in card


def test_the_head_annuls_and_is_told_what_hangs_on_the_contract(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    contract = make_contract(session(), cast.own, cast.service, TODAY)
    plan = Plan(graduate=cast.own, agency_id=cast.service.id, contract=contract, kind=PlanKind.INDIVIDUAL)
    plan.state, plan.starts_on, plan.ends_on, plan.created_at = PlanState.DRAFT, TODAY, contract.ends_on, NOW
    session.add(plan)
    session.commit()
    sign_in(client, cast.galina)
    page = act(client, contract, "annul", reason="не тот человек")
    assert page.status_code == 422
    assert "По договору есть: черновик плана." in page.text
    page = act(client, contract, "annul", reason="не тот человек", is_certain="y")
    assert "Аннулировано 01.10.2026: не тот человек." in page.text
    assert contract.number == 1
    session.refresh(cast.own)
    assert cast.own.stage is None


def test_a_draft_is_put_away_by_the_clerk(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    contract = make_draft(session(), cast.own, cast.service, TODAY)
    session.commit()
    sign_in(client, cast.anna)
    assert "Запись убрана." in act(client, contract, "discard", reason="передумали").text
    assert client.get(f"/contract/edit/?id={contract.id}").status_code == 403


def test_lists_find_by_number_and_name_and_filter_by_state(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    other = make_graduate(session(), "Яблоков Яков Ильич", agency_id=cast.service.id)
    make_application(session(), cast.own, cast.service, TODAY, registered_on=TODAY)
    make_application(session(), other, cast.service, TODAY)
    make_contract(session(), cast.own, cast.service, TODAY)
    make_draft(session(), other, cast.service, TODAY)
    make_refusal(session(), other, cast.service, TODAY)
    session.commit()
    sign_in(client, cast.anna)
    for address, shown, hidden in (
        ("/application/?f.state=received", "Яблоков", "Ёлкина"),
        ("/application/?f.state=registered", "Ёлкина", "Яблоков"),
        ("/application/?q=яблок", "Яблоков", "Ёлкина"),
        ("/application/?q=1/2026", "Ёлкина", "Яблоков"),
        ("/contract/?f.state=active", "Ёлкина", "Яблоков"),
        ("/contract/?f.state=draft&sort=number", "Яблоков", "Ёлкина"),
        ("/contract/?f.ends=2027-01-01..2028-01-01&q=елк", "Ёлкина", "Яблоков"),
        ("/refusal/?f.kind=graduate", "Яблоков", "Ёлкина"),
        ("/support_episode/?f.on=1", "Ёлкина", "Яблоков"),
        ("/graduate/?f.stage=contract", "Ёлкина", "Яблоков"),
        ("/graduate/?f.stage=application", "Яблоков", "Ёлкина"),
        ("/graduate/?f.contract_ends=2027-01-01..", "Ёлкина", "Яблоков"),
    ):
        page = client.get(address).text
        assert (shown in page, hidden in page) == (True, False), address
    assert client.get("/graduate/?f.stage=none").status_code == 200
    with client.get("/contract/export/xlsx/") as answer:
        assert answer.status_code == 200
    sign_in(client, cast.vera)
    assert "Ёлкина" not in client.get("/application/").text


def test_past_the_last_eligible_day_the_person_is_off_support(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    make_contract(session(), cast.own, cast.service, TODAY)
    cast.own.birth_date = date(2003, 9, 30)
    session.commit()
    sign_in(client, cast.anna)
    card = client.get(f"/graduate/details/?id={cast.own.id}").text
    assert "снят: достижение 23 лет" in card
    cast.own.birth_date = date(2003, 10, 1)  # Today is the last day.
    session.commit()
    assert "снят: достижение 23 лет" not in client.get(f"/graduate/details/?id={cast.own.id}").text


def test_overseers_read_and_change_nothing(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    contract = make_contract(session(), cast.own, cast.service, TODAY)
    make_conclusion(session(), contract, TODAY)
    session.commit()
    sign_in(client, cast.kira)
    page = client.get(f"/contract/details/?id={contract.id}").text
    assert "Что сделать" not in page
    assert "Составить заключение" not in page
    assert client.get(f"/graduate/details/?id={cast.own.id}&tab=support").status_code == 200
    assert "Организация" in client.get("/contract/").text
    assert client.get("/contract/?f.agency=" + str(cast.service.id)).status_code == 200


def test_the_administrator_acts_for_an_organisation(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.root)
    typed = open_form(client, f"/application/new/?graduate={cast.own.id}") | {"agency_id": str(cast.service.id)}
    assert client.post("/application/new/", data=typed).status_code == 302
    made = session.scalars(select(Application)).one()
    assert made.agency_id == cast.service.id
    assert session.get_one(Graduate, cast.own.id).stage is SupportStage.APPLICATION
