"""A cell of the compliance table: states in words with an icon and a colour, each with the obligations behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from models.deadlines import State
from models.regulations import Regulation
from services.deadlines.as_of import Part
from services.deadlines.compliance import Cell
from views import edge
from views.deadline_look import deadline_url
from views.formats import grouped, ru_date

QUARTERS = ("I", "II", "III", "IV")
NOTHING = "оснований не было"
# The first state of a cell colours it; the words of one obligation and of several.
LOOKS: dict[State, tuple[str, str, str, str]] = {
    State.OVERDUE: ("red", "alert-circle", "просрочено", "просрочено"),
    State.DUE_SOON: ("amber", "clock-exclamation", "скоро срок", "скоро срок"),
    State.DONE_LATE: ("amber", "clock-exclamation", "с опозданием", "с опозданием"),
    State.OPEN: ("blue", "circle-dot", "в работе", "в работе"),
    State.PAUSED: ("grey", "hand-stop", "приостановлено", "приостановлено"),
    State.DONE: ("green", "circle-check", "исполнено", "в срок"),
    State.UPCOMING: ("plain", "clock", "предстоит", "предстоит"),
    State.WAIVED: ("plain", "circle-x", "снято", "снято"),
    State.NOT_APPLICABLE: ("plain", "ban", "не требуется", "не требуется"),
}
CLOSED = (State.WAIVED, State.NOT_APPLICABLE)
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


@dataclass(frozen=True)
class Links:
    """Where a part of a cell leads: states can be listed as of today only."""

    agency_id: int
    rule_key: str
    on: date
    is_today: bool

    def url(self, cell: Cell, part: Part) -> str:
        if part.count == 1:
            return deadline_url(part.deadline_id)
        first = date(self.on.year, cell.first * 3 + 1, 1)
        last = date(self.on.year, *QUARTER_ENDS[cell.last])
        states = (part.state,) if self.is_today else ()
        return _list_url(self.agency_id, first, last, states, **{"f.rule": self.rule_key})


def _list_url(agency_id: int, first: date, last: date, states: Sequence[State], **more: Any) -> str:
    whose = {"f.own": "1"} if agency_id == edge.viewer().agency_id else {"f.agency": agency_id}
    args: dict[str, Any] = {"show": "all", **whose, "f.due": f"{first.isoformat()}..{last.isoformat()}", **more}
    if states:
        args["f.state"] = [state.value for state in states]
    return url_for("deadline.index_view", **args)


def year_url(agency_id: int, regulation: Regulation | None, year: int, states: Sequence[State]) -> str:
    """All obligations of a regulation and a year in some states."""
    more = {"f.regulation": regulation.id} if regulation else {}
    return _list_url(agency_id, date(year, 1, 1), date(year, 12, 31), states, **more)


def ordered(parts: Iterable[Part]) -> list[Part]:
    """The most urgent first."""
    places = {state: place for place, state in enumerate(LOOKS)}
    return sorted(parts, key=lambda part: places[part.state])


def words(part: Part) -> str:
    """«исполнено 03.10.2026, № 215», «просрочено, срок был 05.10.2026», «в срок: 34»."""
    sign = " " if part.proof else ", "
    return sign.join(text for text in (_count(part), note(part)) if text)


def _count(part: Part) -> str:
    _, _, one, many = LOOKS[part.state]
    return one if part.count == 1 else f"{many}: {grouped(part.count)}"


def note(part: Part) -> str:
    """What of one obligation, or how much of a quota."""
    progress = f"{part.achieved} из {part.required}" if part.required > part.count else ""
    if part.count > 1:
        return f"сделано {progress}" if progress else ""
    if part.proof is not None:
        number = f", № {part.proof.number}" if part.proof.number else ""
        return f"{ru_date(part.proof.happened_on)}{number}"
    if part.state in CLOSED:
        return ""
    day = ru_date(part.last_due)
    told = f"срок был {day}" if part.state is State.OVERDUE else f"до {day}"
    return f"{progress}, {told}" if progress else told


def shown(cell: Cell, links: Links) -> dict[str, Any]:
    """What a template needs of a cell."""
    parts = ordered(cell.parts)
    asked_for = [part for part in parts if part.state not in CLOSED]
    whole = sum(part.count for part in asked_for)
    done = sum(part.count for part in parts if part.state in (State.DONE, State.DONE_LATE))
    return {
        "span": cell.last - cell.first + 1,
        "label": _label(cell),
        "colour": LOOKS[parts[0].state][0] if parts else "none",
        "ratio": f"{grouped(done)} из {grouped(whole)}" if len(asked_for) > 1 else "",
        "parts": [_part(cell, part, links) for part in parts],
    }


def _part(cell: Cell, part: Part, links: Links) -> dict[str, str]:
    return {
        "colour": LOOKS[part.state][0],
        "icon": LOOKS[part.state][1],
        "text": words(part),
        "proof": part.proof.kind if part.proof else "",
        "url": links.url(cell, part),
    }


def _label(cell: Cell) -> str:
    """What stands above the cell where there is no heading: on a telephone."""
    if (cell.first, cell.last) == (0, len(QUARTERS) - 1):
        return "Год"
    ends = dict.fromkeys((QUARTERS[cell.first], QUARTERS[cell.last]))
    return f"{'–'.join(ends)} {'квартал' if len(ends) == 1 else 'кварталы'}"
