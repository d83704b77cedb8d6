"""Regulations in the panel: cards that everybody reads, the editor of rules, names, rules that do not apply."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.deadlines import Closing
from models.regulations import DeadlineRule, Regulation, RegulationVersion, RoleBinding, RuleSwitch
from services.regulations import editing
from services.regulations.loading import pack_of
from tests.conftest import TODAY
from tests.factories import Cast
from tests.regulated import CODE, draw, duties, follow
from tests.signing import sign_in
from tests.views.forms import fields_of, open_form
from tests.views.test_compliance import words
from views import rule_editor


@pytest.fixture
def regulation(session: scoped_session[Session], cast: Cast) -> Regulation:
    made = follow(session(), cast.service, cast.opeka, cast.other_opeka)
    draw(session())
    session.commit()
    return made


@pytest.fixture
def kira(client: FlaskClient, cast: Cast, regulation: Regulation) -> FlaskClient:
    return sign_in(client, cast.kira)


def address(regulation: Regulation, page: str, rule: str = "", **more: str) -> str:
    args = {"id": str(regulation.id), **({"rule": rule} if rule else {}), **more}
    return f"/regulation/{page}/?" + "&".join(f"{name}={value}" for name, value in args.items())


def entry(session: Session, code: str) -> dict[str, Any]:
    pack = pack_of(session, CODE)
    assert pack
    found = editing.rule_entry(pack, code)
    assert found
    return found


def previewed(client: FlaskClient, url: str, **typed: str) -> dict[str, str]:
    """The form as it comes back with what would change."""
    answer = client.post(url, data={**open_form(client, url), **typed})
    assert answer.status_code == 200, words(answer.text)
    assert "Что изменится за 18 месяцев" in answer.text
    return fields_of(answer.text)


def saved(client: FlaskClient, url: str, **typed: str) -> str:
    answer = client.post(url, data={**previewed(client, url, **typed), "_save": "1"}, follow_redirects=True)
    assert "Сохранена версия" in answer.text, words(answer.text)
    return answer.text


# -- Cards -----------------------------------------------------------------------------------------------------------


def test_everybody_reads_the_parts_of_a_card(client: FlaskClient, cast: Cast, regulation: Regulation) -> None:
    sign_in(client, cast.anna)
    assert "Небольшой регламент" in client.get("/regulation/").text
    rules = words(client.get(address(regulation, "details")).text)
    assert "ежегодно с 25 сентября по 5 октября" in rules
    assert "не менее 2 раз в год срок установлен нами" in rules
    assert "Добавить окно" not in rules
    clauses = words(client.get(address(regulation, "details", tab="clauses")).text)
    assert "Требований: 4 , готово 3 , запланировано 1" in clauses
    assert "Сведения Опека отправляет сведения срок: Отправить сведения к осени готово" in clauses
    assert "срок: Собирать практики запланировано" in clauses
    about = words(client.get(address(regulation, "details", tab="about")).text)
    assert "О гарантиях (159-ФЗ, от 21.12.1996)" in about
    assert "Возраст от 18 до 23 лет" in about
    assert "Служба «Перекрёсток» с 01.01.2026" in about
    assert "загрузка из файла" in words(client.get(address(regulation, "details", tab="versions")).text)
    rule = words(client.get(address(regulation, "rule", "A01")).text)
    assert "Кому держатель базы" in rule
    assert "Изменить" not in rule
    assert "ведётся на бумаге" in client.get(address(regulation, "rule", "S02")).text


@pytest.mark.parametrize("name", ["anna", "boris", "galina"])
def test_readers_do_not_edit(client: FlaskClient, cast: Cast, regulation: Regulation, name: str) -> None:
    sign_in(client, getattr(cast, name))
    for page in ("rule/edit", "rule/new", "switch-off", "switch-on", "name", "unname"):
        assert client.post(address(regulation, page, "A01")).status_code == 403
    assert client.get(address(regulation, "rule/edit", "A01")).status_code == 403


# -- The editor ------------------------------------------------------------------------------------------------------


def test_a_preview_tells_what_would_move_and_stores_nothing(
    kira: FlaskClient, session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    before = [(one.id, one.due_on, one.rule_id) for one in duties(session(), "A01", cast.opeka)]
    url = address(regulation, "rule/edit", "A01")
    page = kira.post(url, data={**open_form(kira, url), "closes": "15.10", "why": "Письмо № 5"}).text
    told = words(page)
    assert "дата меняется: 2" in told
    assert "остаётся по прежней версии: 2" in told
    row = "Опека Сокольского округа дата меняется 25.09.2027 – 05.10.2027 25.09.2027 – 15.10.2027 1"
    assert row in told
    assert 'value="Письмо № 5"' in page
    session.expire_all()
    assert [(one.id, one.due_on, one.rule_id) for one in duties(session(), "A01", cast.opeka)] == before
    assert session.scalar(select(func.count()).select_from(RegulationVersion)) == 1
    assert session.scalar(select(func.count()).select_from(DeadlineRule).where(DeadlineRule.code == "A01")) == 1


def test_saving_makes_a_version_keeps_the_open_duty_and_redraws_the_coming_one(
    kira: FlaskClient, session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    page = words(saved(kira, address(regulation, "rule/edit", "A01"), closes="15.10", why="Письмо № 5"))
    assert "Сохранена версия 2 регламента." in page
    assert "Версия 2 действует" in page
    assert "Кира Координатор Письмо № 5" in page
    assert "ежегодно с 25 сентября по 5 октября → стало ежегодно с 25 сентября по 15 октября" in page
    session.expire_all()
    now_open, coming = duties(session(), "A01", cast.opeka)
    assert (now_open.rule.version, now_open.due_on, now_open.closing) == (1, date(2026, 10, 5), None)
    assert (coming.rule.version, coming.due_on) == (2, date(2027, 10, 15))
    versions = words(kira.get(address(regulation, "details", tab="versions")).text)
    assert "изменено: Отправить сведения к осени Письмо № 5" in versions


@pytest.mark.parametrize(
    ("code", "typed", "written"),
    [
        ("A02", {"at_least": "3", "recommended": "15.05, 15.12"}, {"at_least": 3, "recommended": ["05-15", "12-15"]}),
        ("A02", {"period": "half_year"}, {"period": "half_year", "in_force_from": "2026-10-01"}),
        ("A03", {"amount": "5", "unit": "calendar"}, {"amount": 5, "unit": "calendar"}),
        ("A03", {"amount": "30", "direction": "before", "unit": "calendar"}, {"amount": -30}),
        ("A03", {"amount": "5", "amount_to": "10"}, {"amount": 5, "amount_to": 10}),
        ("A03", {"amount": "", "unit": "instant"}, {"amount": 0, "unit": "instant"}),
        (
            "A01",
            {"opens": "2009", "early": "y", "roll": "none", "soon": "3"},
            {"opens": "09-20", "early": True, "soon": 3},
        ),
        ("A01", {"in_force_to": "31.12.2027", "title": "Отправить список"}, {"in_force_to": "2027-12-31"}),
        ("S01", {"shown_by": "подписанные соглашения"}, {"shown_by": "подписанные соглашения"}),
    ],
)
def test_each_kind_of_rule_is_changed_by_its_own_fields(
    kira: FlaskClient,
    session: scoped_session[Session],
    regulation: Regulation,
    code: str,
    typed: dict[str, str],
    written: dict[str, Any],
) -> None:
    before = entry(session(), code)
    saved(kira, address(regulation, "rule/edit", code), why="Решение совета", **typed)
    after = entry(session(), code)
    assert {name: after.get(name) for name in written} == written
    untouched = before.keys() - {*typed, *written, "in_force_from"}
    assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}


@pytest.mark.parametrize(
    ("code", "typed", "field", "sentence"),
    [
        ("A01", {"opens": "31.02"}, "opens", "Введите день и месяц, например 25.09."),
        ("A01", {"closes": ""}, "closes", "Заполните это поле."),
        ("A01", {"soon": "900"}, "soon", "Введите число от 0 до 366."),
        ("A01", {"soon": "скоро"}, "soon", "Введите целое число."),
        ("A01", {"why": ""}, "why", "Заполните это поле."),
        ("A01", {"title": "x" * 161}, "title", "Не длиннее 160 знаков."),
        ("A01", {"in_force_to": "01.01.2020"}, "in_force_to", "Последний день действия не может быть раньше первого."),
        ("A02", {"at_least": "0"}, "at_least", "Введите число от 1 до 100."),
        ("A02", {"recommended": "15.05, 45.13"}, "recommended", "Введите дни через запятую, например 15.05, 15.12."),
        ("A03", {"amount": ""}, "amount", "Заполните это поле."),
        ("A03", {"amount_to": "2"}, "amount_to", "Промежуток должен кончаться позже, чем начинается."),
    ],
)
def test_bad_input_is_one_sentence_at_its_field_and_nothing_typed_is_lost(
    kira: FlaskClient,
    session: scoped_session[Session],
    regulation: Regulation,
    code: str,
    typed: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    url = address(regulation, "rule/edit", code)
    sent = {**open_form(kira, url), "why": "Решение совета", **typed}
    answer = kira.post(url, data=sent)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert len(re.findall(r'class="field-error"', answer.text)) == 1
    assert sentence in answer.text
    kept = fields_of(answer.text)
    sent.pop("csrf_token")
    assert {name: kept.get(name) for name in sent} == sent
    assert session.scalar(select(func.count()).select_from(RegulationVersion)) == 1


def test_terms_that_say_the_same_are_no_version(kira: FlaskClient, regulation: Regulation) -> None:
    url = address(regulation, "rule/edit", "A01")
    answer = kira.post(url, data={**open_form(kira, url), "why": "Проверка"})
    assert answer.status_code == 422
    assert "Условия прежние: менять нечего." in answer.text


def test_what_is_saved_is_what_was_shown(
    kira: FlaskClient, session: scoped_session[Session], regulation: Regulation
) -> None:
    url = address(regulation, "rule/edit", "A01")
    form = previewed(kira, url, closes="15.10", why="Письмо")
    answer = kira.post(url, data={**form, "closes": "20.10", "_save": "1"})
    assert answer.status_code == 200
    assert "После просмотра условия изменились" in answer.text
    assert "25.09.2027 – 20.10.2027" in answer.text
    assert entry(session(), "A01")["closes"] == "10-05"


def test_the_second_of_two_editors_is_told_and_loses_nothing(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    url = address(regulation, "rule/edit", "A01")
    slow = previewed(sign_in(client, cast.root), url, closes="20.10", why="Приказ")
    saved(sign_in(client, cast.kira), address(regulation, "rule/edit", "A02"), at_least="3", why="Письмо")
    answer = sign_in(client, cast.root).post(url, data={**slow, "_save": "1"})
    assert answer.status_code == 409
    assert "регламент изменили: версия 2, Кира Координатор." in answer.text
    again = fields_of(answer.text)
    assert (again["closes"], again["why"], again["version"]) == ("20.10", "Приказ", "2")
    shown = client.post(url, data=again)
    done = client.post(url, data={**fields_of(shown.text), "_save": "1"}, follow_redirects=True)
    assert "Сохранена версия 3" in done.text
    assert entry(session(), "A02")["at_least"] == 3  # The first editor's change is in it.
    assert entry(session(), "A01")["closes"] == "10-20"


def test_windows_that_open_on_another_day_do_not_bring_back_the_past(
    kira: FlaskClient, session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    url = address(regulation, "rule/edit", "A01")
    page = kira.post(url, data={**open_form(kira, url), "opens": "01.03", "closes": "10.03", "why": "Письмо"}).text
    kira.post(url, data={**fields_of(page), "_save": "1"})
    session.expire_all()
    drawn = [one for one in duties(session(), "A01", cast.opeka) if one.rule.version == 2]
    assert [one.opens_on for one in drawn] == [date(2027, 3, 1), date(2028, 3, 1)]


def test_a_new_window_is_drawn_for_those_whom_it_binds(
    kira: FlaskClient, session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    url = address(regulation, "rule/new")
    typed = {
        **open_form(kira, url),
        "clause": "2|1",
        "title": "Сверить списки",
        "obliged": "kind:support_service",
        "recipients": "role:bank",
        "opens": "01.12",
        "closes": "20.12",
        "why": "Решение совета",
    }
    shown = kira.post(url, data=typed)
    assert "добавляется: 2" in words(shown.text)
    done = kira.post(url, data={**typed, **fields_of(shown.text), "_save": "1"}, follow_redirects=True)
    assert "Сверить списки" in done.text
    made = duties(session(), "W01", cast.service)
    assert [(one.opens_on, one.recipient_id) for one in made] == [
        (date(2026, 12, 1), cast.department.id),
        (date(2027, 12, 1), cast.department.id),
    ]
    assert duties(session(), "W01", cast.opeka) == []
    taken = kira.post(url, data={**typed, "version": "2", "code": "A01"})
    assert "Код «A01» в этом разделе уже есть" in taken.text
    assert taken.status_code == 422


def test_with_many_people_the_daily_run_draws_the_rest(
    kira: FlaskClient, regulation: Regulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.deadlines.foreseeing.PEOPLE", 2)
    url = address(regulation, "rule/edit", "A03")
    page = kira.post(url, data={**open_form(kira, url), "amount": "5", "why": "Письмо"}).text
    assert "Посчитано по 2 карточкам из 3" in words(page)
    done = kira.post(url, data={**fields_of(page), "_save": "1"}, follow_redirects=True)
    assert "Сроки по людям обновит ежедневный расчёт." in done.text


def test_a_long_list_of_changes_is_cut_and_counted(
    kira: FlaskClient, regulation: Regulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rule_editor, "LINES", 1)
    url = address(regulation, "rule/edit", "A01")
    page = words(kira.post(url, data={**open_form(kira, url), "closes": "15.10", "why": "Письмо"}).text)
    assert "И ещё 1 срок." in page


# -- Where a rule does not apply -------------------------------------------------------------------------------------


def test_a_rule_is_switched_off_for_one_organisation_and_on_again(
    kira: FlaskClient, session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    off = address(regulation, "switch-off", "A01")
    typed = {"switch-agency_id": str(cast.opeka.id), "switch-starts_on": "01.01.2027", "switch-reason": "Реорганизация"}
    page = words(kira.post(off, data=typed, follow_redirects=True).text)
    assert "Опека Сокольского округа с 01.01.2027: Реорганизация (Кира Координатор)" in page
    session.expire_all()
    now_open, coming = duties(session(), "A01", cast.opeka)
    assert (now_open.closing, coming.closing) == (None, Closing.NOT_APPLICABLE)
    assert [one.closing for one in duties(session(), "A01", cast.other_opeka)] == [None, None]
    (switch,) = session.scalars(select(RuleSwitch))
    on = address(regulation, "switch-on", "A01")
    assert "Правило снова применяется." in kira.post(on, data={"switch": switch.id}, follow_redirects=True).text
    session.expire_all()
    assert [one.closing for one in duties(session(), "A01", cast.opeka)] == [None, None]
    assert session.scalars(select(RuleSwitch)).all() == []


def test_switching_off_asks_for_an_organisation_a_day_and_a_reason(
    kira: FlaskClient, session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    off = address(regulation, "switch-off", "A01")
    answer = kira.post(off, data={"switch-agency_id": "", "switch-starts_on": "32.01.2027", "switch-reason": ""})
    assert answer.status_code == 422
    assert answer.text.count('class="field-error"') == 3
    assert 'value="32.01.2027"' in answer.text
    stranger = {"switch-agency_id": str(cast.department.id), "switch-starts_on": "01.01.2027", "switch-reason": "так"}
    assert "Выберите организацию из списка." in kira.post(off, data=stranger).text
    assert session.scalars(select(RuleSwitch)).all() == []


def test_a_coordinator_switches_only_for_those_whom_she_oversees(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    cast.centre.sees_whole_region = False
    session.commit()
    sign_in(client, cast.kira)
    typed = {"switch-agency_id": str(cast.opeka.id), "switch-starts_on": "01.01.2027", "switch-reason": "так"}
    assert client.post(address(regulation, "switch-off", "A01"), data=typed).status_code == 422
    sign_in(client, cast.root).post(address(regulation, "switch-off", "A01"), data=typed)
    (switch,) = session.scalars(select(RuleSwitch))
    sign_in(client, cast.kira)
    assert client.post(address(regulation, "switch-on", "A01"), data={"switch": switch.id}).status_code == 403


# -- Names -----------------------------------------------------------------------------------------------------------


def test_a_name_is_bound_to_an_organisation_and_let_go(
    kira: FlaskClient, session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    tab = address(regulation, "details", tab="roles")
    assert "держатель базы 1 департамент, министерство (по умолчанию)" in words(kira.get(tab).text)
    typed = {"bind-role": "bank", "bind-agency_id": str(cast.centre.id), "bind-district_id": str(cast.sokol.id)}
    page = kira.post(address(regulation, "name"), data=typed, follow_redirects=True).text
    assert "centre, Сокольский" in words(page)
    twice = kira.post(address(regulation, "name"), data=typed)
    assert twice.status_code == 422
    assert "Эта организация уже названа для этой роли." in unescape(twice.text)
    draw(session(), TODAY)
    session.commit()
    session.expire_all()
    assert {one.recipient_id for one in duties(session(), "A01", cast.opeka) if one.closing is None} == {cast.centre.id}
    (binding,) = session.scalars(select(RoleBinding))
    kira.post(address(regulation, "unname"), data={"binding": binding.id})
    assert session.scalars(select(RoleBinding)).all() == []
    bad = kira.post(address(regulation, "name"), data={"bind-role": "nobody", "bind-agency_id": "abc"})
    assert bad.status_code == 422


# -- Organisations ---------------------------------------------------------------------------------------------------


def test_the_administrator_says_which_regulations_an_organisation_follows(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    sign_in(client, cast.root)
    url = f"/agency/edit/?id={cast.centre.id}"
    row = {"regulations-0-regulation_id": str(regulation.id), "regulations-0-starts_on": "01.02.2026"}
    typed = {**open_form(client, url), **row, "regulations-0-ends_on": ""}
    page = client.post(url, data=typed, follow_redirects=True).text
    assert "Изменения сохранены." in page
    assert "с 01.02.2026" in words(page)
    assert "Исполняет Небольшой регламент" in words(page)
    assert "Возраст от 18 до 23 лет, по день рождения включительно" in words(page)
    wrong = {**open_form(client, url), "regulations-0-ends_on": "01.01.2026"}
    assert "Последний день не может быть раньше первого." in client.post(url, data=wrong).text
    sign_in(client, cast.galina)
    assert "Профиль" in client.get(f"/agency/details/?id={cast.centre.id}").text
    assert client.get(url).status_code == 403


def test_opening_a_rule_leads_to_its_duties(kira: FlaskClient, regulation: Regulation) -> None:
    page = kira.get(address(regulation, "rule", "A01")).text
    (link,) = [unescape(found) for found in re.findall(r'href="(/deadline/[^"]+)"', page) if "rule" in found]
    assert "Отправить сведения к осени" in kira.get(link).text
