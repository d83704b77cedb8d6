"""The register of group sessions (Ж-5): one entry for many people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import wtforms
from flask import url_for
from sqlalchemy import ColumnElement, func, or_, select

from models.access import Viewer, visible_to
from models.case_access import may_record, sessions_visible_to
from models.graduates import Graduate
from models.search import matches
from models.work import GroupParticipant, GroupSession, ServiceRecord, SessionKind
from services.work import sessions
from views import edge, labels, listing
from views import work_words as words
from views.cases import cells
from views.deadline_cells import person_cell, person_text
from views.doing import Action
from views.extensions import db
from views.formats import counted
from views.listing import Column, Filter
from views.people_lookup import card_number, names_of
from views.registers import fragment, label_from
from views.work.base import ANNUL, MUST, WorkView, people_asked_for, section
from views.work.fields import ClockField, PeopleField, PresentField

DEFAULT_SERVICE = "pedagogical"


class AddForm(wtforms.Form):
    participants = PeopleField("Кто ещё участвовал")


class RemoveForm(wtforms.Form):
    participants = PresentField("Кого убрать")


class RemoveAction(Action):
    """Its form offers those who take part."""

    def made_form(self, record: GroupSession, posted: str = "") -> wtforms.Form:
        form: Any = super().made_form(record, posted)
        form.participants.present = participants_told(record)
        return form


def participants_told(record: GroupSession) -> dict[int, str]:
    """Numbers and names; of those whom the user may not see only the number of the card."""
    ids = [participant.graduate_id for participant in record.participants]
    known = names_of(ids)
    return {number: known.get(number, card_number(number)) for number in ids}


def _may(viewer: Viewer, record: GroupSession) -> bool:
    return may_record(viewer, record.agency_id)


def _stands(record: GroupSession) -> bool:
    return record.annulled_on is None


def _add(record: GroupSession, form: Any) -> str:
    count = sessions.add_participants(db.session(), group=record, graduate_ids=form.participants.data, by=edge.viewer())
    return f"Добавлено: {counted(count, 'участник', 'участника', 'участников')}."


def _remove(record: GroupSession, form: Any) -> str:
    count = sessions.remove_participants(
        db.session(), group=record, graduate_ids=form.participants.data, by=edge.viewer()
    )
    return f"Убрано: {counted(count, 'участник', 'участника', 'участников')}. Их услуги аннулированы."


class GroupSessionView(WorkView):
    title, icon, create_label, default_sort = "Групповые занятия", "users", "Записать занятие", "-day"
    search_placeholder_text = "Тема, программа, место, фамилия участника"
    day = "held_on"
    fixed = ("participants", "service_kind_code", "kind")
    form_overrides: ClassVar[dict[str, Any]] = {"participants": PeopleField, "starts_at": ClockField}
    form_args: ClassVar[dict[str, Any]] = {"participants": {"label": "Участники", **MUST}, "topic": MUST}
    form_sections = (
        section(
            "Занятие",
            "about",
            *("held_on", "starts_at", "minutes", "kind", "topic", "programme", "place", "specialist", "invited"),
            *("outcome", "agency_id"),
        ),
        section(
            "Участники",
            "people",
            *("participants", "service_kind_code"),
            help="Занятие появится в карточке каждого участника; с видом услуги каждому запишется и услуга.",
        ),
    )
    actions = (
        Action("add", "Добавить участников", _add, _may, _stands, AddForm),
        RemoveAction("remove", "Убрать участников", _remove, _may, _stands, RemoveForm, button="Убрать"),
        ANNUL,
    )

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return sessions_visible_to(viewer)

    def columns(self) -> Sequence[Column]:
        kind = label_from(SessionKind)
        return (
            cells.number_column(GroupSession, "№"),
            self.day_column(),
            Column("topic", "Тема", GroupSession.topic, css="cell-long", width=44),
            Column("kind", "Форма", GroupSession.kind, show=kind, export=kind, width=26),
            Column("programme", "Программа", GroupSession.programme, width=22),
            Column("place", "Место", GroupSession.place, width=26),
            Column("count", "Участников", _count(), css="cell-number", width=12),
            cells.coded("service", "Услуга", GroupSession.service_kind_code, "service_kind", 24),
            self.specialist_column("Ведущий"),
            cells.coded("agency", "Организация", GroupSession.agency_id, "agency", 30),
            self.annulled_column(),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            Filter("kind", "Форма", "choice", _kinds, SessionKind.choices),
            listing.choice("service", "Услуга", GroupSession.service_kind_code, lambda: labels.options("service_kind")),
            Filter("person", "Участник", "choice", _with_people, people_asked_for, lookup_url=url_for("people.lookup")),
            *self.common_filters(),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        told = fragment(text, GroupSession.topic, GroupSession.programme, GroupSession.place)
        named = visible_to(edge.viewer()) & matches(text, db.session.get_bind().dialect.name)
        return or_(told, GroupSession.id.in_(_sessions_of(select(Graduate.id).where(named))))

    def fit_form(self, form: Any, record: Any | None) -> None:
        super().fit_form(form, record)
        if record is None and not form.service_kind_code.raw_data:
            form.service_kind_code.data = form.service_kind_code.data or DEFAULT_SERVICE

    def record(self, form: Any) -> GroupSession:
        return sessions.record(
            db.session(),
            graduate_ids=form.participants.data or [],
            held_on=form.held_on.data,
            starts_at=form.starts_at.data,
            minutes=form.minutes.data,
            kind=form.kind.data,
            topic=form.topic.data or "",
            programme=form.programme.data or "",
            place=form.place.data or "",
            invited=form.invited.data or "",
            outcome=form.outcome.data or "",
            service_kind_code=form.service_kind_code.data,
            **self.made_by(form),
        )

    def told(self, record: GroupSession) -> str:
        count = counted(_number_of(record), "участник", "участника", "участников")
        return f"Записано: {words.entry_name(record)}, {count}."

    def blocks(self, record: GroupSession) -> list[dict[str, Any]]:
        about, people = super().blocks(record)
        rows = _participant_rows(record)
        people |= {"table": {"columns": ["Участник", "Услуга"], "rows": rows}, "note": f"всего: {len(rows)}"}
        return [about, people]


def _participant_rows(record: GroupSession) -> list[list[Any]]:
    query = select(ServiceRecord).where(ServiceRecord.session_id == record.id, ServiceRecord.annulled_on.is_(None))
    services = {service.graduate_id: service for service in db.session.scalars(query)}
    ids = [participant.graduate_id for participant in record.participants]
    known = names_of(ids)
    return [
        [
            person_cell(f"{number} {known.get(number, '')}") if number in known else person_text(f"{number} "),
            words.entry_link(services[number]) if number in services and number in known else "",
        ]
        for number in ids
    ]


def _number_of(record: GroupSession) -> int:
    query = select(func.count()).where(GroupParticipant.session_id == record.id)
    return int(db.session.scalar(query) or 0)


def _count() -> ColumnElement[int]:
    number = select(func.count(GroupParticipant.id)).where(GroupParticipant.session_id == GroupSession.id)
    return number.correlate(GroupSession).scalar_subquery()


def _sessions_of(people: Any) -> Any:
    return select(GroupParticipant.session_id).where(GroupParticipant.graduate_id.in_(people))


def _with_people(values: list[str]) -> ColumnElement[bool]:
    """Sessions of people whom the user sees."""
    seen = visible_to(edge.viewer())
    people = select(Graduate.id).where(Graduate.id.in_([listing.number_in(value) for value in values]), seen)
    return GroupSession.id.in_(_sessions_of(people))


def _kinds(values: list[str]) -> ColumnElement[bool]:
    return GroupSession.kind.in_([SessionKind(value) for value in values])
