"""The production calendar in the database: loading what is shipped, and the working days that follow from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.production_calendar import CalendarDay, CalendarYear, DaySource, YearKind
from models.working_calendar import SpecialDay, WorkingCalendar, is_holiday, is_weekend, own_moves, special_days

SHIPPED = Path(__file__).resolve().parent.parent / "regulations" / "production-calendar.yaml"
YEARS_AHEAD = 10  # computed beyond the last decree
DECREE_MONTH = 10  # From October on the next year's decree is looked for.


class CalendarError(Exception):
    """Why the calendar cannot be loaded; one Russian sentence."""


@dataclass(frozen=True)
class DecreedYear:
    year: int
    basis: str
    transfers: Mapping[date, date]  # day off → the day that is off instead


@dataclass
class Loaded:
    """What a loading did."""

    decreed: list[int] = field(default_factory=list)
    computed: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)  # years that the administrator has settled
    added: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0  # days of the administrator


# -- The file --------------------------------------------------------------------------------------------------------


def read_shipped(path: Path = SHIPPED) -> dict[int, DecreedYear]:
    """Years of the file by number; raises CalendarError where the file is none or contradicts itself."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", строка {mark.line + 1}" if mark else ""
        raise CalendarError(f"Файл «{path.name}»{where}: это не YAML.") from error
    try:
        years = [_decreed_year(entry) for entry in data["years"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise CalendarError(f"Файл «{path.name}»: не хватает полей или они другого вида.") from error
    except CalendarError as error:
        raise CalendarError(f"Файл «{path.name}»: {error}") from error
    if not years:
        raise CalendarError(f"Файл «{path.name}»: в нём нет ни одного года.")
    return {found.year: found for found in years}


def _decreed_year(entry: Mapping[str, Any]) -> DecreedYear:
    year = int(entry["year"])
    transfers = _moves(entry["transfers"])
    if any(day.year != year for pair in transfers.items() for day in pair) or not all(map(is_weekend, transfers)):
        raise CalendarError(f"в {year} году переносится не выходной этого года.")
    if len(set(transfers.values())) < len(transfers):
        raise CalendarError(f"в {year} году два переноса на один день.")
    working = {day for day in transfers if not is_holiday(day)}
    if working != set(entry["working_saturdays"]):
        raise CalendarError(f"рабочие субботы {year} года не следуют из переносов.")
    if own_moves(year, transfers) != _moves(entry["automatic"]):
        raise CalendarError(f"переносы {year} года по статье 112 ТК РФ не следуют из праздников.")
    return DecreedYear(year, _basis(year, entry["decree"]), transfers)


def _moves(entries: list[Mapping[str, date]]) -> dict[date, date]:
    return {entry["from"]: entry["to"] for entry in entries}


def _basis(year: int, decree: Mapping[str, Any]) -> str:
    of_what = f"О переносе выходных дней в {year} году"
    if not decree:
        return f"Постановление Правительства РФ «{of_what}»"
    return f"Постановление Правительства РФ от {decree['date']:%d.%m.%Y} № {decree['number']} «{of_what}»"


# -- Loading ---------------------------------------------------------------------------------------------------------


def load_years(session: Session, *, years: Collection[int] = (), path: Path = SHIPPED) -> Loaded:
    """Write the shipped years, and computed ones beyond them, into the tables; all of them where none is named.

    Repeating it changes nothing. Days of the administrator stay as they are, and so do years that she has marked as
    decreed and that are not shipped.
    """
    shipped = read_shipped(path)
    known = {record.year: record for record in session.scalars(select(CalendarYear))}
    settled = {year for year, record in known.items() if record.kind is YearKind.DECREED} - shipped.keys()
    last = max([*shipped, *settled])
    ahead = set(range(max(shipped) + 1, last + YEARS_AHEAD + 1)) - settled
    wanted = sorted(years or shipped.keys() | settled | ahead)
    done = Loaded()
    for year in wanted:
        if year in settled:
            done.left.append(year)
        elif year in shipped:
            done.decreed.append(year)
            _load(session, done, known.get(year), YearKind.DECREED, shipped[year])
        elif year in ahead:
            done.computed.append(year)
            _load(session, done, known.get(year), YearKind.COMPUTED, DecreedYear(year, "Статья 112 ТК РФ", {}))
        else:
            raise CalendarError(
                f"Календаря на {year} год в поставке нет: есть годы с {min(shipped)} по {max(shipped)}, "
                f"предварительно по {max(ahead)}."
            )
    session.flush()
    return done


def _load(session: Session, done: Loaded, record: CalendarYear | None, kind: YearKind, decreed: DecreedYear) -> None:
    if record is None:
        session.add(CalendarYear(year=decreed.year, kind=kind, basis=decreed.basis))
    elif (record.kind, record.basis) != (kind, decreed.basis):
        record.kind, record.basis = kind, decreed.basis
    first, last = date(decreed.year, 1, 1), date(decreed.year, 12, 31)
    there = {day.day: day for day in session.scalars(select(CalendarDay).where(CalendarDay.day.between(first, last)))}
    for special in special_days(decreed.year, decreed.transfers):
        _load_day(session, done, there.pop(special.day, None), special)
    for day in there.values():
        if day.source is DaySource.SHIPPED:
            session.delete(day)
            done.removed += 1
        else:
            done.kept += 1


def _load_day(session: Session, done: Loaded, there: CalendarDay | None, special: SpecialDay) -> None:
    if there is None:
        source = DaySource.SHIPPED
        session.add(
            CalendarDay(day=special.day, is_working=special.is_working, basis=special.basis, source=source, reason="")
        )
        done.added += 1
    elif there.source is DaySource.ADMINISTRATOR:
        done.kept += 1
    elif (there.is_working, there.basis) != (special.is_working, special.basis):
        there.is_working, there.basis = special.is_working, special.basis
        done.changed += 1


# -- Asking ----------------------------------------------------------------------------------------------------------


def load_calendar(session: Session) -> WorkingCalendar:
    """The calendar of the tables; a few hundred rows are read each time, and built anew only where they differ."""
    days = session.execute(select(CalendarDay.day, CalendarDay.is_working, CalendarDay.basis))
    years = session.execute(select(CalendarYear.year, CalendarYear.kind))
    return _built(frozenset(map(tuple, days)), frozenset(map(tuple, years)))


@lru_cache(maxsize=4)
def _built(days: frozenset[tuple[date, bool, str]], years: frozenset[tuple[int, YearKind]]) -> WorkingCalendar:
    of_kind = {kind: [year for year, its in years if its is kind] for kind in YearKind}
    special = (SpecialDay(*day) for day in days)
    return WorkingCalendar(special, decreed=of_kind[YearKind.DECREED], computed=of_kind[YearKind.COMPUTED])


def missing_decree(session: Session, *, on: date) -> str:
    """From 1 October: that the next year's decree is not in the calendar yet; otherwise an empty text."""
    if on.month < DECREE_MONTH:
        return ""
    year = on.year + 1
    found = select(func.count()).where(CalendarYear.year == year, CalendarYear.kind == YearKind.DECREED)
    if session.scalar(found):
        return ""
    return (
        f"Постановление о переносе выходных дней в {year} году в календарь не внесено, сроки {year} года "
        "предварительные: обновите программу или внесите переносы в производственный календарь."
    )
