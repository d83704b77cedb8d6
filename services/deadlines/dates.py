"""When an obligation opens and is due: a rule's terms and an event or a period, counted on the working calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.reckoning import Reckoning, Unit, months_later, period_end, term, window
from models.rule_terms import Period, RuleKind, RuleTerms
from models.working_calendar import WorkingCalendar

HORIZON_MONTHS = 18  # How far ahead windows, periods and quotas are drawn.
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A period or a window: its code, first and last day."""

    code: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of one obligation (columns of models.deadlines.Deadline) and the explanation, step by step."""

    opens_on: date
    nominal_on: date
    due_on: date
    control_on: date
    soon_on: date
    is_provisional: bool
    steps: tuple[str, ...] = ()

    def columns(self) -> dict[str, object]:
        return {
            "opens_on": self.opens_on,
            "nominal_on": self.nominal_on,
            "due_on": self.due_on,
            "control_on": self.control_on,
            "soon_on": self.soon_on,
            "is_provisional": self.is_provisional,
        }


def _on(year: int, month_day: tuple[int, int]) -> date:
    """29 February is the 28th in a common year (Civil Code, art. 192)."""
    month, day = month_day
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28)


def next_opening(terms: RuleTerms, opens_on: date) -> date:
    """When the window after the one that opened on a day opens."""
    assert terms.opens
    this_year = _on(opens_on.year, terms.opens)
    return this_year if this_year > opens_on else _on(opens_on.year + 1, terms.opens)


def spans(terms: RuleTerms, since: date, until: date) -> Iterator[Span]:
    """The windows or periods of a rule that touch the days from `since` to `until`; events have none."""
    if terms.kind is RuleKind.WINDOW:
        assert terms.opens
        assert terms.closes
        crosses = terms.closes < terms.opens
        for year in range(since.year - 1, until.year + 1):
            first, last = _on(year, terms.opens), _on(year + crosses, terms.closes)
            if last >= since and first <= until:
                yield Span(str(first.year), first, last)  # Known by its year, on whatever day it opens.
    elif terms.period:
        yield from periods(terms.period, since, until)


def periods(period: Period, since: date, until: date) -> Iterator[Span]:
    """Calendar months, quarters, half-years or years that touch the days from `since` to `until`."""
    first = date(since.year, (since.month - 1) // period.months * period.months + 1, 1)
    while first <= until:
        following = months_later(first, period.months)
        yield Span(_code(period, first), first, following - DAY)
        first = following


def _code(period: Period, first: date) -> str:
    number = (first.month - 1) // period.months + 1
    if period is Period.YEAR:
        return f"{first.year}"
    if period is Period.MONTH:
        return f"{first.year}-{number:02d}"
    return f"{first.year}-{'Q' if period is Period.QUARTER else 'H'}{number}"


def of_span(calendar: WorkingCalendar, terms: RuleTerms, span: Span, opens_on: date) -> Dates:
    """A window, a period or a quota; `opens_on` is later than the span's first day where a rule begins amid it."""
    if terms.kind is RuleKind.WINDOW:
        reckoning = window(calendar, opens_on, span.last, terms.roll)
    elif terms.kind is RuleKind.QUOTA:
        return _quota(calendar, terms, span, opens_on)
    elif terms.offset:
        reckoning = term(calendar, span.last, terms.offset, terms.unit, terms.roll)
        opens_on = span.last + DAY
    else:
        reckoning = period_end(calendar, span.last)
    return _dates(calendar, terms, opens_on, reckoning)


def _quota(calendar: WorkingCalendar, terms: RuleTerms, span: Span, opens_on: date) -> Dates:
    """The end of the period does not move: evidence counts by its own date. It is «soon» from the middle on."""
    recommended = [calendar.previous_working(day) for day in recommended_days(terms, span)]
    control_on = min(recommended[-1] if recommended else calendar.previous_working(span.last), span.last)
    middle = opens_on + (span.last - opens_on) / 2
    steps = [f"Не менее {terms.at_least} за период с {span.first:%d.%m.%Y} по {span.last:%d.%m.%Y}"]
    if recommended:
        steps.append("Рекомендуемые дни: " + ", ".join(f"{day:%d.%m.%Y}" for day in recommended))
    provisional = calendar.is_provisional(span.last)
    return Dates(opens_on, span.last, span.last, max(control_on, opens_on), middle, provisional, tuple(steps))


def recommended_days(terms: RuleTerms, span: Span) -> list[date]:
    """The recommended days of a quota that fall into its period."""
    days = (_on(year, pair) for year in range(span.first.year, span.last.year + 1) for pair in terms.recommended)
    return sorted(day for day in days if span.first <= day <= span.last)


def of_event(calendar: WorkingCalendar, terms: RuleTerms, event_on: date) -> Dates:
    """A term that runs from an event (Civil Code, art. 191), or up to it where the amount is negative."""
    if terms.amount_to is not None:
        first = term(calendar, event_on, terms.amount, terms.unit, terms.roll)
        return _dates(
            calendar, terms, first.nominal_on, term(calendar, event_on, terms.amount_to, terms.unit, terms.roll)
        )
    reckoning = term(calendar, event_on, terms.amount, terms.unit, terms.roll)
    opens_on = event_on
    if terms.amount < 0:  # Before the fact: there is work to do from as long before the due date as the date is ahead.
        opens_on = min(reckoning.control_on, reckoning.due_on) - timedelta(days=_lead(terms))
    return _dates(calendar, terms, opens_on, reckoning)


def of_day(calendar: WorkingCalendar, terms: RuleTerms, event_on: date, last_on: date) -> Dates:
    """Where the fact itself names the last day: it is what it is, whatever day that may be."""
    step = f"Последний день назван в письме: {last_on:%d.%m.%Y}"
    return Dates(
        opens_on=min(event_on, last_on),
        nominal_on=last_on,
        due_on=last_on,
        control_on=calendar.previous_working(last_on),
        soon_on=calendar.shift_working(last_on, -terms.soon),
        is_provisional=calendar.is_provisional(last_on),
        steps=(step,),
    )


def _lead(terms: RuleTerms) -> int:
    """How long before its due date a duty that precedes a fact opens: one calendar month, or a week for short terms."""
    is_long = terms.unit in (Unit.MONTH, Unit.YEAR) or terms.amount <= -14
    return 30 if is_long else 7


def _dates(calendar: WorkingCalendar, terms: RuleTerms, opens_on: date, reckoning: Reckoning) -> Dates:
    due_on = reckoning.due_on
    soon_on = calendar.shift_working(due_on, -terms.soon) if terms.unit is not Unit.INSTANT else opens_on
    return Dates(
        opens_on=min(opens_on, due_on),
        nominal_on=reckoning.nominal_on,
        due_on=due_on,
        control_on=reckoning.control_on,
        soon_on=soon_on,
        is_provisional=reckoning.is_provisional,
        steps=reckoning.steps,
    )


def horizon(on: date) -> date:
    return months_later(on, HORIZON_MONTHS)
