"""Rounds of approval: submitted, returned with a remark, approved by the head with a number; closed, annulled."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from models.access import Viewer
from models.case_access import may_approve, may_register
from models.plans import Plan, PlanComment, PlanKind, PlanState
from services import numbering
from services.errors import need
from services.plans import drafts
from services.plans.holding import CHANGED, hold, need_draft, note, ru

HEAD_ONLY = "Утверждает и возвращает план руководитель организации."
NEXT_APPROVED = "утверждена следующая редакция"  # Why an edition was closed; its annulment opens it again.


def submit(session: Session, *, plan: Plan, by: Viewer) -> None:
    """Hand the draft to the head. Raises Refused."""
    need(may_register(by, plan.agency_id), drafts.OWN_ONLY)
    hold(session, plan=plan)
    need_draft(plan)
    drafts.settle(session, plan=plan, by=by)
    need(plan.measures, "В плане нет ни одного мероприятия: добавьте хотя бы одно.")
    need(plan.kind is not PlanKind.JOINT or plan.partners, "В совместном плане укажите хотя бы одного партнёра.")
    plan.state, plan.submitted_on = PlanState.REVIEW, by.on
    session.flush()


def withdraw(session: Session, *, plan: Plan, by: Viewer) -> None:
    """Take the plan back from the head to go on writing. Raises Refused."""
    need(may_register(by, plan.agency_id), drafts.OWN_ONLY)
    hold(session, plan=plan)
    _need_in_review(plan)
    plan.state = PlanState.DRAFT
    session.flush()


def send_back(session: Session, *, plan: Plan, text: str, by: Viewer, now: datetime) -> PlanComment:
    """Return the plan to its author with a remark: one more round. Raises Refused."""
    need(may_approve(by, plan.agency_id), HEAD_ONLY)
    hold(session, plan=plan)
    _need_in_review(plan)
    plan.state = PlanState.DRAFT
    return _say(session, plan, text, by, now, is_return=True)


def comment(session: Session, *, plan: Plan, text: str, by: Viewer, now: datetime) -> PlanComment:
    """A remark or an answer that changes nothing else. Raises Refused."""
    need(may_register(by, plan.agency_id), "Замечания к плану пишут в самой организации.")
    return _say(session, plan, text, by, now, is_return=False)


def agree(session: Session, *, plan: Plan, partner_id: int, agreed_on: date, by: Viewer) -> None:
    """A partner of a joint plan has agreed to it (vologda, cl. 2.2). Raises Refused."""
    need(may_register(by, plan.agency_id), drafts.OWN_ONLY)
    hold(session, plan=plan)
    need(plan.state in (PlanState.DRAFT, PlanState.REVIEW) and plan.annulled_on is None, CHANGED)
    partner = next((one for one in plan.partners if one.id == partner_id), None)
    need(partner, "Такого партнёра в плане нет.", field="partner")
    need(agreed_on <= by.on, "Дата согласия ещё не наступила.", field="agreed_on")
    assert partner is not None
    partner.agreed_on = agreed_on
    session.flush()


def approve(session: Session, *, plan: Plan, approved_on: date, agreed_on: date | None = None, by: Viewer) -> Plan:
    """The head approves: the plan gets its number, and the edition before it is closed. Raises Refused.

    `agreed_on`: when the graduate agreed and signed, where the draft does not say so yet.
    """
    need(may_approve(by, plan.agency_id), HEAD_ONLY)
    hold(session, plan=plan)
    _need_in_review(plan)
    plan.agreed_on = agreed_on or plan.agreed_on
    drafts.settle(session, plan=plan, by=by)
    _need_ready(plan, approved_on, by.on)
    numbering.assign(session, record=plan, on=approved_on)
    plan.state, plan.approved_on, plan.approved_by_id = PlanState.APPROVED, approved_on, by.user_id
    _close_previous(session, plan, by)
    session.flush()
    return plan


def _need_ready(plan: Plan, approved_on: date, today: date) -> None:
    need(plan.measures, "В плане нет ни одного мероприятия: добавьте хотя бы одно.")
    need(plan.agreed_on, "Укажите, когда выпускник согласился с планом и подписал его.", field="agreed_on")
    need(approved_on <= today, "Дата утверждения ещё не наступила.", field="approved_on")
    assert plan.agreed_on is not None
    early = f"План утверждают не раньше согласия выпускника ({ru(plan.agreed_on)})."
    need(approved_on >= plan.agreed_on, early, field="approved_on")
    over = f"План к этому дню уже закончился ({ru(plan.ends_on)})."
    need(approved_on <= plan.ends_on, over, field="approved_on")
    if plan.kind is PlanKind.JOINT:
        need(plan.partners, "В совместном плане укажите хотя бы одного партнёра.")
        for partner in plan.partners:
            name = partner.agency.short_name
            need(partner.agreed_on, f"Партнёр ещё не согласовал план: {name}.")
            assert partner.agreed_on is not None
            late = f"План утверждают не раньше согласия партнёра: {name}, {ru(partner.agreed_on)}."
            need(approved_on >= partner.agreed_on, late, field="approved_on")


def _close_previous(session: Session, plan: Plan, by: Viewer) -> None:
    previous = plan.before
    if previous is None or not previous.is_in_force:
        return
    assert plan.approved_on is not None
    day = max(plan.approved_on, previous.approved_on or plan.approved_on)
    previous.state, previous.closed_on = PlanState.CLOSED, day
    note(session, plan=previous, what="План закрыт.", ground=NEXT_APPROVED, on=day, by=by)


def close(session: Session, *, plan: Plan, closed_on: date, closing_note: str, by: Viewer) -> None:
    """Finish a plan with the analysis of what was done. Raises Refused."""
    need(may_register(by, plan.agency_id), drafts.OWN_ONLY)
    hold(session, plan=plan)
    need(plan.is_in_force, "Завершить можно только утверждённый план.")
    need(closing_note.strip(), "Запишите, что удалось и что нет.", field="closing_note")
    need(closed_on <= by.on, "Дата завершения ещё не наступила.", field="closed_on")
    assert plan.approved_on is not None
    first = max(plan.starts_on, plan.approved_on)
    need(closed_on >= first, f"План нельзя завершить раньше {ru(first)}.", field="closed_on")
    plan.state, plan.closed_on, plan.closing_note = PlanState.CLOSED, closed_on, closing_note.strip()
    note(session, plan=plan, what="План завершён.", ground="анализ исполнения", on=closed_on, by=by)
    session.flush()


def annul(session: Session, *, plan: Plan, reason: str, by: Viewer) -> None:
    """The plan was approved by mistake; the edition that its approval closed is in force again, unless a later one is.

    Raises Refused.
    """
    hold(session, plan=plan)
    need(plan.number, "Номера у плана нет: черновик не аннулируют, а удаляют.")
    numbering.annul(session, record=plan, reason=reason, by=by)
    _reopen_previous(session, plan, reason, by)
    session.flush()


def _reopen_previous(session: Session, plan: Plan, reason: str, by: Viewer) -> None:
    previous = plan.before
    if previous is None or previous.state is not PlanState.CLOSED or _has_later(plan):
        return
    if previous.changes and previous.changes[-1].ground == NEXT_APPROVED:
        previous.state, previous.closed_on = PlanState.APPROVED, None
        note(session, plan=previous, what="План снова действует.", ground=reason, on=by.on, by=by)


def _has_later(plan: Plan) -> bool:
    """A later edition was approved and stands: it goes on in the place of all before it."""
    following = plan.following
    while following is not None:
        if following.number is not None and following.annulled_on is None:
            return True
        following = following.following
    return False


def _need_in_review(plan: Plan) -> None:
    need(plan.state is PlanState.REVIEW and plan.annulled_on is None, "План не на утверждении.")


def _say(session: Session, plan: Plan, text: str, by: Viewer, now: datetime, *, is_return: bool) -> PlanComment:
    need(text.strip(), "Напишите замечание.", field="text")
    said = PlanComment(text=text.strip(), is_return=is_return, written_at=now, author_id=by.user_id)
    said.plan = plan
    session.add(said)
    session.flush()
    return said
