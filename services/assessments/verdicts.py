"""Whether somebody lives successfully: what the rule says criterion by criterion, and a specialist's own word."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.access import Viewer
from models.aid import SuccessVerdict
from models.case_access import may_register
from models.graduates import Graduate
from models.support import FieldGroup
from reports.base import Desk, Parameters
from reports.norms import CLOSED, Criterion, kpi_norms_of, monitoring_scale
from reports.success import Success, looked_from
from services.assessments import recording
from services.errors import need


@dataclass(frozen=True)
class Explained:
    """On a day: the criteria that apply and whether each holds (None: the user may not know), and what follows."""

    since: date
    has_card: bool
    criteria: tuple[tuple[Criterion, bool | None], ...]
    by_rule: bool
    holds: bool
    verdict: SuccessVerdict | None
    words: tuple[SuccessVerdict, ...]  # all that were ever said, the newest first


def may_give(viewer: Viewer, graduate: Graduate) -> bool:
    """Clerks, officers and the head of the organisation responsible for the support."""
    return graduate.agency_id is not None and may_register(viewer, graduate.agency_id)


def give(
    session: Session, *, graduate: Graduate, is_successful: bool, reason: str, by: Viewer, now: datetime
) -> SuccessVerdict:
    """A specialist's word of the day, stronger than the rule; earlier words stay on record. Raises Refused."""
    need(may_give(by, graduate), "Решает организация, ответственная за сопровождение.")
    recording.check_day(graduate, by.on, by=by, field="is_successful")
    need(reason.strip(), "Напишите, почему.", field="reason")
    made = SuccessVerdict(graduate=graduate, agency_id=graduate.agency_id, decided_on=by.on)
    made.is_successful, made.reason = is_successful, reason.strip()
    made.created_at, made.created_by_id = now, by.user_id
    session.add(made)
    session.flush()
    return made


def verdicts_of(session: Session, *, graduate_id: int) -> list[SuccessVerdict]:
    """All words about a person, the newest first."""
    v = SuccessVerdict
    query = (
        select(v)
        .options(joinedload(v.created_by))
        .where(v.graduate_id == graduate_id)
        .order_by(v.decided_on.desc(), v.id.desc())
    )
    return list(session.scalars(query))


def explain(session: Session, *, graduate: Graduate, groups: Collection[str], by: Viewer) -> Explained:
    """The rule of the responsible organisation for one person on the viewer's day, by one statement.

    `groups` are the field groups of the person that the viewer reads: of offences others learn nothing.
    """
    agency_id = graduate.agency_id
    desk = Desk(session, by, Parameters(by.on, agency_id))
    norms = kpi_norms_of(session, agency_id=agency_id, on=by.on)
    scale = monitoring_scale(session, agency_id=agency_id, on=by.on)
    rule = Success(desk, scale, norms.success, [graduate.id])
    judged = rule.judged
    query = select(rule.has_card, rule.by_rule, rule.holds, *rule.met.values()).select_from(Graduate)
    query = query.outerjoin(judged, judged.c.graduate_id == Graduate.id).where(Graduate.id == graduate.id)
    has_card, by_rule, holds, *met = session.execute(query).one()
    is_open = FieldGroup.OFFENCES in groups
    told = tuple(
        (criterion, bool(is_met) if is_open or criterion not in CLOSED else None)
        for criterion, is_met in zip(rule.met, met, strict=True)
    )
    since = looked_from(desk)
    words = tuple(verdicts_of(session, graduate_id=graduate.id))
    counts = [one for one in words if since <= one.decided_on <= by.on and one.agency_id == agency_id]
    return Explained(since, bool(has_card), told, bool(by_rule), bool(holds), next(iter(counts), None), words)
