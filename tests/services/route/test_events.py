"""The route tells everything that is recorded of a person, in a few statements, and nothing that is closed."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.deadlines import Deadline
from models.graduates import Graduate
from models.support import FieldGroup, FieldGroupMember
from models.users import User
from models.work import ServiceRecord
from services.route.events import events
from services.route.kinds import WHATS, Event, Kind
from tests.conftest import TODAY
from tests.factories import Cast
from tests.lives import day, live
from tests.obligations import make_deadline


@pytest.fixture
def person(session: scoped_session[Session], cast: Cast) -> Graduate:
    return live(session(), cast)


def route(session: scoped_session[Session], user: User, person: Graduate, **asked: Any) -> list[Event]:
    return events(session(), viewer=Viewer.of(session(), user, TODAY), graduate=person, **asked)


def told(found: list[Event], what: str) -> list[tuple[date, date | None, str, str]]:
    return [(one.on, one.until, one.title, one.detail) for one in found if one.what == what]


def test_every_kind_of_record_is_an_event(session: scoped_session[Session], cast: Cast, person: Graduate) -> None:
    session.add(make_deadline(session(), cast.service, graduate_id=person.id, due_on=day(9, 1), subject="missed"))
    for due in (day(9, 1), day(9, 30)):
        done = make_deadline(session(), cast.service, graduate_id=person.id, due_on=due, subject=str(due))
        done.done_on, done.achieved = day(9, 15), 1
        session.add(done)
    session.commit()
    found = route(session, cast.galina, person)
    assert {one.what for one in found} == set(WHATS)
    assert [one.on for one in found] == sorted(one.on for one in found)


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("placement", (day(9, 1, 2015), day(6, 30, 2023), "Приёмная семья", "Семья Лебедевых, Акт № 5")),
        ("left", (day(6, 30, 2023), None, "Выпуск: Приказ № 12", "")),
        ("study", (day(9, 1, 2023), day(6, 30), "Обучается", "Сокольский колледж, повар")),
        ("employment", (day(8), None, "Работает", "повар, Столовая № 3")),
        ("income", (day(8), None, "Доход: Заработная плата", "32000 руб. в месяц")),
        ("family", (day(7), None, "Замужем", "детей: 1")),
        ("child", (day(7, 20), None, "Родился ребёнок: Ваня", "")),
        ("address", (day(7, 1, 2023), None, "Место пребывания: г. Сокол, ул. Мира, 1", "")),
        ("problem.solved", (day(7, 5), None, "Проблема решена: Долг за квартиру", "погашен")),
        ("category", (day(2), None, "Категория: активное", "решение, Главная")),
        ("assignment", (day(2), None, "Куратор: Анна Клерк", "специалист")),
        ("application", (day(1, 12), None, "Заявление поступило № 1/2026: Нужна помощь", "")),
        ("refusal", (day(1, 15), None, "Отказ: решение организации № 1/2026: нет права: старше 23 лет", "Нет права")),
        ("contract", (day(1, 20), day(9, 25), "Договор подписан № 1/2026", "директор")),
        ("contract.ended", (day(9, 25), None, "Договор прекращён № 1/2026: заявление выпускника", "")),
        ("amendment", (day(3, 3), None, "Дополнительное соглашение № 1: Продлить срок", "")),
        ("suspension", (day(4), day(5), "Договор приостановлен № 1/2026: призыв на службу (приостановление)", "")),
        ("plan", (day(1, 25), day(9), "Утверждён: индивидуальный план (ИППС) № 1/2026", "")),
        ("measure", (day(6, 30), None, "Мероприятие: выполнено: Окончить колледж", "есть")),
        ("measure.refused", (day(5, 5), None, "Отказ от мероприятия: Санаторий", "")),
        ("consultation", (day(3, 4), None, "Консультация юридическая № 1/2026: Как платить за жильё", "")),
        ("minutes", (day(3, 4), None, "Протокол беседы № 1/2026", "")),
        ("session", (day(3, 5), None, "Занятие № 1/2026: Бюджет семьи", "активна")),
        ("visit", (day(3, 7), None, "Патронаж № 1/2026: Проверить условия", "дверь не открыли")),
        ("survey", (day(3, 8), None, "Обследование условий: требуются меры № 1/2026: ул. Мира, 1", "")),
        ("examination", (day(6, 3), None, "Заключение ПМПК № 77", "Обучение по программе")),
        ("occurrence", (day(1, 11), None, "Поступило заявление № вх-1", "")),
    ],
)
def test_an_event_says_what_its_record_says(
    session: scoped_session[Session], cast: Cast, person: Graduate, what: str, line: tuple[Any, ...]
) -> None:
    assert told(route(session, cast.galina, person), what) == [line]


def test_the_route_is_read_in_as_many_statements_for_ten_events_as_for_two_thousand(
    session: scoped_session[Session], cast: Cast, person: Graduate
) -> None:
    def count() -> tuple[int, int]:
        statements: list[str] = []
        session.expire_all()
        listen = lambda *given: statements.append(given[2])  # noqa: E731
        engine = session.get_bind().engine
        event.listen(engine, "before_cursor_execute", listen)
        try:
            return len(route(session, cast.anna, person)), len(statements)
        finally:
            event.remove(engine, "before_cursor_execute", listen)

    few, before = count()
    given: dict[str, Any] = {"agency_id": cast.service.id, "kind_code": "legal", "title": "Услуга"}
    session.add_all([ServiceRecord(graduate=person, provided_on=day(4), **given) for _ in range(2000)])
    session.commit()
    many, after = count()
    assert many == few + 2000
    assert after == before
    assert after <= 16


def test_what_a_field_group_hides_is_not_even_there(
    session: scoped_session[Session], cast: Cast, person: Graduate
) -> None:
    closed = {"health", "offence", "examination"}
    for user, seen in ((cast.anna, set()), (cast.root, set()), (cast.kira, set()), (cast.galina, closed)):
        found = route(session, user, person)
        assert {one.what for one in found} & closed == seen
        assert ("Инвалидность" in str(found)) is bool(seen)
        assert ("психиатра" in str(found)) is bool(seen)
        assert "Плакала" not in str(found)
    (masked,) = [one for one in route(session, cast.anna, person) if one.title == "•••"]
    assert (masked.what, masked.detail) == ("attachment", "")
    session.add(FieldGroupMember(user=cast.kira, field_group=FieldGroup.OFFENCES))
    session.commit()
    assert {one.what for one in route(session, cast.kira, person)} & closed == {"offence"}


def test_who_wrote_a_closed_record_reads_it(session: scoped_session[Session], cast: Cast, person: Graduate) -> None:
    person.health_records[0].author_id = cast.anna.id
    session.commit()
    assert "health" in {one.what for one in route(session, cast.anna, person)}


def test_annulled_records_are_marked(session: scoped_session[Session], cast: Cast, person: Graduate) -> None:
    found = route(session, cast.anna, person, kinds={Kind.SERVICE})
    assert {one.title: one.is_annulled for one in found if one.what == "service"} == {
        "Составлен иск": False,
        "По ошибке": True,
    }


def test_kinds_and_time_narrow_the_route(session: scoped_session[Session], cast: Cast, person: Graduate) -> None:
    found = route(session, cast.anna, person, kinds={Kind.PLACEMENT, Kind.STUDY})
    assert {one.kind for one in found} == {Kind.PLACEMENT, Kind.STUDY}
    found = route(session, cast.anna, person, since=day(1, 1, 2023), until=day(12, 31, 2023))
    assert "placement" in {one.what for one in found}  # It lasted into the year.
    assert all(one.on <= day(12, 31, 2023) and (one.until or one.on) >= day(1, 1, 2023) for one in found)


def test_obligations_are_those_that_the_viewer_may_see(
    session: scoped_session[Session], cast: Cast, person: Graduate
) -> None:
    session.add(make_deadline(session(), cast.opeka, graduate_id=person.id, due_on=day(9, 1), subject="other"))
    session.add(make_deadline(session(), cast.service, graduate_id=person.id, due_on=day(9, 1), subject="own"))
    open_one: Deadline = make_deadline(session(), cast.service, graduate_id=person.id, subject="open")
    session.add(open_one)
    session.commit()
    for user, count in ((cast.anna, 1), (cast.kira, 2)):
        assert len([one for one in route(session, user, person) if one.kind is Kind.DUTY]) == count


def test_somebody_elses_records_are_not_in_it(session: scoped_session[Session], cast: Cast, person: Graduate) -> None:
    assert route(session, cast.kira, cast.foreign) == []
