"""The production calendar: its days and its years, kept by the administrator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from models.production_calendar import CalendarDay, CalendarYear, DaySource, YearKind
from models.reckoning import WEEKDAYS
from views import listing
from views.base import ADMINISTRATORS, FormSection, RegistryView
from views.extensions import db
from views.fields import REQUIRED
from views.formats import ru_date
from views.listing import Column, Filter
from views.registers import fragment, label_from


class ProductionCalendarView(RegistryView):
    """Holidays, moved days off, working Saturdays; what is changed here is never overwritten by a loading."""

    title, icon, create_label, default_sort = "Производственный календарь", "calendar", "Новый день", "day"
    search_placeholder_text = "Праздник, перенос, причина"
    empty_text = "Выберите другой год или снимите отбор."
    readers = creators = editors = ADMINISTRATORS
    form_sections = (
        FormSection(
            "День",
            "basics",
            ("day", "is_working", "basis", "reason"),
            help="Обычные будни, субботы и воскресенья вносить не нужно.",
        ),
    )

    def columns(self) -> Sequence[Column]:
        kind = label_from(DaySource)
        return (
            Column("day", "День", CalendarDay.day, show=ru_date, export=ru_date, sort=CalendarDay.day),
            Column("weekday", "День недели", CalendarDay.day, show=_weekday, export=_weekday),
            Column("working", "Рабочий или нет", CalendarDay.is_working, show=_working, export=_working),
            Column("basis", "Что за день", CalendarDay.basis, width=50),
            Column("source", "Откуда", CalendarDay.source, show=kind, export=kind, width=24),
            Column("reason", "Причина", CalendarDay.reason, width=40),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            Filter("year", "Год", "choice", _of_years, _years),
            listing.flag("working", "Рабочий", lambda: CalendarDay.is_working),
            listing.choice("source", "Откуда", CalendarDay.source, DaySource.choices),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return fragment(text, CalendarDay.basis, CalendarDay.reason)

    def fit_form(self, form: Any, record: CalendarDay | None) -> None:
        if record is not None:
            del form["day"]

    def check_form(self, form: Any, record: CalendarDay | None) -> bool:
        for name in ("basis", "reason"):
            if not form[name].data and not form[name].errors:
                form[name].errors = [REQUIRED]
        if record is None and form.day.data and db.session.get(CalendarYear, form.day.data.year) is None:
            form.day.errors = [f"Календарь {form.day.data.year} года не загружен, поэтому день в него не внести."]
        return not form.errors

    def before_save(self, form: Any, record: CalendarDay, is_created: bool) -> None:
        record.source = DaySource.ADMINISTRATOR


class CalendarYearView(RegistryView):
    """Which years are settled: a year stays provisional until the decree's moves are entered."""

    title, icon, default_sort = "Годы календаря", "calendar", "year"
    readers = editors = ADMINISTRATORS
    form_sections = (
        FormSection(
            "Год",
            "basics",
            ("kind", "basis"),
            help="Отметьте год утверждённым, когда внесены все переносы постановления. "
            "Годы из поставки загрузка календаря возвращает к исходному виду.",
        ),
    )

    def columns(self) -> Sequence[Column]:
        kind = label_from(YearKind)
        return (
            Column("year", "Год", CalendarYear.year, sort=CalendarYear.year),
            Column("kind", "Состояние", CalendarYear.kind, show=kind, export=kind),
            Column("basis", "Основание", CalendarYear.basis, width=60),
        )


def _weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def _working(value: bool) -> str:
    return "рабочий" if value else "нерабочий"


def _years() -> list[tuple[str, str]]:
    return [
        (str(year), str(year)) for year in db.session.scalars(select(CalendarYear.year).order_by(CalendarYear.year))
    ]


def _of_years(values: list[str]) -> ColumnElement[bool]:
    years = [date(int(value), 1, 1) for value in values]
    return or_(*(CalendarDay.day.between(first, first.replace(month=12, day=31)) for first in years))
