"""The conclusion on results: drafted from the plan, approved, signed by both, handed over (aistenok 12)."""

from collections import Counter
from datetime import date, datetime
from typing import TypedDict, Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.assessments import MonitoringCard
from models.case_access import may_approve
from models.cases import BY_CONCLUSION, Conclusion, ConclusionOutcome, Contract
from models.graduates import Graduate
from models.plans import MeasureStatus, Plan, PlanState
from services import numbering
from services.assessments.monitoring import total_of
from services.cases.common import hold, need_live, need_order, need_passed, need_registrar, person, ru
from services.errors import Refused, need

APPROVED = "утверждения заключения"
# How a measure counts in a conclusion; moved and excluded ones were not to be done in this time.
COUNTED = {
    MeasureStatus.DONE: "done",
    MeasureStatus.DONE_PARTLY: "done_partly",
    MeasureStatus.NOT_DONE: "not_done",
    MeasureStatus.PLANNED: "not_done",
    MeasureStatus.IN_WORK: "not_done",
    MeasureStatus.REFUSED: "refused",
}


class Texts(TypedDict, total=False):
    """What people write into a conclusion."""

    results: str
    achieved: str
    unresolved: str
    recommendations: str
    own_opinion: str
    curator: str


def draft(
    session: Session,
    *,
    contract: Contract,
    period_from: date,
    period_to: date,
    outcome: ConclusionOutcome,
    by: Viewer,
    now: datetime,
    **texts: Unpack[Texts],
) -> Conclusion:
    """A draft with what plan, monitoring and categories say of the period. Raises Refused."""
    need_registrar(by, contract.agency_id)
    graduate = person(session, graduate_id=contract.graduate_id, by=by)
    need_for_conclusion(contract)
    need_period(contract, period_from, period_to)
    conclusion = Conclusion(
        graduate=graduate,
        agency_id=contract.agency_id,
        contract=contract,
        period_from=period_from,
        period_to=period_to,
        outcome=outcome,
        created_at=now,
        created_by_id=by.user_id,
        **texts,
    )
    recount(session, conclusion=conclusion)
    session.add(conclusion)
    session.flush()
    return conclusion


def need_for_conclusion(contract: Contract) -> None:
    is_signed = contract.signed_on is not None and contract.annulled_on is None
    need(is_signed, "Заключение составляют по подписанному договору.", field="contract_id")
    for one in contract.conclusions:
        if one.annulled_on is None and one.number is None:
            raise Refused("По этому договору уже есть проект заключения: откройте и дополните его.")


def need_period(contract: Contract, period_from: date, period_to: date) -> None:
    need(period_to >= period_from, "Последний день не может быть раньше первого.", field="period_to")
    if contract.signed_on is not None:
        need_order(period_from, contract.signed_on, "подписания договора", "period_from")


def recount(session: Session, *, conclusion: Conclusion) -> None:
    """Write down what the records say of the period: measures by status, points, categories."""
    with session.no_autoflush:
        plan = plan_of(session, conclusion.contract)
        conclusion.plan_id = plan.id if plan is not None else None
        counts = measures_of(plan)
        conclusion.total, conclusion.done = counts.total(), counts["done"]
        conclusion.done_partly, conclusion.not_done = counts["done_partly"], counts["not_done"]
        conclusion.refused = counts["refused"]
        start, stop = conclusion.period_from, conclusion.period_to
        conclusion.score_from, conclusion.score_to = scores_of(session, conclusion.graduate, start, stop)
        conclusion.category_from_code = category_on(conclusion.graduate, start, until=stop)
        conclusion.category_to_code = category_on(conclusion.graduate, stop)


def plan_of(session: Session, contract: Contract | None) -> Plan | None:
    """The newest approved edition of the plan under a contract."""
    if contract is None:
        return None
    approved = select(Plan).where(
        Plan.contract_id == contract.id,
        Plan.annulled_on.is_(None),
        Plan.state.in_([PlanState.APPROVED, PlanState.CLOSED]),
    )
    return session.scalars(approved.order_by(Plan.edition.desc(), Plan.id.desc())).first()


def measures_of(plan: Plan | None) -> Counter[str]:
    measures = plan.measures if plan is not None else []
    return Counter(COUNTED[one.status] for one in measures if one.status in COUNTED)


def scores_of(session: Session, graduate: Graduate, start: date, stop: date) -> tuple[int | None, int | None]:
    """Points of the first and of the last monitoring card of a period."""
    query = select(MonitoringCard).where(
        MonitoringCard.graduate_id == graduate.id,
        MonitoringCard.annulled_on.is_(None),
        MonitoringCard.filled_on.between(start, stop),
    )
    cards = session.scalars(query.order_by(MonitoringCard.filled_on, MonitoringCard.id)).all()
    return (total_of(cards[0]).points, total_of(cards[-1]).points) if cards else (None, None)


def category_on(graduate: Graduate, day: date, until: date | None = None) -> str | None:
    """The category in force on a day; where none was yet, the first one decided `until` a later day."""
    decisions = sorted(graduate.category_decisions, key=lambda one: (one.starts_on, one.id))
    before = [one for one in decisions if one.starts_on <= day and (one.ends_on is None or one.ends_on >= day)]
    if before:
        return before[-1].category_code
    later = [one for one in decisions if until is not None and day < one.starts_on <= until]
    return later[0].category_code if later else None


def approve(session: Session, *, conclusion: Conclusion, approved_on: date, by: Viewer) -> None:
    """Signed by the curator and the head: it gets its number and is counted a last time. Raises Refused."""
    need(may_approve(by, conclusion.agency_id), "Утверждает заключение руководитель организации.")
    contract = _hold(session, conclusion)
    need_live(conclusion)
    need(contract is None or contract.annulled_on is None, "Договор аннулирован: заключение по нему не утверждают.")
    need(conclusion.number is None, f"Заключение уже утверждено: № {conclusion.number_text}.")
    need_passed(approved_on, by, "approved_on")
    need_order(approved_on, conclusion.period_from, "начала периода", "approved_on")
    need(conclusion.results.strip(), "Напишите в заключении результаты по направлениям, затем утверждайте.")
    recount(session, conclusion=conclusion)
    numbering.assign(session, record=conclusion, on=approved_on)
    conclusion.approved_on, conclusion.approved_by_id = approved_on, by.user_id
    session.flush()


def _hold(session: Session, conclusion: Conclusion) -> Contract | None:
    """The contract and its conclusion, in the order in which the contract is closed."""
    if conclusion.contract is not None:
        hold(session, conclusion.contract)
    hold(session, conclusion)
    return conclusion.contract


def _need_approved(conclusion: Conclusion, by: Viewer) -> date:
    need_registrar(by, conclusion.agency_id)
    need_live(conclusion)
    if conclusion.approved_on is None:
        raise Refused("Заключение ещё не утверждено.")
    return conclusion.approved_on


def note_signature(session: Session, *, conclusion: Conclusion, signed_on: date, by: Viewer) -> None:
    """The graduate has signed. Raises Refused."""
    approved_on = _need_approved(conclusion, by)
    need(conclusion.graduate_signed_on is None, "Подпись выпускника уже отмечена.")
    need_passed(signed_on, by, "signed_on")
    need_order(signed_on, approved_on, APPROVED, "signed_on")
    conclusion.graduate_signed_on = signed_on
    session.flush()


def hand_over(session: Session, *, conclusion: Conclusion, handed_on: date, by: Viewer) -> None:
    """The graduate got a copy. Raises Refused."""
    approved_on = _need_approved(conclusion, by)
    need(conclusion.handed_on is None, "Экземпляр уже вручён.")
    need_passed(handed_on, by, "handed_on")
    need_order(handed_on, approved_on, APPROVED, "handed_on")
    conclusion.handed_on = handed_on
    session.flush()


def annul(session: Session, *, conclusion: Conclusion, reason: str, by: Viewer) -> None:
    """Raises Refused while a contract is closed by it."""
    contract = _hold(session, conclusion)
    if contract is not None and contract.annulled_on is None and contract.termination_ground_code in BY_CONCLUSION:
        others = [one for one in contract.conclusions if one.is_signed and one is not conclusion]
        told = f"По этому заключению закрыт договор № {contract.number_text}: аннулировать его нельзя."
        need(others or not conclusion.is_signed, told)
    numbering.annul(session, record=conclusion, reason=reason, by=by)


def warnings_of(conclusion: Conclusion) -> list[str]:
    if conclusion.annulled_on is not None:
        return []
    told = []
    if conclusion.plan_id is None:
        told.append("Утверждённого плана по договору нет: мероприятия не посчитаны.")
    if conclusion.score_from is None:
        told.append("Карт мониторинга за период нет: баллы не указаны.")
    if conclusion.approved_on is not None and conclusion.graduate_signed_on is None:
        told.append(
            f"Выпускник ещё не подписал: без его подписи договор не закрыть. Утверждено {ru(conclusion.approved_on)}."
        )
    return told
