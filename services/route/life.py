"""Branches over the card: placements, studies, work, family, housing, problems, people, consents."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Select, String, bindparam, case, cast, func, literal_column
from sqlalchemy.types import Boolean

from models.circumstances import Address, Employment, FamilyStatus, Housing, Income, Placement, Situation, Study
from models.dictionaries import (
    ConsentPurpose,
    DocumentKind,
    EducationLevel,
    EmploymentStatus,
    HousingStatus,
    MaritalStatus,
    PlacementForm,
    ProblemKind,
    StudyStatus,
    SupportCategory,
)
from models.graduates import Graduate
from models.people import Dependant, IdentityDocument
from models.support import (
    Assignment,
    CategoryDecision,
    Consent,
    HealthRecord,
    OffenceRecord,
    Problem,
    Responsibility,
)
from services.route.branch import EMPTY, branch, cut, said

FEMALE: Any = bindparam("is_female", type_=Boolean)


def branches() -> list[Select[Any]]:
    return [*_stays(), *_occupation(), *_home(), *_support(), *_closed()]


def _lasting(what: str, model: Any, **more: Any) -> Select[Any]:
    """A fact from its first to its last day."""
    stated = model.is_start_known if hasattr(model, "is_start_known") else None
    return branch(what, model.id, model.starts_on, until=model.ends_on, stated=stated, **more)


def _stays() -> list[Select[Any]]:
    p, g, d = Placement, Graduate, IdentityDocument
    issued = said(d.series, d.number)
    return [
        _lasting("placement", p, title=PlacementForm.label, detail=said(p.place, p.ground), agency=p.agency_id).join(
            PlacementForm, PlacementForm.code == p.form_code
        ),
        branch("left", g.id, g.left_on, title=g.exit_document, agency=g.graduating_agency_id, whose=g.id).where(
            g.left_on.is_not(None)
        ),
        branch("document", d.id, d.issued_on, until=d.expires_on, title=DocumentKind.label, detail=issued)
        .join(DocumentKind, DocumentKind.code == d.kind_code)
        .where(d.issued_on.is_not(None)),
    ]


def _occupation() -> list[Select[Any]]:
    s, e, i = Study, Employment, Income
    where = said(s.organisation, s.profession)
    studied = func.coalesce(StudyStatus.label, EducationLevel.label, literal_column("'обучение'", String))
    paid = func.coalesce(
        cast(cast(func.round(i.amount), Integer), String) + literal_column("' руб. в месяц'", String), EMPTY
    )
    return [
        _lasting("study", s, title=studied, detail=where, agency=s.agency_id, code=s.status_code)
        .outerjoin(StudyStatus, StudyStatus.code == s.status_code)
        .outerjoin(EducationLevel, EducationLevel.code == s.level_code),
        _lasting(
            "employment", e, title=EmploymentStatus.label, detail=said(e.position, e.organisation), code=e.status_code
        ).join(EmploymentStatus, EmploymentStatus.code == e.status_code),
        _lasting("income", i, title=i.source, detail=paid),
    ]


def _home() -> list[Select[Any]]:
    f, c, h, a = FamilyStatus, Dependant, Housing, Address
    named = case(
        (FEMALE & (MaritalStatus.label_female != EMPTY), MaritalStatus.label_female), else_=MaritalStatus.label
    )
    children = case((f.children > 0, literal_column("'детей: '", String) + cast(f.children, String)), else_=EMPTY)
    return [
        _lasting("family", f, title=named, detail=children).join(MaritalStatus, MaritalStatus.code == f.status_code),
        branch("child", c.id, c.birth_date, title=c.name).where(c.birth_date.is_not(None)),
        _lasting("housing", h, title=HousingStatus.label, detail=said(h.dwelling, h.contract), code=h.status_code).join(
            HousingStatus, HousingStatus.code == h.status_code
        ),
        _lasting("address", a, title=a.text, code=a.kind),
    ]


def _support() -> list[Select[Any]]:
    t, p, d, w, r, c = Situation, Problem, CategoryDecision, Assignment, Responsibility, Consent
    of_kind, kind = ProblemKind.code == p.kind_code, func.coalesce(ProblemKind.label, EMPTY)
    of_purpose = ConsentPurpose.code == c.purpose_code
    given: dict[str, Any] = {"title": ConsentPurpose.label, "agency": c.agency_id}
    return [
        _lasting("situation", t, title=cut(t.problems), detail=cut(t.work_done), agency=t.agency_id),
        branch("problem", p.id, p.found_on, title=p.description, detail=kind).outerjoin(ProblemKind, of_kind),
        branch("problem.solved", p.id, p.resolved_on, title=p.description, detail=p.resolution).where(
            p.resolved_on.is_not(None)
        ),
        _lasting(
            "category", d, title=SupportCategory.label, detail=said(d.ground, d.decided_by), code=d.category_code
        ).join(SupportCategory, SupportCategory.code == d.category_code),
        _lasting("assignment", w, title=w.name, detail=w.position, code=w.kind),
        _lasting("responsibility", r, detail=r.ground, agency=r.agency_id),
        branch(
            "consent",
            c.id,
            c.given_on,
            until=c.valid_until,
            title=ConsentPurpose.label,
            detail=c.document,
            agency=c.agency_id,
        ).join(ConsentPurpose, of_purpose),
        branch("consent.withdrawn", c.id, c.withdrawn_on, **given)
        .join(ConsentPurpose, of_purpose)
        .where(c.withdrawn_on.is_not(None)),
    ]


def _closed() -> list[Select[Any]]:
    """Of field groups: who may not read them gets a mask (services.route.events)."""
    h, o = HealthRecord, OffenceRecord
    return [
        branch("health", h.id, h.recorded_on, until=h.valid_until, title=cut(h.text), owner=h.author_id),
        branch("offence", o.id, o.recorded_on, title=cut(o.text), owner=o.author_id),
    ]
