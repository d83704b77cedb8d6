"""Events that an organisation records by hand: from their days terms run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import wtforms
from flask import abort, flash, redirect, request
from flask_admin import expose
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import ColumnElement, or_, select
from werkzeug.wrappers import Response
from wtforms.validators import DataRequired, Length, ValidationError

from models.access import Viewer
from models.audit import AccessKind
from models.deadline_access import deadlines_visible_to, may_fulfil, occurrences_visible_to
from models.deadlines import Deadline, Occurrence
from models.regulations import DeadlineRule
from models.rule_terms import ONCE_BY_HAND, RECORDED_BY_HAND, Trigger
from services.deadlines import occurrences
from services.errors import Refused
from views import details, edge, history, labels, listing, saving, totals
from views.base import EVERYBODY, FormSection, RegistryView
from views.deadline_card import person_link
from views.deadline_cells import log_named, person_cell, person_column, person_text
from views.deadline_look import deadline_url, state_chip
from views.extensions import db
from views.fields import REQUIRED, OfferedField, TextField
from views.formats import chip, ru_date, ru_datetime
from views.listing import Column, Filter, Found
from views.people_lookup import PersonField
from views.registers import fragment, label_from

ARISEN = ["Исполнить до", "Состояние", "Что сделать", "Кто исполняет"]


def recorded_triggers() -> list[Trigger]:
    """Events from which a current rule counts a term and which no record tells."""
    rules = db.session.scalars(select(DeadlineRule).where(DeadlineRule.is_current))
    used = {trigger for rule in rules for trigger in rule.terms.triggers}
    return [trigger for trigger in RECORDED_BY_HAND if trigger in used]


class TriggerField(OfferedField):
    """An event from which a term runs; those that no rule knows are not offered."""

    def _coerce(self, value: Any) -> Trigger | None:
        return Trigger(value) if value not in (None, "") else None

    def iter_choices(self) -> Iterator[tuple[Any, str, bool, dict[str, Any]]]:
        yield ("", "", self.data is None, {})
        for trigger in recorded_triggers():
            yield (trigger.value, trigger.label, self.data == trigger, {})

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.data not in recorded_triggers():
            raise ValidationError("От этого события срок не считается: выберите другое.")


class AnnulForm(wtforms.Form):
    reason = TextField(
        "Причина", validators=[DataRequired(REQUIRED), Length(max=500, message="Не длиннее 500 знаков.")]
    )


class OccurrenceView(RegistryView):
    title, icon, create_label, default_sort = "События", "flag", "Записать событие", "-day"
    search_placeholder_text = "Номер документа, примечание"
    creators = EVERYBODY
    details_template = "deadlines/occurrence.html"
    form_overrides: ClassVar = {"trigger": TriggerField, "graduate_id": PersonField}
    form_sections = (
        FormSection(
            "Событие",
            "event",
            ("trigger", "happened_on", "graduate_id", "other_id", "number", "agency_id", "note"),
            help="От дня события система посчитает сроки. Записанное событие не правят: ошибочное аннулируют "
            "и записывают заново.",
        ),
    )

    # -- The list ------------------------------------------------------------------------------------------------------

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return occurrences_visible_to(viewer)

    def columns(self) -> Sequence[Column]:
        event, o = label_from(Trigger), Occurrence
        person = person_column(o, edge.viewer())
        return (
            Column("trigger", "Что произошло", o.trigger, show=event, export=event, width=36),
            Column("day", "Дата события", o.happened_on, show=ru_date, export=ru_date, sort=o.happened_on, width=13),
            Column("person", "Выпускник", person, show=person_cell, export=person_text, width=34),
            Column("other", "Другая сторона", o.other_id, show=_agency, export=_agency, width=34),
            Column("number", "Номер документа", o.number, width=18),
            Column("agency", "Кто записал", o.agency_id, show=_agency, export=_agency, width=34),
            Column("annulled", "Состояние", o.annulled_on, show=_annulled, export=_annulled_text, width=24),
        )

    def filters(self) -> Sequence[Filter]:
        agency = listing.choice("agency", "Кто записал", Occurrence.agency_id, lambda: labels.options("agency"))
        return (
            Filter(
                "trigger",
                "Что произошло",
                "choice",
                _of_triggers,
                lambda: [(t, t.label) for t in (*RECORDED_BY_HAND, *ONCE_BY_HAND)],
            ),
            listing.period("day", "Дата события", Occurrence.happened_on),
            listing.choice("other", "Другая сторона", Occurrence.other_id, lambda: labels.options("agency")),
            listing.flag("annulled", "Аннулировано", lambda: Occurrence.annulled_on.is_not(None)),
            *((agency,) if edge.viewer().reads_everybody else ()),
        )

    def _fetch(self, found: Found) -> listing.Page:
        page = super()._fetch(found)
        log_named(found, page, self.endpoint)
        return page

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return fragment(text, Occurrence.number, Occurrence.note)

    # -- Recording -----------------------------------------------------------------------------------------------------

    def fit_form(self, form: Any, record: Occurrence | None) -> None:
        if not edge.viewer().is_administrator:
            del form["agency_id"]
        if request.method == "GET":
            wanted = request.args.get("graduate", "")
            form.graduate_id.data = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else None
            form.happened_on.data = edge.today()
            if "agency_id" in form:
                form.agency_id.data = current_user.agency_id

    def check_form(self, form: Any, record: Occurrence | None) -> bool:
        day = form.happened_on.data
        if day and day > edge.today():
            form.happened_on.errors = [*form.happened_on.errors, "Дата события ещё не наступила."]
            return False
        return True

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> str | Response | tuple[str, int]:
        form = self.create_form()
        self.fit_form(form, None)
        messages: list[str] = []
        if request.method == "POST" and saving.is_valid(self, form, None):
            try:
                record = self._record(form)
                db.session.commit()
            except Refused as refusal:
                db.session.rollback()
                messages.append(str(refusal))
            else:
                totals.forget()
                self._tell(record)
                return redirect(self.get_url(".details_view", id=record.id))
        return saving.form_page(self, form, None, messages)

    def _record(self, form: Any) -> Occurrence:
        viewer = edge.viewer()
        return occurrences.record(
            db.session(),
            trigger=form.trigger.data,
            agency_id=form.agency_id.data if "agency_id" in form else viewer.agency_id,
            graduate_id=form.graduate_id.data,
            other_id=form.other_id.data,
            happened_on=form.happened_on.data,
            number=form.number.data or "",
            note=form.note.data or "",
            by=viewer,
            now=edge.now(),
        )

    def _tell(self, record: Occurrence) -> None:
        arisen = [deadline for deadline, _ in obligations_of(record)]
        flash("Событие записано.", "success")
        for deadline in arisen:
            flash(f"Срок: {deadline.rule.title} – до {ru_date(deadline.due_on)}.", "info")
        if not arisen:
            flash("Сроков от этого события для ваших регламентов не возникло.", "info")

    # -- One event -----------------------------------------------------------------------------------------------------

    def record_title(self, record: Occurrence) -> str:
        return f"{record.trigger.label[:1].upper()}{record.trigger.label[1:]}, {ru_date(record.happened_on)}"

    def details_context(self, record: Occurrence) -> dict[str, Any]:
        return self._page(record, AnnulForm())

    def _page(self, record: Occurrence, form: AnnulForm, error: str = "") -> dict[str, Any]:
        context = details.plain_context(self, record)
        context["header"]["alerts"] = ([("error", error)] if error else []) + _annulment(record)
        arisen = [_arisen(deadline, is_visible) for deadline, is_visible in obligations_of(record)]
        context["blocks"] = [
            {"title": "Событие", "id": "event", "items": _facts(record)},
            {
                "title": "Сроки от этого события",
                "id": "arisen",
                "items": [],
                "table": {"columns": ARISEN, "rows": arisen} if arisen else None,
                "empty": "Сроков от этого события не возникло.",
            },
        ]
        may_annul = record.annulled_on is None and may_fulfil(edge.viewer(), record.agency_id)
        context["annul"] = form if may_annul else None
        context["annul_url"] = self.get_url(".annul", id=record.id)
        context["history"] = history.of_record(record)
        return context

    @expose("/annul/", methods=("POST",))
    def annul(self) -> Response | tuple[str, int]:
        record = self.record_or_404()
        if not may_fulfil(edge.viewer(), record.agency_id):
            edge.log_access(AccessKind.REFUSED, subject="occurrence", subject_id=record.id)
            abort(403)
        form = AnnulForm(request.form)
        if not form.validate():
            context = self._page(record, form, "Не сохранено: исправьте отмеченное поле.")
            return self.render(self.details_template, **context), 422
        try:
            occurrences.annul(db.session(), occurrence=record, reason=form.reason.data or "", by=edge.viewer())
            db.session.commit()
        except Refused as refusal:
            db.session.rollback()
            record = self.record_or_404()
            return self.render(self.details_template, **self._page(record, form, str(refusal))), 422
        flash("Событие аннулировано. Открытые сроки от него больше не требуются.", "success")
        return redirect(self.get_url(".details_view", id=record.id))


def obligations_of(record: Occurrence) -> list[tuple[Deadline, bool]]:
    """What arose from an event, by legal date, and whether the user may open it."""
    subject = f"occurrence:{record.id}"
    whose = Deadline.graduate_id
    query = select(Deadline, deadlines_visible_to(edge.viewer())).where(
        whose.is_(None) if record.graduate_id is None else whose == record.graduate_id,
        or_(Deadline.subject == subject, Deadline.subject.startswith(f"{subject}>", autoescape=True)),
    )
    rows = db.session.execute(query.order_by(Deadline.due_on, Deadline.id))
    return [(deadline, bool(is_visible)) for deadline, is_visible in rows]


def _arisen(deadline: Deadline, is_visible: bool) -> list[Any]:
    title = deadline.rule.title
    link = Markup('<a href="{}">{}</a>').format(deadline_url(deadline.id), title) if is_visible else title
    state = state_chip(deadline.state_on(edge.today()))
    return [ru_date(deadline.due_on), state, link, labels.label("agency", deadline.agency_id)]


def _annulment(record: Occurrence) -> list[tuple[str, str]]:
    if record.annulled_on is None:
        return []
    return [("warning", f"Аннулировано {ru_date(record.annulled_on)}: {record.annulled_reason.rstrip('.')}.")]


def _facts(record: Occurrence) -> list[tuple[str, Any]]:
    names = ["trigger", "happened_on", "other_id", "number", "note"]
    found: list[tuple[str, Any]] = [item for item in details.facts(record, names) if item[1]]
    if record.graduate_id is not None:
        found.insert(2, ("Выпускник", person_link(record.graduate_id)))
    who = record.created_by.name if record.created_by else "система"
    recorded = f"{who}, {ru_datetime(record.created_at)}"
    return [*found, ("Организация", labels.label("agency", record.agency_id)), ("Записано", recorded)]


def _of_triggers(values: list[str]) -> ColumnElement[bool]:
    return Occurrence.trigger.in_([Trigger(value) for value in values])


def _agency(value: int | None) -> str:
    return labels.label("agency", value)


def _annulled(value: Any) -> Any:
    return chip("аннулировано", "grey", "ban") if value else ""


def _annulled_text(value: Any) -> str:
    return f"аннулировано {ru_date(value)}" if value else ""
