"""Forms that judge by a scale: radio buttons with the words of each step, and a note beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import wtforms
from wtforms.validators import InputRequired, ValidationError

from reports.scales import Item, Scale
from views.doing import LINE
from views.fields import TextField

UNKNOWN = "na"
CHOOSE, CHOOSE_OR_UNKNOWN = "Выберите оценку.", "Выберите оценку или «н/д»."


class ScoreField(wtforms.RadioField):
    """A step of an item's scale, as text; UNKNOWN where the scale allows «н/д»."""

    def __init__(self, *, item: Item, is_optional: bool, **kwargs: Any) -> None:
        self.known = [(str(value), words) for value, words in item.steps]
        if is_optional:
            self.known.append((UNKNOWN, "нет сведений"))
        required = InputRequired(CHOOSE_OR_UNKNOWN if is_optional else CHOOSE)
        super().__init__(label=item.title, choices=self.known, validate_choice=False, validators=[required], **kwargs)

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in dict(self.known):
            raise ValidationError("Такой оценки в шкале нет.")

    @property
    def steps(self) -> Iterator[tuple[str, str, Any]]:
        """(«3», words, the radio button), the best first."""
        for option, (value, words) in zip(self, self.known, strict=True):
            yield ("н/д" if value == UNKNOWN else value, words, option)

    @property
    def value(self) -> int | None:
        return int(self.data) if self.data and self.data != UNKNOWN else None


class Mark(NamedTuple):
    """What a record says of an item, for the form that corrects it."""

    value: int | None
    note: str


class Judged(NamedTuple):
    """An item of the form with its two fields."""

    item: Item
    score: Any
    note: Any


def with_scores(form_class: type[Any], scale: Scale, *, is_optional: bool) -> type[Any]:
    """The form class with a score and a note for each item of a scale."""
    fields: dict[str, Any] = {"scale": scale}
    for item in scale.items:
        fields[_score(item)] = ScoreField(item=item, is_optional=is_optional)
        fields[_note(item)] = TextField("Примечание", validators=[LINE])
    return type(form_class.__name__, (form_class,), fields)


def start_values(marks: Mapping[str, Mark], scale: Scale) -> dict[str, Any]:
    """What a form that corrects a record shows first."""
    values: dict[str, Any] = {}
    for item in scale.items:
        if item.code in marks:
            value, note = marks[item.code]
            values[_score(item)] = UNKNOWN if value is None else str(value)
            values[_note(item)] = note
    return values


def judged(form: Any) -> list[Judged]:
    return [Judged(item, form[_score(item)], form[_note(item)]) for item in form.scale.items]


def marks_in(form: Any) -> dict[str, Mark]:
    """What was chosen, by code."""
    return {one.item.code: Mark(one.score.value, one.note.data or "") for one in judged(form)}


def differences(form: Any, marks: Mapping[str, Mark]) -> list[dict[str, Any]]:
    """Rows of the conflict panel: what somebody else has saved, and what this form says."""
    rows = []
    for one in judged(form):
        theirs = marks.get(one.item.code)
        if theirs is not None and theirs.value != one.score.value:
            row = {"label": one.item.title, "field_id": one.score.id, "base": "", "taken": "mine"}
            rows.append({**row, "theirs": value_text(theirs.value), "mine": value_text(one.score.value)})
    return rows


def page_of_form(context: dict[str, Any], marks_of: Callable[[Any], Mapping[str, Mark]]) -> dict[str, Any]:
    """The context of a page with such a form: sections before and after the scores, scores that somebody changed."""
    form = context.get("form")
    if form is None or not hasattr(form, "scale"):
        return context
    if context.get("conflict") and form._obj is not None:
        context["conflict"]["rows"] += differences(form, marks_of(form._obj))
    first, *rest = context["sections"]
    return {**context, "sections": [first], "after": rest, "judged": judged(form)}


def value_text(value: int | None) -> str:
    return "н/д" if value is None else str(value)


def _score(item: Item) -> str:
    return f"score-{item.code}"


def _note(item: Item) -> str:
    return f"note-{item.code}"
