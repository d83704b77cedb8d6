"""Where the fields of a letter come from: for each source of a kind's field, what of the card it tells on the day.

Health, offences, and what was said in talks are told by none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from models.circumstances import Address, AddressKind, Placement, Study, as_of
from models.graduates import Graduate
from models.support import AssignmentKind
from reports import wording
from services.exchange import fact_loading as of
from services.exchange.fact_loading import Desk

Teller = Callable[[Desk, Graduate], str]
LATELY = timedelta(days=30)
DORMITORY = "dormitory"
COMPLETED = "completed"
CURATOR = AssignmentKind.CURATOR
# What is a matter of health or of the law is not told by a letter.
CLOSED_PROBLEMS = frozenset({"health", "addiction", "mental", "early_parenthood", "offence", "released", "violence"})
CLOSED_EMPLOYMENTS = frozenset({"disabled", "imprisoned"})
CLOSED_EXITS = frozenset({"released"})
PLAIN_LEAVES = {"medical": "академический отпуск", "maternity": "отпуск"}  # The reason is a matter of health.


@dataclass(frozen=True)
class Source:
    tell: Teller
    loads: tuple[Any, ...] = ()  # What of the card it reads.


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


# -- Who and where ---------------------------------------------------------------------------------------------------


def _residence(desk: Desk, graduate: Graduate) -> Address | None:
    return as_of([one for one in graduate.addresses if one.kind is AddressKind.RESIDENCE], desk.on)


def _address(desk: Desk, graduate: Graduate) -> str:
    return wording.address(graduate, desk.on)


def _district(desk: Desk, graduate: Graduate) -> str:
    residence = _residence(desk, graduate)
    district = residence.district if residence else graduate.district
    return district.short_name if district else ""


def _location(desk: Desk, graduate: Graduate) -> str:
    """The address, or the district alone where nobody knows it (vologda 4.6 в)."""
    return _address(desk, graduate) or _district(desk, graduate)


def _arrived_on(desk: Desk, graduate: Graduate) -> str:
    residence = _residence(desk, graduate)
    return _day(residence.starts_on) if residence and residence.is_start_known else ""


def _category(desk: Desk, graduate: Graduate) -> str:
    decision = as_of(graduate.category_decisions, desk.on)  # type: ignore[type-var]
    return decision.category.label if decision else ""


def _curator(desk: Desk, graduate: Graduate) -> str:
    curator = as_of([one for one in graduate.assignments if one.kind is CURATOR], desk.on)  # type: ignore[type-var]
    return ", ".join(part for part in (curator.name, curator.phone) if part) if curator else ""


def _problems(desk: Desk, graduate: Graduate) -> str:
    found = wording.open_problems(graduate, desk.on)
    return "; ".join(one.description for one in found if one.kind_code not in CLOSED_PROBLEMS)


def _done(desk: Desk, graduate: Graduate) -> str:
    return wording.work_done(graduate, desk.on) or desk.ask(of.services, graduate)


# -- Study -----------------------------------------------------------------------------------------------------------


def _present_study(desk: Desk, graduate: Graduate) -> Study | None:
    return as_of(graduate.studies, desk.on)


def _study(desk: Desk, graduate: Graduate) -> str:
    study = _present_study(desk, graduate)
    if study is None:
        return ""
    sex = wording.sex_of(graduate.sex, graduate.patronymic)
    status = study.status_code or ""
    return wording.study_text(status=status, organisation=_school(study), course=study.course, sex=sex)


def _school(study: Study | None) -> str:
    if study is None:
        return ""
    return study.agency.short_name if study.agency else study.organisation


def _study_organisation(desk: Desk, graduate: Graduate) -> str:
    return _school(_present_study(desk, graduate))


def _course(desk: Desk, graduate: Graduate) -> str:
    study = _present_study(desk, graduate)
    return str(study.course) if study and study.course else ""


def _admitted_on(desk: Desk, graduate: Graduate) -> str:
    """The first day at the present school."""
    school = _study_organisation(desk, graduate)
    there = [one for one in graduate.studies if one.starts_on <= desk.on and _school(one) == school]
    first = min(there, key=lambda one: (one.starts_on, one.id), default=None)
    return _day(first.starts_on) if school and first and first.is_start_known else ""


def _finished_on(desk: Desk, graduate: Graduate) -> str:
    study = _present_study(desk, graduate)
    if study and study.status_code == COMPLETED:
        return _day(study.starts_on) if study.is_start_known else ""
    ended = [one.ends_on for one in graduate.studies if one.ends_on and one.ends_on <= desk.on]
    return _day(max(ended, default=None)) if study is None else ""


def _leave(desk: Desk, graduate: Graduate) -> str:
    study = _present_study(desk, graduate)
    if study is None or study.leave is None:
        return ""
    label = PLAIN_LEAVES.get(study.leave.code, study.leave.label)
    starts = f"с {study.starts_on:%d.%m.%Y}" if study.is_start_known else ""
    ends = f"по {study.leave_ends_on:%d.%m.%Y}" if study.leave_ends_on else ""
    return " ".join(part for part in (label, starts, ends) if part)


# -- Life ------------------------------------------------------------------------------------------------------------


def _employment(desk: Desk, graduate: Graduate) -> str:
    fact = as_of(graduate.employments, desk.on)
    return "" if fact is None or fact.status_code in CLOSED_EMPLOYMENTS else wording.employment(graduate, desk.on)


def _exit_ground(desk: Desk, graduate: Graduate) -> str:
    ground = graduate.exit_ground
    return ground.label if ground and ground.code not in CLOSED_EXITS else ""


def _children(desk: Desk, graduate: Graduate) -> str:
    """Days of birth without names: the least that is needed."""
    days = sorted(one.birth_date for one in graduate.dependants if one.birth_date and one.birth_date <= desk.on)
    if days:
        return "; ".join(f"{day:%d.%m.%Y} г. р." for day in days)
    fact = as_of(graduate.family_statuses, desk.on)
    return wording.children_text(fact.children) if fact and fact.children else ""


def _dormitory(desk: Desk, graduate: Graduate) -> str:
    fact = as_of(graduate.housings, desk.on)
    return ("да" if fact.status_code == DORMITORY else "нет") if fact else ""


def _stay(stay: Placement) -> str:
    period = wording.period_text(stay.starts_on, stay.ends_on)
    return ", ".join(part for part in (stay.form.label, stay.place, period) if part)


def _placement(desk: Desk, graduate: Graduate) -> str:
    begun = [one for one in graduate.placements if one.starts_on <= desk.on]
    last = max(begun, key=lambda one: (one.starts_on, one.id), default=None)
    return _stay(last) if last else ""


def _foster_family(desk: Desk, graduate: Graduate) -> str:
    return "; ".join(_stay(one) for one in wording.family_stays(graduate, desk.on))


def _left_on(desk: Desk, graduate: Graduate) -> str:
    if graduate.left_on:
        return _day(graduate.left_on)
    ended = [one.ends_on for one in graduate.placements if one.ends_on and one.ends_on <= desk.on]
    return _day(max(ended, default=None))


CHANGING: tuple[tuple[str, str, Teller], ...] = (
    ("addresses", "адрес", _address),
    ("studies", "учёба", _study),
    ("employments", "работа", _employment),
    ("family_statuses", "семья", lambda desk, graduate: wording.family(graduate, desk.on)),
    ("housings", "жильё", lambda desk, graduate: wording.housing(graduate, desk.on)),
)


def _change(desk: Desk, graduate: Graduate) -> str:
    """What holds since the last thirty days."""
    told = []
    for collection, word, tell in CHANGING:
        facts = getattr(graduate, collection)
        if collection == "addresses":
            facts = [one for one in facts if one.kind is AddressKind.RESIDENCE]
        fact = as_of(facts, desk.on)
        if fact is not None and fact.is_start_known and fact.starts_on > desk.on - LATELY and tell(desk, graduate):
            told.append(f"{word}: {tell(desk, graduate)} (с {fact.starts_on:%d.%m.%Y})")
    return "; ".join(told)


def _from_wording(tell: Callable[[Graduate, date], str]) -> Teller:
    return lambda desk, graduate: tell(graduate, desk.on)


SOURCES: Mapping[str, Source] = {
    "name": Source(lambda desk, graduate: graduate.full_name),
    "birth_date": Source(lambda desk, graduate: _day(graduate.birth_date)),
    "location": Source(_location, (of.ADDRESSES, of.DISTRICTS)),
    "address": Source(_address, (of.ADDRESSES,)),
    "phone": Source(lambda desk, graduate: graduate.current_phone),
    "district": Source(_district, (of.ADDRESSES, of.DISTRICTS)),
    "category": Source(_category, (of.CATEGORIES,)),
    "problems": Source(_problems, (of.PROBLEMS,)),
    "needs": Source(lambda desk, graduate: desk.ask(of.open_measures, graduate)),
    "study": Source(_study, (of.STUDIES,)),
    "study_organisation": Source(_study_organisation, (of.STUDIES,)),
    "profession": Source(_from_wording(wording.profession), (of.STUDIES,)),
    "course": Source(_course, (of.STUDIES,)),
    "admitted_on": Source(_admitted_on, (of.STUDIES,)),
    "finished_on": Source(_finished_on, (of.STUDIES,)),
    "leave": Source(_leave, (of.STUDIES,)),
    "education": Source(_from_wording(wording.education), (of.STUDIES,)),
    "employment": Source(_employment, (of.EMPLOYMENTS,)),
    "children": Source(_children, (of.CHILDREN, of.FAMILIES)),
    "family": Source(_from_wording(wording.family), (of.FAMILIES,)),
    "housing": Source(_from_wording(wording.housing), (of.HOUSINGS,)),
    "dormitory": Source(_dormitory, (of.HOUSINGS,)),
    "placement": Source(_placement, (of.PLACEMENTS,)),
    "foster_family": Source(_foster_family, (of.PLACEMENTS,)),
    "left_on": Source(_left_on, (of.PLACEMENTS,)),
    "exit_ground": Source(_exit_ground, (of.EXIT_GROUND,)),
    "legal_status": Source(lambda desk, graduate: str(graduate.legal_status or ""), (of.LEGAL_STATUS,)),
    "readiness": Source(lambda desk, graduate: desk.ask(of.readiness, graduate)),
    "curator": Source(_curator, (of.ASSIGNMENTS,)),
    "done": Source(_done, (of.SITUATIONS,)),
    "change": Source(_change, (of.ADDRESSES, of.STUDIES, of.EMPLOYMENTS, of.FAMILIES, of.HOUSINGS)),
    "arrived_on": Source(_arrived_on, (of.ADDRESSES,)),
}
