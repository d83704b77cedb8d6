"""Items of agendas: complex cases, hearings of services, proposals; what was said of each and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import request, url_for
from sqlalchemy import ColumnElement, Select, func, select

from models.access import Viewer
from models.meeting_access import items_visible_to
from models.meetings import AgendaItem, AgendaKind, Decision, Meeting, MeetingStatus
from services.meetings import sittings
from views import edge, labels, listing
from views.base import FormSection
from views.case_base import wanted_number
from views.cases import cells
from views.cases.cells import block, filled
from views.deadline_cells import person_cell, person_column, person_text
from views.doing import Action
from views.extensions import db
from views.formats import ru_date
from views.listing import Column, Filter
from views.meetings import meeting_page
from views.meetings.base import KeepView
from views.meetings.fields import CaseLetterField, MeetingField
from views.meetings.look import decision_link, decision_state_chip, letter_links, letter_name, meeting_link
from views.people_lookup import PersonField, names_of
from views.registers import fragment, label_from


class OfferedPersonField(PersonField):
    """Whom the item is about may be out of the user's sight; the verb checks a new choice."""

    kept: int | None = None

    def pre_validate(self, form: Any) -> None:
        if self.data is None or self.data != self.kept:
            super().pre_validate(form)


def _up(record: AgendaItem, form: Any) -> str:
    sittings.shift(db.session(), item=record, down=False, by=edge.viewer())
    return "Вопрос поднят на одно место."


def _down(record: AgendaItem, form: Any) -> str:
    sittings.shift(db.session(), item=record, down=True, by=edge.viewer())
    return "Вопрос опущен на одно место."


def _drop(record: AgendaItem, form: Any) -> str:
    sittings.drop_item(db.session(), item=record, by=edge.viewer())
    return "Вопрос снят с повестки."


def _writes(viewer: Viewer, record: AgendaItem) -> bool:
    return meeting_page.may_write(record.meeting, viewer)


def _is_not_first(record: AgendaItem) -> bool:
    return record.meeting.agenda[0] is not record


def _is_not_last(record: AgendaItem) -> bool:
    return record.meeting.agenda[-1] is not record


def _may_go(record: AgendaItem) -> bool:
    return record.meeting.status is MeetingStatus.PLANNED and not record.decisions


class AgendaItemView(KeepView):
    title, icon, create_label, default_sort = "Вопросы повесток", "list", "Добавить вопрос", "-day"
    search_placeholder_text = "Вопрос, кто докладывает"
    details_template = "meetings/body.html"
    none_text = "Вопросы добавляют на странице заседания или совещания."
    form_overrides: ClassVar[dict[str, Any]] = {
        "meeting_id": MeetingField,
        "referral_id": CaseLetterField,
        "graduate_id": OfferedPersonField,
    }
    form_args: ClassVar[dict[str, Any]] = {"title": {"validators": []}}
    form_sections = (
        FormSection(
            "Вопрос",
            "about",
            ("meeting_id", "kind", "title", "referral_id", "graduate_id", "agency_id", "speaker"),
            help="Фамилий в вопросе не пишите: его читают все приглашённые, а человека покажет карточка.",
        ),
        FormSection("Обсуждение", "talk", ("discussed", "votes_for", "votes_against")),
    )
    actions = (
        Action("up", "Поднять выше", _up, _writes, _is_not_first),
        Action("down", "Опустить ниже", _down, _writes, _is_not_last),
        Action("drop", "Снять с повестки", _drop, _writes, _may_go, kind="danger", confirm="Снять вопрос с повестки?"),
    )

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return items_visible_to(viewer)

    def may_edit_record(self, viewer: Viewer, record: AgendaItem) -> bool:
        return _writes(viewer, record)

    # -- The list ------------------------------------------------------------------------------------------------------

    def base_query(self, columns: Sequence[Column]) -> Select[Any]:
        query = listing.plain_select(AgendaItem.id, columns).select_from(AgendaItem)
        return query.join(Meeting, Meeting.id == AgendaItem.meeting_id)

    def columns(self) -> Sequence[Column]:
        a, kind = AgendaItem, label_from(AgendaKind)
        told = person_column(a, edge.viewer())
        return (
            cells.day("day", "День", Meeting.held_on, is_sorted=True),
            Column("kind", "Вид", a.kind, show=kind, export=kind, width=18),
            Column("title", "Вопрос", a.title, css="cell-long", width=60),
            Column("person", "О ком", told, show=person_cell, export=person_text, width=34),
            cells.coded("heard", "Чей отчёт", a.agency_id, "agency", 30),
            Column("speaker", "Докладывает", a.speaker, width=30),
            Column("decisions", "Решений", _count(), css="cell-number", width=10),
            cells.coded("agency", "Кто проводит", Meeting.agency_id, "agency", 30),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            Filter("kind", "Вид", "choice", _kinds, AgendaKind.choices),
            listing.period("day", "День", Meeting.held_on),
            listing.choice("heard", "Чей отчёт", AgendaItem.agency_id, lambda: labels.options("agency")),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return fragment(text, AgendaItem.title, AgendaItem.speaker)

    # -- The form ------------------------------------------------------------------------------------------------------

    def fit_form(self, form: Any, record: AgendaItem | None) -> None:
        if record is None:
            for name in ("discussed", "votes_for", "votes_against"):
                del form[name]
            if request.method == "GET":
                form.meeting_id.data = wanted_number("meeting")
            return
        del form["meeting_id"]
        form.graduate_id.kept = record.graduate_id
        if record.referral is not None:
            form.referral_id.kept = (record.referral_id, letter_name(record.referral))

    def record(self, form: Any) -> AgendaItem:
        meeting = db.session.get(Meeting, form.meeting_id.data)
        assert meeting is not None  # The field offers those that there are.
        return sittings.add_item(db.session(), meeting=meeting, question=_question(form), by=edge.viewer())

    def told(self, record: AgendaItem) -> str:
        return "Вопрос внесён в повестку."

    def change(self, record: AgendaItem, form: Any) -> str:
        sittings.change_item(db.session(), item=record, question=_question(form), by=edge.viewer())
        sittings.discuss(
            db.session(),
            item=record,
            discussed=form.discussed.data or "",
            votes_for=form.votes_for.data,
            votes_against=form.votes_against.data,
            by=edge.viewer(),
        )
        return "Изменения сохранены."

    def after_save_url(self, record: AgendaItem, is_created: bool) -> str:
        return url_for("meeting.details_view", id=record.meeting_id, _anchor="agenda")

    def after_action_url(self, record: AgendaItem, name: str) -> str:
        return url_for("meeting.details_view", id=record.meeting_id, _anchor="agenda")

    # -- The page ------------------------------------------------------------------------------------------------------

    def record_title(self, record: AgendaItem) -> str:
        return record.title

    def card_context(self, record: AgendaItem) -> dict[str, Any]:
        context, viewer = super().card_context(record), edge.viewer()
        letters = letter_links([record.referral] if record.referral is not None else [])
        header = context["header"]
        header["subtitle"] = record.kind.label
        header["facts"] = [("Встреча", meeting_link(record.meeting))]
        if record.graduate_id is not None:
            people = names_of([record.graduate_id])
            header["facts"].append(("О ком", meeting_page.person(record.graduate_id, people)))
        if record.agency_id is not None:
            header["facts"].append(("Чей отчёт", labels.label("agency", record.agency_id)))
        if record.referral_id is not None:
            header["facts"].append(("Письмо", letters[record.referral_id]))
        header["facts"] += filled(record, "speaker")
        context["blocks"] = [
            block("Обсуждение", "talk", _talk(record), empty="Обсуждение не записано.", wide=True),
            _decisions(record, viewer),
        ]
        return context


def _talk(record: AgendaItem) -> list[tuple[str, Any]]:
    votes = [("Голоса", f"за {record.votes_for}, против {record.votes_against}")]
    return filled(record, "discussed") + (votes if record.votes_for or record.votes_against else [])


def _decisions(record: AgendaItem, viewer: Viewer) -> dict[str, Any]:
    action = ("Записать решение", url_for("decision.create_view", item=record.id)) if _writes(viewer, record) else None
    today = edge.today()
    rows = [
        [decision_link(one), meeting_page.addressee(one), ru_date(one.due_on), decision_state_chip(one, today)]
        for one in record.decisions
    ]
    table = {"columns": ["Решение", "Кому", "Срок", "Исполнение"], "rows": rows} if rows else None
    return block("Решения", "decisions", [], table=table, action=action, empty="Решений по вопросу нет.")


def _question(form: Any) -> sittings.Question:
    return sittings.Question(
        kind=form.kind.data or AgendaKind.OTHER,
        title=form.title.data or "",
        speaker=form.speaker.data or "",
        referral_id=form.referral_id.data,
        graduate_id=form.graduate_id.data,
        agency_id=form.agency_id.data,
    )


def _count() -> ColumnElement[int]:
    number = select(func.count(Decision.id)).where(Decision.item_id == AgendaItem.id)
    return number.correlate(AgendaItem).scalar_subquery()


def _kinds(values: list[str]) -> ColumnElement[bool]:
    return AgendaItem.kind.in_([AgendaKind(value) for value in values])
