"""The register of appeals (Ж-7): recorded, decided, closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

import wtforms
from flask import url_for
from wtforms.validators import DataRequired, InputRequired

from models.access import Viewer
from models.case_access import may_record
from models.work import Appeal, Urgency
from services.work import appeals
from views import edge, labels, listing
from views.cases import cells
from views.doing import Action
from views.extensions import db
from views.fields import REQUIRED, CodeField, LongField, RuDateField
from views.formats import chip, ru_date
from views.listing import Column, Filter
from views.people_lookup import PersonField
from views.registers import label_from
from views.work.base import ANNUL, MUST, WorkView, section
from views.work.fields import ClockField

LOOKS = {Urgency.URGENT: ("amber", "clock-exclamation"), Urgency.AT_ONCE: ("red", "alert-triangle")}


class DecideForm(wtforms.Form):
    decision = LongField("Принятое решение, оказанная помощь", validators=[DataRequired(REQUIRED)])


class CloseForm(wtforms.Form):
    done_on = RuDateField("Дата исполнения", validators=[InputRequired(REQUIRED)])
    outcome_code = CodeField(table="outcome", label="Результат", validators=[InputRequired(REQUIRED)])
    decision = LongField("Принятое решение, оказанная помощь")


def _may(viewer: Viewer, record: Appeal) -> bool:
    return may_record(viewer, record.agency_id)


def _is_open(record: Appeal) -> bool:
    return record.annulled_on is None and record.done_on is None


def _decide(record: Appeal, form: Any) -> str:
    appeals.decide(db.session(), appeal=record, decision=form.decision.data or "", by=edge.viewer())
    return "Решение записано."


def _close(record: Appeal, form: Any) -> str:
    appeals.close(
        db.session(),
        appeal=record,
        done_on=form.done_on.data,
        outcome_code=form.outcome_code.data,
        decision=form.decision.data or "",
        by=edge.viewer(),
    )
    return "Обращение исполнено."


def _decided(form: Any, record: Appeal) -> None:
    form.decision.data = record.decision
    if "done_on" in form:
        form.done_on.data = edge.today()


class AppealView(WorkView):
    title, icon, create_label, default_sort = "Обращения", "mail", "Записать обращение", "-day"
    search_placeholder_text = "Номер, фамилия, содержание"
    day, topic = "received_on", "content"
    fixed = ("urgency", "outcome_code")
    form_overrides: ClassVar[dict[str, Any]] = {"graduate_id": PersonField, "received_time": ClockField}
    form_args: ClassVar[dict[str, Any]] = {"content": MUST}
    form_sections = (
        section(
            "Обращение",
            "about",
            *("graduate_id", "received_on", "received_time", "channel_code", "urgency", "wanted_kind_code"),
            *("content", "specialist", "agency_id"),
        ),
        section("Решение", "decision-section", "decision", "outcome_code"),
    )
    actions = (
        Action("close", "Отметить исполнение", _close, _may, _is_open, CloseForm, _decided, kind="primary"),
        Action("decide", "Записать решение", _decide, _may, _is_open, DecideForm, _decided),
        ANNUL,
    )

    def columns(self) -> Sequence[Column]:
        urgency = label_from(Urgency)
        return (
            cells.number_column(Appeal, "№"),
            self.day_column(),
            cells.person(Appeal),
            Column("content", "Содержание", Appeal.content, css="cell-long", width=50),
            Column("urgency", "Срочность", Appeal.urgency, show=urgency_chip, export=urgency, width=18),
            cells.day("due", "Срок", Appeal.due_on, is_sorted=True),
            cells.day("done", "Исполнено", Appeal.done_on, is_sorted=True),
            cells.coded("outcome", "Результат", Appeal.outcome_code, "outcome", 20),
            self.specialist_column("Исполнитель"),
            self.annulled_column(),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            Filter("urgency", "Срочность", "choice", _urgencies, Urgency.choices),
            listing.flag("done", "Исполнено", lambda: Appeal.done_on.is_not(None)),
            listing.choice("wanted", "Вид помощи", Appeal.wanted_kind_code, lambda: labels.options("service_kind")),
            listing.choice("channel", "Канал", Appeal.channel_code, lambda: labels.options("channel")),
            listing.period("due", "Срок", Appeal.due_on),
            *self.common_filters(),
        )

    def record(self, form: Any) -> Appeal:
        return appeals.record(
            db.session(),
            graduate_id=form.graduate_id.data,
            received_on=form.received_on.data,
            received_time=form.received_time.data,
            channel_code=form.channel_code.data,
            content=form.content.data or "",
            wanted_kind_code=form.wanted_kind_code.data,
            urgency=form.urgency.data,
            decision=form.decision.data or "",
            outcome_code=form.outcome_code.data,
            **self.made_by(form),
        )

    def told(self, record: Appeal) -> str:
        due = f" Срок – {ru_date(record.due_on)}." if record.due_on and not record.done_on else ""
        return f"{super().told(record)}{due}"

    def chips(self, record: Appeal) -> list[Any]:
        shown = [urgency_chip(record.urgency)] if record.urgency is not Urgency.ORDINARY else []
        return [*shown, *([state_chip(record, edge.today())] if record.annulled_on is None else super().chips(record))]

    def blocks(self, record: Appeal) -> list[dict[str, Any]]:
        about, decision = super().blocks(record)
        decision["items"] = cells.filled(record, "decision", "due_on", "done_on", "outcome_code")
        decision["empty"] = "Решения ещё нет."
        return [about, decision]

    def more(self, record: Appeal) -> list[tuple[str, str]]:
        return [
            ("Записать услугу", url_for("service_record.create_view", graduate=record.graduate_id, appeal=record.id))
        ]


def urgency_chip(value: Any) -> Any:
    urgency = Urgency(value)
    return chip(urgency.label, *LOOKS[urgency]) if urgency in LOOKS else urgency.label


def state_chip(record: Appeal, today: date) -> Any:
    if record.done_on is not None:
        return chip(labels.label("outcome", record.outcome_code), "green", "circle-check")
    if record.due_on is not None and record.due_on < today:
        return chip(f"просрочено, срок {ru_date(record.due_on)}", "red", "alert-circle")
    return chip(f"в работе, срок {ru_date(record.due_on)}" if record.due_on else "в работе", "blue", "circle-dot")


def _urgencies(values: list[str]) -> Any:
    return Appeal.urgency.in_([Urgency(value) for value in values])
