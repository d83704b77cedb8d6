"""What an address of the calendar asks for: the day, the view, the filters; and addresses of its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from models.deadlines import State
from models.reckoning import months_later
from models.rule_terms import RuleKind
from models.users import Role
from services.deadlines.listing import Selection, agencies_of, regulations_of
from views import edge
from views.extensions import db
from views.fields import FIRST_YEAR, LAST_YEAR, parse_date
from views.formats import ru_date

VIEWS = {"month": "Месяц", "quarter": "Квартал", "year": "Год", "list": "Список"}
KINDS = {
    RuleKind.WINDOW: "в определённые даты",
    RuleKind.PERIOD: "раз в период",
    RuleKind.QUOTA: "несколько раз за период",
    RuleKind.EVENT: "со дня события",
}
STEPS = {"month": 1, "quarter": 3, "year": 12}
EVERYBODY = "all"
SEES_ALL_FIRST = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
LONGEST_KEY = 90
Args = dict[str, list[str]]


@dataclass
class Asked:
    """The state of a page; what could not be understood is told in `errors` and left out."""

    on: date
    view: str = "month"
    agency: Any = None  # (id, code, short_name); None: all that the user sees
    agencies: Sequence[Any] = ()
    regulation: Any = None  # (id, code, short_title)
    regulations: Sequence[Any] = ()
    kind: RuleKind | None = None
    states: tuple[State, ...] = ()
    rule_key: str = ""
    graduate_id: int | None = None
    is_mine: bool = False
    is_awaited: bool = False
    first: date | None = None  # of the list
    last: date | None = None
    args: Args = field(default_factory=dict)  # what was understood and is not the default, as in the address
    errors: list[str] = field(default_factory=list)
    _bases: dict[str, str] = field(default_factory=dict)  # A page has hundreds of these addresses.

    @property
    def selection(self) -> Selection:
        return Selection(
            viewer=edge.viewer(),
            on=edge.today(),
            agency_id=self.agency.id if self.agency else None,
            is_awaited=self.is_awaited,
            is_mine=self.is_mine,
            regulation_id=self.regulation.id if self.regulation else None,
            rule_key=self.rule_key,
            kind=self.kind,
            states=self.states,
            graduate_id=self.graduate_id,
        )

    @property
    def shows_agency(self) -> bool:
        return self.agency is None

    def url(self, endpoint: str = "calendar.index", /, **changes: Any) -> str:
        """The present address with arguments changed; None leaves one out."""
        args: dict[str, Any] = {**self.args, **{key.rstrip("_"): value for key, value in changes.items()}}
        if endpoint not in self._bases:
            self._bases[endpoint] = url_for(endpoint)
        pairs = urlencode({key: value for key, value in args.items() if value not in (None, [], "")}, doseq=True)
        return f"{self._bases[endpoint]}?{pairs}" if pairs else self._bases[endpoint]

    def moved(self, steps: int) -> str | None:
        """The same view of a neighbouring month, quarter or year; None beyond what dates can be typed."""
        day = months_later(self.on.replace(day=1), steps * STEPS[self.view])
        return self.url(on=day.isoformat()) if FIRST_YEAR < day.year < LAST_YEAR else None

    def list_url(self, first: date | None, last: date | None, **changes: Any) -> str:
        """The list of some days with the present filters."""
        days = {"from_": first.isoformat() if first else None, "to": last.isoformat() if last else None}
        return self.url(view="list", on=None, **days, **changes)


def read(args: MultiDict[str, str]) -> Asked:
    asked = Asked(on=edge.today())
    for take in (_view, _day, _agency, _regulation, _kind_and_state, _person, _days):
        take(asked, args)
    return asked


def _text(args: MultiDict[str, str], name: str) -> str:
    return args.get(name, "").strip()[:200]


def _keep(asked: Asked, name: str, *values: str) -> None:
    asked.args[name] = list(values)


def _view(asked: Asked, args: MultiDict[str, str]) -> None:
    view = _text(args, "view")
    if view in VIEWS:
        asked.view = view
        _keep(asked, "view", view)
    elif view:
        asked.errors.append("Такого вида календаря нет: есть месяц, квартал, год и список.")


def _day(asked: Asked, args: MultiDict[str, str]) -> None:
    found = _date(asked, args, "on")
    if found:
        asked.on = found
        _keep(asked, "on", found.isoformat())


def _date(asked: Asked, args: MultiDict[str, str], name: str) -> date | None:
    text = _text(args, name)
    if not text:
        return None
    try:
        return parse_date(text)
    except ValueError:
        asked.errors.append("Дата не читается. Напишите её как 01.10.2026.")
        return None


def _agency(asked: Asked, args: MultiDict[str, str]) -> None:
    """The own organisation, unless the user oversees others or waits for them."""
    viewer, code = edge.viewer(), _text(args, "agency")
    asked.agencies = agencies_of(db.session(), viewer)
    asked.is_awaited = _flag(asked, args, "waiting")
    asked.is_mine = _flag(asked, args, "mine") and not asked.is_awaited
    if code and code != EVERYBODY:
        asked.agency = next((agency for agency in asked.agencies if agency.code == code), None)
        if asked.agency is None:
            asked.errors.append("Такой организации нет, или её сроки вам не видны. Выберите организацию из списка.")
            code = ""
    elif not code and viewer.role not in SEES_ALL_FIRST and not asked.is_awaited:
        asked.agency = next(agency for agency in asked.agencies if agency.id == viewer.agency_id)
    if code:
        _keep(asked, "agency", code)


def _flag(asked: Asked, args: MultiDict[str, str], name: str) -> bool:
    if _text(args, name) != "1":
        return False
    _keep(asked, name, "1")
    return True


def _regulation(asked: Asked, args: MultiDict[str, str]) -> None:
    asked.regulations = regulations_of(db.session(), asked.agency.id if asked.agency else None)
    code = _text(args, "regulation")
    if not code:
        return
    asked.regulation = next((regulation for regulation in asked.regulations if regulation.code == code), None)
    if asked.regulation is None:
        asked.errors.append("Этот регламент организация не исполняет. Выберите другой.")
    else:
        _keep(asked, "regulation", code)


def _kind_and_state(asked: Asked, args: MultiDict[str, str]) -> None:
    kind, states = _text(args, "kind"), [text.strip() for text in args.getlist("state") if text.strip()]
    if kind in tuple(KINDS):
        asked.kind = RuleKind(kind)
        _keep(asked, "kind", kind)
    elif kind:
        asked.errors.append("Такого вида сроков нет. Выберите вид из списка.")
    known = [text for text in dict.fromkeys(states) if text in tuple(State)]
    if len(known) < len(set(states)):
        asked.errors.append("Такого состояния нет. Выберите состояние из списка.")
    if known:
        asked.states = tuple(State(text) for text in known)
        _keep(asked, "state", *known)
    key = args.get("rule", "").strip()
    if key and len(key) <= LONGEST_KEY and key.isprintable():
        asked.rule_key = key
        _keep(asked, "rule", key)


def _person(asked: Asked, args: MultiDict[str, str]) -> None:
    text = _text(args, "graduate")
    if text.isdecimal() and text.isascii() and len(text) < 10:
        asked.graduate_id = int(text)
        _keep(asked, "graduate", text)
    elif text:
        asked.errors.append("Номер карточки выпускника не читается. Откройте календарь с его карточки.")


def _days(asked: Asked, args: MultiDict[str, str]) -> None:
    """The days of the list: those given, or from the day of the page on."""
    first, last = _date(asked, args, "from"), _date(asked, args, "to")
    if first and last and last < first:
        asked.errors.append(f"Период не может кончиться {ru_date(last)}, раньше, чем начался {ru_date(first)}.")
        last = None
    if first or last:
        asked.first, asked.last = first, last
        for name, day in (("from", first), ("to", last)):
            if day:
                _keep(asked, name, day.isoformat())
    elif asked.view == "list":
        asked.first = asked.on


def request_args() -> Asked:
    return read(request.args)
