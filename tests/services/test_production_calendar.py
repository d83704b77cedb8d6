"""Loading the shipped calendar: once or many times, beside what the administrator has entered."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.production_calendar import CalendarDay, CalendarYear, DaySource, YearKind
from models.working_calendar import OutsideCalendar
from services.production_calendar import (
    SHIPPED,
    CalendarError,
    load_calendar,
    load_years,
    missing_decree,
    read_shipped,
)
from tests.calendars import shipped_calendar

YEARS = range(2022, 2038)


def day(session: scoped_session[Session], which: date) -> CalendarDay:
    return session.scalars(select(CalendarDay).where(CalendarDay.day == which)).one()


def enter(session: scoped_session[Session], which: date, is_working: bool = False) -> CalendarDay:
    made = CalendarDay(
        day=which, is_working=is_working, basis="указ", source=DaySource.ADMINISTRATOR, reason="Указ № 1"
    )
    session.add(made)
    session.flush()
    return made


def test_everything_shipped_is_loaded_and_ten_years_more(session: scoped_session[Session]) -> None:
    loaded = load_years(session())
    assert (loaded.decreed, loaded.computed) == (list(range(2022, 2028)), list(range(2028, 2038)))
    assert loaded.added == session.scalar(select(func.count()).select_from(CalendarDay))
    kinds = {record.year: record.kind for record in session.scalars(select(CalendarYear))}
    assert kinds == {year: YearKind.DECREED if year < 2028 else YearKind.COMPUTED for year in YEARS}
    basis = session.scalars(select(CalendarYear.basis).where(CalendarYear.year == 2026)).one()
    assert basis == "Постановление Правительства РФ от 24.09.2025 № 1466 «О переносе выходных дней в 2026 году»"
    assert day(session, date(2026, 3, 9)).basis == "перенос 8 марта"
    assert day(session, date(2027, 2, 20)).is_working


def test_the_tables_give_the_calendar_of_the_file(session: scoped_session[Session]) -> None:
    load_years(session())
    calendar, expected = load_calendar(session()), shipped_calendar()
    days = [date.fromordinal(n) for n in range(date(2022, 1, 1).toordinal(), date(2037, 12, 31).toordinal() + 1)]
    differing = [
        day
        for day in days
        if (calendar.is_working(day), calendar.basis(day), calendar.is_provisional(day))
        != (expected.is_working(day), expected.basis(day), expected.is_provisional(day))
    ]
    assert differing == []
    with pytest.raises(OutsideCalendar):
        calendar.is_working(date(2038, 1, 1))


def test_an_empty_table_knows_no_year(session: scoped_session[Session]) -> None:
    assert load_calendar(session()).years == frozenset()


def test_loading_again_changes_nothing(session: scoped_session[Session]) -> None:
    load_years(session())
    session.commit()
    versions = session.scalar(select(func.sum(CalendarDay.version)))
    again = load_years(session())
    session.commit()
    assert (again.added, again.changed, again.removed, again.kept) == (0, 0, 0, 0)
    assert session.scalar(select(func.sum(CalendarDay.version))) == versions


def test_some_years_are_loaded_by_name(session: scoped_session[Session]) -> None:
    loaded = load_years(session(), years=[2026, 2030])
    assert (loaded.decreed, loaded.computed) == ([2026], [2030])
    assert load_calendar(session()).years == {2026, 2030}
    with pytest.raises(CalendarError, match="Календаря на 2038 год в поставке нет: есть годы с 2022 по 2027"):
        load_years(session(), years=[2038])
    with pytest.raises(CalendarError, match="Календаря на 2021 год"):
        load_years(session(), years=[2021])


def test_what_the_administrator_entered_stays(session: scoped_session[Session]) -> None:
    load_years(session(), years=[2026])
    holiday, plain = date(2026, 6, 12), date(2026, 7, 1)
    enter(session, plain)
    own = day(session, holiday)
    own.is_working, own.source, own.reason = True, DaySource.ADMINISTRATOR, "Проверка"
    session.commit()
    assert load_calendar(session()).is_working(holiday)
    assert load_years(session()).kept == 2
    calendar = load_calendar(session())
    assert calendar.is_working(holiday)
    assert not calendar.is_working(plain)


def test_a_change_shows_at_once_and_an_undone_one_does_not(session: scoped_session[Session]) -> None:
    load_years(session(), years=[2026])
    session.commit()
    which = date(2026, 7, 1)
    assert load_calendar(session()).is_working(which)
    enter(session, which)
    assert not load_calendar(session()).is_working(which)
    session.rollback()
    assert load_calendar(session()).is_working(which)
    enter(session, date(2026, 7, 2))
    assert load_calendar(session()).is_working(which)
    assert not load_calendar(session()).is_working(date(2026, 7, 2))


def test_an_unchanged_calendar_is_not_built_twice(session: scoped_session[Session]) -> None:
    load_years(session(), years=[2026])
    assert load_calendar(session()) is load_calendar(session())


def with_a_year(folder: Path, year: int) -> Path:
    """The shipped file with one more decree, which makes 3 January of the year a day off in May."""
    path = folder / "calendar.yaml"
    text = SHIPPED.read_text(encoding="utf-8")
    path.write_text(
        f'{text}\n  - year: {year}\n    decree: {{number: "1", date: 2027-09-01}}\n'
        f"    transfers: [{{from: {year}-01-02, to: {year}-05-08}}]\n    working_saturdays: []\n"
        f"    automatic: [{{from: {year}-11-04, to: {year}-11-06}}]\n",
        encoding="utf-8",
    )
    return path


def test_a_decree_takes_the_place_of_a_computed_year(session: scoped_session[Session], tmp_path: Path) -> None:
    load_years(session())
    loaded = load_years(session(), path=with_a_year(tmp_path, 2028))
    assert (loaded.decreed[-1], loaded.computed) == (2028, list(range(2029, 2039)))
    calendar = load_calendar(session())
    assert not calendar.is_provisional(date(2028, 5, 8))
    assert not calendar.is_working(date(2028, 5, 8))
    assert calendar.basis(date(2028, 5, 8)) == "перенос с 2 января"


def test_a_shipped_day_that_is_no_longer_shipped_goes(session: scoped_session[Session], tmp_path: Path) -> None:
    load_years(session(), path=with_a_year(tmp_path, 2028))
    corrected = tmp_path / "corrected.yaml"
    text = (tmp_path / "calendar.yaml").read_text(encoding="utf-8")
    corrected.write_text(text.replace("to: 2028-05-08", "to: 2028-05-10"), encoding="utf-8")
    enter(session, date(2028, 5, 12))
    loaded = load_years(session(), path=corrected)
    assert (loaded.added, loaded.removed, loaded.kept) == (1, 1, 1)
    calendar = load_calendar(session())
    assert [calendar.is_working(date(2028, 5, number)) for number in (8, 10, 12)] == [True, False, False]


def test_a_year_that_the_administrator_settled_stays_settled(session: scoped_session[Session]) -> None:
    load_years(session())
    session.get_one(CalendarYear, 2028).kind = YearKind.DECREED
    moved = day(session, date(2028, 11, 6))
    moved.is_working, moved.source, moved.reason = True, DaySource.ADMINISTRATOR, "Постановление № 2"
    loaded = load_years(session())
    assert (loaded.left, loaded.computed) == ([2028], list(range(2029, 2039)))
    calendar = load_calendar(session())
    assert calendar.is_working(date(2028, 11, 6))
    assert not calendar.is_provisional(date(2028, 11, 6))


@pytest.mark.parametrize(
    ("on", "told"),
    [(date(2026, 10, 1), ""), (date(2027, 9, 30), ""), (date(2027, 10, 1), "2028"), (date(2027, 12, 31), "2028")],
    ids=str,
)
def test_from_october_the_next_decree_is_missed(session: scoped_session[Session], on: date, told: str) -> None:
    load_years(session())
    sentence = missing_decree(session(), on=on)
    assert bool(sentence) == bool(told)
    assert told in sentence
    session.get_one(CalendarYear, 2028).kind = YearKind.DECREED
    assert missing_decree(session(), on=on) == ""


def test_without_any_calendar_the_decree_is_missed_too(session: scoped_session[Session]) -> None:
    assert missing_decree(session(), on=date(2026, 10, 1)).startswith("Постановление о переносе выходных дней в 2027")


# -- The file --------------------------------------------------------------------------------------------------------


def test_each_decree_moves_days_off_of_its_year() -> None:
    years = read_shipped()
    assert list(years) == list(range(2022, 2028))
    assert years[2025].transfers[date(2025, 11, 1)] == date(2025, 11, 3)
    assert sum(len(year.transfers) for year in years.values()) == 20


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("working_saturdays: [2027-02-20]", "working_saturdays: []", "рабочие субботы 2027 года не следуют"),
        ("- {from: 2026-03-08, to: 2026-03-09}", "- {from: 2026-03-08, to: 2026-03-10}", "переносы 2026 года"),
        ("from: 2026-01-03, to", "from: 2026-01-05, to", "в 2026 году переносится не выходной"),
        ("from: 2026-01-03, to", "from: 2025-01-04, to", "в 2026 году переносится не выходной"),
        ("to: 2026-01-09", "to: 2026-12-31", "в 2026 году два переноса на один день"),
        ("  - year: 2026", "  - godd: 2026", "не хватает полей"),
        ("to: 2026-01-09", "to: nine", "не хватает полей"),
        ("years:", "years: [", "строка"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "calendar.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CalendarError, match=told) as refused:
        read_shipped(path)
    assert str(refused.value).startswith("Файл «calendar.yaml»")


def test_a_file_without_years_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text("years: []\n", encoding="utf-8")
    with pytest.raises(CalendarError, match="ни одного года"):
        read_shipped(path)
