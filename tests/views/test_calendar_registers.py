"""The administrator keeps the production calendar: her day has a reason, and counts at once."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.production_calendar import CalendarDay, CalendarYear, DaySource, YearKind
from services.production_calendar import load_calendar, load_years
from tests.factories import Cast
from tests.signing import sign_in
from tests.views.forms import open_form

NEW = "/calendar_day/new/"


@pytest.fixture
def root(client: FlaskClient, cast: Cast, session: scoped_session[Session]) -> FlaskClient:
    load_years(session(), years=[2026, 2027, 2028])
    session.commit()
    sign_in(client, cast.root)
    return client


def test_the_days_of_a_year_are_listed_with_what_they_are(root: FlaskClient) -> None:
    page = root.get("/calendar_day/?f.year=2027").text
    assert "<h1" in page
    assert "Производственный календарь" in page
    for words in ("20.02.2027", "суббота", "рабочий день, выходной перенесён на 22 февраля", "из поставки"):
        assert words in page
    assert "09.03.2026" not in page
    both = root.get("/calendar_day/?f.year=2026&f.year=2027&q=перенос 8 марта").text
    assert "09.03.2026" in both
    assert "Найдено: <strong>1</strong>" in both
    assert root.get("/calendar_day/?f.year=soon&sort=-day").status_code == 200
    with root.get("/calendar_day/export/csv/?f.year=2026") as file:
        assert "09.03.2026" in file.text
        assert "20.02.2027" not in file.text


def test_a_day_is_entered_with_a_reason_and_counts_at_once(root: FlaskClient, session: scoped_session[Session]) -> None:
    typed = {**open_form(root, NEW), "day": "01.07.2026", "basis": "нерабочий день по указу"}
    refused = root.post(NEW, data=typed)
    assert "Заполните это поле." in refused.text
    assert 'value="нерабочий день по указу"' in refused.text
    made = root.post(NEW, data=typed | {"reason": "Указ № 100 от 01.06.2026"}, follow_redirects=True)
    assert "Запись создана." in made.text
    assert "Указ № 100 от 01.06.2026" in made.text
    calendar = load_calendar(session())
    assert not calendar.is_working(date(2026, 7, 1))
    assert calendar.basis(date(2026, 7, 1)) == "нерабочий день по указу"


def test_a_shipped_day_that_is_changed_becomes_the_administrators(
    root: FlaskClient, session: scoped_session[Session]
) -> None:
    found = session.scalars(select(CalendarDay).where(CalendarDay.day == date(2028, 11, 6))).one()
    url = f"/calendar_day/edit/?id={found.id}"
    typed = open_form(root, url)
    assert "day" not in typed
    typed |= {"is_working": "y", "basis": "рабочий день", "reason": "Постановление о переносе"}
    assert "Изменения сохранены." in root.post(url, data=typed, follow_redirects=True).text
    session.refresh(found)
    assert (found.source, found.day) == (DaySource.ADMINISTRATOR, date(2028, 11, 6))
    load_years(session())
    assert load_calendar(session()).is_working(date(2028, 11, 6))


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("04.11.2026", "Этот день в календаре уже есть: откройте его и измените."),
        ("01.07.2050", "Календарь 2050 года не загружен, поэтому день в него не внести."),
        ("", "Заполните это поле."),
    ],
)
def test_a_day_that_cannot_be_entered_is_told(root: FlaskClient, day: str, told: str) -> None:
    typed = {**open_form(root, NEW), "day": day, "basis": "указ", "reason": "Указ № 1"}
    page = root.post(NEW, data=typed)
    assert page.status_code == 200
    assert told in page.text


def test_a_year_is_settled_when_its_decree_is_entered(root: FlaskClient, session: scoped_session[Session]) -> None:
    assert "предварительный" in root.get("/calendar_year/").text
    url = "/calendar_year/edit/?id=2028"
    typed = open_form(root, url) | {"kind": "decreed", "basis": "Постановление от 01.09.2027 № 1"}
    assert "Изменения сохранены." in root.post(url, data=typed, follow_redirects=True).text
    session.expire_all()
    assert session.get_one(CalendarYear, 2028).kind is YearKind.DECREED
    assert not load_calendar(session()).is_provisional(date(2028, 1, 11))
