"""The register of contracts: drafted, signed, changed, ended (aistenok 2, 7, 9.1, 12; Ж-2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from flask import request
from sqlalchemy import ColumnElement, select

from models.access import Viewer, visible_to
from models.cases import Application, Contract, ContractStatus
from models.graduates import Graduate
from models.plans import Plan
from models.territory import Agency
from services.cases import contracts, episodes, proposals, warnings
from services.cases.ages import ages_of
from services.cases.states import status_of_contracts
from services.errors import Refused
from views import details, edge, listing
from views.base import FormSection
from views.case_base import CaseView, wanted_number
from views.case_chips import application_link, conclusion_link, contract_chip, episode_link, plan_link
from views.cases import cells
from views.cases.actions import may
from views.cases.contract_actions import ACTIONS
from views.cases.fields import ApplicationField
from views.doing import told_at_field
from views.extensions import db
from views.formats import ru_date
from views.listing import Column, Filter
from views.people_lookup import PersonField

TERMS = (
    "place", "signatory", "signatory_basis", "legal_status_code", "right_ground_code", "right_document",
    "category_code", "curator", "curator_order", "guardianship_id", "guardian", "copies", "note",
)  # fmt: skip
SOON = timedelta(days=30)
AFTER_SIGNING = frozenset({"curator", "curator_order", "guardianship_id", "note"})


class ContractView(CaseView):
    title, icon, create_label, default_sort = "Договоры", "heart-handshake", "Новый договор", "-starts"
    search_placeholder_text = "Номер, фамилия"
    form_overrides: ClassVar = {"graduate_id": PersonField, "application_id": ApplicationField}
    form_sections = (
        FormSection(
            "Стороны", "parties", ("graduate_id", "application_id", "signatory", "signatory_basis", "agency_id")
        ),
        FormSection(
            "Срок",
            "term",
            ("starts_on", "ends_on", "place", "copies"),
            help="Договор заключают на срок мероприятий плана, не дальше последнего дня права.",
        ),
        FormSection(
            "Право и категория",
            "right",
            ("legal_status_code", "right_ground_code", "right_document", "category_code"),
        ),
        FormSection("Кто сопровождает", "people", ("curator", "curator_order", "guardianship_id", "guardian", "note")),
    )
    actions = ACTIONS

    # -- The list ------------------------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column]:
        c = Contract
        return (
            cells.number_column(c),
            cells.day("signed", "Заключён", c.signed_on),
            cells.person(c),
            cells.day("starts", "Действует с", c.starts_on, is_sorted=True),
            cells.day("ends", "по", c.ends_on, is_sorted=True),
            cells.state(status_of_contracts(edge.today()), ContractStatus, contract_chip),
            Column("curator", "Куратор", c.curator, css="cell-medium", width=30),
            cells.coded("agency", "Организация", c.agency_id, "agency", 34),
        )

    def filters(self) -> Sequence[Filter]:
        c = Contract
        return (
            cells.state_filter(status_of_contracts(edge.today()), ContractStatus),
            listing.period("signed", "Заключён", c.signed_on),
            listing.period("ends", "Заканчивается", c.ends_on),
            listing.period("ended", "Прекращён", c.ended_on),
            *cells.agency_filter(c),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return cells.found_by(text, Contract, edge.viewer())

    # -- The form ------------------------------------------------------------------------------------------------------

    def may_edit_record(self, viewer: Viewer, record: Contract) -> bool:
        return super().may_edit_record(viewer, record) and record.ended_on is None

    def fit_form(self, form: Any, record: Contract | None) -> None:
        super().fit_form(form, record)
        if record is not None:
            del form["graduate_id"]
            if record.number is not None:  # Anything else is changed by an additional agreement.
                for name in (*TERMS, "starts_on", "ends_on", "application_id"):
                    if name not in AFTER_SIGNING:
                        del form[name]
        elif request.method == "GET":
            self._propose(form)

    def _propose(self, form: Any) -> None:
        """From the application, the contract that ends, or the card that the address names."""
        form.application_id.data = wanted_number("application")
        application: Application | None = form.application_id.record
        previous = self.get_one(wanted_number("renew"))
        source = application or previous
        wanted = source.graduate_id if source is not None else wanted_number("graduate")
        graduate = _visible_person(wanted)
        if graduate is None:
            return
        agency = db.session.get_one(Agency, source.agency_id if source is not None else edge.viewer().agency_id)
        proposal = proposals.for_contract(
            db.session(),
            graduate=graduate,
            agency=agency,
            application=application,
            previous=previous,
            on=edge.today(),
        )
        form.graduate_id.data = graduate.id
        for name, value in proposal.items():
            form[name].data = value
        ages = ages_of(db.session(), graduate=graduate, agency_id=agency.id, on=proposal["starts_on"])
        if told := warnings.of_term(proposal["ends_on"], ages):
            form.ends_on.description = told[0]

    def check_form(self, form: Any, record: Contract | None) -> bool:
        """A draft that is edited keeps the rules of a new one; its term is capped here."""
        if record is None or "starts_on" not in form or not (form.starts_on.data and form.ends_on.data):
            return True
        try:
            application: Application | None = form.application_id.record
            if application is not None and application.id != record.application_id:
                contracts.need_for_contract(application, record.graduate, record.agency_id)
            form.ends_on.data = contracts.capped(
                db.session(),
                graduate=record.graduate,
                agency_id=record.agency_id,
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
            )
        except Refused as refusal:
            told_at_field(form, refusal)
            return False
        return True

    def record(self, form: Any) -> Contract:
        terms: Any = {name: form[name].data for name in TERMS}
        application: Application | None = form.application_id.record
        return contracts.draft(
            db.session(),
            graduate_id=form.graduate_id.data,
            agency_id=application.agency_id if application is not None else self.agency_of(form),
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            application=application,
            by=edge.viewer(),
            now=edge.now(),
            **terms,
        )

    def told(self, record: Contract) -> str:
        return "Проект договора сохранён. Напечатайте его, а после подписи сторон отметьте подписание."

    def alerts(self, record: Contract) -> Sequence[str]:
        return contracts.warnings_of(db.session(), contract=record, today=edge.today())

    # -- One contract --------------------------------------------------------------------------------------------------

    def record_title(self, record: Contract) -> str:
        if record.number is None:
            return f"Проект договора с {ru_date(record.starts_on)}"
        return f"Договор № {record.number_text} от {ru_date(record.signed_on)}"

    def card_context(self, record: Contract) -> dict[str, Any]:
        context = super().card_context(record)
        header = context["header"]
        header["facts"] = [
            cells.person_fact(record.graduate_id),
            ("Действует", f"{ru_date(record.starts_on)} – {ru_date(record.ends_on)}"),
            ("Куратор", record.curator),
        ]
        header["chips"] = [contract_chip(record.status_on(edge.today()))]
        header["alerts"] = [("warning", told) for told in self.alerts(record)]
        header["actions"] = cells.steps(self._next_steps(record), header["actions"])
        context["blocks"] = list(_blocks(record))
        return context

    def _next_steps(self, record: Contract) -> list[tuple[str, str, str]]:
        if record.number is None or record.annulled_on is not None or not may(edge.viewer(), record):
            return []
        steps = []
        if not any(one.annulled_on is None and one.number is None for one in record.conclusions):
            kind = "primary" if _is_ending(record) else ""
            steps.append(("Составить заключение", self.get_url("conclusion.create_view", contract=record.id), kind))
        if record.ended_on is not None and _may_renew(record):
            steps.append(("Новый договор", self.get_url(".create_view", renew=record.id), "primary"))
        return steps


def _is_ending(record: Contract) -> bool:
    """The conclusion is due: the term is over or will be in a month."""
    return record.is_open() and record.ends_on <= edge.today() + SOON and not record.conclusions


def _may_renew(record: Contract) -> bool:
    """A contract may follow: there is a right, none is open."""
    told = contracts.obstacle(db.session(), graduate=record.graduate, agency_id=record.agency_id, on=edge.today())
    return not told


def _visible_person(graduate_id: int | None) -> Graduate | None:
    query = select(Graduate).where(Graduate.id == graduate_id, visible_to(edge.viewer()))
    return db.session.scalars(query).one_or_none()


def _blocks(record: Contract) -> Any:
    parties = ("signed_on", "place", "signatory", "signatory_basis", "copies", "handed_on", "agency_id")
    yield cells.block("Стороны", "parties", cells.filled(record, *parties))
    right = ("legal_status_code", "right_ground_code", "right_document", "category_code")
    yield cells.block("Право и категория", "right", cells.filled(record, *right))
    people = ("curator", "curator_order", "guardianship_id", "guardian", "note")
    yield cells.block("Кто сопровождает", "people", cells.filled(record, *people))
    yield cells.block("Связанные записи", "links", _links(record), empty="Связанных записей нет.")
    if record.ended_on is not None:
        ended = ("ended_on", "termination_ground_code", "termination_note")
        yield cells.block("Прекращение", "end", cells.filled(record, *ended))
    if record.amendments:
        columns = ["number", "signed_on", "subject", "new_ends_on"]
        table = details.rows_table(list(record.amendments), columns)
        yield cells.block("Дополнительные соглашения", "amendments", (), table=table)
    if record.suspensions:
        table = details.rows_table(list(record.suspensions), ["ground_code", "starts_on", "note"])
        yield cells.block("Приостановления", "suspensions", (), table=table)


def _links(record: Contract) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    if record.application is not None:
        found.append(("Заявление", application_link(record.application)))
    plans = db.session.scalars(select(Plan).where(Plan.contract_id == record.id).order_by(Plan.edition, Plan.id)).all()
    if plans:
        found.append(("План", cells.joined([plan_link(plan) for plan in plans])))
    if record.conclusions:
        found.append(("Заключение", cells.joined([conclusion_link(one) for one in record.conclusions])))
    if (episode := episodes.of_contract(db.session(), contract=record)) is not None:
        found.append(("Принятие на сопровождение", episode_link(episode)))
    return [*found, *cells.journal_fact(record)]
