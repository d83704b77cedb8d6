"""What the records of support fulfil: papers of a case, plans and services, talks and visits, assessments."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.assessments import Examination, MonitoringCard, ReadinessAssessment
from models.cases import Application, Conclusion, Contract, Refusal
from models.plans import Measure, MeasureStatus, Plan, PlanKind
from models.rule_terms import EvidenceKind, RecordKind
from models.work import Appeal, Consultation, ConsultationKind, HousingSurvey, ServiceRecord, UrgentAct, Visit
from services.deadlines.contract_rounds import round_of, rounds_of
from services.deadlines.people import Scope
from services.deadlines.piece import Piece, Source

K, R = EvidenceKind, RecordKind


def _about(**ids: int | None) -> frozenset[str]:
    return frozenset(f"{name}:{number}" for name, number in ids.items() if number is not None)


def _of(*words: str) -> frozenset[str]:
    return frozenset(words)


def _number(row: Any) -> str:
    return f"{row.number}/{row.year}"


# -- Papers of a case ------------------------------------------------------------------------------------------------


def _registrations(session: Session, scope: Scope) -> Iterator[Piece]:
    a = Application
    query = select(a.id, a.registered_on, a.graduate_id, a.agency_id, a.number, a.year).where(
        scope.holds(a.graduate_id), a.registered_on.is_not(None), a.annulled_on.is_(None)
    )
    for row in session.execute(query):
        own = f"application:{row.id}"
        about = frozenset({own})
        yield Piece(K.REGISTRATION, own, row.registered_on, row.graduate_id, row.agency_id, _number(row), about)


def _contracts(session: Session, scope: Scope) -> Iterator[Piece]:
    c = Contract
    query = select(c.id, c.signed_on, c.graduate_id, c.agency_id, c.number, c.year, c.application_id).where(
        scope.holds(c.graduate_id), c.signed_on.is_not(None), c.annulled_on.is_(None)
    )
    for row in session.execute(query):
        about = _about(contract=row.id, application=row.application_id)
        yield Piece(
            K.CONTRACT, f"contract:{row.id}", row.signed_on, row.graduate_id, row.agency_id, _number(row), about
        )


def _refusals(session: Session, scope: Scope) -> Iterator[Piece]:
    r = Refusal
    query = select(r.id, r.refused_on, r.graduate_id, r.agency_id, r.number, r.year, r.application_id).where(
        scope.holds(r.graduate_id), r.annulled_on.is_(None)
    )
    for row in session.execute(query):
        about = _about(application=row.application_id)
        yield Piece(K.REFUSAL, f"refusal:{row.id}", row.refused_on, row.graduate_id, row.agency_id, _number(row), about)


def _conclusions(session: Session, scope: Scope) -> Iterator[Piece]:
    """Approved, it is material and the analysis of a plan; signed by the graduate too, it is the conclusion."""
    c = Conclusion
    query = select(
        *(c.id, c.approved_on, c.graduate_signed_on, c.graduate_id, c.agency_id, c.number, c.year),
        *(c.contract_id, c.plan_id),
    ).where(scope.holds(c.graduate_id), c.approved_on.is_not(None), c.annulled_on.is_(None))
    rounds = rounds_of(session, scope)
    for row in session.execute(query):
        said: dict[str, Any] = {"graduate_id": row.graduate_id, "agency_id": row.agency_id, "number": _number(row)}
        said |= {"reference": f"conclusion:{row.id}", "of": _of(R.SIGNED_CONCLUSION)}
        plan = _about(plan=row.plan_id)

        def about(day: date, contract: int | None = row.contract_id, plan: frozenset[str] = plan) -> frozenset[str]:
            return plan if contract is None else plan | {round_of(contract, rounds, day)}

        approved_on, signed_on = row.approved_on, row.graduate_signed_on
        analysed = _about(contract=row.contract_id, plan=row.plan_id)
        yield Piece(K.ANALYSIS, on=approved_on, about=analysed, **said)
        yield Piece(K.MATERIAL, on=approved_on, about=about(approved_on), is_usual=False, **said)
        if signed_on is not None:
            yield Piece(K.CONCLUSION, on=signed_on, about=about(signed_on), **said)
            yield Piece(K.ASSESSMENT, on=signed_on, about=analysed, is_usual=False, **said)


# -- Plans and services ----------------------------------------------------------------------------------------------


def _plans(session: Session, scope: Scope) -> Iterator[Piece]:
    """An approved plan; a later edition of it, or its end with an analysis, shows that the one before was analysed."""
    p = Plan
    query = (
        select(
            *(p.id, p.kind, p.edition, p.approved_on, p.closed_on, p.closing_note, p.graduate_id, p.agency_id),
            *(p.number, p.year, p.contract_id, Contract.application_id),
        )
        .outerjoin(Contract, Contract.id == p.contract_id)
        .where(scope.holds(p.graduate_id), p.approved_on.is_not(None), p.annulled_on.is_(None))
    )
    for row in session.execute(query):
        reference, number, who = f"plan:{row.id}", _number(row), (row.graduate_id, row.agency_id)
        about = _about(contract=row.contract_id, application=row.application_id)
        is_new = row.edition > 1
        of = _of(row.kind.value, *((R.NEW_EDITION,) if is_new else ()))
        is_usual = row.kind is PlanKind.INDIVIDUAL
        yield Piece(K.PLAN, reference, row.approved_on, *who, number, about, of, is_usual)
        if is_new:
            yield Piece(K.ANALYSIS, reference, row.approved_on, *who, number, about, of, is_usual)
        if row.closed_on is not None and row.closing_note:
            yield Piece(K.ANALYSIS, f"{reference}/closed", row.closed_on, *who, number, about, of, is_usual)


def _measures(session: Session, scope: Scope) -> Iterator[Piece]:
    """A measure that was done, by the code of its template."""
    m = Measure
    query = (
        select(m.id, m.done_on, m.template_code, Plan.graduate_id, Plan.agency_id)
        .join(m.plan)
        .where(scope.holds(Plan.graduate_id), m.status == MeasureStatus.DONE, Plan.annulled_on.is_(None))
    )
    for row in session.execute(query):
        of = _of(row.template_code)
        yield Piece(K.SERVICE, f"measure:{row.id}", row.done_on, row.graduate_id, row.agency_id, of=of, is_usual=False)


def _services(session: Session, scope: Scope) -> Iterator[Piece]:
    """A service counts where a rule says which: by its measure, as an urgent one, or any."""
    s = ServiceRecord
    query = (
        select(s.id, s.provided_on, s.graduate_id, s.agency_id, Measure.template_code)
        .outerjoin(Measure, Measure.id == s.measure_id)
        .where(scope.holds(s.graduate_id), s.annulled_on.is_(None))
    )
    for row in session.execute(query):
        of = _of(R.ANY_SERVICE, row.template_code or "")
        yield Piece(
            K.SERVICE, f"service:{row.id}", row.provided_on, row.graduate_id, row.agency_id, of=of, is_usual=False
        )


def _urgent(session: Session, scope: Scope) -> Iterator[Piece]:
    u = UrgentAct
    query = select(u.id, u.provided_on, u.graduate_id, u.agency_id, u.number, u.year).where(
        scope.holds(u.graduate_id), u.annulled_on.is_(None)
    )
    for row in session.execute(query):
        who, of = (row.graduate_id, row.agency_id), _of(R.URGENT_SERVICES)
        for kind in (K.SERVICE, K.ACT):
            yield Piece(kind, f"urgent:{row.id}", row.provided_on, *who, _number(row), of=of, is_usual=False)


# -- Talks, visits, surveys ------------------------------------------------------------------------------------------


def _consultations(session: Session, scope: Scope) -> Iterator[Piece]:
    """A contact; what it informs of is known only where the person was told of the right to support."""
    c = Consultation
    query = select(c.id, c.held_on, c.kind, c.graduate_id, c.agency_id, c.number, c.year).where(
        scope.holds(c.graduate_id), c.annulled_on.is_(None)
    )
    for row in session.execute(query):
        reference, who, number = f"consultation:{row.id}", (row.graduate_id, row.agency_id), _number(row)
        is_informing = row.kind is ConsultationKind.INFORMING
        of = _of(R.CONSULTATION, *((R.INFORMING,) if is_informing else ()))
        yield Piece(K.CONTACT, reference, row.held_on, *who, number, of=_of(R.CONSULTATION))
        yield Piece(K.INFORMATION, reference, row.held_on, *who, number, of=of, is_usual=False)
        if is_informing:
            yield Piece(K.ACKNOWLEDGEMENT, reference, row.held_on, *who, number, of=of)


def _visits(session: Session, scope: Scope) -> Iterator[Piece]:
    """Nobody was met behind a closed door."""
    v = Visit
    query = select(v.id, v.visited_on, v.graduate_id, v.agency_id, v.number, v.year).where(
        scope.holds(v.graduate_id), v.annulled_on.is_(None), v.is_opened
    )
    for row in session.execute(query):
        who = (row.graduate_id, row.agency_id)
        yield Piece(K.CONTACT, f"visit:{row.id}", row.visited_on, *who, _number(row), of=_of(R.VISIT))


def _appeals(session: Session, scope: Scope) -> Iterator[Piece]:
    a = Appeal
    query = select(a.id, a.received_on, a.graduate_id, a.agency_id, a.number, a.year).where(
        scope.holds(a.graduate_id), a.annulled_on.is_(None)
    )
    for row in session.execute(query):
        who = (row.graduate_id, row.agency_id)
        yield Piece(K.CONTACT, f"appeal:{row.id}", row.received_on, *who, _number(row), of=_of(R.APPEAL))


def _surveys(session: Session, scope: Scope) -> Iterator[Piece]:
    h = HousingSurvey
    query = select(h.id, h.surveyed_on, h.graduate_id, h.agency_id, h.number, h.year).where(
        scope.holds(h.graduate_id), h.annulled_on.is_(None)
    )
    for row in session.execute(query):
        yield Piece(K.ACT, f"survey:{row.id}", row.surveyed_on, row.graduate_id, row.agency_id, _number(row))


# -- Assessments -----------------------------------------------------------------------------------------------------


def _monitoring(session: Session, scope: Scope) -> Iterator[Piece]:
    m = MonitoringCard
    query = select(m.id, m.filled_on, m.graduate_id, m.agency_id)
    for row in session.execute(query.where(scope.holds(m.graduate_id), m.annulled_on.is_(None))):
        reference, who, of = f"monitoring:{row.id}", (row.graduate_id, row.agency_id), _of(R.MONITORING_CARD)
        yield Piece(K.MONITORING, reference, row.filled_on, *who, of=of)
        yield Piece(K.ASSESSMENT, reference, row.filled_on, *who, of=of, is_usual=False)


def _readiness(session: Session, scope: Scope) -> Iterator[Piece]:
    """Its sending closes the duty to send it only where the rule says so: to whom it went is written in words."""
    r = ReadinessAssessment
    query = select(r.id, r.assessed_on, r.sent_on, r.graduate_id, r.agency_id)
    for row in session.execute(query.where(scope.holds(r.graduate_id), r.annulled_on.is_(None))):
        reference, who, of = f"readiness:{row.id}", (row.graduate_id, row.agency_id), _of(R.READINESS)
        yield Piece(K.ASSESSMENT, reference, row.assessed_on, *who, of=of)
        if row.sent_on is not None:
            about = frozenset({reference})
            yield Piece(K.REFERRAL, reference, row.sent_on, *who, about=about, of=of, is_usual=False)


def _examinations(session: Session, scope: Scope) -> Iterator[Piece]:
    e = Examination
    query = select(e.id, e.held_on, e.graduate_id, e.agency_id, e.number)
    for row in session.execute(query.where(scope.holds(e.graduate_id), e.annulled_on.is_(None))):
        yield Piece(K.EXAMINATION, f"examination:{row.id}", row.held_on, row.graduate_id, row.agency_id, row.number)


OF_SUPPORT = (
    Source(frozenset({K.REGISTRATION}), _registrations),
    Source(frozenset({K.CONTRACT}), _contracts),
    Source(frozenset({K.REFUSAL}), _refusals),
    Source(frozenset({K.CONCLUSION, K.ANALYSIS, K.MATERIAL, K.ASSESSMENT}), _conclusions),
    Source(frozenset({K.PLAN, K.ANALYSIS}), _plans),
    Source(frozenset({K.SERVICE}), _measures),
    Source(frozenset({K.SERVICE}), _services),
    Source(frozenset({K.SERVICE, K.ACT}), _urgent),
    Source(frozenset({K.CONTACT, K.INFORMATION, K.ACKNOWLEDGEMENT}), _consultations),
    Source(frozenset({K.CONTACT}), _visits),
    Source(frozenset({K.CONTACT}), _appeals),
    Source(frozenset({K.ACT}), _surveys),
    Source(frozenset({K.MONITORING, K.ASSESSMENT}), _monitoring),
    Source(frozenset({K.ASSESSMENT, K.REFERRAL}), _readiness),
    Source(frozenset({K.EXAMINATION}), _examinations),
)
