"""What is done with a plan on its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.access import Viewer
from models.case_access import may_approve, may_register
from models.plans import Plan, PlanKind, PlanState
from services.plans import approval, drafts, editions
from views import edge
from views.doing import Action, annulling
from views.extensions import db
from views.plans.plan_forms import ApproveForm, CloseForm, CommentForm, PartnerForm, RenewForm

ANNUL_HINT = "План останется в журнале зачёркнутым, с номером и причиной. Прежняя редакция снова станет действующей."


def may(viewer: Viewer, plan: Plan) -> bool:
    return may_register(viewer, plan.agency_id)


def is_head(viewer: Viewer, plan: Plan) -> bool:
    return may_approve(viewer, plan.agency_id)


def is_draft(plan: Plan) -> bool:
    return plan.state is PlanState.DRAFT and plan.annulled_on is None


def is_in_review(plan: Plan) -> bool:
    return plan.state is PlanState.REVIEW and plan.annulled_on is None


# -- Verbs -----------------------------------------------------------------------------------------------------------


def _submit(plan: Plan, form: Any) -> str:
    approval.submit(db.session(), plan=plan, by=edge.viewer())
    return "План передан руководителю на утверждение."


def _withdraw(plan: Plan, form: Any) -> str:
    approval.withdraw(db.session(), plan=plan, by=edge.viewer())
    return "План снова у вас: его можно править."


def _approve(plan: Plan, form: Any) -> str:
    days = {"agreed_on": form.agreed_on.data, "approved_on": form.approved_on.data}
    approval.approve(db.session(), plan=plan, by=edge.viewer(), **days)
    closed = " Прежняя редакция закрыта." if plan.before is not None else ""
    return f"План утверждён, № {plan.number_text}.{closed}"


def _send_back(plan: Plan, form: Any) -> str:
    approval.send_back(db.session(), plan=plan, text=form.text.data or "", by=edge.viewer(), now=edge.now())
    return "План возвращён автору с замечанием."


def _comment(plan: Plan, form: Any) -> str:
    approval.comment(db.session(), plan=plan, text=form.text.data or "", by=edge.viewer(), now=edge.now())
    return "Записано."


def _agree(plan: Plan, form: Any) -> str:
    fields = {"partner_id": form.partner.data, "agreed_on": form.agreed_on.data}
    approval.agree(db.session(), plan=plan, by=edge.viewer(), **fields)
    return "Согласие партнёра записано."


def _close(plan: Plan, form: Any) -> str:
    approval.close(
        db.session(),
        plan=plan,
        closed_on=form.closed_on.data,
        closing_note=form.closing_note.data or "",
        by=edge.viewer(),
    )
    return "План завершён."


def _renew(plan: Plan, form: Any) -> str:
    draft = editions.renew(
        db.session(),
        plan=plan,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        reason=form.reason.data or "",
        analysis=form.analysis.data or "",
        by=edge.viewer(),
        now=edge.now(),
    )
    return f"Черновик новой редакции готов. Из прежней перешло мероприятий: {len(draft.measures)}."


def _annul(plan: Plan, form: Any) -> str:
    approval.annul(db.session(), plan=plan, reason=form.reason.data or "", by=edge.viewer())
    return "План аннулирован и остался в журнале зачёркнутым."


def _discard(plan: Plan, form: Any) -> str:
    drafts.discard(db.session(), plan=plan, by=edge.viewer())
    return "Черновик удалён. Номера у него не было."


# -- What a fresh form proposes --------------------------------------------------------------------------------------


def _fill_approve(form: Any, plan: Plan) -> None:
    form.agreed_on.data = plan.agreed_on
    form.approved_on.data = edge.today()


def _fill_close(form: Any, plan: Plan) -> None:
    form.closed_on.data = min(edge.today(), plan.ends_on)
    form.closing_note.data = plan.closing_note


def _fill_renew(form: Any, plan: Plan) -> None:
    form.starts_on.data, form.ends_on.data = editions.proposed_period(plan, edge.today())
    form.analysis.data = plan.closing_note


def _waiting(plan: Plan) -> list[tuple[int, str]]:
    return [(one.id, one.agency.short_name) for one in plan.partners if one.agreed_on is None]


@dataclass(frozen=True)
class PartnerAction(Action):
    """Offers the partners who have not agreed yet."""

    def made_form(self, record: Plan, posted: str = "") -> Any:
        form: Any = super().made_form(record, posted)
        form.partner.offered = _waiting(record)
        return form


def _is_waiting(plan: Plan) -> bool:
    return plan.kind is PlanKind.JOINT and (is_draft(plan) or is_in_review(plan)) and bool(_waiting(plan))


def _fill_today(form: Any, plan: Plan) -> None:
    form.agreed_on.data = edge.today()


def _is_renewable(plan: Plan) -> bool:
    return plan.state in (PlanState.APPROVED, PlanState.CLOSED) and plan.following is None


ACTIONS = (
    Action("approve", "Утвердить план", _approve, is_head, is_in_review, ApproveForm, _fill_approve, "Утвердить",
           "primary", "План получит номер, прежняя редакция закроется."),
    Action("return", "Вернуть автору с замечанием", _send_back, is_head, is_in_review, CommentForm, button="Вернуть"),
    Action("submit", "Передать на утверждение", _submit, may, is_draft, kind="primary"),
    Action("withdraw", "Отозвать с утверждения", _withdraw, may, is_in_review),
    PartnerAction("agree", "Отметить согласие партнёра", _agree, may, _is_waiting, PartnerForm, _fill_today,
                  "Записать согласие"),
    Action("comment", "Написать замечание или ответ", _comment, may,
           lambda plan: is_draft(plan) or is_in_review(plan), CommentForm, button="Записать"),
    Action("renew", "Новая редакция", _renew, may, _is_renewable, RenewForm, _fill_renew, "Составить черновик",
           hint="В черновик перейдут оценка ситуации и незавершённые мероприятия. Прежняя редакция действует, "
                "пока не утверждена новая."),
    Action("close", "Завершить план", _close, may, lambda plan: plan.is_in_force, CloseForm, _fill_close, "Завершить"),
    annulling(_annul, title="Аннулировать план", hint=ANNUL_HINT),
    Action("discard", "Удалить черновик", _discard, may, is_draft, kind="danger", confirm="Удалить черновик плана?"),
)  # fmt: skip
