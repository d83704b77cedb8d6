"""Forms of what is done with a letter."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms.validators import Length

from models.exchange import Delivery, Referral, ReplyOutcome
from services.files import recognition
from views.doing import LINE, NoFields, OnceField
from views.fields import CodeField, EnumField, LongField, NumberField, RuDateField, TextField
from views.people_lookup import PersonField

LONG = Length(max=20_000, message="Не длиннее 20 000 знаков.")
PERSON = "person_"  # Prefix of the answer about each person.


class ChoiceField(wtforms.SelectField):
    """A record out of a few, by its number; the options are put in when the form is made."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, choices=[], coerce=_number, validate_choice=False, **kwargs)

    def offer(self, options: list[tuple[int, str]], *, empty: str | None = "") -> None:
        """`empty`: what stands first and means nothing; None: the first one is chosen."""
        first: list[tuple[Any, str]] = [("", empty)] if empty is not None else []
        self.choices = [*first, *options]


def _number(value: Any) -> int | None:
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


class ReasonForm(wtforms.Form):
    reason = TextField("Причина", validators=[LINE])


class QuestionForm(wtforms.Form):
    reason = TextField("Что нужно уточнить", validators=[LINE])


class MissingForm(wtforms.Form):
    reason = TextField("Чего не хватает", validators=[LINE])


class ClosingForm(wtforms.Form):
    note = TextField("Чем закончилось", validators=[LINE])


class ExecutorForm(wtforms.Form):
    executor_id = ChoiceField("Исполнитель")


class TransferForm(wtforms.Form):
    curator_id = ChoiceField("Куратор")
    order_number = TextField("№ приказа о назначении куратора", validators=[LINE])


class ForwardForm(wtforms.Form):
    recipient_id = ChoiceField("Кому переслать", render_kw={"data-picker": "", "data-placeholder": "Организация"})
    reason = TextField("Почему", validators=[LINE])


class PaperSendForm(wtforms.Form):
    delivery = EnumField(label="Как отправлено", enum=Delivery, default=Delivery.POST)
    sheets = NumberField("Листов", default=1)


class MessageForm(wtforms.Form):
    text = LongField("Сообщение", validators=[LONG])
    form_token = OnceField()


class NoteForm(wtforms.Form):
    text = LongField("Заметка", validators=[LONG])
    form_token = OnceField()


class FileForm(wtforms.Form):
    title = TextField("Название документа", validators=[LINE])
    message_id = ChoiceField("К чему")
    file = wtforms.FileField("Файл", render_kw={"accept": recognition.ACCEPTED})
    form_token = OnceField()


class NeedForm(wtforms.Form):
    person_id = ChoiceField("Человек")
    kind_code = CodeField(label="Вид нуждаемости", table="problem_kind")
    severity = ChoiceField("Тяжесть")
    description = TextField("В чём нуждается", validators=[LINE])


class CardForm(wtforms.Form):
    person_id = ChoiceField("Человек в письме")
    name = TextField("Фамилия, имя, отчество", validators=[LINE])
    birth_date = RuDateField("Дата рождения")
    district_id = CodeField(label="Район", table="district", is_number=True)
    existing_id = PersonField(label="Имеющаяся карточка", description="Если человек уже есть в реестре")
    is_other_person = wtforms.BooleanField("Это другой человек, хотя имя и дата рождения совпали")


class MeasureForm(wtforms.Form):
    plan_id = ChoiceField("План")
    title = TextField("Мероприятие", validators=[LINE])
    direction_code = CodeField(label="Направление", table="direction")
    due_on = RuDateField("Срок")


class AnswerForm(wtforms.Form):
    outcome = EnumField(label="Результат", enum=ReplyOutcome)
    text = LongField("Ответ", validators=[LONG])
    form_token = OnceField()


class PaperAnswerForm(AnswerForm):
    written_on = RuDateField("Дата ответа")
    their_number = TextField("Исх. № ответа", validators=[LINE])


def answer_form(referral: Referral) -> type[wtforms.Form]:
    """With a field for each person where the letter is about several."""
    base = PaperAnswerForm if referral.is_on_paper else AnswerForm
    if len(referral.people) < 2:
        return base
    fields = {f"{PERSON}{one.id}": LongField(one.name, validators=[LONG]) for one in referral.people}
    return type("AnswerAboutPeople", (base,), fields)


def sending_form(referral: Referral) -> type[wtforms.Form]:
    """One button, unless the letter goes on paper."""
    return PaperSendForm if referral.is_on_paper else NoFields
