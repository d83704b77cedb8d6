"""A contract on support: drafted, signed, handed out; signing takes the person on (aistenok 2, 7, 9.1; domain §1)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.cases import Application, Contract
from models.graduates import Graduate
from services import numbering
from services.cases import episodes, warnings
from services.cases.ages import Ages, ages_of
from services.cases.applications import decision_of, need_undecided
from services.cases.common import hold, need_live, need_order, need_passed, need_registrar, person_of_ours, ru
from services.cases.refusals import need_of_person
from services.errors import Refused, need
from services.graduates import note_responsibility


class Terms(TypedDict, total=False):
    """What a contract says beside its parties and its time."""

    place: str
    signatory: str
    signatory_basis: str
    legal_status_code: str | None
    right_ground_code: str | None
    right_document: str
    category_code: str | None
    curator: str
    curator_order: str
    guardianship_id: int | None
    guardian: str
    copies: int
    note: str


def draft(
    session: Session,
    *,
    graduate_id: int,
    agency_id: int,
    starts_on: date,
    ends_on: date,
    application: Application | None = None,
    by: Viewer,
    now: datetime,
    **terms: Unpack[Terms],
) -> Contract:
    """A draft of a contract; its term never passes the last eligible day. Raises Refused."""
    need_registrar(by, agency_id)
    graduate = person_of_ours(session, graduate_id=graduate_id, by=by)
    if application is not None:
        need_for_contract(application, graduate, agency_id)
    ends_on = capped(session, graduate=graduate, agency_id=agency_id, starts_on=starts_on, ends_on=ends_on)
    contract = Contract(
        graduate=graduate,
        agency_id=agency_id,
        application=application,
        starts_on=starts_on,
        ends_on=ends_on,
        created_at=now,
        created_by_id=by.user_id,
        **terms,
    )
    session.add(contract)
    session.flush()
    return contract


def need_for_contract(application: Application, graduate: Graduate, agency_id: int) -> None:
    """The application is this person's, and nothing is decided on it. Raises Refused."""
    need_of_person(application, graduate, agency_id)
    need_undecided(application)


def capped(session: Session, *, graduate: Graduate, agency_id: int, starts_on: date, ends_on: date) -> date:
    """The last day of a term that begins in an age with a right: never past the last eligible day. Raises Refused."""
    ages = ages_of(session, graduate=graduate, agency_id=agency_id, on=starts_on)
    if ages.is_early(starts_on):
        told = f"Выпускнику нет {ages.from_text} (исполнится {ru(ages.first_day)}): договор ещё не заключают."
        raise Refused(told, field="starts_on")
    if ages.is_late(starts_on):
        told = f"{ages.to_text} исполнилось {ru(ages.birthday)}: права на сопровождение нет, договор не заключают."
        raise Refused(told, field="starts_on")
    need(ends_on >= starts_on, "Последний день не может быть раньше первого.", field="ends_on")
    return min(ends_on, ages.last_day)


def sign(session: Session, *, contract: Contract, signed_on: date, origin: str = "", by: Viewer, now: datetime) -> None:
    """Both parties have signed: the contract gets its number, the person is taken on for support. Raises Refused."""
    need_registrar(by, contract.agency_id)
    if contract.application is not None:  # First of all, as whoever refuses or annuls it does.
        hold(session, contract.application)
    graduate = person_of_ours(session, graduate_id=contract.graduate_id, by=by, is_held=True)
    hold(session, contract)
    need_live(contract)
    need(contract.number is None, f"Договор уже подписан: № {contract.number_text}.")
    need_passed(signed_on, by, "signed_on")
    _need_ready_application(contract.application, signed_on)
    told = f"Договор действует с {ru(contract.starts_on)}: подписать его позже нельзя. Исправьте начало срока."
    need(signed_on <= contract.starts_on, told, field="signed_on")
    contract.ends_on = capped(
        session,
        graduate=graduate,
        agency_id=contract.agency_id,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
    )
    ages = ages_of(session, graduate=graduate, agency_id=contract.agency_id, on=signed_on)
    _need_consent_of_guardian(contract, ages, signed_on)
    _need_only_one(session, contract)
    numbering.assign(session, record=contract, on=signed_on)
    contract.signed_on = signed_on
    session.flush()
    episodes.open_for(session, contract=contract, on=signed_on, origin=origin, by=by, now=now)
    _take_responsibility(contract, graduate)
    session.flush()


def _need_ready_application(application: Application | None, signed_on: date) -> None:
    if application is None:
        return
    need_undecided(application)
    if application.registered_on is None:
        raise Refused("Сначала зарегистрируйте заявление: договор заключают по зарегистрированному.")
    need_order(signed_on, application.registered_on, "регистрации заявления", "signed_on")
    need(
        application.is_identity_shown,
        "Документ, удостоверяющий личность, не предъявлен: отметьте его в заявлении или попросите донести.",
    )


def _need_consent_of_guardian(contract: Contract, ages: Ages, signed_on: date) -> None:
    if signed_on < ages.consent_until and not contract.guardian:
        raise Refused(
            f"До {ru(ages.consent_until)} выпускник подписывает договор с согласия законного представителя или органа "
            "опеки: укажите в договоре, кто согласен."
        )


def _need_only_one(session: Session, contract: Contract) -> None:
    for other in open_contracts(session, graduate_id=contract.graduate_id):
        if other.agency_id == contract.agency_id and other.id != contract.id:
            raise Refused(
                f"У выпускника уже есть договор с организацией: № {other.number_text} до {ru(other.ends_on)}. "
                "Сначала закройте его."
            )


def _take_responsibility(contract: Contract, graduate: Graduate) -> None:
    if graduate.agency_id is None and contract.signed_on is not None:
        graduate.agency_id = contract.agency_id
        note_responsibility(graduate, on=contract.signed_on, ground=f"договор № {contract.number_text}")


def open_contracts(session: Session, *, graduate_id: int) -> Sequence[Contract]:
    """Signed, not ended, not annulled: at most one of each organisation."""
    query = select(Contract).where(
        Contract.graduate_id == graduate_id,
        Contract.number.is_not(None),
        Contract.ended_on.is_(None),
        Contract.annulled_on.is_(None),
    )
    return session.scalars(query.order_by(Contract.id)).all()


def hand_out(session: Session, *, contract: Contract, handed_on: date, by: Viewer) -> None:
    """The graduate got a copy. Raises Refused."""
    need_registrar(by, contract.agency_id)
    need_live(contract)
    if contract.signed_on is None:
        raise Refused("Договор ещё не подписан.")
    need(contract.handed_on is None, "Экземпляр уже выдан.")
    need_passed(handed_on, by, "handed_on")
    need_order(handed_on, contract.signed_on, "подписания договора", "handed_on")
    contract.handed_on = handed_on
    session.flush()


def obstacle(session: Session, *, graduate: Graduate, agency_id: int, on: date) -> str:
    """Why no contract may be proposed to a person now; empty: it may."""
    ages = ages_of(session, graduate=graduate, agency_id=agency_id, on=on)
    if not ages.has_right(on):
        return warnings.of_age(ages, on)[0]
    for other in open_contracts(session, graduate_id=graduate.id):
        if other.agency_id == agency_id and other.ends_on < on:
            return f"Срок договора № {other.number_text} истёк {ru(other.ends_on)}: сначала закройте его."
        if other.agency_id == agency_id:
            return f"Договор № {other.number_text} действует до {ru(other.ends_on)}."
    query = select(Application).where(Application.graduate_id == graduate.id, Application.agency_id == agency_id)
    live = query.where(Application.annulled_on.is_(None), Application.withdrawn_on.is_(None))
    newest = session.scalars(live.order_by(Application.received_on.desc(), Application.id.desc())).first()
    decision = decision_of(newest) if newest is not None else None
    if decision is not None and not isinstance(decision, Contract):
        return f"По заявлению записан отказ № {decision.number_text}: договор заключают по новому заявлению."
    return ""


def warnings_of(session: Session, *, contract: Contract, today: date | None = None) -> list[str]:
    """What to know of a draft or of a contract in force."""
    if contract.annulled_on is not None or contract.ended_on is not None:
        return []
    on = contract.signed_on or contract.starts_on
    graduate = contract.graduate
    ages = ages_of(session, graduate=graduate, agency_id=contract.agency_id, on=contract.starts_on)
    others = open_contracts(session, graduate_id=graduate.id)
    told = [
        *(warnings.of_end(contract, today) or warnings.of_term(contract.ends_on, ages)),
        *warnings.of_consent(graduate, on),
        *warnings.of_other_contracts(one for one in others if one.agency_id != contract.agency_id),
    ]
    if contract.number is None:
        told += [*warnings.of_identity(graduate, on), *warnings.of_signatory(contract)]
    return told
