"""Branches over what is done with a person: papers, plans, daily work, assessments, attachments."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, String, case, cast, func, literal_column

from models.assessments import Examination, MonitoringCard, ReadinessAssessment
from models.cases import (
    Application,
    Conclusion,
    Contract,
    ContractAmendment,
    ContractSuspension,
    Refusal,
    SupportEpisode,
)
from models.dictionaries import (
    GraduateRefusalReason,
    Outcome,
    RefusalReason,
    ServiceKind,
    TerminationGround,
)
from models.files import Attachment
from models.plans import Measure, Plan
from models.work import (
    Appeal,
    Consultation,
    ConsultationMinutes,
    GroupParticipant,
    GroupSession,
    HousingSurvey,
    ServiceRecord,
    UrgentAct,
    Visit,
)
from services.files.access import KINDS, SUBJECTS
from services.route.branch import EMPTY, branch, cut, number_of, said


def branches() -> list[Select[Any]]:
    papers = [*_applications(), *_contracts(), *_conclusions(), *_plans(), _attachments()]
    return [*papers, *_talks(), *_visits(), *_assessments()]


def _kept(what: str, model: Any, on: Any, **more: Any) -> Select[Any]:
    """A record of an organisation; an annulled one is kept and struck through. Numbered, where it has a number."""
    if "number" not in more and hasattr(model, "year"):
        more["number"] = number_of(model)
    return branch(what, model.id, on, agency=model.agency_id, annulled=model.annulled_on, **more)


def _applications() -> list[Select[Any]]:
    a, r = Application, Refusal
    why = said(RefusalReason.label, GraduateRefusalReason.label)
    return [
        _kept("application", a, a.received_on, title=cut(a.request)),
        _kept("application.registered", a, a.registered_on).where(a.registered_on.is_not(None)),
        _kept("application.withdrawn", a, a.withdrawn_on).where(a.withdrawn_on.is_not(None)),
        _kept("refusal", r, r.refused_on, title=why, detail=cut(r.details), code=r.kind)
        .outerjoin(RefusalReason, RefusalReason.code == r.reason_code)
        .outerjoin(GraduateRefusalReason, GraduateRefusalReason.code == r.graduate_reason_code),
    ]


def _contracts() -> list[Select[Any]]:
    c, a, s, e = Contract, ContractAmendment, ContractSuspension, SupportEpisode
    until = func.coalesce(c.ended_on, c.ends_on)
    ground = TerminationGround.label
    own: dict[str, Any] = {"agency": c.agency_id, "annulled": c.annulled_on, "whose": c.graduate_id}
    return [
        _kept("contract", c, c.signed_on, until=until, title=EMPTY, detail=c.signatory).where(c.signed_on.is_not(None)),
        _kept("contract.ended", c, c.ended_on, title=ground, detail=c.termination_note)
        .join(TerminationGround, TerminationGround.code == c.termination_ground_code)
        .where(c.ended_on.is_not(None)),
        branch("amendment", c.id, a.signed_on, title=cut(a.subject), number=cast(a.number, String), **own).join(
            a, a.contract_id == c.id
        ),
        branch("suspension", c.id, s.starts_on, until=s.ends_on, title=ground, number=number_of(c), **own)
        .join(s, s.contract_id == c.id)
        .join(TerminationGround, TerminationGround.code == s.ground_code),
        _kept("episode", e, e.accepted_on, title=e.origin),
        _kept("episode.removed", e, e.removed_on, title=ground, detail=cut(e.result))
        .join(TerminationGround, TerminationGround.code == e.removal_ground_code)
        .where(e.removed_on.is_not(None)),
    ]


def _conclusions() -> list[Select[Any]]:
    c = Conclusion
    return [
        _kept("conclusion", c, c.approved_on, code=c.outcome, detail=cut(c.achieved)).where(c.approved_on.is_not(None)),
        _kept("conclusion.signed", c, c.graduate_signed_on).where(c.graduate_signed_on.is_not(None)),
    ]


def _plans() -> list[Select[Any]]:
    p, m = Plan, Measure
    edition = case((p.edition > 1, literal_column("'редакция '", String) + cast(p.edition, String)), else_=EMPTY)
    refused = said(GraduateRefusalReason.label, m.refusal_note)
    own: dict[str, Any] = {"agency": p.agency_id, "annulled": p.annulled_on, "whose": p.graduate_id}
    return [
        _kept("plan", p, p.approved_on, until=p.ends_on, title=edition, code=p.kind).where(p.approved_on.is_not(None)),
        _kept("plan.closed", p, p.closed_on, title=edition, detail=cut(p.closing_note), code=p.kind).where(
            p.closed_on.is_not(None)
        ),
        branch("measure", p.id, m.done_on, title=m.title, detail=cut(m.result), code=m.status, **own)
        .join(m, m.plan_id == p.id)
        .where(m.done_on.is_not(None)),
        branch(
            "measure.refused",
            p.id,
            m.refused_on,
            title=m.title,
            detail=refused,
            **own,
        )
        .join(m, m.plan_id == p.id)
        .outerjoin(GraduateRefusalReason, GraduateRefusalReason.code == m.refusal_reason_code)
        .where(m.refused_on.is_not(None)),
    ]


def _talks() -> list[Select[Any]]:
    a, c, m, g, p = Appeal, Consultation, ConsultationMinutes, GroupSession, GroupParticipant
    own: dict[str, Any] = {"agency": g.agency_id, "annulled": g.annulled_on, "whose": p.graduate_id}
    group: dict[str, Any] = {"title": g.topic, "detail": said(g.programme, p.note), "number": number_of(g), **own}
    return [
        _kept("appeal", a, a.received_on, title=cut(a.content)),
        _kept("appeal.done", a, a.done_on, title=Outcome.label, detail=cut(a.decision))
        .join(Outcome, Outcome.code == a.outcome_code)
        .where(a.done_on.is_not(None)),
        _kept("consultation", c, c.held_on, title=c.topic, code=c.kind),
        _kept("minutes", m, m.drawn_on),
        branch("session", g.id, g.held_on, **group).join(p, p.session_id == g.id),
    ]


def _visits() -> list[Select[Any]]:
    v, s, u, r = Visit, HousingSurvey, UrgentAct, ServiceRecord
    seen = case((v.is_opened, cut(v.result)), else_=said(literal_column("'дверь не открыли'", String), cut(v.result)))
    return [
        _kept("visit", v, v.visited_on, title=v.purpose, detail=seen),
        _kept("survey", s, s.surveyed_on, title=s.address, detail=cut(s.recommendations), code=s.outcome),
        _kept("urgent", u, u.provided_on, title=cut(u.reason)),
        _kept("service", r, r.provided_on, title=r.title, detail=said(ServiceKind.label, r.result)).join(
            ServiceKind, ServiceKind.code == r.kind_code
        ),
    ]


def _assessments() -> list[Select[Any]]:
    m, r, e = MonitoringCard, ReadinessAssessment, Examination
    numbered = func.coalesce(e.number, EMPTY)
    return [
        _kept("monitoring", m, m.filled_on, title=cut(m.conclusion)),
        _kept("readiness", r, r.assessed_on, title=cut(r.recommendations)),
        _kept(
            "examination",
            e,
            e.held_on,
            until=e.valid_until,
            number=numbered,
            title=e.commission,
            detail=cut(e.conclusion),
            owner=e.created_by_id,
        ),
    ]


def _attachments() -> Select[Any]:
    """An attachment on the day of the paper, else on the day when it came; its code is the group that closes it."""
    a = Attachment
    came_on = func.coalesce(a.document_on, func.date(a.added_at))
    by_record: list[Any] = [(a.subject == name, literal_column(f"'{group.value}'")) for name, group in SUBJECTS.items()]
    by_kind: list[Any] = [(a.kind == kind.value, literal_column(f"'{group.value}'")) for kind, group in KINDS.items()]
    group = case(*by_record, *by_kind, else_=EMPTY)
    told: dict[str, Any] = {"agency": a.agency_id, "annulled": a.removed_on, "owner": a.added_by_id}
    return branch("attachment", a.id, came_on, title=a.title, code=group, **told)
