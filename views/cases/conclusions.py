"""The register of conclusions on results: approved by the head, signed by both parties (aistenok 12; domain §2.5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import request
from sqlalchemy import ColumnElement

from models.access import Viewer
from models.case_access import may_approve
from models.cases import Conclusion, ConclusionOutcome, Contract
from models.plans import Plan
from services.cases import conclusions, contracts, proposals
from services.cases.states import ConclusionState, conclusion_state, state_of_conclusions
from services.errors import Refused
from views import edge, listing
from views.base import FormSection
from views.case_base import CaseView, wanted_number
from views.case_chips import conclusion_chip, contract_link, plan_link
from views.cases import cells
from views.cases.actions import discarding, may
from views.cases.fields import ContractField
from views.cases.forms import ApproveForm, HandForm, SignatureForm, today_in
from views.doing import Action, annulling, told_at_field
from views.extensions import db
from views.formats import ru_date
from views.listing import Column, Filter
from views.registers import label_from

TEXTS = ("results", "achieved", "unresolved", "recommendations", "own_opinion", "curator")


def _approve(record: Conclusion, form: Any) -> str:
    conclusions.approve(db.session(), conclusion=record, approved_on=form.approved_on.data, by=edge.viewer())
    return f"Заключение утверждено, № {record.number_text}. Теперь его подписывает выпускник."


def _sign(record: Conclusion, form: Any) -> str:
    conclusions.note_signature(db.session(), conclusion=record, signed_on=form.signed_on.data, by=edge.viewer())
    return "Подпись выпускника отмечена: по заключению можно закрыть договор."


def _hand(record: Conclusion, form: Any) -> str:
    conclusions.hand_over(db.session(), conclusion=record, handed_on=form.handed_on.data, by=edge.viewer())
    return "Вручение отмечено."


def _annul(record: Conclusion, form: Any) -> str:
    conclusions.annul(db.session(), conclusion=record, reason=form.reason.data or "", by=edge.viewer())
    return "Заключение аннулировано, номер остался за ним."


def _is_approved(record: Conclusion) -> bool:
    return record.approved_on is not None and record.annulled_on is None


class ConclusionView(CaseView):
    title, icon, create_label, default_sort = "Заключения", "certificate", "Составить заключение", "-to"
    search_placeholder_text = "Номер, фамилия"
    form_overrides: ClassVar = {"contract_id": ContractField}
    form_sections = (
        FormSection(
            "Договор и период",
            "about",
            ("contract_id", "period_from", "period_to", "outcome", "curator"),
            help="Мероприятия, баллы мониторинга и категории посчитает система по плану и картам за этот период.",
        ),
        FormSection("Результаты", "findings", ("results", "achieved", "unresolved")),
        FormSection("Рекомендации и мнение", "advice", ("recommendations", "own_opinion")),
    )
    actions = (
        Action(
            "approve",
            "Утвердить",
            _approve,
            lambda viewer, record: may_approve(viewer, record.agency_id),
            lambda record: record.number is None and record.annulled_on is None,
            ApproveForm,
            fill=today_in("approved_on"),
            kind="primary",
            hint="Заключение получит номер. Числа мероприятий и баллы пересчитаются в этот момент.",
        ),
        Action(
            "sign",
            "Отметить подпись выпускника",
            _sign,
            may,
            lambda record: _is_approved(record) and record.graduate_signed_on is None,
            SignatureForm,
            fill=today_in("signed_on"),
            button="Выпускник подписал",
            kind="primary",
        ),
        Action(
            "hand",
            "Отметить вручение",
            _hand,
            may,
            lambda record: _is_approved(record) and record.handed_on is None,
            HandForm,
            fill=today_in("handed_on"),
            button="Вручено",
        ),
        discarding("Убрать проект заключения"),
        annulling(_annul),
    )

    # -- The list ------------------------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column]:
        c, outcome = Conclusion, label_from(ConclusionOutcome)
        return (
            cells.number_column(c),
            cells.day("approved", "Утверждено", c.approved_on),
            cells.person(c),
            cells.day("from", "Период с", c.period_from),
            cells.day("to", "по", c.period_to, is_sorted=True),
            cells.state(state_of_conclusions(), ConclusionState, conclusion_chip),
            Column("total", "Мероприятий", c.total, css="cell-number", width=13),
            Column("done", "Выполнено", c.done, css="cell-number", width=11),
            Column("outcome", "Вывод", c.outcome, show=outcome, export=outcome, css="cell-medium", width=36),
            cells.coded("agency", "Организация", c.agency_id, "agency", 34),
        )

    def filters(self) -> Sequence[Filter]:
        def of_outcomes(values: list[str]) -> ColumnElement[bool]:
            return Conclusion.outcome.in_([ConclusionOutcome(value) for value in values])

        return (
            cells.state_filter(state_of_conclusions(), ConclusionState),
            Filter("outcome", "Вывод", "choice", of_outcomes, ConclusionOutcome.choices),
            listing.period("approved", "Утверждено", Conclusion.approved_on),
            *cells.agency_filter(Conclusion),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return cells.found_by(text, Conclusion, edge.viewer())

    # -- The form ------------------------------------------------------------------------------------------------------

    def may_edit_record(self, viewer: Viewer, record: Conclusion) -> bool:
        return super().may_edit_record(viewer, record) and record.number is None

    def fit_form(self, form: Any, record: Conclusion | None) -> None:
        super().fit_form(form, record)
        if record is not None:
            del form["contract_id"]
            return
        form.contract_id.flags.required = True  # Said by `check_form`: a conclusion from the time before may have none.
        if request.method == "GET":
            form.contract_id.data = wanted_number("contract")
            contract: Contract | None = form.contract_id.record
            if contract is not None:
                for name, value in proposals.for_conclusion(contract, on=edge.today()).items():
                    form[name].data = value

    def check_form(self, form: Any, record: Conclusion | None) -> bool:
        try:
            if record is None:
                return self._has_contract(form)
            if record.contract is not None and form.period_from.data and form.period_to.data:
                conclusions.need_period(record.contract, form.period_from.data, form.period_to.data)
        except Refused as refusal:
            told_at_field(form, refusal)
            return False
        return True

    def _has_contract(self, form: Any) -> bool:
        if form.contract_id.data is None and not form.contract_id.errors:
            raise Refused("Выберите договор.", field="contract_id")
        return True

    def before_save(self, form: Any, record: Conclusion, is_created: bool) -> None:
        conclusions.recount(db.session(), conclusion=record)

    def record(self, form: Any) -> Conclusion:
        texts: Any = {name: form[name].data or "" for name in TEXTS}
        return conclusions.draft(
            db.session(),
            contract=form.contract_id.record,
            period_from=form.period_from.data,
            period_to=form.period_to.data,
            outcome=form.outcome.data,
            by=edge.viewer(),
            now=edge.now(),
            **texts,
        )

    def told(self, record: Conclusion) -> str:
        return "Проект заключения сохранён. Его утверждает руководитель, затем подписывает выпускник."

    def alerts(self, record: Conclusion) -> Sequence[str]:
        return conclusions.warnings_of(record)

    # -- One conclusion ------------------------------------------------------------------------------------------------

    def record_title(self, record: Conclusion) -> str:
        if record.number is None:
            return f"Проект заключения за период по {ru_date(record.period_to)}"
        return f"Заключение № {record.number_text} от {ru_date(record.approved_on)}"

    def card_context(self, record: Conclusion) -> dict[str, Any]:
        context = super().card_context(record)
        header = context["header"]
        header["facts"] = [cells.person_fact(record.graduate_id)]
        if record.contract is not None:
            header["facts"].append(("Договор", contract_link(record.contract)))
        header["chips"] = [conclusion_chip(conclusion_state(record))]
        header["alerts"] = [("warning", told) for told in self.alerts(record)]
        header["actions"] = cells.steps(self._next_steps(record), header["actions"])
        context["blocks"] = list(_blocks(record))
        return context

    def _next_steps(self, record: Conclusion) -> list[tuple[str, str, str]]:
        """Close the contract; go on with a new one where the conclusion says so."""
        contract = record.contract
        if contract is None or not record.is_signed or not may(edge.viewer(), record):
            return []
        if contract.is_open():
            url = self.get_url("contract.details_view", id=contract.id)
            return [("Закрыть договор", f"{url}#action-end", "primary")]
        session, on = db.session(), edge.today()
        wants_new = record.outcome is ConclusionOutcome.EXTEND
        if wants_new and not contracts.obstacle(session, graduate=record.graduate, agency_id=record.agency_id, on=on):
            return [("Новый договор", self.get_url("contract.create_view", renew=contract.id), "primary")]
        return []


def _blocks(record: Conclusion) -> Any:
    about = ("period_from", "period_to", "outcome", "curator")
    signed = ("approved_on", "approved_by_id", "graduate_signed_on", "handed_on", "agency_id")
    yield cells.block("Заключение", "about", cells.filled(record, *about, *signed))
    plan = db.session.get(Plan, record.plan_id) if record.plan_id is not None else None
    counted = cells.filled(record, "total", "done", "done_partly", "not_done", "refused") if plan is not None else []
    found = [("План", plan_link(plan))] if plan is not None else []
    empty = "Утверждённого плана по договору нет."
    yield cells.block("Мероприятия плана", "measures", [*found, *counted], empty=empty)
    dynamics = ("category_from_code", "category_to_code", "score_from", "score_to")
    yield cells.block("Динамика", "dynamics", cells.filled(record, *dynamics), empty="Сведений за период нет.")
    texts = ("results", "achieved", "unresolved", "recommendations", "own_opinion")
    yield cells.block("Результаты", "results", cells.filled(record, *texts))
