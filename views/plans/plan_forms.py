"""What the actions with a plan and its measures ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import wtforms
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from views.captions import caption
from views.doing import LINE
from views.fields import REQUIRED, CodeField, LongField, OfferedField, RuDateField, TextField

WRONG_CHOICE = "Выберите значение из списка."


def day(label: str, help: str = "", *, is_required: bool = True) -> Any:
    return RuDateField(label, description=help, validators=[InputRequired(REQUIRED) if is_required else Optional()])


def line(label: str, help: str = "", *, is_required: bool = True) -> Any:
    return TextField(label, description=help, validators=[DataRequired(REQUIRED) if is_required else Optional(), LINE])


def text(label: str, help: str = "", *, is_required: bool = True) -> Any:
    return LongField(label, description=help, validators=[DataRequired(REQUIRED) if is_required else Optional()])


# -- Plans -----------------------------------------------------------------------------------------------------------


class ApproveForm(wtforms.Form):
    agreed_on = day(*caption("plan", "agreed_on"))
    approved_on = day("Дата утверждения")


class CommentForm(wtforms.Form):
    text = text("Замечание")


class PartnerField(OfferedField):
    """One of the partners that an action offers."""

    offered: Sequence[tuple[int, str]] = ()

    def _coerce(self, value: Any) -> int | None:
        return int(value) if value not in (None, "") else None

    def iter_choices(self) -> Iterator[tuple[Any, str, bool, dict[str, Any]]]:
        for number, name in self.offered:
            yield (number, name, self.data == number, {})

    def pre_validate(self, form: Any) -> None:
        if self.data not in {number for number, _ in self.offered}:
            raise ValidationError(WRONG_CHOICE)


class PartnerForm(wtforms.Form):
    partner = PartnerField(label="Организация")
    agreed_on = day("Когда согласовала")


class CloseForm(wtforms.Form):
    closed_on = day("Дата завершения")
    closing_note = text("Анализ исполнения", "Что удалось, что нет и почему, что делать дальше")


class RenewForm(wtforms.Form):
    starts_on = day("Новая редакция действует с")
    ends_on = day("по", "Не дольше договора")
    reason = line("Почему новая редакция", "Например: прошёл год, изменилась ситуация")
    analysis = text("Анализ исполнения этой редакции", is_required=False)


# -- Measures --------------------------------------------------------------------------------------------------------


class StartForm(wtforms.Form):
    on = day("С какого дня в работе")


class ServicesField(wtforms.SelectMultipleField):
    """Services to the person; the choices are those of the measure."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, validate_choice=False, choices=[], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([value for value in valuelist if value])
        except ValueError:
            raise ValueError(WRONG_CHOICE) from None
        if any(abs(number) >= 2**31 for number in self.data or ()):
            raise ValueError(WRONG_CHOICE)


class DoneForm(wtforms.Form):
    done_on = day("Дата выполнения")
    result = text("Результат", is_required=False)
    services = ServicesField(
        label="Оказанные услуги",
        description="«Выполнено» подтверждается услугой: выберите записанную или запишите новую ниже",
        render_kw={"data-picker": "", "size": "4"},
    )
    kind_code = CodeField(
        table="service_kind",
        label="Новая услуга: вид",
        description="Заполните, если услуга ещё не записана в журнал",
        validators=[Optional()],
    )
    title = line("Новая услуга: что сделано", is_required=False)


class PartlyForm(wtforms.Form):
    done_on = day("Дата")
    result = text("Что сделано и что осталось")
    services = ServicesField(label="Оказанные услуги", render_kw={"data-picker": "", "size": "4"})


class FailForm(wtforms.Form):
    on = day("Дата отметки")
    reason = text("Почему не выполнено")


class RefuseForm(wtforms.Form):
    refused_on = day("Дата отказа")
    reason_code = CodeField(table="graduate_refusal_reason", label="Причина", validators=[Optional()])
    reason_note = line("Пояснение", "Словами выпускника", is_required=False)
    is_signed = wtforms.BooleanField("Выпускник подписал отметку об отказе")


class MoveForm(wtforms.Form):
    due_on = day("Новый срок")
    ground = line("Основание переноса")
    on = day("Дата решения о переносе")


class GroundForm(wtforms.Form):
    on = day("Дата")
    ground = line("Основание")
