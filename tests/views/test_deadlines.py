"""The register of obligations: who sees which, what is done with one, what a refusal keeps."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse

from models.deadlines import Closing, Deadline, State
from models.users import Role
from tests.conftest import TODAY
from tests.factories import Cast, make_graduate, make_user
from tests.obligations import TWICE, make_deadline, make_rule
from tests.signing import sign_in

DAY = timedelta(days=1)


def act(client: FlaskClient, deadline: Deadline, name: str, **fields: str) -> TestResponse:
    """Press a button of the page as it is now."""
    typed = {"version": str(deadline.version), **fields}
    return client.post(f"/deadline/{name}/?id={deadline.id}", data=typed)


def page(client: FlaskClient, deadline: Deadline) -> str:
    answer = client.get(f"/deadline/details/?id={deadline.id}")
    assert answer.status_code == 200
    return answer.text


@pytest.fixture
def duty(session: scoped_session[Session], cast: Cast) -> Deadline:
    """The service's, to be sent to the guardianship body of Sokol by 05.10.2026."""
    made = make_deadline(session(), cast.service, recipient_id=cast.opeka.id)
    session.commit()
    return made


# -- Who sees what -----------------------------------------------------------------------------------------------------


def test_the_obliged_the_recipient_and_the_centre_see_an_obligation_and_nobody_else(
    client: FlaskClient, cast: Cast, duty: Deadline
) -> None:
    url = f"/deadline/details/?id={duty.id}"
    seen = {
        name: sign_in(client, getattr(cast, name)).get(url).status_code for name in ("anna", "boris", "kira", "root")
    }
    assert set(seen.values()) == {200}
    sign_in(client, cast.vera)
    assert client.get(url).status_code == 404
    assert f"/deadline/details/?id={duty.id}" not in client.get("/deadline/?show=all").text


@pytest.mark.parametrize("name", ["mark", "unmark", "pause", "resume", "close", "reopen"])
def test_only_the_obliged_act_and_a_stranger_finds_nothing(
    client: FlaskClient, cast: Cast, duty: Deadline, name: str
) -> None:
    for who, answer in (("boris", 403), ("kira", 403), ("vera", 404)):
        sign_in(client, getattr(cast, who))
        assert act(client, duty, name).status_code == answer


@pytest.mark.parametrize("name", ["close", "reopen"])
def test_a_clerk_does_not_take_an_obligation_off(client: FlaskClient, cast: Cast, duty: Deadline, name: str) -> None:
    sign_in(client, cast.anna)
    assert act(client, duty, name, **{"close-reason": "не нужно"}).status_code == 403
    assert "Снять срок" not in page(client, duty)


def test_a_person_out_of_sight_is_a_number_of_a_card(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    about = make_deadline(session(), cast.service, recipient_id=cast.opeka.id, graduate_id=cast.own.id)
    session.commit()
    sign_in(client, cast.boris)
    for text in (client.get("/deadline/").text, page(client, about)):
        assert f"карточка № {cast.own.id}" in text
        assert "Ёлкина" not in text
        assert f"/graduate/details/?id={cast.own.id}" not in text
    sign_in(client, cast.anna)
    for text in (client.get("/deadline/").text, page(client, about)):
        assert "Ёлкина Дарья Игоревна" in text
        assert f"/graduate/details/?id={cast.own.id}" in text


def exported(client: FlaskClient, query: str = "") -> list[list[object]]:
    with client.get(f"/deadline/export/xlsx/{query}") as answer:
        book = openpyxl.load_workbook(BytesIO(answer.data))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_the_export_masks_as_the_list_does(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    make_deadline(session(), cast.service, recipient_id=cast.opeka.id, graduate_id=cast.own.id)
    session.commit()
    told = {}
    for who in ("anna", "boris"):
        sign_in(client, getattr(cast, who))
        told[who] = [str(value) for row in exported(client) for value in row if value]
    assert "Ёлкина Дарья Игоревна" in told["anna"]
    assert f"карточка № {cast.own.id}" in told["boris"]
    assert not any("Ёлкина" in value for value in told["boris"])
    assert "в работе" in told["boris"]
    assert "05.10.2026" in told["boris"]


# -- The list ----------------------------------------------------------------------------------------------------------


def test_tabs_and_filters_find_by_state_period_and_person(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    other = make_rule(session(), "T06", "Провести заседание", **TWICE)
    make_deadline(session(), cast.service, period="a", due_on=TODAY - DAY)
    make_deadline(session(), cast.service, period="b", done_on=TODAY, achieved=1)
    make_deadline(session(), cast.service, other, period="2026", required=2, due_on=date(2026, 12, 31))
    make_deadline(session(), cast.service, period="c", graduate_id=cast.own.id, due_on=TODAY + 20 * DAY)
    session.commit()
    sign_in(client, cast.anna)

    def number(query: str) -> int:
        text = client.get(f"/deadline/{query}").text
        return int(text.split('data-total="')[1].split('"')[0])

    assert [number("?"), number("?show=settled"), number("?show=all"), number("?show=nonsense")] == [3, 1, 4, 3]
    assert [number(f"?f.state={state.value}") for state in (State.OVERDUE, State.DONE, State.PAUSED)] == [1, 1, 0]
    assert number("?f.state=overdue&f.state=done") == 2
    assert [number("?f.when=past"), number("?f.when=next-30"), number("?f.when=quarter")] == [1, 1, 2]
    assert number("?f.due=2026-12-31..2026-12-31") == 1
    assert number(f"?f.person={cast.own.id}") == 1
    assert [number("?f.kind=quota"), number("?f.rule=vologda-2022/T06"), number("?q=заседание")] == [1, 1, 1]
    assert number(f"?f.regulation={other.regulation_id}") == 3
    assert [number("?f.own=1"), number("?f.own=0")] == [3, 0]
    assert number("?f.state=nonsense&f.when=nonsense&f.kind=nonsense&f.person=x&f.regulation=x") == 4
    assert "0/2" in client.get("/deadline/?f.kind=quota").text


def test_pages_of_the_list_follow_the_legal_date(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    for number in range(45):
        make_deadline(session(), cast.service, period=f"{number}", due_on=TODAY + number // 3 * DAY)
    session.commit()
    sign_in(client, cast.anna)
    seen: list[str] = []
    address = "/deadline/?size=20"
    while address:
        text = client.get(address).text
        seen += [part.split('"')[0] for part in text.split("/deadline/details/?id=")[1:]]
        following = text.split('id="page-chevron-right" href="')
        address = f"/deadline/{following[1].split(chr(34))[0]}".replace("&amp;", "&") if len(following) > 1 else ""
    assert len(seen) == len(set(seen)) == 45


def test_what_is_over_begins_with_the_newest(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    for number in range(3):
        done = {"done_on": TODAY, "achieved": 1, "due_on": TODAY - number * DAY}
        make_deadline(session(), cast.service, period=f"{number}", **done)
    session.commit()
    sign_in(client, cast.anna)
    text = client.get("/deadline/?show=settled").text
    assert text.index("01.10.2026</a>") < text.index("30.09.2026</a>") < text.index("29.09.2026</a>")


def test_the_filter_by_organisation_is_for_those_who_oversee(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    assert 'name="f.agency"' not in client.get("/deadline/").text
    sign_in(client, cast.kira)
    assert 'name="f.agency"' in client.get("/deadline/").text


# -- Marking -----------------------------------------------------------------------------------------------------------


def test_the_page_explains_the_day_and_the_clause(client: FlaskClient, cast: Cast, duty: Deadline) -> None:
    sign_in(client, cast.anna)
    text = page(client, duty)
    for told in ("05.10.2026", "осталось 4 дня", "п. 2.3", "Вологодский регламент", "Опека Сокольского округа"):
        assert told in text
    assert "Почему этот день" in text
    assert "срок установлен документом" in text.lower()


def test_a_term_of_ours_says_so(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    ours = {"default_term": True, "unit_is_ours": True}
    rule = make_rule(session(), "T07", kind="event", triggers=["birthday.18"], amount=10, evidence="plan", **ours)
    made = make_deadline(session(), cast.service, rule, event_on=date(2026, 9, 25), period="", is_provisional=True)
    session.commit()
    sign_in(client, cast.anna)
    text = page(client, made).lower()
    assert "срок установлен системой" in text
    assert "календарные дни – по умолчанию" in text
    assert "дата предварительная" in text


def test_a_submission_is_marked_with_its_number(client: FlaskClient, cast: Cast, duty: Deadline) -> None:
    sign_in(client, cast.anna)
    typed = {"mark-happened_on": "011026", "mark-number": "01-15/77", "mark-note": "с курьером"}
    assert act(client, duty, "mark", **typed).status_code == 302
    assert (duty.done_on, duty.achieved, duty.state_on(TODAY)) == (TODAY, 1, State.DONE)
    text = page(client, duty)
    for told in ("Исполнение отмечено: 01.10.2026.", "01-15/77", "с курьером", "Анна Клерк", "исполнено"):
        assert told in text
    assert "Сколько раз исполнено" in text  # in the history


def test_a_nil_return_fulfils_a_submission(client: FlaskClient, cast: Cast, duty: Deadline) -> None:
    sign_in(client, cast.anna)
    assert "Нет сведений" in page(client, duty)
    act(client, duty, "mark", **{"mark-happened_on": "01.10.2026", "mark-is_nil": "y"})
    assert [piece.is_nil for piece in duty.evidence] == [True]
    assert "нет сведений" in page(client, duty)


def test_no_nil_return_of_a_meeting(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    made = make_deadline(session(), cast.service, make_rule(session(), "T06", **TWICE), required=2, period="2026")
    session.commit()
    sign_in(client, cast.anna)
    assert "Нет сведений" not in page(client, made)
    act(client, made, "mark", **{"mark-happened_on": "01.10.2026", "mark-is_nil": "y"})
    assert [piece.is_nil for piece in made.evidence] == [False]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("02.10.2026", "Дата исполнения ещё не наступила."),
        ("24.09.2026", "Это раньше окна"),
        ("31.02.2026", "Введите дату"),
        ("", "Заполните это поле."),
    ],
)
def test_a_refused_mark_keeps_what_was_typed(
    client: FlaskClient, cast: Cast, session: scoped_session[Session], typed: str, told: str
) -> None:
    made = make_deadline(session(), cast.service, opens_on=date(2026, 9, 25))
    session.commit()
    sign_in(client, cast.anna)
    answer = act(client, made, "mark", **{"mark-happened_on": typed, "mark-number": "01-15/77", "mark-is_nil": "y"})
    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="01-15/77"' in answer.text
    assert "checked" in answer.text
    assert made.achieved == 0


def test_a_second_click_is_told_that_it_is_done(client: FlaskClient, cast: Cast, duty: Deadline) -> None:
    sign_in(client, cast.anna)
    version, typed = str(duty.version), {"mark-happened_on": "01.10.2026"}
    assert act(client, duty, "mark", version=version, **typed).status_code == 302
    again = act(client, duty, "mark", version=version, **typed)
    assert again.status_code == 422
    assert "Исполнение уже отмечено." in again.text
    assert len(duty.evidence) == 1


def test_a_second_click_does_not_count_twice_in_a_quota(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    made = make_deadline(session(), cast.service, make_rule(session(), "T06", **TWICE), required=2, period="2026")
    session.commit()
    sign_in(client, cast.anna)
    version, typed = str(made.version), {"mark-happened_on": "01.10.2026"}
    assert act(client, made, "mark", version=version, **typed).status_code == 302
    again = act(client, made, "mark", version=version, **typed)
    assert again.status_code == 422
    assert "Пока страница была открыта, срок изменился." in again.text
    assert (made.achieved, made.done_on) == (1, None)
    assert act(client, made, "mark", **typed).status_code == 302
    assert (made.achieved, made.done_on) == (2, TODAY)


def test_a_mark_is_taken_back_once(client: FlaskClient, cast: Cast, duty: Deadline) -> None:
    sign_in(client, cast.anna)
    act(client, duty, "mark", **{"mark-happened_on": "01.10.2026"})
    piece = str(duty.evidence[0].id)
    assert act(client, duty, "unmark", evidence=piece).status_code == 302
    assert (duty.achieved, duty.done_on) == (0, None)
    again = act(client, duty, "unmark", evidence=piece)
    assert again.status_code == 422
    assert "Этой отметки уже нет." in again.text


# -- Pausing and taking off --------------------------------------------------------------------------------------------


def test_a_pause_shows_its_reason_and_who_asked_for_it(client: FlaskClient, cast: Cast, duty: Deadline) -> None:
    sign_in(client, cast.anna)
    assert act(client, duty, "pause", **{"pause-reason": "ждём ответ ОПФР"}).status_code == 302
    text = page(client, duty)
    assert "Приостановлено 01.10.2026: ждём ответ ОПФР (Анна Клерк)." in text
    assert duty.due_on == date(2026, 10, 5)
    assert "Срок уже приостановлен." in act(client, duty, "pause", **{"pause-reason": "ещё раз"}).text
    assert act(client, duty, "resume").status_code == 302
    assert duty.paused_on is None
    assert "Срок не приостановлен." in act(client, duty, "resume").text


def test_a_pause_without_a_reason_is_refused(client: FlaskClient, cast: Cast, duty: Deadline) -> None:
    sign_in(client, cast.anna)
    answer = act(client, duty, "pause", **{"pause-reason": " "})
    assert answer.status_code == 422
    assert "Заполните это поле." in answer.text


def test_the_head_takes_an_obligation_off_and_puts_it_back(client: FlaskClient, cast: Cast, duty: Deadline) -> None:
    sign_in(client, cast.galina)
    typed = {"close-closing": "waived", "close-reason": "сведения уже переданы письмом"}
    assert act(client, duty, "close", **typed).status_code == 302
    assert (duty.closing, duty.closed_by_id) == (Closing.WAIVED, cast.galina.id)
    assert "Срок снят: сведения уже переданы письмом (Галина Главная)." in page(client, duty)
    sign_in(client, cast.anna)
    refused = act(client, duty, "mark", **{"mark-happened_on": "01.10.2026"})
    assert "Этот срок снят" in refused.text
    sign_in(client, cast.galina)
    assert act(client, duty, "reopen").status_code == 302
    assert duty.closing is None
    assert "Этот срок не снят." in act(client, duty, "reopen").text


def test_an_old_page_changes_nothing(client: FlaskClient, cast: Cast, duty: Deadline) -> None:
    sign_in(client, cast.anna)
    answer = act(client, duty, "pause", version="0", **{"pause-reason": "ждём"})
    assert answer.status_code == 422
    assert "срок изменился" in answer.text
    assert duty.paused_on is None


# -- Where the job is done ---------------------------------------------------------------------------------------------


def test_the_page_leads_to_the_paper_and_to_the_card(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    boss = make_user(session(), "opeka.head", "Глава Опеки", Role.HEAD, cast.opeka)
    terms = {"kind": "window", "opens": "09-25", "closes": "10-05", "report": "vologda-appendix-1"}
    rule = make_rule(session(), "T08", evidence="submission", **terms)
    person = make_graduate(session(), "Сизова Анна", origin_district_id=cast.sokol.id)
    made = make_deadline(session(), cast.opeka, rule, recipient_id=cast.service.id, graduate_id=person.id)
    session.commit()
    sign_in(client, boss)
    text = page(client, made)
    assert "/reports/vologda-appendix-1?on=2026-10-01&amp;agency=opeka-sokol" in text
    assert f"/graduate/details/?id={person.id}" in text
    sign_in(client, cast.anna)  # The recipient cannot make the guardianship body's paper.
    assert "/reports/vologda-appendix-1" not in page(client, made)


# -- On the card -------------------------------------------------------------------------------------------------------


def test_the_card_shows_obligations_of_every_organisation_and_warns(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    own = make_deadline(session(), cast.service, graduate_id=cast.own.id, subject="g", due_on=TODAY - DAY)
    others = make_deadline(session(), cast.other_opeka, graduate_id=cast.own.id, subject="g", due_on=TODAY + DAY)
    make_deadline(session(), cast.service, graduate_id=cast.own.id, subject="h", done_on=TODAY, achieved=1)
    make_deadline(session(), cast.service, graduate_id=cast.local.id, subject="i", due_on=TODAY - DAY)
    session.commit()
    sign_in(client, cast.anna)
    card = client.get(f"/graduate/details/?id={cast.own.id}").text
    assert "1 срок просрочен." in card
    assert "1 срок истекает до 08.10.2026." in card
    tab = client.get(f"/graduate/details/?id={cast.own.id}&tab=deadlines").text
    assert f"/deadline/details/?id={own.id}" in tab
    assert "Опека Тотемского округа" in tab
    assert f"/deadline/details/?id={others.id}" not in tab
    assert "Исполненные и снятые" in tab
    assert f"/occurrence/new/?graduate={cast.own.id}" in tab


def test_nothing_urgent_warns_of_nothing(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    make_deadline(session(), cast.service, graduate_id=cast.own.id, subject="a", due_on=TODAY + 8 * DAY)
    paused = {"paused_on": TODAY, "pause_reason": "ждём"}
    make_deadline(session(), cast.service, graduate_id=cast.own.id, subject="b", due_on=TODAY - DAY, **paused)
    session.commit()
    sign_in(client, cast.anna)
    assert "Посмотреть сроки" not in client.get(f"/graduate/details/?id={cast.own.id}").text
