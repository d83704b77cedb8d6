"""`calendar`: loading the production calendar, and counting a term by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from models.base import LabelledEnum
from models.reckoning import WEEKDAYS, Reckoning, Roll, Unit, term
from models.working_calendar import OutsideCalendar
from services.production_calendar import CalendarError, Loaded, load_calendar, load_years
from views.cli_tools import Refusal, need, print_json, transaction
from views.database import reading_only
from views.fields import parse_date
from views.formats import counted, ru_date

calendar = AppGroup("calendar", help="Производственный календарь и сроки.")
NOT_LOADED = "Производственный календарь не загружен: выполните flask --app app calendar load"
UNITS = tuple(unit for unit in Unit if unit is not Unit.INSTANT)


@calendar.command("load", help="Загрузить календарь: названные годы или все, что есть в поставке, и десять лет вперёд.")
@click.argument("years", nargs=-1)
def load(years: tuple[str, ...]) -> None:
    wanted = [_whole(text, "Год") for text in years]
    try:
        with transaction() as session:
            loaded = load_years(session, years=wanted)
    except CalendarError as error:
        raise Refusal(str(error)) from None
    click.echo("\n".join(_told(loaded)), err=True)


# A negative number of days is no option.
@calendar.command(
    "add",
    help="Когда истекает срок: к дню прибавить дни, рабочие дни, месяцы или годы; число меньше нуля — до дня.",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("day", metavar="DATE", required=False)
@click.argument("number", metavar="N", required=False)
@click.option("--unit", help="calendar, working, month или year.")
@click.option("--roll", default=Roll.NEXT.value, help="Куда сдвигается с выходного: next, previous или none.")
@click.option("--json", "as_json", is_flag=True, help="Один документ JSON.")
def add(day: str | None, number: str | None, unit: str | None, roll: str, as_json: bool) -> None:
    event_on, amount = _day(need(day, "DATE")), _whole(need(number, "N"), "Число")
    counted_in = Unit(_one_of(need(unit, "--unit ЕДИНИЦА"), UNITS, "единицы"))
    rolled = Roll(_one_of(roll, tuple(Roll), "переноса"))
    reckoning = _reckon(event_on, amount, counted_in, rolled)
    if as_json:
        print_json({"event_on": event_on.isoformat(), "amount": amount, "unit": counted_in.value, **_json(reckoning)})
        return
    click.echo(f"Срок: {ru_date(reckoning.due_on)}, {WEEKDAYS[reckoning.due_on.weekday()]}")
    click.echo(f"Контрольный срок: {ru_date(reckoning.control_on)}, {WEEKDAYS[reckoning.control_on.weekday()]}")
    for step in reckoning.steps:
        click.echo(f"{step}.")


def _reckon(event_on: date, amount: int, unit: Unit, roll: Roll) -> Reckoning:
    reading_only(True)
    try:
        with transaction() as session:
            working = load_calendar(session)
    finally:
        reading_only(False)
    if not working.years:
        raise Refusal(NOT_LOADED)
    try:
        return term(working, event_on, amount, unit, roll)
    except OutsideCalendar as error:
        raise Refusal(str(error)) from None


def _json(reckoning: Reckoning) -> dict[str, Any]:
    return {
        "due_on": reckoning.due_on.isoformat(),
        "control_on": reckoning.control_on.isoformat(),
        "nominal_on": reckoning.nominal_on.isoformat(),
        "is_provisional": reckoning.is_provisional,
        "steps": list(reckoning.steps),
    }


def _told(loaded: Loaded) -> list[str]:
    """What a loading did, line by line."""
    lines = [
        f"{title}: {_span(years)}."
        for title, years in (
            ("Утверждённые годы", loaded.decreed),
            ("Предварительные годы", loaded.computed),
            ("Годы, которые утвердил администратор, оставлены как есть", loaded.left),
        )
        if years
    ]
    changes = [("добавлено", loaded.added), ("изменено", loaded.changed), ("убрано", loaded.removed)]
    done = ", ".join(f"{word} {counted(number, 'день', 'дня', 'дней')}" for word, number in changes if number)
    lines.append(f"{done.capitalize()}." if done else "Изменений нет.")
    if loaded.kept:
        lines.append(f"Оставлено как есть: {counted(loaded.kept, 'день', 'дня', 'дней')}, внесённых администратором.")
    return lines


def _span(years: Sequence[int]) -> str:
    """«2022–2027», or every year by itself where some are missing."""
    if len(years) > 1 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]}–{years[-1]}"
    return ", ".join(map(str, years))


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except ValueError:
        raise Refusal(f"Дата «{text}» не читается, нужен вид 2026-10-01.", 2) from None


def _whole(text: str, what: str) -> int:
    try:
        return int(text.replace("−", "-"))
    except ValueError:
        raise Refusal(f"{what} «{text}» не читается: нужно целое число.", 2) from None


def _one_of(text: str, known: Sequence[LabelledEnum], what: str) -> str:
    if text not in [member.value for member in known]:
        raise Refusal(f"Нет {what} «{text}»; есть: {', '.join(member.value for member in known)}.", 2)
    return text


def register(app: Flask) -> None:
    app.cli.add_command(calendar)
