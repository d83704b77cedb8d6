"""Dated facts as the office states them: study, employment, family, housing, address."""

from datetime import date
from typing import Any

from models.circumstances import Address, AddressKind, Employment, FamilyStatus, Housing, Study, as_of
from models.graduates import Graduate
from reports import wording
from services.importing.layout import HEADINGS
from services.importing.parsed import ParsedGraduate
from services.imports.changes import LONGEST_LINE, Change, Statement, put, same

HOUSING_DETAILS = (
    *("dwelling", "is_uninhabitable", "queued_on", "queue_number", "queue_body", "has_priority"),
    *("contract", "contract_ends_on"),
)
STUDY_DETAILS = ("level_code", "status_code", "organisation", "agency_id", "course", "wording", "profession")


def _record(facts: list[Any], model: type[Any], on: date, values: dict[str, Any]) -> None:
    """A statement of the same day is corrected, an earlier one stays as the history of the card."""
    holding = as_of(facts, on)
    if holding is not None and holding.starts_on == on and not holding.is_start_known:
        put(holding, **values)
    else:
        facts.append(model(starts_on=on, is_start_known=False, **values))


def study(card: Graduate, said: ParsedGraduate, statement: Statement) -> Change | None:
    on = statement.on
    old_education, old_profession = wording.education(card, on), wording.profession(card, on)
    education = said.education if said.education and not same(old_education, said.education) else ""
    profession = said.profession if said.profession and not same(old_profession, said.profession) else ""
    if not education and not profession:
        return None

    def write() -> None:
        holding = as_of(card.studies, on)
        values = {name: getattr(holding, name) for name in STUDY_DETAILS} if holding else {}
        if education:
            values |= _understood_study(said, statement)
        if profession:
            values["profession"] = profession
        _record(card.studies, Study, on, values)

    if education and profession:
        heading = f"{HEADINGS['education']}, {HEADINGS['profession'].lower()}"
        return Change(heading, _listed(old_education, old_profession), _listed(education, profession), write)
    if education:
        return Change(HEADINGS["education"], old_education, education, write)
    return Change(HEADINGS["profession"], old_profession, profession, write)


def _listed(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _understood_study(said: ParsedGraduate, statement: Statement) -> dict[str, Any]:
    study = said.study
    return {
        "level_code": (study.level or None) if study else None,
        "status_code": (study.status or None) if study else None,
        "organisation": study.organisation[:LONGEST_LINE] if study and statement.school_id is None else "",
        "agency_id": statement.school_id,
        "course": study.course if study else None,
        "wording": said.education,
    }


def employment(card: Graduate, said: ParsedGraduate, statement: Statement) -> Change | None:
    old, new = wording.employment(card, statement.on), said.employment_text
    if not new or same(old, new):
        return None
    values = {
        "status_code": said.employment_status,
        "organisation": said.employer,
        "position": said.position,
        "wording": new,
    }
    return Change(HEADINGS["employment"], old, new, lambda: _record(card.employments, Employment, statement.on, values))


def family(card: Graduate, said: ParsedGraduate, statement: Statement) -> Change | None:
    old, new = wording.family(card, statement.on), said.family_text
    if not new or same(old, new):
        return None
    values = {"status_code": said.marital_status, "children": said.children or 0, "wording": new}
    return Change(
        HEADINGS["family"], old, new, lambda: _record(card.family_statuses, FamilyStatus, statement.on, values)
    )


def housing(card: Graduate, said: ParsedGraduate, statement: Statement) -> Change | None:
    old, new = wording.housing(card, statement.on), said.housing_text
    if not new or same(old, new):
        return None

    def write() -> None:
        holding = as_of(card.housings, statement.on)
        goes_on = holding is not None and holding.status_code == said.housing_status
        details = {name: getattr(holding, name) for name in HOUSING_DETAILS} if goes_on else {}
        values = {"status_code": said.housing_status, "wording": new, **details}
        _record(card.housings, Housing, statement.on, values)

    return Change(HEADINGS["housing"], old, new, write)


def address(card: Graduate, said: ParsedGraduate, statement: Statement) -> Change | None:
    old, new = wording.address(card, statement.on), said.address
    if not new or same(old, new):
        return None

    def write() -> None:
        values = {"text": new, "district_id": statement.district_id}
        stays = [a for a in card.addresses if a.kind == AddressKind.RESIDENCE]
        holding = as_of(stays, statement.on)
        if holding is not None and holding.starts_on == statement.on and not holding.is_start_known:
            put(holding, **values)
        else:
            kind = AddressKind.RESIDENCE
            card.addresses.append(Address(kind=kind, starts_on=statement.on, is_start_known=False, **values))

    return Change(HEADINGS["address"], old, new, write)
