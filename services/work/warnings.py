"""What somebody should know of an entry just made: nothing of it forbids the entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.access import Viewer
from models.cases import Contract, ContractStatus
from models.dictionaries import HousingStatus, ServiceForm
from models.graduates import Graduate
from models.text import plural
from models.work import GroupParticipant, GroupSession, ServiceRecord, SessionKind
from services.profiles import last_eligible_day, profile_of
from services.submissions import locked
from services.work.annulment import services_of
from services.work.service_forms import HousingRule, forms_by_housing
from services.work.service_records import URGENT

LATE_AFTER = timedelta(days=30)
NAMED = 3
OVER = frozenset({ContractStatus.ENDED, ContractStatus.TERMINATED, ContractStatus.EXPIRED})
IN_FORCE = frozenset({ContractStatus.ACTIVE, ContractStatus.EXTENDED})
DAYS = ("received_on", "held_on", "visited_on", "surveyed_on", "provided_on", "drawn_on")
NO_CONTRACT = "Услуга без действующего договора"


def about(session: Session, *, record: Any, by: Viewer) -> list[str]:
    """Sentences about an entry of daily work and the services that rest on it."""
    services = [record] if isinstance(record, ServiceRecord) else services_of(session, record)
    return [
        *_late(day_of(record), by),
        *locked.told_of(session, agency_id=record.agency_id, on=day_of(record)),
        *_ages(session, record),
        *_contracts(session, services),
        *_forms(session, services),
        *_acts(services),
    ]


def day_of(record: Any) -> date:
    day: date = next(getattr(record, name) for name in DAYS if hasattr(record, name))
    return day


def _late(day: date, by: Viewer) -> list[str]:
    passed = by.on - day
    if passed <= LATE_AFTER:
        return []
    count = f"{passed.days} {plural(passed.days, 'день', 'дня', 'дней')}"
    return [f"Запись внесена через {count} после события: проверьте дату."]


def _told(what: str, people: Sequence[Graduate], more: str = "") -> str:
    """A sentence about one person, or about several by name."""
    if len(people) == 1:
        return f"{what}{more}."
    names = ", ".join(person.full_name for person in people[:NAMED])
    others = f" и ещё {len(people) - NAMED}" if len(people) > NAMED else ""
    return f"{what}: {names}{others}."


# -- Age -------------------------------------------------------------------------------------------------------------


def _ages(session: Session, record: Any) -> list[str]:
    people, day = _people(session, record), day_of(record)
    profile = profile_of(session, agency_id=record.agency_id, on=day)
    is_programme = isinstance(record, GroupSession) and record.kind is SessionKind.PROGRAMME
    if is_programme and profile.programme_ages:
        first, last = profile.programme_ages
        outside = [person for person in people if not first <= person.age_on(day) <= last]
        return [_told(f"Возраст вне программы подготовки ({first}–{last} лет)", outside)] if outside else []
    outside = [
        person
        for person in people
        if person.age_on(day) < profile.age_from or day > last_eligible_day(person.birth_date, profile)
    ]
    return [_told(f"Возраст вне профиля ({profile.age_from}–{profile.age_to} лет)", outside)] if outside else []


def _people(session: Session, record: Any) -> Sequence[Graduate]:
    """Whom an entry is about; of a session all at once."""
    if not isinstance(record, GroupSession):
        return [record.graduate]
    query = select(Graduate).join(GroupParticipant, GroupParticipant.graduate_id == Graduate.id)
    return session.scalars(query.where(GroupParticipant.session_id == record.id).order_by(GroupParticipant.id)).all()


# -- Contracts -------------------------------------------------------------------------------------------------------


def _contracts(session: Session, services: Sequence[ServiceRecord]) -> list[str]:
    """A service needs a contract of the organisation in force on its day; an urgent one does not."""
    needing = [service for service in services if service.kind_code != URGENT]
    if not needing:
        return []
    kept: dict[int, list[Contract]] = defaultdict(list)
    query = select(Contract).where(
        Contract.graduate_id.in_({service.graduate_id for service in needing}),
        Contract.agency_id == needing[0].agency_id,
        Contract.number.is_not(None),
        Contract.annulled_on.is_(None),
    )
    for contract in session.scalars(
        query.options(selectinload(Contract.suspensions), selectinload(Contract.amendments)).order_by(Contract.id)
    ):
        kept[contract.graduate_id].append(contract)
    reasons: dict[str, list[Graduate]] = defaultdict(list)
    for service in needing:
        reason = _why_none(kept[service.graduate_id], service.provided_on)
        if reason is not None:
            reasons[reason].append(service.graduate)
    return [_told(f"{NO_CONTRACT}{reason}", people) for reason, people in _grouped(reasons)]


def _grouped(reasons: dict[str, list[Graduate]]) -> Iterable[tuple[str, list[Graduate]]]:
    """One person's reason is told whole; of several people only that there is none."""
    everybody = [person for people in reasons.values() for person in people]
    if len(everybody) > 1:
        return [("", everybody)]
    return reasons.items()


def _why_none(contracts: Sequence[Contract], day: date) -> str | None:
    """None: a contract is in force; otherwise what to add to «Услуга без действующего договора»."""
    states = [(contract, contract.status_on(day)) for contract in contracts]
    if any(state in IN_FORCE for _, state in states):
        return None
    if any(state is ContractStatus.SUSPENDED for _, state in states):
        return ": он приостановлен"
    ended = [contract.ended_on or contract.ends_on for contract, state in states if state in OVER]
    return f": последний закончился {max(ended):%d.%m.%Y}" if ended else ""


# -- Forms of service ------------------------------------------------------------------------------------------------


def _forms(session: Session, services: Sequence[ServiceRecord]) -> list[str]:
    """The form of service follows housing where a regulation of the organisation says so (syzran 4.3–4.5)."""
    if not services:
        return []
    forms = forms_by_housing(session, agency_id=services[0].agency_id, on=services[0].provided_on)
    unusual: dict[tuple[str, str | None, HousingRule], list[Graduate]] = defaultdict(list)
    for service in services:
        housing = service.graduate.current_housing_code
        rule = forms.rule(housing)
        if rule is not None and service.form_code is not None and service.form_code not in rule.forms:
            unusual[service.form_code, housing, rule].append(service.graduate)
    return [_form_told(session, form, housing, rule, people) for (form, housing, rule), people in unusual.items()]


def _form_told(session: Session, form: str, housing: str | None, rule: HousingRule, people: Sequence[Graduate]) -> str:
    labels = {entry.code: entry.label for entry in session.scalars(select(ServiceForm))}
    dwelling = session.get(HousingStatus, housing)
    offered = " или ".join(labels[code] for code in rule.forms)
    told = f"Форма «{labels[form]}» не для жилья «{dwelling.label if dwelling else ''}»: предлагается {offered}"
    return _told(f"{told} ({rule.basis})", people)


def _acts(services: Sequence[ServiceRecord]) -> list[str]:
    if any(service.kind_code == URGENT and service.urgent_act_id is None for service in services):
        return ["Срочная услуга записана без акта: составьте акт о предоставлении срочных социальных услуг."]
    return []
