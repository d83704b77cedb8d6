"""«Календарь сроков»: the terms of a year that are known beforehand, on one sheet of A4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template

from models.rule_terms import Period, RuleKind
from models.text import plural
from services.deadlines.year_plan import PlannedRule, PlannedTerm, year_plan
from services.production_calendar import load_calendar
from views import calendar_grid as grid
from views import edge
from views.calendar_asked import Asked
from views.extensions import db
from views.fields import FIRST_YEAR, LAST_YEAR

SECTIONS = (
    (RuleKind.WINDOW, "В определённые даты"),
    (RuleKind.PERIOD, "К концу периода"),
    (RuleKind.QUOTA, "Не реже"),
)
PERIODS = {
    Period.MONTH: "ежемесячно",
    Period.QUARTER: "ежеквартально",
    Period.HALF_YEAR: "раз в полугодие",
    Period.YEAR: "раз в год",
}
WITHIN = {Period.MONTH: "месяц", Period.QUARTER: "квартал", Period.HALF_YEAR: "полугодие", Period.YEAR: "год"}
ROOMY, DENSE = 24, 44  # So many lines fit in a large and in a small letter.


@dataclass
class Line:
    days: str
    title: str
    clause: str
    is_provisional: bool


def year_in(text: str) -> int | None:
    """A year that can be shown, or None."""
    if not (text.isdecimal() and text.isascii() and len(text) == 4):
        return None
    return int(text) if FIRST_YEAR < int(text) < LAST_YEAR else None


def page(asked: Asked, year: int) -> str:
    """The sheet of the chosen organisation; of the own one where none is chosen."""
    calendar = load_calendar(db.session())
    own = next(agency for agency in asked.agencies if agency.id == edge.viewer().agency_id)
    agency = asked.agency or own
    planned = year_plan(db.session(), agency_id=agency.id, year=year, calendar=calendar, on=edge.today())
    months = [grid.blank_month(asked, calendar, date(year, number, 1), edge.today()) for number in range(1, 13)]
    sections = [(title, [_line(one, year) for one in planned if one.rule.kind is kind]) for kind, title in SECTIONS]
    number = sum(len(lines) for _, lines in sections)
    context: dict[str, Any] = {
        "page_title": f"Календарь сроков на {year} год",
        "breadcrumbs": [("Календарь сроков", asked.url(on=f"{year}-01-01")), (f"На {year} год", None)],
        "asked": asked,
        "agency": agency,
        "year": year,
        "years": [(one, asked.url("calendar.poster", year=one, on=None, view=None)) for one in (year - 1, year + 1)],
        "months": months,
        "marks": _marks(planned),
        "sections": [(title, lines) for title, lines in sections if lines],
        "size": "roomy" if number <= ROOMY else "dense" if number <= DENSE else "tiny",
        "notice": grid.year_notice(calendar, year),
    }
    return render_template("calendar/poster.html", **context)


def _marks(planned: list[PlannedRule]) -> dict[date, str]:
    """The days on which something is due (due) and those of open windows (open)."""
    marks: dict[date, str] = {}
    for one in planned:
        for term in one.terms:
            if one.rule.kind is RuleKind.WINDOW and (term.due_on - term.opens_on).days < 45:
                for number in range(term.opens_on.toordinal(), term.due_on.toordinal()):
                    marks.setdefault(date.fromordinal(number), "open")
    return marks | {term.due_on: "due" for one in planned for term in one.terms}


def _line(planned: PlannedRule, year: int) -> Line:
    rule, terms = planned.rule, planned.terms
    if rule.kind is RuleKind.WINDOW:
        days = ", ".join(_window(term, year) for term in terms)
    else:
        days = _of_period(planned, year)
    return Line(
        days=days,
        title=rule.title,
        clause=f"{rule.clause_text}, {rule.regulation.short_title}",
        is_provisional=any(term.is_provisional for term in terms),
    )


def _window(term: PlannedTerm, year: int) -> str:
    return f"{_short(term.opens_on, year)}–{_short(term.due_on, year)}"


def _of_period(planned: PlannedRule, year: int) -> str:
    own = planned.rule.terms
    assert own.period
    due = [_short(term.due_on, year) for term in planned.terms]
    if planned.rule.kind is RuleKind.QUOTA:
        return f"{own.at_least} {plural(own.at_least, 'раз', 'раза', 'раз')} в {WITHIN[own.period]}"
    return f"{PERIODS[own.period]}: {', '.join(due)}"


def _short(day: date, year: int) -> str:
    return f"{day:%d.%m}" if day.year == year else f"{day:%d.%m.%Y}"
