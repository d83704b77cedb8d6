"""Columns of the card that follow from other columns and from its dated facts, kept true at every flush."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction

from models.circumstances import Address, AddressKind, Employment, Fact, FamilyStatus, Housing, Study
from models.context import actor_of
from models.graduates import Graduate
from models.people import Contact, IdentityDocument, OfGraduate
from models.support import Assignment, AssignmentKind, CategoryDecision, Problem
from models.text import digits, name_key, normalise


def newest(rows: Iterable[Any]) -> Any | None:
    """The newest row that has not ended, else the newest of all; rows have starts_on, ends_on and id."""
    ordered = sorted(rows, key=lambda row: (row.starts_on or date.min, row.id or 1 << 62))
    still = [row for row in ordered if row.ends_on is None]
    return (still or ordered or [None])[-1]


def _kept(session: Session, rows: Sequence[Any]) -> list[Any]:
    return [row for row in rows if row not in session.deleted]


def _refresh_search(graduate: Graduate, session: Session) -> None:
    graduate.name_key = name_key(graduate.last_name, graduate.first_name, graduate.patronymic or "")
    documents = _kept(session, graduate.documents)
    contacts = _kept(session, graduate.contacts)
    parts = [
        graduate.name_key,
        normalise(graduate.former_names or ""),
        f"{graduate.birth_date:%d.%m.%Y}",
        graduate.snils or "",
        digits(graduate.oms_policy or ""),
        *(normalise(f"{document.series or ''} {document.number}") for document in documents),
        *(digits(f"{document.series or ''}{document.number}") for document in documents),
        *(digits(contact.value) or normalise(contact.value) for contact in contacts),
        *(normalise(contact.value) for contact in contacts if "@" in contact.value),
    ]
    graduate.search_text = " | ".join(dict.fromkeys(part for part in parts if part))


def _refresh_phone(graduate: Graduate, session: Session) -> None:
    phones = [c.value for c in _kept(session, graduate.contacts) if c.kind_code in ("phone", "mobile")]
    graduate.current_phone = (phones or [""])[0][:60]


def _refresh_address(graduate: Graduate, session: Session) -> None:
    stays = [
        a for a in _kept(session, graduate.addresses) if (a.kind or AddressKind.RESIDENCE) == AddressKind.RESIDENCE
    ]
    address = newest(stays)
    graduate.current_address = address.text if address else ""
    district = address.district if address else None
    graduate.district_id = district.id if district else (address.district_id if address else None)


def _refresh_employment(graduate: Graduate, session: Session) -> None:
    employment = newest(_kept(session, graduate.employments))
    graduate.current_employment_code = _code(employment, "status") if employment else None


def _refresh_family(graduate: Graduate, session: Session) -> None:
    family = newest(_kept(session, graduate.family_statuses))
    graduate.current_marital_code = _code(family, "status") if family else None
    graduate.current_children = (family.children or 0) if family else 0


def _refresh_housing(graduate: Graduate, session: Session) -> None:
    housing = newest(_kept(session, graduate.housings))
    graduate.current_housing_code = _code(housing, "status") if housing else None


def _refresh_study(graduate: Graduate, session: Session) -> None:
    study = newest(_kept(session, graduate.studies))
    graduate.current_profession = (study.profession or "") if study else ""


def _refresh_category(graduate: Graduate, session: Session) -> None:
    decision = newest(_kept(session, graduate.category_decisions))
    graduate.category_code = _code(decision, "category") if decision and decision.ends_on is None else None


def _refresh_curator(graduate: Graduate, session: Session) -> None:
    curators = [a for a in _kept(session, graduate.assignments) if a.kind == AssignmentKind.CURATOR and not a.ends_on]
    curator = newest(curators)
    graduate.curator_name = curator.name if curator else ""


def _refresh_problems(graduate: Graduate, session: Session) -> None:
    graduate.open_problems = sum(1 for p in _kept(session, graduate.problems) if p.resolved_on is None)


def _code(row: Any, name: str) -> str | None:
    """The code of a dictionary reference, set either as an object or as a code."""
    entry = getattr(row, name)
    code: str | None = entry.code if entry is not None else getattr(row, f"{name}_code")
    return code


_REFRESH: dict[type[OfGraduate], tuple[Any, ...]] = {
    IdentityDocument: (_refresh_search,),
    Contact: (_refresh_search, _refresh_phone),
    Address: (_refresh_address,),
    Employment: (_refresh_employment,),
    FamilyStatus: (_refresh_family,),
    Housing: (_refresh_housing,),
    Study: (_refresh_study,),
    CategoryDecision: (_refresh_category,),
    Assignment: (_refresh_curator,),
    Problem: (_refresh_problems,),
}
EVERYTHING = tuple(dict.fromkeys(refresh for refreshes in _REFRESH.values() for refresh in refreshes))
_NAMES = ("last_name", "first_name", "patronymic", "former_names", "birth_date", "snils", "oms_policy")


def refresh(graduate: Graduate, session: Session) -> None:
    """Recompute every derived column of a card from its loaded facts."""
    for step in EVERYTHING:
        step(graduate, session)


def _forget_stale_wording(fact: Fact) -> None:
    """The office's words speak of the structured fields: changed without them, they are no longer true."""
    state = inspect(fact)
    if "wording" not in state.attrs or state.attrs["wording"].history.has_changes():
        return
    if any(state.attrs[name].history.has_changes() for name in fact.__worded__):
        fact.wording = ""  # type: ignore[attr-defined]


@event.listens_for(Session, "before_flush")
def _derive(session: Session, _context: UOWTransaction, _instances: object) -> None:
    steps: dict[Graduate, dict[Any, None]] = {}
    for row in [*session.new, *session.dirty, *session.deleted]:
        if isinstance(row, Graduate) and row not in session.deleted:
            if row in session.new:
                steps.setdefault(row, {}).update(dict.fromkeys(EVERYTHING))
            elif any(inspect(row).attrs[name].history.has_changes() for name in _NAMES):
                steps.setdefault(row, {})[_refresh_search] = None
            elif session.is_modified(row):
                steps.setdefault(row, {})
        elif isinstance(row, OfGraduate) and (row not in session.dirty or session.is_modified(row)):
            if isinstance(row, Fact) and row in session.dirty:
                _forget_stale_wording(row)
            graduate: Graduate | None = row.graduate  # type: ignore[attr-defined]
            if graduate is not None and graduate not in session.deleted:
                steps.setdefault(graduate, {}).update(dict.fromkeys(_REFRESH.get(type(row), ())))
    for graduate, refreshes in steps.items():
        for step in refreshes:
            step(graduate, session)
        now = actor_of(session).now
        graduate.updated_at = now  # The card's own row changes, so its version rises with its child rows.
        if graduate in session.new and graduate.created_at is None:
            graduate.created_at = now
            graduate.created_by_id = actor_of(session).user_id
