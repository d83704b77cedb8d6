"""The calendar of obligations: a month, a quarter, a year, a list by day; the year's terms on one sheet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Flask, abort, jsonify, render_template, request
from werkzeug.wrappers import Response

from models.deadlines import State
from models.reckoning import WEEKDAYS, months_later
from models.working_calendar import WorkingCalendar
from services.deadlines import listing as obligations
from services.deadlines.listing import Group
from services.production_calendar import load_calendar
from views import calendar_grid as grid
from views import calendar_list, calendar_poster, edge
from views.calendar_asked import EVERYBODY, KINDS, SEES_ALL_FIRST, VIEWS, Asked, request_args
from views.calendar_grid import Entry, Month, Writer
from views.deadline_look import LOOKS, log_people
from views.extensions import db
from views.formats import counted, ru_date
from views.people_lookup import card_number

pages = Blueprint("calendar", __name__, url_prefix="/calendar")
QUARTER_LINES = 9
AGENDA_LINES = 40  # Under the month on a telephone.
LONGEST = timedelta(days=62)  # What the script may ask for at once.
EVENTS = 15  # Of a day.


# -- Pages -----------------------------------------------------------------------------------------------------------


@pages.get("/")
def index() -> tuple[str, int]:
    asked = request_args()
    show = {"month": _month, "quarter": _quarter, "year": _year, "list": calendar_list.context}[asked.view]
    calendar = load_calendar(db.session())
    context = {**_common(asked, calendar), **show(asked, calendar)}
    return render_template(f"calendar/{asked.view}.html", **context), 400 if asked.errors else 200


def _month(asked: Asked, calendar: WorkingCalendar) -> dict[str, Any]:
    month = grid.blank_month(asked, calendar, asked.on, edge.today())
    first, last = grid.grid_span(asked.on)
    groups = obligations.groups_between(db.session(), asked.selection, first=first, last=last)
    writer = _writer(asked, groups)
    placed = grid.place(groups, writer, grid.POINTS)
    _name_people(writer, placed.shown)
    grid.fill(month, placed, writer)
    grid.count_days([month], grid.counts_of(groups))
    agenda = _agenda(month, asked)
    return {
        "month": month,
        "heading": month.title,
        "is_empty": not groups,
        "agenda": agenda[:AGENDA_LINES],
        "agenda_url": asked.list_url(*grid.month_span(asked.on)),
        "agenda_hidden": len(agenda) - len(agenda[:AGENDA_LINES]),
        "events_url": asked.url("calendar.events", on=None, view=None),
        "bases": {day.day.isoformat(): day.basis for week in month.weeks for day in week.days if day.basis},
        "days_off": " ".join(day.day.isoformat() for week in month.weeks for day in week.days if day.is_off),
    }


def _agenda(month: Month, asked: Asked) -> list[Entry]:
    """The month's lines by day, from today on in the present month."""
    first, last = grid.month_span(asked.on)
    if first <= edge.today() <= last:
        first = edge.today()
    lines = {id(bar.entry): bar.entry for week in month.weeks for lane in week.lanes for bar in lane if bar.entry}
    points = [entry for week in month.weeks for day in week.days for entry in day.points]
    due = [entry for entry in [*lines.values(), *points] if first <= entry.ends <= last]
    return sorted(due, key=lambda entry: entry.ends)


def _quarter(asked: Asked, calendar: WorkingCalendar) -> dict[str, Any]:
    start = date(asked.on.year, (asked.on.month - 1) // 3 * 3 + 1, 1)
    months = [grid.blank_month(asked, calendar, months_later(start, step), edge.today()) for step in range(3)]
    last = grid.month_span(months[-1].first)[1]
    groups = obligations.groups_between(db.session(), asked.selection, first=start, last=last)
    due = [group for group in groups if group.due_on <= last]
    writer = _writer(asked, due)
    shown = {month.first: _pending_first([g for g in due if g.due_on.month == month.first.month]) for month in months}
    _name_people(writer, [group for of_month in shown.values() for group in of_month])
    grid.count_days(months, grid.counts_of(due))
    for month in months:
        month.lines = [writer.entry(group) for group in shown[month.first]]
        month.hidden = month.total - sum(group.count for group in shown[month.first])
    return {"months": months, "heading": f"{(start.month + 2) // 3} квартал {start.year}", "is_empty": not due}


def _pending_first(groups: list[Group]) -> list[Group]:
    """As many as a month of the quarter has lines for, by date; what is done gives way to what is not."""
    done = (State.DONE, State.DONE_LATE)
    chosen = sorted(groups, key=lambda group: (group.state in done, group.due_on))[:QUARTER_LINES]
    return sorted(chosen, key=lambda group: (group.due_on, group.rule_id))


def _year(asked: Asked, calendar: WorkingCalendar) -> dict[str, Any]:
    year = asked.on.year
    months = [grid.blank_month(asked, calendar, date(year, month, 1), edge.today()) for month in range(1, 13)]
    counts = obligations.counts_between(db.session(), asked.selection, first=date(year, 1, 1), last=date(year, 12, 31))
    grid.count_days(months, counts)
    return {"months": months, "heading": f"{year} год", "is_empty": not counts}


# -- Parts -----------------------------------------------------------------------------------------------------------


def _writer(asked: Asked, groups: list[Group]) -> Writer:
    return Writer(asked, obligations.rules_of(db.session(), {group.rule_id for group in groups}))


def _name_people(writer: Writer, groups: list[Group]) -> None:
    """Read the names that the lines show, and note who was shown."""
    wanted = grid.people_of(groups)
    writer.names = obligations.names_of(db.session(), edge.viewer(), wanted)
    log_people(list(writer.names))


def _common(asked: Asked, calendar: WorkingCalendar) -> dict[str, Any]:
    is_list = asked.view == "list"
    today = edge.today()
    return {
        "page_title": "Календарь сроков",
        "asked": asked,
        "views": [(label, _view_url(asked, view), view == asked.view) for view, label in VIEWS.items()],
        "scopes": _scopes(asked),
        "previous_url": None if is_list else asked.moved(-1),
        "next_url": None if is_list else asked.moved(1),
        "today_url": asked.url(on=None, from_=None, to=None),
        "poster_url": asked.url("calendar.poster", on=None, view=None, year=asked.on.year),
        "agency_options": _agency_options(asked),
        "agency_default": "все" if _sees_all_first(asked) else "своя",
        "regulation_options": [(one.code, one.short_title) for one in asked.regulations],
        "kinds": list(KINDS.items()),
        "states": [(state.value, state.label) for state in State],
        "whose": _whose(asked),
        "chips": _chips(asked),
        "clear_url": asked.url(**dict.fromkeys(("regulation", "kind", "state", "graduate", "rule", "from", "to"))),
        "kept": _kept(asked),
        "notice": "" if is_list else grid.year_notice(calendar, asked.on.year),
        "today_text": f"{ru_date(today)}, {WEEKDAYS[today.weekday()]}",
        "legend": [(state.label, *LOOKS[state]) for state in tuple(LOOKS)[:7]],
    }


def _whose(asked: Asked) -> str:
    """Whose obligations, where they are not the own organisation's."""
    if asked.agency is None:
        return "Все, кто должен нам" if asked.is_awaited else "Все организации"
    return "" if asked.agency.id == edge.viewer().agency_id else asked.agency.short_name


def _agency_options(asked: Asked) -> list[tuple[str, str]]:
    """The empty choice means the own organisation to some, and all of them to those who oversee them."""
    if _sees_all_first(asked):
        return [(agency.code, agency.short_name) for agency in asked.agencies]
    own = edge.viewer().agency_id
    others = [(agency.code, agency.short_name) for agency in asked.agencies if agency.id != own]
    return [(EVERYBODY, "все, чьи сроки видны"), *others]


def _sees_all_first(asked: Asked) -> bool:
    return asked.is_awaited or edge.viewer().role in SEES_ALL_FIRST


def _view_url(asked: Asked, view: str) -> str:
    return asked.url(view=view, on=(asked.first or asked.on).isoformat(), from_=None, to=None, rule=None)


def _scopes(asked: Asked) -> list[tuple[str, str, bool]]:
    """Whose obligations: of the organisation, the user's own, of others towards the organisation."""
    is_own = asked.agency is not None and asked.agency.id == edge.viewer().agency_id
    whole = "Наши" if is_own or not _sees_all_first(asked) else "Все"
    return [
        (whole, asked.url(mine=None, waiting=None), not (asked.is_mine or asked.is_awaited)),
        ("Мои", asked.url(mine="1", waiting=None), asked.is_mine),
        ("Ждём от других", asked.url(mine=None, waiting="1", agency=None), asked.is_awaited),
    ]


def _chips(asked: Asked) -> list[dict[str, str]]:
    found = []
    if asked.regulation:
        found.append(("Регламент", asked.regulation.short_title, asked.url(regulation=None)))
    if asked.kind:
        found.append(("Вид", KINDS[asked.kind], asked.url(kind=None)))
    for state in asked.states:
        others = [other.value for other in asked.states if other is not state]
        found.append(("Состояние", state.label, asked.url(state=others)))
    if asked.rule_key:
        found.append(("Обязанность", calendar_list.rule_title(asked.rule_key), asked.url(rule=None)))
    if asked.graduate_id is not None:
        known = obligations.names_of(db.session(), edge.viewer(), [asked.graduate_id])
        log_people(list(known))
        name = known.get(asked.graduate_id, card_number(asked.graduate_id))
        found.append(("О ком", name, asked.url(graduate=None)))
    if asked.view == "list" and {"from", "to"} & set(asked.args):
        days = [f"{word} {ru_date(day)}" for word, day in (("с", asked.first), ("по", asked.last)) if day]
        text = ru_date(asked.first) if asked.first == asked.last else " ".join(days)
        found.append(("Срок", text, asked.url(from_=None, to=None)))
    return [{"label": label, "value": value, "remove_url": url} for label, value, url in found]


def _kept(asked: Asked) -> list[tuple[str, str]]:
    """Arguments that the form of filters passes on unseen."""
    names = ("view", "on", "mine", "waiting", "graduate", "rule", "from", "to")
    return [(name, value) for name in names for value in asked.args.get(name, ())]


# -- For the script --------------------------------------------------------------------------------------------------


@pages.get("/events")
def events() -> Response | tuple[Response, int]:
    """What the interactive month shows; `end` is the day after the last one."""
    asked = request_args()
    try:
        first = date.fromisoformat(request.args.get("start", "")[:10])
        last = date.fromisoformat(request.args.get("end", "")[:10]) - timedelta(days=1)
    except (ValueError, OverflowError):
        return _refused("Укажите первый и последний день как 2026-10-01.")
    if asked.errors or not timedelta() <= last - first <= LONGEST:
        return _refused(asked.errors[0] if asked.errors else "Такой период не показать: не больше двух месяцев.")
    asked.args.pop("on", None)
    groups = obligations.groups_between(db.session(), asked.selection, first=first, last=last)
    writer = _writer(asked, groups)
    placed = grid.place(groups, writer, EVENTS)
    _name_people(writer, placed.shown)
    entries = [_event(writer.entry(group)) for group in placed.shown]
    for day, hidden in placed.hidden.items():
        if hidden:
            entries.append(_more(asked, day, hidden))
    return jsonify(entries)


def _refused(text: str) -> tuple[Response, int]:
    return jsonify(error={"code": 400, "title": text, "request_id": edge.request_id()}), 400


def _event(entry: Entry) -> dict[str, Any]:
    return {
        "start": entry.starts.isoformat(),
        "end": (entry.ends + timedelta(days=1)).isoformat(),
        "title": entry.title,
        "classNames": ["cal-bar"] if entry.starts < entry.ends else [],
        "extendedProps": {
            "url": entry.url,
            "note": entry.note,
            "tip": entry.tip,
            "icon": entry.icon,
            "colour": entry.colour,
        },
    }


def _more(asked: Asked, day: date, hidden: int) -> dict[str, Any]:
    text = f"ещё {counted(hidden, 'обязанность', 'обязанности', 'обязанностей')}"
    url = asked.list_url(day, day)
    extra = {"url": url, "note": "", "tip": ru_date(day), "icon": "list", "colour": "grey"}
    start, end = day.isoformat(), (day + timedelta(days=1)).isoformat()
    return {"start": start, "end": end, "title": text, "extendedProps": extra}


# -- The sheet of a year ---------------------------------------------------------------------------------------------


@pages.get("/poster")
def poster() -> tuple[str, int]:
    asked = request_args()
    text = request.args.get("year", "").strip()
    year = calendar_poster.year_in(text) if text else edge.today().year
    if year is None:
        abort(404)
    return calendar_poster.page(asked, year), 400 if asked.errors else 200


def init_app(app: Flask) -> None:
    app.register_blueprint(pages)
    names = ("Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс")
    app.jinja_env.globals["weekdays"] = list(zip(names, WEEKDAYS, strict=True))
