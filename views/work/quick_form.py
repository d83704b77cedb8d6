"""The form of «Записать работу»: who, what, when, about what, and the service with it."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms.validators import InputRequired, Length

from models.base import LabelledEnum
from models.case_access import may_record
from models.work import ConsultationKind, Urgency
from views import edge
from views.doing import OnceField
from views.fields import REQUIRED, CodeField, EnumField, LongField, NumberField, RuDateField, TextField
from views.work.fields import MeasureField, PeopleField


class What(LabelledEnum):
    """What is written down; the keys 1–5 with Alt choose one."""

    TALK = "talk", "Беседа, консультация"
    CALL = "call", "Звонок"
    APPEAL = "appeal", "Обращение"
    VISIT = "visit", "Выезд"
    SERVICE = "service", "Услуга"


# Fields that a refusal of a verb names → where they stand in this form.
PLACES = {
    "graduate_id": "people",
    "held_on": "on",
    "received_on": "on",
    "visited_on": "on",
    "provided_on": "on",
    "purpose": "topic",
    "title": "topic",
    "content": "topic",
    "kind_code": "service_kind",
    "form_code": "service_form",
}


class QuickForm(wtforms.Form):
    form_token = OnceField()
    people = PeopleField("С кем")
    what = EnumField(enum=What, default=What.TALK, label="Что записать")
    on = RuDateField("Дата", validators=[InputRequired(REQUIRED)])
    kind = EnumField(enum=ConsultationKind, default=ConsultationKind.TALK, label="Вид беседы")
    channel_code = CodeField(table="channel", label="Форма")
    urgency = EnumField(enum=Urgency, default=Urgency.ORDINARY, label="Срочность")
    topic = TextField("Тема", validators=[InputRequired(REQUIRED), Length(max=500, message="Не длиннее 500 знаков.")])
    content = LongField("Содержание", validators=[Length(max=20000, message="Не длиннее 20 000 знаков.")])
    outcome_code = CodeField(table="outcome", label="Результат")
    is_opened = wtforms.BooleanField("Дверь открыта: встретились", default=True)
    service_kind = CodeField(table="service_kind", label="Вид услуги")
    service_form = CodeField(table="service_form", label="Форма обслуживания")
    quantity = NumberField("Количество", default=1)
    measure_id = MeasureField(label="Мероприятие плана")
    agency_id = CodeField(table="agency", is_number=True, label="Организация")

    def ready(self) -> QuickForm:
        """Only an administrator names an organisation; measures are of the one person chosen."""
        if not edge.viewer().is_administrator:
            del self.agency_id
        people = self.people.data or []
        self.measure_id.graduate_id = people[0] if len(people) == 1 else None
        return self

    def agency(self) -> int:
        chosen = self.agency_id.data if "agency_id" in self else None
        return int(chosen or edge.viewer().agency_id)

    def told_at(self, field: str) -> Any | None:
        return self._fields.get(PLACES.get(field, field))


def may_write() -> bool:
    viewer = edge.viewer()
    return may_record(viewer, viewer.agency_id)
