"""Applications, contracts, refusals, plans of the period, and whether contracts were in time (domain §6.2, 7)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.cases import Application, Conclusion, Contract, Refusal, RefusalKind
from models.deadlines import Deadline
from models.plans import Plan
from models.regulations import DeadlineRule
from models.rule_terms import EvidenceKind, Trigger
from reports import scope
from reports.base import Desk
from reports.figures import AnyLine, CountLine, LineTable, RatioLine, Records, Table, Unit, ValueLine

NOTE = (
    "Средний срок считается в календарных днях от регистрации заявления до подписания, по договорам периода, "
    "у которых есть заявление. Доля в срок – по срокам «заключить договор», последний день которых пришёлся на период: "
    "столько их исполнено не позже этого дня. Снятые сроки не считаются."
)


def papers(desk: Desk) -> Table:
    signed = _of(desk, Contract, Contract.signed_on)
    with_application = signed.narrowed(_registered_on().is_not(None))
    due = contract_deadlines(desk)
    lines: tuple[AnyLine, ...] = (
        CountLine("applications", "Заявлений поступило", _of(desk, Application, Application.received_on)),
        CountLine("registered", "Заявлений зарегистрировано", _of(desk, Application, Application.registered_on)),
        CountLine("contracts", "Договоров заключено", signed),
        *(CountLine(f"refusals-{kind.value}", REFUSALS[kind], _refusals(desk, kind)) for kind in RefusalKind),
        CountLine("plans", "Планов утверждено", _of(desk, Plan, Plan.approved_on)),
        CountLine("conclusions", "Заключений утверждено", _of(desk, Conclusion, Conclusion.approved_on)),
        ValueLine(
            *("days", "Средний срок от регистрации до договора, дней", _average(with_application)),
            *(Unit.DAYS, with_application),
        ),
        CountLine("due", "Наступило сроков заключить договор", due),
        CountLine("in-time", "Из них исполнено в срок", due.narrowed(Deadline.done_on <= Deadline.due_on)),
        RatioLine("in-time-share", "Доля в срок", "in-time", "due"),
    )
    return LineTable("papers", "Договоры и планы", "Показатель", lines, note=NOTE)


REFUSALS = {RefusalKind.GRADUATE: "Отказов выпускников", RefusalKind.AGENCY: "Отказов организации"}


def _of(desk: Desk, model: Any, day: Any) -> Records:
    """Numbered papers of the organisation whose day lies in the period, without annulled ones."""
    standing = (
        scope.within(desk, model.agency_id),
        scope.during(day, desk.parameters.span),
        model.annulled_on.is_(None),
    )
    return Records(model, standing, person=model.graduate_id, day=day)


def _refusals(desk: Desk, kind: RefusalKind) -> Records:
    return _of(desk, Refusal, Refusal.refused_on).narrowed(Refusal.kind == kind)


def _registered_on() -> Any:
    query = select(Application.registered_on).where(
        Application.id == Contract.application_id, Application.annulled_on.is_(None)
    )
    return query.correlate(Contract).scalar_subquery()


def _average(contracts: Records) -> Any:
    """Days from registration to signing, on average."""

    def value(session: Session) -> Any:
        days = scope.day_number(session, Contract.signed_on) - scope.day_number(session, _registered_on())
        return session.scalar(contracts.select(func.avg(days)))

    return value


def contract_deadlines(desk: Desk) -> Records:
    """Duties to conclude a contract that fell due in the period and were not waived."""
    conditions = (
        scope.within(desk, Deadline.agency_id),
        scope.during(Deadline.due_on, desk.parameters.span),
        Deadline.due_on <= desk.parameters.on,
        Deadline.closing.is_(None),
        Deadline.rule_id.in_(_contract_rules(desk.session)),
    )
    return Records(Deadline, conditions, person=Deadline.graduate_id, day=Deadline.due_on)


def _contract_rules(session: Session) -> list[int]:
    """Rules by which a registered application becomes a contract; a few hundred rules are read, no records."""
    terms = DeadlineRule.terms_data
    is_contract = terms["evidence"].as_string() == EvidenceKind.CONTRACT.value
    rows = session.execute(select(DeadlineRule.id, terms["triggers"]).where(is_contract))
    return [number for number, triggers in rows if Trigger.APPLICATION_REGISTERED.value in (triggers or ())]
