"""A contract that was extended after its conclusion was signed ends once more: another conclusion is asked for.

An extension before that only moves the end.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Conclusion, Contract, ContractAmendment
from services.deadlines.people import Scope

Rounds = Mapping[int, list[date]]  # Contract → the days on which it was extended after a conclusion.


def rounds_of(session: Session, scope: Scope) -> Rounds:
    """Two statements; most contracts are extended never, or before their conclusion."""
    query = (
        select(ContractAmendment.contract_id, ContractAmendment.signed_on)
        .join(ContractAmendment.contract)
        .where(scope.holds(Contract.graduate_id), ContractAmendment.new_ends_on.is_not(None))
        .order_by(ContractAmendment.contract_id, ContractAmendment.signed_on, ContractAmendment.id)
    )
    extended = session.execute(query).all()
    if not extended:
        return {}
    signed: dict[int, list[date]] = defaultdict(list)
    conclusions = select(Conclusion.contract_id, Conclusion.graduate_signed_on).where(
        scope.holds(Conclusion.graduate_id),
        Conclusion.annulled_on.is_(None),
    )
    for contract_id, day in session.execute(conclusions):
        if contract_id is not None and day is not None:
            signed[contract_id].append(day)
    rounds: dict[int, list[date]] = defaultdict(list)
    for contract_id, extended_on in extended:
        since = rounds[contract_id][-1] if rounds[contract_id] else date.min
        if any(since < day <= extended_on for day in signed[contract_id]):
            rounds[contract_id].append(extended_on)
    return rounds


def subject_of(contract_id: int, rounds: Rounds) -> str:
    """contract:7, or contract:7/2 in its second round."""
    passed = len(rounds.get(contract_id, ()))
    return f"contract:{contract_id}/{passed + 1}" if passed else f"contract:{contract_id}"


def round_of(contract_id: int, rounds: Rounds, on: date) -> str:
    """The round in which a contract was on a day: contract:7/1."""
    return f"contract:{contract_id}/{sum(day < on for day in rounds.get(contract_id, ())) + 1}"
