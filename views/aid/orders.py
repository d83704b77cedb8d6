"""The register of orders on curators and mentors, with a journal of its own (vologda 2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import request
from sqlalchemy import ColumnElement, or_

from models.access import Viewer
from models.aid import CuratorOrder
from models.case_access import may_approve
from models.support import AssignmentKind
from models.users import Role
from services.aid import orders
from views import edge, labels, listing
from views.base import EVERYBODY, NOBODY, FormSection
from views.case_base import annulled_chip
from views.cases import cells
from views.cases.cells import block, filled, journal_fact, person_fact
from views.doing import Action, annulling
from views.extensions import db
from views.formats import ru_date
from views.library.fields import StaffField
from views.listing import Column, Filter
from views.meetings.base import KeepView
from views.people_lookup import PersonField
from views.registers import fragment, label_from
from views.work.base import person_filter


def _annul(record: CuratorOrder, form: Any) -> str:
    was_there = orders.annul(db.session(), order=record, reason=form.reason.data or "", by=edge.viewer())
    told = " Назначение по нему снято: если нужно вернуть прежнего куратора, издайте новый приказ."
    return f"Приказ аннулирован и остался в журнале зачёркнутым.{told if was_there else ''}"


class CuratorOrderView(KeepView):
    title, icon, create_label, default_sort = "Приказы о кураторах", "certificate", "Издать приказ", "-day"
    search_placeholder_text = "Номер, фамилия выпускника или куратора"
    none_text = "Приказ издаёт руководитель: он назначает куратора или наставника выпускнику."
    form_overrides: ClassVar[dict[str, Any]] = {"graduate_id": PersonField, "user_id": StaffField}
    form_args: ClassVar[dict[str, Any]] = {}
    form_sections = (
        FormSection(
            "Приказ",
            "about",
            ("graduate_id", "kind", "user_id", "name", "position", "ordered_on", "starts_on", "ends_on", "ground"),
            help="Прежний куратор останется назначенным по день перед началом нового назначения.",
        ),
        FormSection("Организация", "keeper", ("agency_id",)),
    )
    actions: Sequence[Action] = (
        annulling(
            _annul, hint="Приказ останется в журнале зачёркнутым, назначение по нему снимется. Отменить это нельзя."
        ),
    )

    @property
    def creators(self) -> frozenset[Role]:  # type: ignore[override]
        """The head of the own organisation."""
        viewer = edge.viewer()
        return EVERYBODY if may_approve(viewer, viewer.agency_id) else NOBODY

    def may_edit_record(self, viewer: Viewer, record: CuratorOrder) -> bool:
        return may_approve(viewer, record.agency_id) and record.annulled_on is None

    # -- The list ------------------------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column]:
        o, kind = CuratorOrder, label_from(AssignmentKind)
        return (
            cells.number_column(o, "№"),
            cells.day("day", "Дата приказа", o.ordered_on, is_sorted=True),
            cells.person(o),
            Column("kind", "Кем назначен", o.kind, show=kind, export=kind, width=20),
            Column("name", "Кто назначен", o.name, css="cell-medium", width=34),
            Column("position", "Должность", o.position, css="cell-medium", width=30),
            cells.day("since", "С какого дня", o.starts_on, is_sorted=True),
            cells.day("until", "По какой день", o.ends_on),
            Column("ground", "Основание", o.ground, css="cell-medium", width=34),
            cells.coded("agency", "Организация", o.agency_id, "agency", 30),
            Column("annulled", "Состояние", o.annulled_on, show=annulled_chip, export=ru_date, width=16),
        )

    def filters(self) -> Sequence[Filter]:
        o = CuratorOrder
        return (
            Filter("kind", "Кем назначен", "choice", _kinds, AssignmentKind.choices),
            listing.period("day", "Дата приказа", o.ordered_on),
            person_filter(o),
            cells.annulled_filter(o),
            *cells.agency_filter(o),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return or_(cells.found_by(text, CuratorOrder, edge.viewer()), fragment(text, CuratorOrder.name))

    # -- The form ------------------------------------------------------------------------------------------------------

    def fit_form(self, form: Any, record: CuratorOrder | None) -> None:
        super().fit_form(form, record)
        if record is not None:
            for section in self.form_sections:
                for name in section.rows:
                    if name != "ground" and name in form:
                        del form[name]
            return
        if request.method == "GET":
            form.ordered_on.data = form.starts_on.data = edge.today()

    def record(self, form: Any) -> CuratorOrder:
        return orders.appoint(
            db.session(),
            agency_id=self.agency_of(form),
            graduate_id=form.graduate_id.data,
            kind=form.kind.data or AssignmentKind.CURATOR,
            user_id=form.user_id.data,
            name=form.name.data or "",
            position=form.position.data or "",
            ordered_on=form.ordered_on.data,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            ground=form.ground.data or "",
            by=edge.viewer(),
            now=edge.now(),
        )

    def told(self, record: CuratorOrder) -> str:
        return f"Приказ № {record.number_text} издан, {record.kind.label} назначен: {record.name}."

    def change(self, record: CuratorOrder, form: Any) -> str:
        orders.change(db.session(), order=record, ground=form.ground.data or "", by=edge.viewer())
        return "Изменения сохранены."

    # -- The page ------------------------------------------------------------------------------------------------------

    def record_title(self, record: CuratorOrder) -> str:
        return f"Приказ № {record.number_text}"

    def card_context(self, record: CuratorOrder) -> dict[str, Any]:
        context = super().card_context(record)
        header = context["header"]
        header["subtitle"] = f"{ru_date(record.ordered_on)}, {record.kind.label}"
        header["facts"] = [
            person_fact(record.graduate_id),
            ("Организация", labels.label("agency", record.agency_id)),
            *journal_fact(record),
        ]
        items = filled(record, "name", "position", "starts_on", "ends_on", "ground")
        context["blocks"] = [block("Назначение", "about", items, wide=True)]
        return context


def _kinds(values: list[str]) -> ColumnElement[bool]:
    return CuratorOrder.kind.in_([AssignmentKind(value) for value in values])
