"""Columns of the card that follow from other columns and from its dated facts, kept true at every flush."""

from collections.abc import Container, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction

from models.circumstances import Address, AddressKind, Employment, Fact, FamilyStatus, Housing, Study
from models.context import Actor, actor_of
from models.graduates import Graduate
from models.people import Contact, IdentityDocument, OfGraduate
from models.support import Assignment, AssignmentKind, CategoryDecision, Problem
from models.text import digits, name_key, normalise

Gone = Container[Any]  # Rows that this flush deletes: they are still in their lists.


def newest(rows: Iterable[Any]) -> Any | None:
    """The newest row that has not ended, else the newest of all; rows have starts_on, ends_on and id."""
    ordered = sorted(rows, key=lambda row: (row.starts_on or date.min, row.id or 1 << 62))
    still = [row for row in ordered if row.ends_on is None]
    return (still or ordered or [None])[-1]


def _kept(deleted: Gone, rows: Sequence[Any]) -> list[Any]:
    return [row for row in rows if row not in deleted]


def _refresh_search(graduate: Graduate, deleted: Gone) -> None:
    graduate.name_key = name_key(graduate.last_name, graduate.first_name, graduate.patronymic or "")
    documents = _kept(deleted, graduate.documents)
    contacts = _kept(deleted, graduate.contacts)
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


def _refresh_phone(graduate: Graduate, deleted: Gone) -> None:
    phones = [c.value for c in _kept(deleted, graduate.contacts) if c.kind_code in ("phone", "mobile")]
    graduate.current_phone = (phones or [""])[0][:60]


def _refresh_address(graduate: Graduate, deleted: Gone) -> None:
    stays = [
        a for a in _kept(deleted, graduate.addresses) if (a.kind or AddressKind.RESIDENCE) == AddressKind.RESIDENCE
    ]
    address = newest(stays)
    graduate.current_address = address.text if address else ""
    chosen = inspect(address).attrs.district.history.added if address else ()
    graduate.district_id = chosen[0].id if chosen and chosen[0] else (address.district_id if address else None)


def _refresh_employment(graduate: Graduate, deleted: Gone) -> None:
    employment = newest(_kept(deleted, graduate.employments))
    graduate.current_employment_code = _code(employment, "status") if employment else None


def _refresh_family(graduate: Graduate, deleted: Gone) -> None:
    family = newest(_kept(deleted, graduate.family_statuses))
    graduate.current_marital_code = _code(family, "status") if family else None
    graduate.current_children = (family.children or 0) if family else 0


def _refresh_housing(graduate: Graduate, deleted: Gone) -> None:
    housing = newest(_kept(deleted, graduate.housings))
    graduate.current_housing_code = _code(housing, "status") if housing else None


def _refresh_study(graduate: Graduate, deleted: Gone) -> None:
    study = newest(_kept(deleted, graduate.studies))
    graduate.current_profession = (study.profession or "") if study else ""


def _refresh_category(graduate: Graduate, deleted: Gone) -> None:
    decision = newest(_kept(deleted, graduate.category_decisions))
    graduate.category_code = _code(decision, "category") if decision and decision.ends_on is None else None


def _refresh_curator(graduate: Graduate, deleted: Gone) -> None:
    curators = [a for a in _kept(deleted, graduate.assignments) if a.kind == AssignmentKind.CURATOR and not a.ends_on]
    curator = newest(curators)
    graduate.curator_name = curator.name if curator else ""


def _refresh_problems(graduate: Graduate, deleted: Gone) -> None:
    graduate.open_problems = sum(1 for p in _kept(deleted, graduate.problems) if p.resolved_on is None)


def _code(row: Any, name: str) -> str | None:
    """The code of a dictionary reference, set either as a code or, not yet flushed, as an object."""
    chosen = inspect(row).attrs[name].history.added
    code: str | None = chosen[0].code if chosen and chosen[0] is not None else getattr(row, f"{name}_code")
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
    deleted = session.deleted
    for step in EVERYTHING:
        step(graduate, deleted)


def _forget_stale_wording(fact: Fact) -> None:
    """The office's words speak of the structured fields: changed without them, they are no longer true."""
    state = inspect(fact)
    if "wording" not in state.attrs or state.attrs["wording"].history.has_changes():
        return
    if any(state.attrs[name].history.has_changes() for name in fact.__worded__):
        fact.wording = ""  # type: ignore[attr-defined]


@event.listens_for(Session, "before_flush")
def _derive(session: Session, _context: UOWTransaction, _instances: object) -> None:
    new, dirty, deleted = session.new, session.dirty, session.deleted  # Each access makes a new set.
    steps: dict[Graduate, dict[Any, None]] = {}
    for row in [*new, *dirty, *deleted]:
        if row in dirty and not session.is_modified(row):
            continue
        if isinstance(row, Graduate):
            if row not in deleted:
                steps.setdefault(row, {}).update(dict.fromkeys(EVERYTHING if row in new else _steps_of_names(row)))
        elif isinstance(row, OfGraduate):
            if isinstance(row, Fact) and row in dirty:
                _forget_stale_wording(row)
            graduate: Graduate | None = row.graduate  # type: ignore[attr-defined]
            if graduate is not None and graduate not in deleted:
                steps.setdefault(graduate, {}).update(dict.fromkeys(_REFRESH.get(type(row), ())))
    for graduate, refreshes in steps.items():
        for step in refreshes:
            step(graduate, deleted)
        _stamp(graduate, actor_of(session), is_new=graduate in new)


def _steps_of_names(graduate: Graduate) -> tuple[Any, ...]:
    changed = any(inspect(graduate).attrs[name].history.has_changes() for name in _NAMES)
    return (_refresh_search,) if changed else ()


def _stamp(graduate: Graduate, actor: Actor, *, is_new: bool) -> None:
    graduate.updated_at = actor.now  # The card's own row changes, so its version rises with its child rows.
    if is_new and graduate.created_at is None:
        graduate.created_at = actor.now
        graduate.created_by_id = actor.user_id
