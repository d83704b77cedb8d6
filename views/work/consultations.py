"""The registers of talks (Ж-6) and of their minutes (П-1), whose bodies only the author and the head read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from flask import abort, request, url_for
from sqlalchemy import ColumnElement, case, func, or_, select
from wtforms.validators import ValidationError

from models.access import Viewer
from models.case_access import of_visible_people
from models.support import FieldGroup
from models.work import BODY_OF_MINUTES, Consultation, ConsultationKind, ConsultationMinutes
from services.errors import Refused
from services.work import consultations
from views import edge, history, labels, listing
from views import work_words as words
from views.case_base import wanted_number
from views.cases import cells
from views.doing import told_at_field
from views.extensions import db
from views.fields import OfferedField
from views.formats import ru_date
from views.listing import Column, Filter
from views.people_lookup import card_number, names_of
from views.registers import label_from
from views.work.base import MUST, WorkView, section
from views.work.fields import ClockField

OFFERED = 50


class ConsultationView(WorkView):
    title, icon, create_label, default_sort = "Беседы, консультации", "notebook", "Записать беседу", "-day"
    search_placeholder_text = "Номер, фамилия, тема"
    day, topic = "held_on", "topic"
    form_args: ClassVar[dict[str, Any]] = {"topic": MUST}
    form_sections = (
        section(
            "Беседа, консультация",
            "about",
            *("graduate_id", "held_on", "kind", "channel_code", "topic", "content", "outcome_code"),
            *("specialist", "agency_id"),
        ),
    )

    def columns(self) -> Sequence[Column]:
        kind = label_from(ConsultationKind)
        return (
            cells.number_column(Consultation, "№"),
            self.day_column(),
            cells.person(Consultation),
            Column("kind", "Вид", Consultation.kind, show=kind, export=kind, width=28),
            cells.coded("channel", "Форма", Consultation.channel_code, "channel", 14),
            Column("topic", "Тема", Consultation.topic, css="cell-long", width=44),
            cells.coded("outcome", "Результат", Consultation.outcome_code, "outcome", 18),
            Column("minutes", "№ протокола", _minutes_number(), width=12),
            self.specialist_column(),
            self.annulled_column(),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            Filter("kind", "Вид", "choice", _kinds, ConsultationKind.choices),
            listing.choice("channel", "Форма", Consultation.channel_code, lambda: labels.options("channel")),
            listing.flag("minutes", "Есть протокол", lambda: _has_minutes()),
            *self.common_filters(),
        )

    def record(self, form: Any) -> Consultation:
        return consultations.record(
            db.session(),
            graduate_id=form.graduate_id.data,
            held_on=form.held_on.data,
            kind=form.kind.data,
            channel_code=form.channel_code.data,
            topic=form.topic.data or "",
            content=form.content.data or "",
            outcome_code=form.outcome_code.data,
            **self.made_by(form),
        )

    def blocks(self, record: Consultation) -> list[dict[str, Any]]:
        (about,) = super().blocks(record)
        if record.minutes is not None:
            about["items"].append(("Протокол", words.entry_link(record.minutes)))
        return [about]

    def more(self, record: Consultation) -> list[tuple[str, str]]:
        draw_up = url_for("consultation_minutes.create_view", consultation=record.id)
        service = url_for("service_record.create_view", graduate=record.graduate_id, consultation=record.id)
        return [
            *([("Составить протокол", draw_up)] if record.minutes is None else []),
            ("Записать услугу", service),
        ]


def _minutes_number() -> ColumnElement[str]:
    number = select(cells.number_column(ConsultationMinutes).expr)
    return (
        number.where(ConsultationMinutes.consultation_id == Consultation.id).correlate(Consultation).scalar_subquery()
    )


def _has_minutes() -> ColumnElement[bool]:
    return select(ConsultationMinutes.id).where(ConsultationMinutes.consultation_id == Consultation.id).exists()


def _kinds(values: list[str]) -> ColumnElement[bool]:
    return Consultation.kind.in_([ConsultationKind(value) for value in values])


# -- Minutes ---------------------------------------------------------------------------------------------------------


class TalkField(OfferedField):
    """A talk of the own organisation that has no minutes yet; the verb decides."""

    def _coerce(self, value: Any) -> int | None:
        return int(value) if value not in (None, "") and abs(int(value)) < 2**31 else None

    def iter_choices(self) -> Iterator[tuple[Any, str, bool, dict[str, Any]]]:
        yield ("", "", self.data is None, {})
        for talk in _talks(self.data):
            yield (talk.id, f"{_talk_told(talk)}: {talk.topic}", talk.id == self.data, {})

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and talk_of(self.data) is None:
            raise ValidationError("Выберите беседу из списка.")


def talk_of(number: int | None) -> Consultation | None:
    """A talk about somebody whom the user sees."""
    if number is None:
        return None
    seen = of_visible_people(edge.viewer(), Consultation)
    return db.session.scalars(select(Consultation).where(Consultation.id == number, seen)).one_or_none()


def _talks(chosen: int | None) -> Sequence[Consultation]:
    own = Consultation.agency_id == edge.viewer().agency_id
    waiting = own & Consultation.annulled_on.is_(None) & ~_has_minutes()
    query = select(Consultation).where(
        of_visible_people(edge.viewer(), Consultation), or_(waiting, Consultation.id == (chosen or 0))
    )
    newest = query.order_by(Consultation.held_on.desc(), Consultation.id.desc())
    found = db.session.scalars(newest.limit(OFFERED)).all()
    if chosen is None or any(talk.id == chosen for talk in found):
        return found
    return [*found, *(talk for talk in [talk_of(chosen)] if talk is not None)]


def _talk_told(talk: Consultation) -> str:
    name = names_of([talk.graduate_id]).get(talk.graduate_id, card_number(talk.graduate_id))
    return f"№ {talk.number_text} от {ru_date(talk.held_on)}, {name}"


class MinutesView(WorkView):
    title, icon, create_label, default_sort = "Протоколы бесед", "lock", "Составить протокол", "-day"
    search_placeholder_text = "Номер, фамилия"
    day = "drawn_on"
    fixed = ("consultation_id",)
    form_overrides: ClassVar[dict[str, Any]] = {
        "consultation_id": TalkField,
        "time_from": ClockField,
        "time_to": ClockField,
    }
    form_sections = (
        section(
            "Протокол",
            "about",
            *("consultation_id", "drawn_on", "time_from", "time_to", "place", "next_on", "is_signed", "is_remote"),
        ),
        section(
            "Содержание",
            "body",
            *BODY_OF_MINUTES,
            help="Закрытые сведения: читают автор протокола и руководитель, остальные видят «•••».",
        ),
    )

    def columns(self) -> Sequence[Column]:
        return (
            cells.number_column(ConsultationMinutes, "№"),
            self.day_column(),
            cells.person(ConsultationMinutes),
            Column("talk", "Беседа №", _talk_number(), width=12),
            Column("place", "Место, форма", ConsultationMinutes.place, width=24),
            Column("problem", "Проблема", _masked("problem"), css="cell-long", width=40),
            Column("recommendations", "Рекомендации", _masked("recommendations"), css="cell-long", width=40),
            cells.day("next", "Следующая встреча", ConsultationMinutes.next_on),
            cells.coded("author", "Автор", ConsultationMinutes.created_by_id, "user_account", 28),
            self.annulled_column(),
        )

    def filters(self) -> Sequence[Filter]:
        return self.common_filters()

    def may_edit_record(self, viewer: Viewer, record: ConsultationMinutes) -> bool:
        return consultations.may_change(db.session(), viewer=viewer, minutes=record)

    def fit_form(self, form: Any, record: Any | None) -> None:
        super().fit_form(form, record)
        if record is None and request.method == "GET":
            form.consultation_id.data = talk.id if (talk := talk_of(wanted_number("consultation"))) else None

    def check_form(self, form: Any, record: ConsultationMinutes | None) -> bool:
        if record is None:
            return True
        try:
            consultations.check_times(form.time_from.data, form.time_to.data)
            consultations.check_next(record.consultation.held_on, form.next_on.data)
        except Refused as refusal:
            told_at_field(form, refusal)
            return False
        return True

    def record(self, form: Any) -> ConsultationMinutes:
        return consultations.draw_up(
            db.session(),
            consultation=talk_of(form.consultation_id.data) or abort(404),
            drawn_on=form.drawn_on.data,
            time_from=form.time_from.data,
            time_to=form.time_to.data,
            place=form.place.data or "",
            next_on=form.next_on.data,
            is_signed=form.is_signed.data,
            is_remote=form.is_remote.data,
            body={name: form[name].data or "" for name in BODY_OF_MINUTES},
            by=edge.viewer(),
            now=edge.now(),
        )

    def card_context(self, record: ConsultationMinutes) -> dict[str, Any]:
        """The body, here and in the history, only for those who may read it."""
        may_read = consultations.may_read_body(db.session(), viewer=edge.viewer(), minutes=record)
        context = super().card_context(record)
        groups = frozenset({FieldGroup.PSYCHOLOGY.value} if may_read else ())
        context["history"] = history.of_record(record, may_read=groups)
        body = next(block for block in context["blocks"] if block["id"] == "body")
        body["note"] = "закрытые сведения"
        if not may_read:
            body["items"] = [("Содержание", history.MASK)]
        return context

    def blocks(self, record: ConsultationMinutes) -> list[dict[str, Any]]:
        about, body = super().blocks(record)
        about["items"].insert(0, ("Беседа", words.entry_link(record.consultation)))
        return [about, body]

    def is_plain(self, name: str) -> bool:
        return name != "consultation_id" and super().is_plain(name)


def _talk_number() -> ColumnElement[str]:
    number = select(cells.number_column(Consultation).expr)
    return (
        number.where(Consultation.id == ConsultationMinutes.consultation_id)
        .correlate(ConsultationMinutes)
        .scalar_subquery()
    )


def _masked(name: str) -> ColumnElement[str]:
    """A column of the body for those who may read it; to the others only that something is written."""
    column = getattr(ConsultationMinutes, name)
    return case(
        (func.coalesce(column, "") == "", ""), (consultations.body_readable(edge.viewer()), column), else_=history.MASK
    )
