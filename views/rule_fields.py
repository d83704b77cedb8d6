"""Fields of a deadline rule's form: days of any year, units, organisations by kind or by name, clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import wtforms

from models.base import LabelledEnum
from models.reckoning import Unit
from views.fields import EnumField, OfferedField

BAD_DAY = "Введите день и месяц, например 25.09."
_DAY = re.compile(r"^\s*(\d{1,2})[.,/\- ](\d{1,2})\.?\s*$")
_SOLID = re.compile(r"^\s*(\d{2})(\d{2})\s*$")


class Direction(LabelledEnum):
    AFTER = "after", "после события"
    BEFORE = "before", "до события"


def day_month(text: str) -> str:
    """«25.09» or «2509» as «09-25», the way packs write it; ValueError."""
    found = _DAY.match(text) or _SOLID.match(text)
    if not found:
        raise ValueError(text)
    day, month = int(found[1]), int(found[2])
    date(2024, month, day)  # A leap year: 29 February is a day of rules too.
    return f"{month:02d}-{day:02d}"


def typed_day(month_day: str) -> str:
    return f"{month_day[3:]}.{month_day[:2]}"


class DayMonthField(wtforms.Field):
    """A day of any year, kept as packs write it."""

    widget = wtforms.widgets.TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return typed_day(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (valuelist or [""])[0].strip()
        self.data = None
        if text:
            try:
                self.data = day_month(text)
            except ValueError:
                raise ValueError(BAD_DAY) from None


class DaysField(DayMonthField):
    """Several days, with commas between them."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return ", ".join(typed_day(day) for day in self.data or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        parts = [part for part in re.split(r"[,;]", (valuelist or [""])[0]) if part.strip()]
        try:
            self.data = sorted({day_month(part) for part in parts})
        except ValueError:
            self.data = []
            raise ValueError("Введите дни через запятую, например 15.05, 15.12.") from None


class UnitField(EnumField):
    """Only some units make sense after the end of a period."""

    def __init__(self, *, offered: tuple[Unit, ...] = tuple(Unit), **kwargs: Any) -> None:
        self.offered = offered
        super().__init__(enum=Unit, **kwargs)

    def iter_choices(self) -> Iterator[tuple[Any, str, bool, dict[str, Any]]]:
        for unit in self.offered:
            yield (unit.value, unit.label, (self.data or self.default) == unit, {})


class PartiesField(wtforms.SelectMultipleField):
    """Kinds of organisations («kind:college») and names of the regulation («role:data-bank»)."""

    def pre_validate(self, form: Any) -> None:
        offered: Any = self.choices or ()
        if not set(self.data or ()) <= dict(offered).keys():
            raise wtforms.ValidationError("Выберите значение из списка.")


class ClauseField(OfferedField):
    """«2.3|6»: number and occurrence of a clause of the pack."""

    clauses: tuple[tuple[str, str], ...] = ()

    def _coerce(self, value: Any) -> str | None:
        return value or None

    def iter_choices(self) -> Iterator[tuple[Any, str, bool, dict[str, Any]]]:
        yield ("", "", not self.data, {})
        for value, label in self.clauses:
            yield (value, label, self.data == value, {})

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in dict(self.clauses):
            raise wtforms.ValidationError("Выберите значение из списка.")
