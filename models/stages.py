"""How far the support of a person has come: it follows from the records and is kept beside the card for lists."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, event, exists, func, null, or_, select, update
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.orm.util import identity_key

from models.cases import Application, Conclusion, Contract, ContractAmendment, Refusal, SupportEpisode
from models.graduates import Graduate, SupportStage
from models.plans import Plan, PlanState
from models.work import Appeal, Consultation, ServiceRecord, Visit

TOUCHED = "marshrut.stages"
WORK = (ServiceRecord, Consultation, Visit, Appeal)
OF_STAGE = (Application, Refusal, Contract, Conclusion, SupportEpisode, Plan, *WORK)
CHUNK = 500


def stage_of_records() -> ColumnElement[Any]:
    """«заявление → договор → план → сопровождение → заключение → снят», read from the records of a `graduate` row."""
    own = Graduate.id
    taken_on = and_(SupportEpisode.graduate_id == own, SupportEpisode.annulled_on.is_(None))
    on_support = exists().where(taken_on, SupportEpisode.removed_on.is_(None))
    current = select(SupportEpisode.contract_id).where(taken_on, SupportEpisode.removed_on.is_(None))
    concluded = exists().where(
        Conclusion.contract_id.in_(current.correlate(Graduate)),
        Conclusion.approved_on.is_not(None),
        Conclusion.annulled_on.is_(None),
    )
    planned = exists().where(Plan.graduate_id == own, Plan.state == PlanState.APPROVED, Plan.annulled_on.is_(None))
    since = (
        select(func.max(SupportEpisode.accepted_on))
        .where(taken_on, SupportEpisode.removed_on.is_(None))
        .correlate(Graduate)
        .scalar_subquery()
    )
    worked = or_(*(_worked_since(model, since) for model in WORK))
    return case(
        (and_(on_support, concluded), SupportStage.CONCLUSION.value),
        (and_(on_support, planned, worked), SupportStage.SUPPORT.value),
        (and_(on_support, planned), SupportStage.PLAN.value),
        (on_support, SupportStage.CONTRACT.value),
        (_is_application_open(), SupportStage.APPLICATION.value),
        (exists().where(taken_on), SupportStage.REMOVED.value),
        else_=null(),
    )


def _worked_since(model: type[Any], since: Any) -> ColumnElement[bool]:
    days = {ServiceRecord: "provided_on", Consultation: "held_on", Visit: "visited_on", Appeal: "received_on"}
    day = getattr(model, days[model])
    return exists().where(model.graduate_id == Graduate.id, model.annulled_on.is_(None), day >= since)


def _is_application_open() -> ColumnElement[bool]:
    """An application that has neither become a contract nor been refused or taken back."""
    signed = exists().where(
        Contract.application_id == Application.id, Contract.number.is_not(None), Contract.annulled_on.is_(None)
    )
    refused = exists().where(Refusal.application_id == Application.id, Refusal.annulled_on.is_(None))
    return exists().where(
        Application.graduate_id == Graduate.id,
        Application.annulled_on.is_(None),
        Application.withdrawn_on.is_(None),
        ~signed.correlate(Application),
        ~refused.correlate(Application),
    )


def support_end() -> ScalarSelect[Any]:
    """The last day of the open contract; nothing where none is open."""
    return (
        select(func.max(Contract.ends_on))
        .where(
            Contract.graduate_id == Graduate.id,
            Contract.number.is_not(None),
            Contract.ended_on.is_(None),
            Contract.annulled_on.is_(None),
        )
        .correlate(Graduate)
        .scalar_subquery()
    )


def refresh(session: Session, *, graduate_ids: Iterable[int]) -> None:
    """Write the stage of some people anew; their open objects forget what they knew of it."""
    numbers = sorted(set(graduate_ids))
    for start in range(0, len(numbers), CHUNK):
        part = numbers[start : start + CHUNK]
        statement = update(Graduate).where(Graduate.id.in_(part))
        values = {"stage": stage_of_records(), "support_ends_on": support_end()}
        session.execute(statement.values(values).execution_options(synchronize_session=False))
    for number in numbers:
        row = session.identity_map.get(identity_key(Graduate, number))
        if row is not None:
            session.expire(row, ["stage", "support_ends_on"])


@event.listens_for(Session, "after_flush")
def _remember(session: Session, _context: UOWTransaction) -> None:
    touched: set[int] = session.info.setdefault(TOUCHED, set())
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, OF_STAGE):
            touched.add(row.graduate_id)
        elif isinstance(row, ContractAmendment):
            touched.add(row.contract.graduate_id)


@event.listens_for(Session, "before_commit")
def _refresh(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    touched: set[int] = session.info.pop(TOUCHED, set())
    if touched:
        refresh(session, graduate_ids=touched)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, transaction: Any) -> None:
    if not transaction.nested:
        session.info.pop(TOUCHED, None)
