"""Months as tables: weeks of days, bars of windows, what is due on a day; the same entries for the script."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from models.deadlines import State
from models.reckoning import months_later
from models.regulations import DeadlineRule
from models.rule_terms import RuleKind
from models.working_calendar import WorkingCalendar, is_weekend, spoken
from services.deadlines.listing import Group
from views import labels
from views.calendar_asked import Asked
from views.deadline_look import LOOKS, URGENCY, deadline_url, quota_text
from views.formats import grouped, ru_date
from views.people_lookup import card_number

DAY = timedelta(days=1)
LANES = 5  # Bars of windows in a week of the table.
POINTS = 4  # Entries of a day in the table.
MONTH_NAMES = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A group of obligations as a line: `starts`, `ends` are the days of its bar, the same for a single day."""

    title: str
    note: str  # «2/4 · 312», beside the title
    tip: str
    url: str
    state: State
    starts: date
    ends: date

    @property
    def colour(self) -> str:
        return LOOKS[self.state][0]

    @property
    def icon(self) -> str:
        return LOOKS[self.state][1]


@dataclass(slots=True)
class Day:
    day: date
    is_off: bool
    basis: str  # why it is off, or a working weekend; empty for ordinary days
    is_today: bool
    is_other: bool  # of a neighbouring month
    url: str
    points: list[Entry] = field(default_factory=list)
    count: int = 0  # obligations that are due
    state: State | None = None  # the most urgent of them
    hidden: int = 0  # those without a line of their own

    @property
    def colour(self) -> str:
        return LOOKS[self.state][0] if self.state else ""

    @property
    def spoken(self) -> str:
        """«8 марта»."""
        return spoken(self.day)


@dataclass(slots=True)
class Bar:
    """A cell of a week's row: an entry over some days, or one empty day."""

    days: int
    entry: Entry | None = None
    day: Day | None = None
    is_begun: bool = False  # in an earlier week
    goes_on: bool = False


@dataclass(slots=True)
class Week:
    days: list[Day]
    lanes: list[list[Bar]] = field(default_factory=list)
    hidden: int = 0  # windows without a bar
    hidden_url: str = ""


@dataclass(slots=True)
class Month:
    first: date
    title: str
    url: str
    weeks: list[Week]
    total: int = 0
    lines: list[Entry] = field(default_factory=list)
    hidden: int = 0


# -- Days --------------------------------------------------------------------------------------------------------------


def month_span(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, months_later(first, 1) - DAY


def grid_span(day: date) -> tuple[date, date]:
    """Whole weeks around a month."""
    first, last = month_span(day)
    return first - DAY * first.weekday(), last + DAY * (6 - last.weekday())


def month_title(day: date) -> str:
    return f"{MONTH_NAMES[day.month - 1]} {day.year}"


def is_off(calendar: WorkingCalendar, day: date) -> bool:
    """By the production calendar; in a year that it does not know, by the day of the week."""
    return not calendar.is_working(day) if day.year in calendar.years else is_weekend(day)


def year_notice(calendar: WorkingCalendar, year: int) -> str:
    """What the reader must know of a year whose days off are not settled; of others nothing."""
    if year not in calendar.years:
        return (
            f"Производственного календаря на {year} год нет: выходные показаны по дням недели, "
            "сроки этого года не рассчитаны."
        )
    if calendar.is_provisional(date(year, 1, 1)):
        return f"Календарь {year} года ещё не утверждён: выходные и даты сроков предварительные."
    return ""


def _basis(calendar: WorkingCalendar, day: date) -> str:
    if day.year not in calendar.years:
        return ""
    text = calendar.basis(day)
    return "" if text in ("суббота", "воскресенье") else text


def blank_month(asked: Asked, calendar: WorkingCalendar, on: date, today: date) -> Month:
    """A month of whole weeks with nothing in it yet."""
    first, last = grid_span(on)
    start = month_span(on)[0]
    days = []
    for number in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(number)
        url = asked.list_url(day, day)
        days.append(Day(day, is_off(calendar, day), _basis(calendar, day), day == today, day.month != start.month, url))
    weeks = [Week(days[place : place + 7]) for place in range(0, len(days), 7)]
    return Month(start, month_title(start), asked.url(view="month", on=start.isoformat()), weeks)


# -- Entries -----------------------------------------------------------------------------------------------------------


@dataclass
class Writer:
    """Makes entries of groups; `names` of people whom the user may see."""

    asked: Asked
    rules: dict[int, DeadlineRule]
    names: dict[int, str] = field(default_factory=dict)

    def is_window(self, group: Group) -> bool:
        return self.rules[group.rule_id].kind is RuleKind.WINDOW

    def entry(self, group: Group) -> Entry:
        rule = self.rules[group.rule_id]
        is_window = rule.kind is RuleKind.WINDOW
        notes = [quota_text(rule, group.achieved, group.required), grouped(group.count) if group.count > 1 else ""]
        return Entry(
            title=" — ".join(part for part in (rule.title, self._of_whom(group)) if part),
            note=" · ".join(part for part in notes if part),
            tip=self._tip(group, rule, is_window),
            url=self._url(group),
            state=group.state,
            starts=group.opens_on if is_window else group.due_on,
            ends=group.due_on,
        )

    def _of_whom(self, group: Group) -> str:
        parts = []
        if group.graduate_id is not None:
            parts.append(self.names.get(group.graduate_id, card_number(group.graduate_id)))
        if self.asked.shows_agency and group.agency_id is not None:
            parts.append(labels.label("agency", group.agency_id))
        return ", ".join(parts)

    def _tip(self, group: Group, rule: DeadlineRule, is_window: bool) -> str:
        days = f"{ru_date(group.opens_on)} – {ru_date(group.due_on)}" if is_window else f"до {ru_date(group.due_on)}"
        parts = [days, group.state.label, f"{rule.clause_text}, {rule.regulation.short_title}"]
        return "; ".join([*parts, "дата предварительная"] if group.is_provisional else parts)

    def _url(self, group: Group) -> str:
        if group.count == 1:
            return deadline_url(group.id)
        key = self.rules[group.rule_id].key
        return self.asked.list_url(group.due_on, group.due_on, rule=key, state=[group.state.value])


def by_urgency(groups: Iterable[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (URGENCY[group.state], group.rule_id, group.id))


def people_of(groups: Iterable[Group]) -> set[int]:
    return {group.graduate_id for group in groups if group.graduate_id is not None}


# -- The month ---------------------------------------------------------------------------------------------------------


@dataclass
class Placed:
    """Which groups get a line of their own, before anybody is named."""

    points: dict[date, list[Group]]
    hidden: dict[date, int]  # obligations that get none
    windows: list[Group]

    @property
    def shown(self) -> list[Group]:
        return [*self.windows, *(group for groups in self.points.values() for group in groups)]


def place(groups: Sequence[Group], writer: Writer, limit: int) -> Placed:
    """Windows as bars; of the rest the most urgent `limit` of each day."""
    by_day: dict[date, list[Group]] = defaultdict(list)
    windows = []
    for group in groups:
        if writer.is_window(group):
            windows.append(group)
        else:
            by_day[group.due_on].append(group)
    points, hidden = {}, {}
    for day, due in by_day.items():
        ordered = by_urgency(due)
        points[day] = ordered[:limit]
        hidden[day] = sum(group.count for group in ordered[limit:])
    return Placed(points, hidden, sorted(windows, key=lambda group: (group.opens_on, group.due_on, group.rule_id)))


def fill(month: Month, placed: Placed, writer: Writer) -> None:
    bars = [writer.entry(group) for group in placed.windows]
    for week in month.weeks:
        for day in week.days:
            day.points = [writer.entry(group) for group in placed.points.get(day.day, ())]
            day.hidden = placed.hidden.get(day.day, 0)
        _fill_lanes(week, bars, writer.asked)


def _fill_lanes(week: Week, bars: Sequence[Entry], asked: Asked) -> None:
    """Bars into rows of the week, each as high as there is room."""
    first, last = week.days[0].day, week.days[-1].day
    lanes: list[list[Entry]] = []
    for bar in bars:
        if bar.starts > last or bar.ends < first:
            continue
        lane = next((lane for lane in lanes if lane[-1].ends < bar.starts), None)
        if lane is not None:
            lane.append(bar)
        elif len(lanes) < LANES:
            lanes.append([bar])
        else:
            week.hidden += 1
    week.hidden_url = asked.list_url(first, None, kind=RuleKind.WINDOW.value) if week.hidden else ""
    week.lanes = [_cells(week, lane) for lane in lanes]


def _cells(week: Week, lane: Collection[Entry]) -> list[Bar]:
    cells, place = [], 0
    first, last = week.days[0].day, week.days[-1].day
    for bar in lane:
        start, end = (max(bar.starts, first) - first).days, (min(bar.ends, last) - first).days
        cells += [Bar(1, day=day) for day in week.days[place:start]]
        cells.append(Bar(end - start + 1, bar, None, bar.starts < first, bar.ends > last))
        place = end + 1
    return cells + [Bar(1, day=day) for day in week.days[place:]]


def count_days(months: Iterable[Month], counts: dict[date, dict[State, int]]) -> None:
    """The number of what is due into each day and each month."""
    for month in months:
        for week in month.weeks:
            for day in week.days:
                states = counts.get(day.day)
                if states:
                    day.count, day.state = sum(states.values()), min(states, key=URGENCY.__getitem__)
                    month.total += 0 if day.is_other else day.count


def counts_of(groups: Iterable[Group]) -> dict[date, dict[State, int]]:
    found: dict[date, dict[State, int]] = {}
    for group in groups:
        states = found.setdefault(group.due_on, {})
        states[group.state] = states.get(group.state, 0) + group.count
    return found
