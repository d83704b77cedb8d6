"""Fields of daily work: several people, a time of day, lines of an act, a measure of a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import time
from typing import Any

import wtforms
from flask import url_for
from markupsafe import Markup
from sqlalchemy import select
from wtforms.widgets import Select

from models.case_access import of_visible_people
from models.plans import OPEN_MEASURES, Measure, Plan, PlanState
from services.work.urgent import Rendered
from views import edge
from views.extensions import db
from views.fields import LongField, OfferedField
from views.formats import ru_date
from views.people_lookup import names_of

_CLOCK = re.compile(r"^(\d{1,2})[:.\- ]?(\d{2})$")
_TIMES = re.compile(r"^(.*\S)\s*[×xх*]\s*(\d{1,4})$")
TITLE_SHOWN = 120


class ClockField(wtforms.Field):
    """«11:20», «9.05», «1120»."""

    widget = wtforms.widgets.TextInput()
    data: time | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {"inputmode": "numeric", "autocomplete": "off", "maxlength": "5"})
        super().__init__(*args, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%H:%M}" if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (valuelist or [""])[0].strip()
        self.data = None
        if text:
            found = _CLOCK.match(text)
            try:
                self.data = time(int(found[1]), int(found[2])) if found else None
            except ValueError:
                found = None
            if not found:
                raise ValueError("Введите время в виде 11:20.")


class _People(Select):
    """The search box, and without a script a box for the numbers of cards."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        typed = Markup(
            '<noscript><label class="form-label" for="{0}-numbers">Номера карточек через запятую</label>'
            '<textarea class="form-control" id="{0}-numbers" name="{1}" rows="2"></textarea></noscript>'
        ).format(field.id, field.name)
        return super().__call__(field, **kwargs) + typed


class PeopleField(wtforms.SelectMultipleField):
    """Several people; the verb checks that the user sees them. Values are numbers of cards, one or several in each."""

    widget: Select = _People(multiple=True)

    def __init__(self, label: str = "", validators: Any = None, **kwargs: Any) -> None:
        kept = {name: value for name, value in kwargs.items() if name not in ("allow_blank", "filters", "render_kw")}
        attributes = {"data-picker": "", "data-lookup-url": url_for("people.lookup"), "data-wide": True}
        attributes |= {"data-placeholder": "Начните вводить фамилию"}
        super().__init__(label, validators, choices=[], validate_choice=False, render_kw=attributes, **kept)

    def process_data(self, value: Any) -> None:
        self.data = list(value or [])

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        numbers = re.split(r"[\s,;№]+", " ".join(map(str, valuelist)))
        self.data = list(dict.fromkeys(int(text) for text in numbers if text.isdecimal() and len(text) < 10))
        if any(text and not (text.isdecimal() and len(text) < 10) for text in numbers):
            raise ValueError("Номера карточек – это числа через запятую.")

    def has_groups(self) -> bool:
        return False

    def iter_choices(self) -> Iterator[tuple[Any, str, bool, dict[str, Any]]]:
        known = names_of(self.data or [])
        yield from ((number, known[number], True, {}) for number in self.data or [] if number in known)

    def pre_validate(self, form: Any) -> None:
        """The verb does it, of all together."""


class PresentField(PeopleField):
    """Some of those who stand in a list already: `present` are their numbers and names."""

    widget = Select(multiple=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.render_kw = {"data-picker": "", "data-placeholder": "Выберите из списка", "data-wide": True}
        self.present: dict[int, str] = {}

    def iter_choices(self) -> Iterator[tuple[Any, str, bool, dict[str, Any]]]:
        yield from ((number, name, number in (self.data or []), {}) for number, name in self.present.items())


class UrgentLinesField(LongField):
    """Services of an act, one in a line; «набор продуктов × 2» is two of them."""

    def __init__(self, label: str = "", validators: Any = None, **kwargs: Any) -> None:
        kept = {name: value for name, value in kwargs.items() if name not in ("allow_blank", "filters", "render_kw")}
        super().__init__(label, validators, render_kw={"rows": "4", "data-wide": True}, **kept)

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ""

    def lines(self) -> list[Rendered]:
        return [_line(text.strip()) for text in str(self.data or "").splitlines() if text.strip()]


def _line(text: str) -> Rendered:
    found = _TIMES.match(text)
    return Rendered(found[1], int(found[2])) if found else Rendered(text)


class MeasureField(OfferedField):
    """An unfinished measure of the plan in force of `graduate_id`; the verb checks whose it is."""

    graduate_id: int | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.render_kw = {"data-measures": "", "data-plain": "", "data-proposal-url": url_for("work.proposal")}

    def _coerce(self, value: Any) -> int | None:
        return int(value) if value not in (None, "") and abs(int(value)) < 2**31 else None

    def iter_choices(self) -> Iterator[tuple[Any, str, bool, dict[str, Any]]]:
        yield ("", "", self.data is None, {})
        for number, title in measures_of(self.graduate_id):
            yield (number, title, number == self.data, {})


def measures_of(graduate_id: int | None) -> list[tuple[int, str]]:
    """What a service to a visible person may fulfil, the nearest first."""
    if graduate_id is None:
        return []
    query = (
        select(Measure)
        .join(Plan, Plan.id == Measure.plan_id)
        .where(
            Plan.graduate_id == graduate_id,
            Plan.state == PlanState.APPROVED,
            Plan.annulled_on.is_(None),
            Measure.status.in_(OPEN_MEASURES),
            of_visible_people(edge.viewer(), Plan),
        )
        .order_by(Measure.due_on.is_(None), Measure.due_on, Measure.position, Measure.id)
        .limit(200)
    )
    return [(measure.id, _told(measure)) for measure in db.session.scalars(query)]


def _told(measure: Measure) -> str:
    title = measure.title if len(measure.title) <= TITLE_SHOWN else f"{measure.title[:TITLE_SHOWN]}…"
    return f"{title} (до {ru_date(measure.due_on)})" if measure.due_on else title
