"""How far a record has come: it follows from its dates, in Python for a page and in SQL for a list."""

from datetime import date

from sqlalchemy import ColumnElement, and_, case, exists, or_

from models.base import LabelledEnum
from models.cases import (
    BEFORE_TERM,
    Application,
    Conclusion,
    Contract,
    ContractAmendment,
    ContractStatus,
    ContractSuspension,
    Refusal,
)
from services.cases.applications import decision_of


class ApplicationState(LabelledEnum):
    RECEIVED = "received", "не зарегистрировано"
    REGISTERED = "registered", "на рассмотрении"
    CONTRACT = "contract", "договор заключён"
    REFUSED = "refused", "отказ"
    WITHDRAWN = "withdrawn", "отозвано"
    ANNULLED = "annulled", "аннулировано"


class ConclusionState(LabelledEnum):
    DRAFT = "draft", "проект"
    APPROVED = "approved", "ждёт подписи выпускника"
    SIGNED = "signed", "подписано сторонами"
    ANNULLED = "annulled", "аннулировано"


def application_state(application: Application) -> ApplicationState:
    if application.annulled_on is not None:
        return ApplicationState.ANNULLED
    decision = decision_of(application)
    if isinstance(decision, Contract):
        return ApplicationState.CONTRACT
    if decision is not None:
        return ApplicationState.REFUSED
    if application.withdrawn_on is not None:
        return ApplicationState.WITHDRAWN
    return ApplicationState.REGISTERED if application.number is not None else ApplicationState.RECEIVED


def state_of_applications() -> ColumnElement[str]:
    a = Application
    signed = exists().where(Contract.application_id == a.id, Contract.number.is_not(None))
    refused = exists().where(Refusal.application_id == a.id, Refusal.annulled_on.is_(None))
    return case(
        (a.annulled_on.is_not(None), ApplicationState.ANNULLED.value),
        (signed.where(Contract.annulled_on.is_(None)).correlate(a), ApplicationState.CONTRACT.value),
        (refused.correlate(a), ApplicationState.REFUSED.value),
        (a.withdrawn_on.is_not(None), ApplicationState.WITHDRAWN.value),
        (a.number.is_not(None), ApplicationState.REGISTERED.value),
        else_=ApplicationState.RECEIVED.value,
    )


def status_of_contracts(day: date) -> ColumnElement[str]:
    """The same as Contract.status_on."""
    c = Contract
    pause = ContractSuspension
    pauses = exists().where(
        pause.contract_id == c.id, pause.starts_on <= day, or_(pause.ends_on.is_(None), pause.ends_on >= day)
    )
    changes = exists().where(ContractAmendment.contract_id == c.id, ContractAmendment.new_ends_on.is_not(None))
    has_ended = and_(c.ended_on.is_not(None), c.ended_on <= day)
    return case(
        (c.annulled_on.is_not(None), ContractStatus.ANNULLED.value),
        (c.number.is_(None), ContractStatus.DRAFT.value),
        (and_(has_ended, c.termination_ground_code.in_(sorted(BEFORE_TERM))), ContractStatus.TERMINATED.value),
        (has_ended, ContractStatus.ENDED.value),
        (pauses.correlate(c), ContractStatus.SUSPENDED.value),
        (c.starts_on > day, ContractStatus.FUTURE.value),
        (c.ends_on < day, ContractStatus.EXPIRED.value),
        (changes.correlate(c), ContractStatus.EXTENDED.value),
        else_=ContractStatus.ACTIVE.value,
    )


def conclusion_state(conclusion: Conclusion) -> ConclusionState:
    if conclusion.annulled_on is not None:
        return ConclusionState.ANNULLED
    if conclusion.number is None:
        return ConclusionState.DRAFT
    return ConclusionState.SIGNED if conclusion.is_signed else ConclusionState.APPROVED


def state_of_conclusions() -> ColumnElement[str]:
    c = Conclusion
    return case(
        (c.annulled_on.is_not(None), ConclusionState.ANNULLED.value),
        (c.number.is_(None), ConclusionState.DRAFT.value),
        (c.graduate_signed_on.is_not(None), ConclusionState.SIGNED.value),
        else_=ConclusionState.APPROVED.value,
    )
