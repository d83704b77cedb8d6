"""The register of decisions: what is late and with whom; proposals to programmes and acts (syzran 6.3, 6.6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

import wtforms
from flask import request, url_for
from sqlalchemy import ColumnElement, Date, Select, func, literal, select
from wtforms.validators import DataRequired, InputRequired

from models.access import Viewer
from models.exchange import MessageKind
from models.meeting_access import decisions_visible_to, may_keep, meetings_visible_to
from models.meetings import AgendaItem, Decision, DecisionKind, Meeting, MeetingStatus
from models.territory import Agency
from services.meetings import decisions
from services.meetings.decisions import DecisionState
from views import edge, labels, listing
from views.base import FormSection
from views.case_base import wanted_number
from views.cases import cells
from views.cases.cells import block, filled
from views.doing import LINE, Action
from views.extensions import db
from views.fields import REQUIRED, RuDateField, TextField
from views.formats import ru_date
from views.listing import Column, Filter
from views.meetings import meeting_page
from views.meetings.base import KeepView
from views.meetings.fields import ItemField
from views.meetings.look import (
    decision_chip,
    decision_state_chip,
    item_link,
    letter_links,
    meeting_link,
    meeting_name,
    shortened,
)
from views.registers import fragment, label_from

NEVER = date(9999, 12, 31)


class DoneForm(wtforms.Form):
    done_on = RuDateField("Когда исполнено", validators=[InputRequired(REQUIRED)])
    result = TextField("Что сделано", validators=[DataRequired(REQUIRED), LINE])


def _carry_out(record: Decision, form: Any) -> str:
    fields = {"done_on": form.done_on.data, "result": form.result.data or ""}
    decisions.carry_out(db.session(), decision=record, by=edge.viewer(), **fields)
    return "Исполнение отмечено."


def _propose_answer(form: Any, record: Decision) -> None:
    """What the addressee has answered."""
    form.done_on.data = edge.today()
    letter = record.referral
    if letter is not None and letter.answered_on is not None:
        answers = [one.text for one in letter.messages if one.kind is MessageKind.ANSWER]
        form.done_on.data, form.result.data = letter.answered_on, (answers[-1] if answers else "")[:500]


def _reopen(record: Decision, form: Any) -> str:
    decisions.reopen(db.session(), decision=record, by=edge.viewer())
    return "Отметка снята: решение снова на контроле."


def _drop(record: Decision, form: Any) -> str:
    decisions.drop(db.session(), decision=record, by=edge.viewer())
    return "Решение удалено из протокола."


def _keeps(viewer: Viewer, record: Decision) -> bool:
    return may_keep(viewer, record.item.meeting.agency_id)


def _is_open(record: Decision) -> bool:
    meeting = record.item.meeting
    return record.done_on is None and meeting.status is MeetingStatus.HELD and meeting.annulled_on is None


def _is_done(record: Decision) -> bool:
    return record.done_on is not None


def _is_in_draft(record: Decision) -> bool:
    return record.item.meeting.status is MeetingStatus.PLANNED


class DecisionView(KeepView):
    title, icon, create_label, default_sort = "Решения", "clipboard-list", "Записать решение", "due"
    search_placeholder_text = "Текст решения, кому"
    details_template = "meetings/body.html"
    none_text = "Решения записывают по вопросам повестки заседания или совещания."
    form_overrides: ClassVar[dict[str, Any]] = {"item_id": ItemField}
    form_sections = (
        FormSection("Решение", "about", ("item_id", "kind", "text", "addressee_id", "addressee", "due_on")),
    )
    actions = (
        Action("done", "Отметить исполнение", _carry_out, _keeps, _is_open, DoneForm, _propose_answer, "Отметить"),
        Action("reopen", "Снять отметку об исполнении", _reopen, _keeps, _is_done),
        Action("drop", "Удалить из протокола", _drop, _keeps, _is_in_draft, kind="danger", confirm="Удалить решение?"),
    )

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return decisions_visible_to(viewer)

    def may_edit_record(self, viewer: Viewer, record: Decision) -> bool:
        is_open = record.done_on is None and not decisions.is_sent(record)
        return is_open and meeting_page.may_write(record.item.meeting, viewer)

    # -- The list ------------------------------------------------------------------------------------------------------

    def base_query(self, columns: Sequence[Column]) -> Select[Any]:
        query = listing.plain_select(Decision.id, columns).select_from(Decision)
        return query.join(AgendaItem, AgendaItem.id == Decision.item_id).join(
            Meeting, Meeting.id == AgendaItem.meeting_id
        )

    def columns(self) -> Sequence[Column]:
        d, kind = Decision, label_from(DecisionKind)
        state = decisions.state_on(edge.today())
        last = func.coalesce(d.due_on, literal(NEVER, Date))  # Without a term it stands at the end.
        return (
            Column("text", "Решение", d.text, show=shortened, width=70),
            Column("kind", "Вид", d.kind, show=kind, export=kind, css="cell-short", width=22),
            Column("to", "Кому", _addressee(), sort=_addressee(), css="cell-medium", width=36),
            Column("due", "Срок", d.due_on, show=ru_date, export=ru_date, sort=last, width=13),
            Column("state", "Исполнение", state, show=decision_chip, export=_state_text, width=24),
            cells.day("done", "Исполнено", d.done_on),
            Column("result", "Что сделано", d.result, css="cell-medium", width=40),
            cells.day("day", "Встреча", Meeting.held_on, is_sorted=True),
            cells.coded("agency", "Кто решил", Meeting.agency_id, "agency", 30),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            Filter("state", "Исполнение", "choice", _in_states, DecisionState.choices),
            Filter("kind", "Вид", "choice", _kinds, DecisionKind.choices),
            listing.choice("to", "Кому", Decision.addressee_id, _addressees),
            listing.period("due", "Срок", Decision.due_on),
            listing.period("day", "Встреча", Meeting.held_on),
            listing.choice("agency", "Кто решил", Meeting.agency_id, lambda: labels.options("agency")),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return fragment(text, Decision.text, Decision.addressee)

    # -- The form ------------------------------------------------------------------------------------------------------

    def fit_form(self, form: Any, record: Decision | None) -> None:
        if record is not None:
            del form["item_id"]
        elif request.method == "GET":
            form.item_id.data = wanted_number("item") or _only_item(wanted_number("meeting"))
            item = db.session.get(AgendaItem, form.item_id.data) if form.item_id.data else None
            if item is not None and item.agency_id is not None:
                form.addressee_id.data = item.agency_id

    def record(self, form: Any) -> Decision:
        item = db.session.get(AgendaItem, form.item_id.data)
        assert item is not None  # The field offers those that there are.
        return decisions.decide(db.session(), item=item, said=_said(form), by=edge.viewer(), now=edge.now())

    def told(self, record: Decision) -> str:
        return "Решение записано."

    def change(self, record: Decision, form: Any) -> str:
        decisions.change(db.session(), decision=record, said=_said(form), by=edge.viewer())
        return "Изменения сохранены."

    def after_save_url(self, record: Decision, is_created: bool) -> str:
        return url_for("meeting.details_view", id=record.item.meeting_id, _anchor="decisions")

    def after_action_url(self, record: Decision, name: str) -> str:
        return self.get_url(".index_view") if name == "drop" else super().after_action_url(record, name)

    # -- The page ------------------------------------------------------------------------------------------------------

    def record_title(self, record: Decision) -> str:
        return f"Решение № {record.id}"

    def card_context(self, record: Decision) -> dict[str, Any]:
        context = super().card_context(record)
        meeting, viewer, letter = record.item.meeting, edge.viewer(), record.referral
        query = select(Meeting.id).where(Meeting.id == meeting.id, meetings_visible_to(viewer))
        sees_meeting = db.session.scalar(query) is not None
        facts: list[tuple[str, Any]] = [
            ("Встреча", meeting_link(meeting) if sees_meeting else meeting_name(meeting)),
            ("Вопрос", item_link(record.item) if sees_meeting else record.item.title),
            ("Кому", meeting_page.addressee(record)),
            ("Срок", ru_date(record.due_on) or "не назначен"),
        ]
        if letter is not None:
            read = decisions.read_receipts(db.session(), [letter.id])
            facts.append(("Письмо", meeting_page.letter_cell(record, letter_links([letter]), read)))
        context["header"] |= {
            "subtitle": record.kind.label,
            "chips": [decision_state_chip(record, edge.today())],
            "facts": facts,
        }
        context["blocks"] = [block("Текст решения", "text", filled(record, "text"), wide=True)]
        if record.done_on is not None:
            context["blocks"].append(block("Исполнение", "execution", filled(record, "done_on", "result")))
        return context


def _said(form: Any) -> decisions.Said:
    return decisions.Said(
        text=form.text.data or "",
        kind=form.kind.data or DecisionKind.RECOMMENDATION,
        addressee_id=form.addressee_id.data,
        addressee=form.addressee.data or "",
        due_on=form.due_on.data,
    )


def _only_item(meeting_id: int | None) -> int | None:
    """The first item of a meeting of which nothing is decided yet."""
    if meeting_id is None:
        return None
    decided = select(Decision.item_id)
    query = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting_id, AgendaItem.id.not_in(decided))
    return db.session.scalar(query.order_by(AgendaItem.position).limit(1))


def _addressee() -> ColumnElement[str]:
    name = select(Agency.short_name).where(Agency.id == Decision.addressee_id).correlate(Decision)
    return func.coalesce(name.scalar_subquery(), Decision.addressee)


def _addressees() -> list[tuple[str, str]]:
    """Organisations to which something was decided that the user sees."""
    query = select(Decision.addressee_id).where(decisions_visible_to(edge.viewer()), Decision.addressee_id.is_not(None))
    numbers = set(db.session.scalars(query.distinct()))
    return sorted(((str(one), labels.label("agency", one)) for one in numbers), key=lambda pair: pair[1])


def _state_text(value: str) -> str:
    return DecisionState(value).label


def _in_states(values: list[str]) -> ColumnElement[bool]:
    return decisions.state_on(edge.today()).in_([DecisionState(value).value for value in values])


def _kinds(values: list[str]) -> ColumnElement[bool]:
    return Decision.kind.in_([DecisionKind(value) for value in values])
