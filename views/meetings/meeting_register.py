"""The register of sittings and meetings (Ж-11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import abort, flash, redirect, request
from flask_admin import expose
from sqlalchemy import ColumnElement, case, func, literal, select
from werkzeug.wrappers import Response

from models.access import Viewer
from models.audit import AccessKind
from models.meeting_access import invited_to, meetings_visible_to
from models.meetings import Body, Meeting, MeetingAttendee, MeetingKind, MeetingStatus
from services.errors import Refused
from services.meetings import holding, sittings
from views import edge, listing
from views.base import FormSection
from views.case_base import wanted_number
from views.cases import cells
from views.extensions import db
from views.listing import Column, Filter
from views.meetings import meeting_page
from views.meetings.base import KeepView
from views.meetings.fields import BodyField
from views.meetings.look import ANNULLED, meeting_name, status_chip, status_text
from views.meetings.meeting_actions import ACTIONS
from views.registers import fragment, label_from
from views.work.fields import ClockField


class MeetingView(KeepView):
    title, icon, create_label, default_sort = "Заседания и совещания", "calendar-event", "Назначить встречу", "-day"
    search_placeholder_text = "Тема, место, номер протокола"
    details_template = "meetings/meeting.html"
    none_text = "Назначьте заседание совета, методическое совещание или рабочую встречу."
    form_overrides: ClassVar[dict[str, Any]] = {"body_id": BodyField, "starts_at": ClockField}
    form_sections = (
        FormSection(
            "Встреча",
            "about",
            ("kind", "body_id", "topic", "held_on", "starts_at", "place", "chair", "secretary", "summary", "agency_id"),
        ),
    )
    actions = ACTIONS

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return meetings_visible_to(viewer)

    def may_edit_record(self, viewer: Viewer, record: Meeting) -> bool:
        return meeting_page.may_write(record, viewer)

    # -- The list ------------------------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column]:
        m, kind = Meeting, label_from(MeetingKind)
        return (
            cells.number_column(m, "Протокол"),
            cells.day("day", "День", m.held_on, is_sorted=True),
            Column("kind", "Вид", m.kind, show=kind, export=kind, css="cell-medium", width=24),
            Column("topic", "Тема", m.topic, css="cell-long", width=44),
            Column("body", "Орган", _body_name(), css="cell-medium", width=40),
            Column("state", "Состояние", _state(), show=status_chip, export=status_text, width=16),
            Column("present", "Пришли", _present(), css="cell-number", width=10),
            cells.coded("agency", "Кто проводит", m.agency_id, "agency", 30),
            Column("place", "Место", m.place, css="cell-medium", width=26),
        )

    def filters(self) -> Sequence[Filter]:
        viewer = edge.viewer()
        return (
            Filter("kind", "Вид", "choice", _kinds, MeetingKind.choices),
            listing.choice("body", "Орган", Meeting.body_id, _bodies),
            listing.period("day", "День", Meeting.held_on),
            Filter("state", "Состояние", "choice", _states, _offered_states),
            listing.flag("invited", "Приглашена наша организация", lambda: invited_to(viewer)),
            *cells.agency_filter(Meeting),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        number, slash, year = text.strip().lstrip("№ ").partition("/")
        if slash and number.isdecimal() and year.isdecimal() and len(number) < 8 and len(year) < 8:
            return (Meeting.number == int(number)) & (Meeting.year == int(year))
        return fragment(text, Meeting.topic, Meeting.place)

    # -- The form ------------------------------------------------------------------------------------------------------

    def fit_form(self, form: Any, record: Meeting | None) -> None:
        super().fit_form(form, record)
        if record is None:
            del form["chair"], form["secretary"], form["summary"]
            if request.method == "GET":
                form.body_id.data = wanted_number("body")
                form.kind.data = MeetingKind.SITTING if form.body_id.data else None
            return
        for name in ("kind", "body_id", "held_on", "starts_at", "place"):
            del form[name]

    def record(self, form: Any) -> Meeting:
        return sittings.plan(
            db.session(),
            agency_id=self.agency_of(form),
            kind=form.kind.data,
            body_id=form.body_id.data,
            topic=form.topic.data or "",
            held_on=form.held_on.data,
            starts_at=form.starts_at.data,
            place=form.place.data or "",
            by=edge.viewer(),
            now=edge.now(),
        )

    def told(self, record: Meeting) -> str:
        members = " Члены органа внесены в список." if record.attendees else ""
        return f"Назначено: {meeting_name(record)}.{members} Составьте повестку и отправьте приглашения."

    def change(self, record: Meeting, form: Any) -> str:
        sittings.describe(
            db.session(),
            meeting=record,
            topic=form.topic.data or "",
            chair=form.chair.data or "",
            secretary=form.secretary.data or "",
            summary=form.summary.data or "",
            by=edge.viewer(),
        )
        return "Изменения сохранены."

    # -- The page ------------------------------------------------------------------------------------------------------

    def record_title(self, record: Meeting) -> str:
        return meeting_name(record)

    def card_context(self, record: Meeting) -> dict[str, Any]:
        context, viewer = super().card_context(record), edge.viewer()
        context["header"] |= meeting_page.header(record, viewer)
        context["blocks"] = meeting_page.blocks(record, viewer)
        context["attendance"] = meeting_page.attendance(record, viewer)
        return context

    @expose("/attendance/", methods=("POST",))
    def attendance(self) -> Response | tuple[str, int]:
        """Mark who came: only what differs from what the page had shown."""
        record = self.record_or_404()
        if not meeting_page.may_write(record, edge.viewer()):
            edge.log_access(AccessKind.REFUSED, subject="meeting", subject_id=record.id)
            abort(403)
        key = record.id
        try:
            changed = holding.mark(db.session(), meeting=record, **_marks(), by=edge.viewer())
            db.session.commit()
        except Refused as refusal:
            db.session.rollback()
            record = self.get_one(key) or abort(404)
            return self.render(self.details_template, **self.page(record, error=str(refusal))), 422
        flash(f"Отмечено. Изменений: {changed}." if changed else "Изменений нет.", "success")
        return redirect(f"{self.get_url('.details_view', id=key)}#attendance")


def _marks() -> dict[str, Any]:
    """What the form of the list says, and what it had shown."""
    form = request.form
    marks = ("present", "was_present")
    numbers = {name: {int(text) for text in form.getlist(name) if _is_number(text)} for name in marks}
    texts: dict[str, dict[int, str]] = {"stand_in": {}, "was_stand_in": {}}
    for name, value in form.items():
        field, _, number = name.partition("-")
        if field in texts and _is_number(number):
            texts[field][int(number)] = value.strip()[:500]
    return {**numbers, "stand_ins": texts["stand_in"], "were_stand_ins": texts["was_stand_in"]}


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 10


def _state() -> ColumnElement[str]:
    return case((Meeting.annulled_on.is_not(None), literal(ANNULLED)), else_=Meeting.status)


def _offered_states() -> list[tuple[str, str]]:
    return [*MeetingStatus.choices(), (ANNULLED, "аннулировано")]


def _states(values: list[str]) -> ColumnElement[bool]:
    known = {*MeetingStatus, ANNULLED}
    if not set(values) <= known:
        raise ValueError(values)
    return _state().in_(values)


def _kinds(values: list[str]) -> ColumnElement[bool]:
    return Meeting.kind.in_([MeetingKind(value) for value in values])


def _bodies() -> list[tuple[str, str]]:
    """Bodies whose sittings the user sees."""
    seen = select(Meeting.body_id).where(meetings_visible_to(edge.viewer()))
    query = select(Body.id, Body.name).where(Body.id.in_(seen)).order_by(Body.name)
    return [(str(number), name) for number, name in db.session.execute(query)]


def _body_name() -> ColumnElement[str]:
    name = select(Body.name).where(Body.id == Meeting.body_id).correlate(Meeting).scalar_subquery()
    return func.coalesce(name, "")


def _present() -> ColumnElement[int]:
    a = MeetingAttendee
    number = select(func.count(a.id)).where(a.meeting_id == Meeting.id, a.is_present)
    return number.correlate(Meeting).scalar_subquery()
