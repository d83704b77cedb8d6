"""Plans on the screen: drafted, filled from the lists, approved in rounds, renewed, compared; who sees and may what."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.audit import AccessEvent
from models.plans import Measure, MeasureStatus, Plan, PlanKind, PlanSphere, PlanState
from models.support import HealthRecord
from services.plans import approval, editions, measures
from tests.clock import follow, load_law
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.plans_factories import FROM, TO, approved, make_approved, make_contract, make_plan, make_service, seen_by
from tests.signing import sign_in
from tests.views.forms import open_form
from views.extensions import db

Sessions = scoped_session[Session]
LINE = {
    "measures-0-direction_code": "legal",
    "measures-0-title": "Оформить полис",
    "measures-0-due_on": "01.12.2026",
}


def act(client: FlaskClient, plan: Plan, name: str, **fields: str) -> str:
    data = {f"{name}-{key}": value for key, value in fields.items()} | {"version": str(plan.version)}
    return client.post(f"/plan/act/{name}/?id={plan.id}", data=data, follow_redirects=True).text


# -- Drafting ----------------------------------------------------------------------------------------------------------


def test_a_plan_is_drafted_with_its_lines(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    contract = make_contract(session(), cast.own, cast.service, ends_on=date(2027, 5, 11))
    session.commit()
    sign_in(client, cast.anna)
    typed = open_form(client, f"/plan/new/?graduate={cast.own.id}")
    assert (typed["graduate_id"], typed["starts_on"], typed["ends_on"]) == (
        str(cast.own.id),
        "01.10.2026",
        "30.09.2027",
    )
    typed |= LINE | {"spheres-0-sphere": "здоровье", "spheres-0-need": "полис", "goals": "Жить самостоятельно"}
    page = client.post("/plan/new/", data=typed, follow_redirects=True).text
    assert "Черновик плана создан." in page
    assert "План заканчивается 11.05.2027, вместе с договором" in page
    made = session.scalars(select(Plan)).one()
    assert (made.contract_id, made.agency_id, made.created_by_id) == (contract.id, cast.service.id, cast.anna.id)
    assert [(one.title, one.position) for one in made.measures] == [("Оформить полис", 1)]
    for told in ("I. Сведения о выпускнике", "III. Мероприятия", "здоровье", "до 01.12.2026", "Жить самостоятельно"):
        assert told in page
    client.post("/plan/new/", data=typed)  # The second click.
    assert len(session.scalars(select(Plan)).all()) == 1


def test_a_contract_in_the_address_gives_person_and_period(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    contract = make_contract(session(), cast.own, cast.service)
    session.commit()
    sign_in(client, cast.anna)
    typed = open_form(client, f"/plan/new/?contract={contract.id}")
    assert (typed["graduate_id"], typed["starts_on"], typed["ends_on"]) == (
        str(cast.own.id),
        "01.09.2026",
        "31.08.2027",
    )
    sign_in(client, cast.boris)
    assert open_form(client, f"/plan/new/?contract={contract.id}")["graduate_id"] == ""


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"ends_on": "30.09.2026"}, "Последний день плана раньше первого."),
        ({"starts_on": ""}, "Заполните это поле."),
        ({"measures-0-due_on": "30.09.2026"}, "Мероприятие раньше плана: план начинается 01.10.2026."),
        ({"measures-0-due_on": "01.12.2027"}, "Срок позже окончания плана (30.09.2027)."),
        ({"measures-0-title": ""}, "Заполните это поле."),
        ({"agreed_on": "02.10.2026"}, "Дата согласия ещё не наступила."),
        ({"foreign_number": "5"}, "только у ИППСУ"),
        ({"graduate_id": "0"}, "Выберите человека из списка."),
    ],
)
def test_a_refused_draft_keeps_what_was_typed(
    client: FlaskClient, session: Sessions, cast: Cast, changed: dict[str, str], told: str
) -> None:
    sign_in(client, cast.anna)
    typed = open_form(client, f"/plan/new/?graduate={cast.own.id}") | LINE | {"curator": "Смирнова О. П."}
    page = client.post("/plan/new/", data=typed | changed).text
    assert told in page
    assert 'value="Смирнова О. П."' in page
    assert session.scalars(select(Plan)).all() == []


def test_a_person_out_of_sight_gets_no_plan(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    sign_in(client, cast.anna)
    typed = open_form(client, "/plan/new/") | LINE | {"graduate_id": str(cast.foreign.id)}
    page = client.post("/plan/new/", data=typed).text
    assert "Выберите человека из списка." in page
    assert "Тихонов" not in page
    assert session.scalars(select(Plan)).all() == []


def test_a_draft_is_edited_and_lines_are_taken_away(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    plan = make_plan(session(), cast.own, cast.service, "Первое", "Второе")
    session.commit()
    sign_in(client, cast.anna)
    typed = open_form(client, f"/plan/edit/?id={plan.id}")
    stale = dict(typed)
    typed |= {"del-measures-0": "y", "measures-1-executor": "Юрист", "measures-2-direction_code": "health"}
    typed |= {"measures-2-title": "Третье", "measures-2-due_on": "10.10.2026"}
    page = client.post(f"/plan/edit/?id={plan.id}", data=typed, follow_redirects=True).text
    assert "Изменения сохранены." in page
    session.expire_all()
    assert [(one.title, one.executor, one.position) for one in plan.measures] == [
        ("Второе", "Юрист", 2),
        ("Третье", "", 3),
    ]
    conflict = client.post(f"/plan/edit/?id={plan.id}", data=stale | {"curator": "Другой"})
    assert conflict.status_code == 409


def test_a_line_of_a_draft_is_edited_on_its_own_page(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    plan = make_plan(session(), cast.own, cast.service)
    session.commit()
    measure, version = plan.measures[0], plan.version
    sign_in(client, cast.anna)
    typed = open_form(client, f"/measure/edit/?id={measure.id}") | {"due_on": "31.08.2026"}
    assert "Мероприятие раньше плана" in client.post(f"/measure/edit/?id={measure.id}", data=typed).text
    typed |= {"due_on": "01.11.2026", "executor": "Юрист"}
    assert client.post(f"/measure/edit/?id={measure.id}", data=typed).status_code == 302
    session.expire_all()
    assert (measure.due_on, measure.executor) == (date(2026, 11, 1), "Юрист")
    assert plan.version > version


def test_measures_are_picked_from_the_lists_once(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    load_law(session())
    follow(session(), cast.service, "kizil-programme")
    plan = make_plan(session(), cast.own, cast.service)
    session.commit()
    sign_in(client, cast.anna)
    url = f"/plan/pick/?id={plan.id}"
    page = client.get(url).text
    for told in ("Полное гособеспечение на учёбе", "сентябрь, октябрь", "01.10.2026 – 31.10.2026", "по обращению"):
        assert told in page
    data = {"version": str(plan.version), "code": ["kizil-programme/2.2", "kizil-programme/2.6"]}
    told = client.post(url, data=data, follow_redirects=True).text
    assert "Добавлено 2 мероприятия." in told
    again = client.post(url, data=data)
    assert again.status_code == 422
    assert "запись изменилась" in again.text
    assert len(plan.measures) == 3
    assert "уже в плане" in client.get(url).text
    forged = client.post(url, data={"version": str(plan.version), "code": "kizil-programme/3.2"})
    assert "Перечень мероприятий изменился" in forged.text
    assert "Отметьте хотя бы одно" in client.post(url, data={"version": str(plan.version)}).text


# -- Approval ----------------------------------------------------------------------------------------------------------


def test_a_plan_goes_through_its_rounds(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    make_contract(session(), cast.own, cast.service)
    plan = make_plan(session(), cast.own, cast.service)
    session.commit()
    sign_in(client, cast.anna)
    assert "передан руководителю" in act(client, plan, "submit")
    assert "Утвердить план" not in client.get(f"/plan/details/?id={plan.id}").text
    sign_in(client, cast.galina)
    assert "Заполните это поле." in act(client, plan, "return", text="")
    page = act(client, plan, "return", text="Уточните сроки.")
    assert "План возвращён автору" in page
    assert "План возвращён с замечанием: Уточните сроки." in page
    sign_in(client, cast.anna)
    assert "Записано." in act(client, plan, "comment", text="Уточнено.")
    act(client, plan, "submit")
    sign_in(client, cast.galina)
    early = act(client, plan, "approve", agreed_on="20.09.2026", approved_on="19.09.2026")
    assert "не раньше согласия выпускника (20.09.2026)" in early
    page = act(client, plan, "approve", agreed_on="20.09.2026", approved_on="21.09.2026")
    assert "План утверждён, № 1/2026." in page
    assert "Галина Главная" in page
    again = act(client, plan, "approve", agreed_on="20.09.2026", approved_on="21.09.2026")
    assert "План не на утверждении." in again or "изменил" in again
    session.expire_all()
    assert (plan.number, plan.state, plan.approved_on) == (1, PlanState.APPROVED, date(2026, 9, 21))


def test_a_stale_page_approves_nothing(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    plan = make_plan(session(), cast.own, cast.service)
    approval.submit(session(), plan=plan, by=seen_by(session(), cast.anna))
    session.commit()
    sign_in(client, cast.galina)
    data = {"approve-agreed_on": "20.09.2026", "approve-approved_on": "21.09.2026", "version": "1"}
    answer = client.post(f"/plan/act/approve/?id={plan.id}", data=data)
    assert answer.status_code == 422
    assert "запись изменилась" in answer.text
    session.expire_all()
    assert plan.number is None


def test_a_partners_consent_is_noted(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    plan = make_plan(session(), cast.own, cast.service, kind=PlanKind.JOINT, partners=[cast.opeka])
    session.commit()
    sign_in(client, cast.anna)
    assert "ещё не согласовала" in client.get(f"/plan/details/?id={plan.id}").text
    assert "Выберите значение из списка." in act(client, plan, "agree", partner="0", agreed_on="20.09.2026")
    page = act(client, plan, "agree", partner=str(plan.partners[0].id), agreed_on="20.09.2026")
    assert "Согласие партнёра записано." in page
    assert "20.09.2026" in page


def test_a_draft_is_thrown_away_and_an_approved_plan_annulled(
    client: FlaskClient, session: Sessions, cast: Cast
) -> None:
    plan = make_plan(session(), cast.own, cast.service)
    session.commit()
    sign_in(client, cast.anna)
    assert "Черновик удалён." in act(client, plan, "discard")
    assert session.scalars(select(Plan)).all() == []
    kept = make_approved(session(), cast.own, cast.service)
    session.commit()
    sign_in(client, cast.galina)
    page = act(client, kept, "annul", reason="не тот человек")
    assert "Аннулировано 01.10.2026: не тот человек." in page
    assert "аннулирован" in client.get("/plan/").text


def test_closing_a_plan_asks_for_the_analysis(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    plan = make_approved(session(), cast.own, cast.service)
    session.commit()
    sign_in(client, cast.anna)
    assert "Заполните это поле." in act(client, plan, "close", closed_on="01.10.2026", closing_note="")
    page = act(client, plan, "close", closed_on="01.10.2026", closing_note="Устроился на работу.")
    assert "План завершён." in page
    assert "Устроился на работу." in page


# -- Editions ----------------------------------------------------------------------------------------------------------


def test_a_new_edition_is_made_and_compared(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    plan = make_approved(session(), cast.own, cast.service, "Первое", "Второе")
    plan.spheres = [PlanSphere(sphere="учёба", situation="колледж", position=1)]
    by = seen_by(session(), cast.anna)
    refusal = {"refused_on": date(2026, 9, 5), "reason_code": "no_need", "is_signed": True}
    measures.refuse(session(), measure=plan.measures[0], by=by, **refusal)  # type: ignore[arg-type]
    session.commit()
    sign_in(client, cast.anna)
    fields = {"starts_on": "01.10.2026", "ends_on": "30.09.2027", "reason": "прошёл год", "analysis": "Учится."}
    page = act(client, plan, "renew", **fields)
    assert "Черновик новой редакции готов. Из прежней перешло мероприятий: 1." in page
    draft = session.scalars(select(Plan).where(Plan.edition == 2)).one()
    assert f"/plan/difference/?id={draft.id}&amp;with={plan.id}" in page
    page = client.get(f"/plan/difference/?id={plan.id}&with={draft.id}").text  # In whichever order they are named.
    assert "Что изменилось: редакции 1 и 2" in page
    for told in ("Не вошли в новую редакцию", "Первое", "отказ выпускника", "План действует с"):
        assert told in page
    query = select(AccessEvent.subject_id).where(AccessEvent.subject == "plan")
    opened = session.scalars(query, bind_arguments={"bind": db.engines["access"]}).all()
    assert {plan.id, draft.id} <= set(opened)
    assert "Не сохранено" in act(client, plan, "renew", **fields) or draft.edition == 2
    assert len(session.scalars(select(Plan)).all()) == 2


def test_only_editions_of_one_plan_are_compared(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    plan = make_approved(session(), cast.own, cast.service)
    other = make_approved(session(), cast.own, cast.service)
    foreign = make_approved(session(), cast.foreign, cast.other_opeka)
    session.commit()
    sign_in(client, cast.anna)
    for wrong in (other.id, foreign.id, 0, "x", ""):
        assert client.get(f"/plan/difference/?id={plan.id}&with={wrong}").status_code == 404
    assert "Редакции не различаются." in client.get(f"/plan/difference/?id={plan.id}&with={plan.id}").text


# -- Measures ----------------------------------------------------------------------------------------------------------


def mark(client: FlaskClient, measure: Measure, name: str, **fields: str | list[str]) -> str:
    data = {f"{name}-{key}": value for key, value in fields.items()} | {"version": str(measure.version)}
    return client.post(f"/measure/act/{name}/?id={measure.id}", data=data, follow_redirects=True).text


@pytest.fixture
def measure(session: Sessions, cast: Cast) -> Measure:
    made = make_approved(session(), cast.own, cast.service, "Учёт в центре занятости")
    session.commit()
    return made.measures[0]


def test_a_measure_is_done_by_a_chosen_service(
    client: FlaskClient, session: Sessions, cast: Cast, measure: Measure
) -> None:
    service = make_service(session(), measure.plan, date(2026, 9, 14), "Сопровождение в ЦЗН")
    stranger = make_service(session(), measure.plan, date(2026, 9, 14), graduate_id=cast.local.id)
    session.commit()
    sign_in(client, cast.anna)
    assert "14.09.2026 Сопровождение в ЦЗН" in client.get(f"/measure/details/?id={measure.id}").text
    assert "Выберите услугу" in mark(client, measure, "done", done_on="15.09.2026")
    forged = mark(client, measure, "done", done_on="15.09.2026", services=str(stranger.id))
    assert "среди услуг выпускника нет" in forged
    page = mark(client, measure, "done", done_on="15.09.2026", services=str(service.id), result="на учёте")
    assert "Отмечено: выполнено." in page
    assert "на учёте" in page
    session.expire_all()
    assert (measure.status, service.measure_id) == (MeasureStatus.DONE, measure.id)
    assert "выполнено 1 из 1" in client.get(f"/plan/details/?id={measure.plan_id}").text


def test_a_service_is_recorded_with_the_mark(
    client: FlaskClient, session: Sessions, cast: Cast, measure: Measure
) -> None:
    sign_in(client, cast.anna)
    page = mark(client, measure, "done", done_on="15.09.2026", kind_code="labour", title="Помощь с постановкой на учёт")
    assert "Услуга записана в журнал." in page
    assert "Помощь с постановкой на учёт" in page
    assert "социально-трудовые" in page


def test_a_refusal_is_marked_and_printed_in_the_plan(
    client: FlaskClient, session: Sessions, cast: Cast, measure: Measure
) -> None:
    sign_in(client, cast.anna)
    assert "подписал" in mark(client, measure, "refuse", refused_on="15.09.2026", reason_code="no_need")
    early = mark(client, measure, "refuse", refused_on="31.08.2026", reason_code="no_need", is_signed="y")
    assert "Мероприятие раньше плана: план начинается 01.09.2026." in early
    assert "ещё не наступила" in mark(
        client, measure, "refuse", refused_on="02.10.2026", reason_code="no_need", is_signed="y"
    )
    assert "Отказ выпускника отмечен." in mark(
        client, measure, "refuse", refused_on="15.09.2026", reason_code="no_need", is_signed="y"
    )
    page = client.get(f"/plan/details/?id={measure.plan_id}").text
    assert "IV. Отказы выпускника от мероприятий" in page
    assert "не нуждается" in page
    assert "выполнено 0 из 0; 1 отказ" in page


def test_marks_are_taken_once_and_may_be_taken_back(
    client: FlaskClient, session: Sessions, cast: Cast, measure: Measure
) -> None:
    sign_in(client, cast.anna)
    version = str(measure.version)
    data = {"fail-on": "15.09.2026", "fail-reason": "нет справки", "version": version}
    assert client.post(f"/measure/act/fail/?id={measure.id}", data=data).status_code == 302
    again = client.post(f"/measure/act/fail/?id={measure.id}", data=data)
    assert again.status_code == 422
    session.expire_all()
    assert len(measure.plan.changes) == 1
    assert "Отметка снята" in mark(client, measure, "resume", on="20.09.2026", ground="справка нашлась")
    assert "Срок перенесён на 01.03.2027." in mark(
        client, measure, "move", due_on="01.03.2027", ground="болезнь", on="21.09.2026"
    )
    page = client.get(f"/plan/details/?id={measure.plan_id}").text
    assert "срок перенесён с 31.12.2026 на 01.03.2027" in page
    assert "справка нашлась" in page


def test_a_measure_of_another_plan_is_not_found(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    foreign = make_approved(session(), cast.foreign, cast.other_opeka)
    session.commit()
    sign_in(client, cast.anna)
    assert client.get(f"/measure/details/?id={foreign.measures[0].id}").status_code == 404
    assert client.post(f"/measure/act/start/?id={foreign.measures[0].id}").status_code == 404


def test_the_work_list_shows_what_is_to_be_done(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    plan = make_approved(session(), cast.own, cast.service, "Впереди", "Опоздало")
    plan.measures[1].due_on = date(2026, 9, 20)
    make_plan(session(), cast.own, cast.service, "В черновике")
    make_approved(session(), cast.foreign, cast.other_opeka, "Чужое")
    session.commit()
    sign_in(client, cast.anna)
    page = client.get("/measure/?f.open=1").text
    assert "Впереди" in page
    assert "Ёлкина Дарья Игоревна" in page
    assert "В черновике" not in page + client.get("/measure/").text
    assert "Чужое" not in page
    late = client.get("/measure/?f.overdue=1").text
    assert "Опоздало" in late
    assert "Впереди" not in late
    assert "Просрочено мероприятий: 1." in client.get(f"/plan/details/?id={plan.id}").text
    assert f"/plan/details/?id={plan.id}" in client.get("/plan/?f.overdue=1").text
    found = client.get("/measure/?q=елк&f.status=planned&f.direction=legal").text
    assert "Опоздало" in found
    with client.get("/measure/export/xlsx/?f.open=1") as file:
        assert file.status_code == 200


def test_the_list_of_plans_is_filtered(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    plan = make_approved(session(), cast.own, cast.service)
    draft = make_plan(session(), cast.own, cast.service)
    session.commit()
    sign_in(client, cast.anna)

    def found(query: str) -> set[int]:
        page = client.get(f"/plan/?{query}").text
        return {one.id for one in (plan, draft) if f"/plan/details/?id={one.id}" in page}

    assert found("") == {plan.id, draft.id}
    assert found("f.state=approved") == {plan.id}
    assert found("f.state=draft&f.state=annulled") == {draft.id}
    assert found("f.kind=joint") == set()
    assert found("f.ends=2027-08-01..2027-08-31") == {plan.id, draft.id}
    assert found("f.over=1") == set()
    assert found("f.contract=0") == {plan.id, draft.id}
    assert found("q=1/2026") == {plan.id}
    assert "0 из 1" in client.get("/plan/").text


# -- What is restricted ------------------------------------------------------------------------------------------------


def test_health_is_shown_to_those_who_may_read_it(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    plan = make_approved(session(), cast.own, cast.service)
    cast.own.health_records = [HealthRecord(recorded_on=TODAY, text="инвалидность II группы")]
    session.commit()
    for who, reads in (("galina", True), ("anna", False), ("kira", False)):
        sign_in(client, getattr(cast, who))
        page = client.get(f"/plan/details/?id={plan.id}").text
        assert ("инвалидность II группы" in page) is reads
        assert ("•••" in page) is not reads


def test_the_card_shows_plans_and_what_comes_next(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    plan = make_approved(session(), cast.own, cast.service, "Документы на жильё")
    session.commit()
    sign_in(client, cast.anna)
    page = client.get(f"/graduate/details/?id={cast.own.id}&tab=support").text
    for told in ("Что дальше по плану", "Документы на жильё", "выполнено 0 из 1, ещё 1", plan.number_text):
        assert told in page
    assert f"/plan/new/?graduate={cast.own.id}" in page
    sign_in(client, cast.kira)
    assert "/plan/new/" not in client.get(f"/graduate/details/?id={cast.own.id}&tab=support").text


def test_a_later_edition_is_found_from_the_first(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    plan = make_approved(session(), cast.own, cast.service)
    fields = {"starts_on": date(2026, 9, 20), "ends_on": TO, "reason": "срок"}
    by = seen_by(session(), cast.anna)
    second = editions.renew(session(), plan=plan, by=by, now=NOW, **fields)  # type: ignore[arg-type]
    approved(session(), second, day=date(2026, 9, 20))
    session.commit()
    sign_in(client, cast.anna)
    page = client.get(f"/plan/details/?id={plan.id}").text
    assert "завершён" in page
    assert "утверждена следующая редакция" in page
    assert f"/plan/details/?id={second.id}" in page
    assert second.starts_on > FROM
