"""Letters and minutes on paper: what they tell of people, whose numbers they bear, who came and what was decided."""

from typing import Any

from sqlalchemy.orm import Session, scoped_session

from models.exchange import ReferralStatus
from models.users import User
from services.papers.catalogue import PAPERS
from tests import papers_factories as papers
from tests.factories import Cast
from tests.services.papers.test_papers import facts_of, printed


def facts(session: Session, user: User, code: str, record: Any) -> dict[str, Any]:
    return facts_of(session, user, code, record)


def test_a_letter_tells_of_somebody_only_what_its_kind_asks_for(session: scoped_session[Session], cast: Cast) -> None:
    letter = papers.referral(session(), cast, True, people=1)
    letter.people[0].birth_date = cast.own.birth_date
    told = printed(session(), cast.anna, "referral-letter", letter)
    assert "Ёлкина-Задунайская Дарья Игоревна 0" in told
    assert "Колледж «Связь», 2 курс" in told
    assert cast.own.birth_date is not None
    assert f"{cast.own.birth_date:%d.%m.%Y}" not in told
    assert "Телефон" not in told  # what nobody filled in is not asked about


def test_a_letter_goes_to_the_head_in_the_dative_with_its_number_term_and_executor(
    session: scoped_session[Session], cast: Cast
) -> None:
    papers.fill_agency(session(), cast)
    letter = papers.referral(session(), cast, True)
    told = printed(session(), cast.boris, "referral-letter", letter)
    for words in (
        "№ 43/2026 от 01.09.2026",
        "Начальнику отдела",
        "Воронцовой Марии Сергеевне",
        "Просим сообщить, как учатся выпускники.",
        "до 02.10.2026 включительно",
        "Основание передачи сведений: согласие.",
        "Исполнитель: Анна Клерк, тел. (8172) 12-34-56",
        "1. Копия приказа",
    ):
        assert words in told, words
    assert "Снятый" not in told


def test_forty_people_make_a_list_without_a_fact_that_repeats_the_name(
    session: scoped_session[Session], cast: Cast
) -> None:
    letter = papers.referral(session(), cast, True, people=40)
    for person in letter.people:
        person.facts = [{"label": "ФИО", "value": person.name}, *person.facts]
    found = facts(session(), cast.anna, "referral-letter", letter)
    assert (len(found["people"]), found["facts"]) == (40, [])
    assert found["people"][0]["text"] == "Место учёбы: Колледж «Связь», 2 курс"


def test_a_revoked_letter_says_so_on_top(session: scoped_session[Session], cast: Cast) -> None:
    letter = papers.referral(session(), cast, True)
    letter.status, letter.reason, letter.closed_at = ReferralStatus.REVOKED, "ошибка в адресе", letter.sent_at
    session.flush()
    assert "ОТОЗВАНО: ошибка в адресе" in printed(session(), cast.boris, "referral-letter", letter)


def test_a_letter_that_came_on_paper_is_not_printed_again(session: scoped_session[Session], cast: Cast) -> None:
    letter = papers.make_referral(session(), cast.opeka, cast.service, is_on_paper=True)
    assert not PAPERS["referral-letter"].offered(letter)


def test_a_letter_bears_the_name_that_the_sender_had_then(session: scoped_session[Session], cast: Cast) -> None:
    letter = papers.referral(session(), cast, True)
    letter.sender_name = "Прежнее название службы"
    assert "Прежнее название службы" in printed(session(), cast.anna, "referral-letter", letter)


def test_an_answer_names_the_letter_and_tells_of_each_person(session: scoped_session[Session], cast: Cast) -> None:
    line = papers.answer(session(), cast, True)
    told = printed(session(), cast.boris, "answer-letter", line)
    for words in ("№ 42/2026 от 02.02.2026", "на № 7/2026 от 01.09.2026", "Воронцовой Марии", "Результат: решено."):
        assert words in told, words
    assert papers.HOSTILE in told
    assert "1. Справка" in told


def test_minutes_tell_the_quorum_who_came_and_what_was_decided(session: scoped_session[Session], cast: Cast) -> None:
    meeting = papers.meeting(session(), cast, True)
    told = printed(session(), cast.anna, "meeting-minutes", meeting)
    for words in (
        "ПРОТОКОЛ № 3/2026",
        "3 из 5 членов",
        "имеется: нужно не менее 1/2 от 5, то есть 3",
        "Голосовали: за – 3, против – 0",
        "О ком: Ёлкина Дарья Игоревна",
        "1.2. Рекомендация: Просить о комнате. Кому: администрация завода.",
        "Срок: до 01.10.2026.",
    ):
        assert words in told, words
    meeting.attendees[1].is_present = False
    assert facts(session(), cast.anna, "meeting-minutes", meeting)["quorum"].startswith("не имеется")


def test_minutes_name_nobody_to_whoever_does_not_see_the_card(session: scoped_session[Session], cast: Cast) -> None:
    meeting = papers.meeting(session(), cast, True)
    assert "О ком" not in printed(session(), cast.vera, "meeting-minutes", meeting)


def test_the_sheet_lists_everybody_with_room_to_sign(session: scoped_session[Session], cast: Cast) -> None:
    meeting = papers.meeting(session(), cast, True)
    people = facts(session(), cast.anna, "attendance-sheet", meeting)["people"]
    assert [one["name"] for one in people] == [*(f"Член {place}" for place in range(5)), "Гость совета"]
