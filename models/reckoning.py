"""Counting terms by art. 190–194 of the Civil Code, each with the steps that led to its date."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from models.base import LabelledEnum
from models.text import plural
from models.working_calendar import OutsideCalendar, WorkingCalendar, is_weekend

NAMED_DAYS_OFF = 4  # More of them are only counted in the explanation.
WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
_TO_WEEKDAY = ("понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье")


class Unit(LabelledEnum):
    CALENDAR = "calendar", "календарные дни"
    WORKING = "working", "рабочие дни"
    MONTH = "month", "месяцы"
    YEAR = "year", "годы"
    INSTANT = "instant", "незамедлительно"


class Roll(LabelledEnum):
    """Where a legal date goes that would fall on a day off."""

    NEXT = "next", "на следующий рабочий день"
    PREVIOUS = "previous", "на предыдущий рабочий день"
    NONE = "none", "не переносится"


_COUNTED = {
    Unit.CALENDAR: ("календарный день", "календарных дня", "календарных дней"),
    Unit.WORKING: ("рабочий день", "рабочих дня", "рабочих дней"),
    Unit.MONTH: ("месяц", "месяца", "месяцев"),
    Unit.YEAR: ("год", "года", "лет"),
}


@dataclass(frozen=True)
class Reckoning:
    """The dates of a term and why they are these."""

    nominal_on: date  # before a day off moves it
    due_on: date  # legal date: the last day on which the duty is done in time
    control_on: date  # our own reminder: the last working day not after the nominal date
    steps: tuple[str, ...]  # Russian sentences without a full stop
    is_provisional: bool  # a year on the way has no decree yet


def months_later(day: date, number: int) -> date:
    """The same number of the month, or the month's last day where it has none (art. 192); may be negative."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_later(day: date, number: int) -> date:
    """The same day of the year; 29 February becomes 28 February in a common year."""
    return months_later(day, 12 * number)


def term(calendar: WorkingCalendar, event_on: date, amount: int, unit: Unit, roll: Roll = Roll.NEXT) -> Reckoning:
    """A term that runs from the day after an event, or, where the amount is negative, before it.

    Raises OutsideCalendar where the dates reach a year of which the days off are not known.
    """
    if unit is Unit.INSTANT:
        step = f"Незамедлительно, в день события: {_named(event_on)}"
        return Reckoning(event_on, event_on, event_on, (step,), is_provisional=False)
    nominal = _nominal(calendar, event_on, amount, unit)
    steps = [_counted(calendar, event_on, amount, unit, nominal), *_remarks(calendar, event_on, amount, unit, nominal)]
    passed = [event_on] if unit is Unit.WORKING else []
    return _rolled(calendar, nominal, roll, steps, since=event_on if amount >= 0 else None, passed=passed)


def window(calendar: WorkingCalendar, opens_on: date, closes_on: date, roll: Roll = Roll.NEXT) -> Reckoning:
    """A period of the year in which a duty is done: it opens on its own date, only its end is moved."""
    if closes_on < opens_on:
        raise ValueError("Период не может кончиться раньше, чем начался.")
    steps = [f"Период с {opens_on:%d.%m.%Y} по {_described(calendar, closes_on)}"]
    return _rolled(calendar, closes_on, roll, steps, since=opens_on)


def period_end(calendar: WorkingCalendar, ends_on: date, roll: Roll = Roll.PREVIOUS) -> Reckoning:
    """The last day of a month, quarter, half-year or year, done in time while the period still lasts."""
    return _rolled(calendar, ends_on, roll, [f"Последний день периода: {_described(calendar, ends_on)}"])


def _nominal(calendar: WorkingCalendar, event_on: date, amount: int, unit: Unit) -> date:
    try:
        if unit is Unit.CALENDAR:
            return event_on + timedelta(days=amount)
        if unit is Unit.MONTH:
            return months_later(event_on, amount)
        if unit is Unit.YEAR:
            return years_later(event_on, amount)
    except (ValueError, OverflowError) as error:
        raise OutsideCalendar("Срок выходит за пределы календаря: проверьте число дней, месяцев или лет.") from error
    return calendar.shift_working(event_on, amount)


def _rolled(
    calendar: WorkingCalendar,
    nominal: date,
    roll: Roll,
    steps: list[str],
    *,
    since: date | None = None,
    passed: list[date] | None = None,
) -> Reckoning:
    """The legal and the control date of a nominal one; neither goes back before `since`."""
    due = nominal
    if roll is not Roll.NONE and not calendar.is_working(nominal):
        due = calendar.previous_working(nominal) if roll is Roll.PREVIOUS else calendar.next_working(nominal)
        if since is not None and due < since:
            due = calendar.next_working(nominal)
    control = calendar.previous_working(nominal)
    if since is not None and control < since:
        control = due
    unsettled = _unsettled(calendar, [*(passed or []), nominal, due, control])
    steps = [*steps, *_moved(calendar, nominal, due), *([_provisional(unsettled)] if unsettled else [])]
    return Reckoning(nominal, due, control, tuple(steps), is_provisional=bool(unsettled))


def _unsettled(calendar: WorkingCalendar, days: list[date]) -> list[int]:
    """The years without a decree among those that the days reach."""
    years = range(min(days).year, max(days).year + 1)
    return [year for year in years if calendar.is_provisional(date(year, 1, 1))]


# -- Explanations ----------------------------------------------------------------------------------------------------


def _named(day: date) -> str:
    return f"{day:%d.%m.%Y}, {WEEKDAYS[day.weekday()]}"


def _described(calendar: WorkingCalendar, day: date) -> str:
    """«09.03.2026, понедельник (перенос 8 марта)»."""
    basis = calendar.basis(day)
    return f"{_named(day)} ({basis})" if basis and basis != WEEKDAYS[day.weekday()] else _named(day)


def _counted(calendar: WorkingCalendar, event_on: date, amount: int, unit: Unit, nominal: date) -> str:
    sign = "−" if amount < 0 else "+"
    number = f"{abs(amount)} {plural(amount, *_COUNTED[unit])}"
    return f"{event_on:%d.%m.%Y} {sign} {number} = {_described(calendar, nominal)}"


def _remarks(calendar: WorkingCalendar, event_on: date, amount: int, unit: Unit, nominal: date) -> list[str]:
    if unit in (Unit.MONTH, Unit.YEAR) and nominal.day != event_on.day:
        return [f"В этом месяце нет {event_on.day}-го числа, срок истекает в последний день месяца (ст. 192 ГК РФ)"]
    if unit is Unit.WORKING and amount:
        return _skipped(calendar, event_on, nominal)
    return []


def _skipped(calendar: WorkingCalendar, event_on: date, nominal: date) -> list[str]:
    """The days off that were not counted, with their grounds while they are few, and the working weekends that were."""
    first, last = sorted((event_on, nominal))
    between = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    between.remove(event_on)
    off = [day for day in between if not calendar.is_working(day)]
    worked = [day for day in between if is_weekend(day) and day != nominal and calendar.is_working(day)]
    steps = []
    if 0 < len(off) <= NAMED_DAYS_OFF:
        steps.append("Не считаются: " + ", ".join(f"{day:%d.%m.%Y} ({calendar.basis(day)})" for day in off))
    elif off:
        days = plural(len(off), "нерабочий день", "нерабочих дня", "нерабочих дней")
        steps.append(f"Не {plural(len(off), 'считается', 'считаются', 'считаются')} {len(off)} {days}: {_runs(off)}")
    if worked:
        steps.append("Считаются: " + ", ".join(f"{day:%d.%m.%Y} ({calendar.basis(day)})" for day in worked))
    return steps


def _runs(days: list[date]) -> str:
    """«31.12.2026–10.01.2027, 16.01.2027–17.01.2027»; of many runs only the first and the last day."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    if len(runs) > NAMED_DAYS_OFF:
        return f"с {days[0]:%d.%m.%Y} по {days[-1]:%d.%m.%Y}"
    return ", ".join(f"{run[0]:%d.%m.%Y}" + (f"–{run[-1]:%d.%m.%Y}" if len(run) > 1 else "") for run in runs)


def _moved(calendar: WorkingCalendar, nominal: date, due: date) -> list[str]:
    if calendar.is_working(nominal):
        return [f"{nominal:%d.%m.%Y} — рабочий день, срок не переносится"] if is_weekend(nominal) else []
    if due == nominal:
        return ["Последний день нерабочий, но этот срок не переносится"]
    where = f"{_TO_WEEKDAY[due.weekday()]} {due:%d.%m.%Y}"
    if due > nominal:
        return [f"Последний день нерабочий, срок переходит на {where} (ст. 193 ГК РФ)"]
    return [f"Последний день нерабочий, срок сдвигается назад, на {where}"]


def _provisional(years: list[int]) -> str:
    if len(years) == 1:
        return f"Дата предварительная: календарь {years[0]} года не утверждён"
    return f"Дата предварительная: календари {', '.join(map(str, years[:-1]))} и {years[-1]} годов не утверждены"
