"""Facts that letters tell: to whoever sent one, and to whoever received it.

A letter about one person is a fact of that person; about several or nobody, a fact of the organisation.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, date
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, not_, null, select
from sqlalchemy.orm import Session, aliased

from models.context import ZONE
from models.exchange import Referral, ReferralPerson, ReferralStatus
from models.rule_terms import RECORDED_BY_HAND, Trigger
from services.deadlines.fact import Fact, Reader, Rows
from services.deadlines.people import Scope

S = ReferralStatus
NOT_SENT = (S.DRAFT, S.REVOKED)  # What was taken back tells nothing.
NOT_THERE = (*NOT_SENT, S.SENT, S.RETURNED)  # Not registered by its recipient, or given back to be completed.
OF_LETTERS = frozenset({Trigger.REFERRAL_SENT, Trigger.REQUEST_RECEIVED})
Days = tuple[date, date]
TOLD = tuple(trigger for trigger in RECORDED_BY_HAND if trigger not in OF_LETTERS)  # Where the kind says so (`tells`).


def _is_of_letter() -> ColumnElement[bool]:
    return ReferralPerson.referral_id == Referral.id


def is_about_one() -> ColumnElement[bool]:
    """Joined with its people: the letter names nobody else, and the person has a card."""
    other = aliased(ReferralPerson)
    others = exists().where(other.referral_id == Referral.id, other.id != ReferralPerson.id).correlate_except(other)
    return ReferralPerson.graduate_id.is_not(None) & not_(others)


def is_about_nobody() -> ColumnElement[bool]:
    return not_(exists().where(_is_of_letter(), is_about_one()).correlate_except(ReferralPerson))


def _letters(*columns: Any) -> Rows:
    r = Referral
    days = (r.sent_on, r.received_on, r.answer_due_on, r.answered_on, r.closed_at)
    query: Rows = select(r.id, r.kind_key, r.status, r.sender_id, r.recipient_id, *days, *columns)
    return query


def _of_people(scope: Scope) -> Rows:
    query = _letters(ReferralPerson.graduate_id).join(ReferralPerson, _is_of_letter())
    return query.where(scope.holds(ReferralPerson.graduate_id), is_about_one())


def _of_nobody(ids: Collection[int] | None, told_on: ColumnElement[bool] | None) -> Rows:
    query = _letters(null().label("graduate_id")).where(is_about_nobody())
    query = query if told_on is None else query.where(told_on)
    return query if ids is None else query.where(Referral.id.in_(ids))


def _sent(session: Session, query: Rows) -> Iterator[Fact]:
    r = Referral
    for row in session.execute(query.where(r.status.not_in(NOT_SENT), r.sender_id.is_not(None)).order_by(r.id)):
        yield _fact(session, row, row.sent_on, row.sender_id, row.recipient_id)


def _received(session: Session, query: Rows) -> Iterator[Fact]:
    r = Referral
    asked = query.where(r.received_on.is_not(None), r.status.not_in(NOT_THERE), r.answer_due_on.is_not(None))
    for row in session.execute(asked.where(r.recipient_id.is_not(None)).order_by(r.id)):
        yield _fact(session, row, row.received_on, row.recipient_id, row.sender_id)


def _told(session: Session, query: Rows, trigger: Trigger) -> Iterator[Fact]:
    """What the receipt of a letter is for its recipient, as its kind says."""
    r = Referral
    is_told = cast(r.terms["tells"], String).contains(f'"{trigger.value}"')
    received = query.where(r.received_on.is_not(None), r.status.not_in(NOT_THERE), is_told)
    for row in session.execute(received.where(r.recipient_id.is_not(None)).order_by(r.id)):
        yield _fact(session, row, row.received_on, row.recipient_id, row.sender_id)


def _fact(session: Session, row: Any, on: date, agency_id: int, other_id: int | None) -> Fact:
    return Fact(
        f"referral:{row.id}",
        on,
        row.graduate_id,
        agency_id,
        other_id=other_id,
        over_on=_over_on(session, row),
        kind=row.kind_key,
        last_on=row.answer_due_on,
    )


def _over_on(session: Session, row: Any) -> date | None:
    """Passed on, or settled without an answer: from that day nobody waits for one."""
    is_over = row.status is S.FORWARDED or (row.status is S.CLOSED and row.answered_on is None)
    return day_of(session, row.closed_at) if is_over else None


def day_of(session: Session, moment: Any) -> date:
    day: date = moment.astimezone(session.info.get(ZONE, UTC)).date()
    return day


def _read(session: Session, query: Rows, trigger: Trigger) -> Iterator[Fact]:
    if trigger is Trigger.REFERRAL_SENT:
        return _sent(session, query)
    return _received(session, query) if trigger is Trigger.REQUEST_RECEIVED else _told(session, query, trigger)


def _about_person(trigger: Trigger) -> Reader:
    def read(session: Session, scope: Scope) -> Iterator[Fact]:
        return _read(session, _of_people(scope), trigger)

    return read


ABOUT_LETTERS: dict[Trigger, Reader] = {trigger: _about_person(trigger) for trigger in (*OF_LETTERS, *TOLD)}


def about_nobody(
    session: Session, trigger: Trigger, ids: Collection[int] | None = None, days: Days | None = None
) -> Iterator[Fact]:
    """Facts of letters about several people or nobody; `ids`: of those letters only, `days`: the first and the last."""
    if trigger in ABOUT_LETTERS:
        told_on = Referral.sent_on if trigger is Trigger.REFERRAL_SENT else Referral.received_on
        yield from _read(session, _of_nobody(ids, told_on.between(*days) if days else None), trigger)
