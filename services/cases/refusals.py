"""Two refusals of one journal: the organisation's for want of a right, the graduate's own (aistenok 10, 13.3)."""

from datetime import date, datetime
from typing import TypedDict, Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.cases import Application, Contract, Refusal, RefusalKind
from models.graduates import Graduate
from models.rule_terms import EvidenceKind
from services import numbering
from services.cases import warnings
from services.cases.ages import ages_of, years_text
from services.cases.applications import need_undecided
from services.cases.common import (
    hold,
    need_live,
    need_order,
    need_passed,
    need_registrar,
    person,
    person_of_ours,
    ru,
)
from services.errors import Refused, need
from services.profiles import own_packs


class Details(TypedDict, total=False):
    """What either refusal may tell."""

    details: str
    clause: str
    responsible: str
    is_return_explained: bool


def refuse(
    session: Session,
    *,
    application: Application,
    reason_code: str | None,
    refused_on: date,
    by: Viewer,
    now: datetime,
    **details: Unpack[Details],
) -> Refusal:
    """The organisation's decision on an application: only for want of a right. Raises Refused."""
    need_registrar(by, application.agency_id)
    hold(session, application)
    need_undecided(application)
    need(application.registered_on, "Сначала зарегистрируйте заявление.", field="application_id")
    graduate = person(session, graduate_id=application.graduate_id, by=by, is_held=True)
    need_passed(refused_on, by, "refused_on")
    if application.registered_on:
        need_order(refused_on, application.registered_on, "регистрации заявления", "refused_on")
    if not reason_code:
        raise Refused(
            "Укажите, почему нет права: по другой причине организация не отказывает.",
            field="reason_code",
        )
    need_true(session, graduate=graduate, agency_id=application.agency_id, reason_code=reason_code, on=refused_on)
    refusal = Refusal(application=application, kind=RefusalKind.AGENCY, reason_code=reason_code, **details)
    return _numbered(session, refusal, graduate, application.agency_id, refused_on, by, now)


def decline(
    session: Session,
    *,
    graduate_id: int,
    agency_id: int,
    refused_on: date,
    application: Application | None = None,
    graduate_reason_code: str | None = None,
    by: Viewer,
    now: datetime,
    **details: Unpack[Details],
) -> Refusal:
    """The graduate does not want a contract; a reason need not be given. Raises Refused."""
    need_registrar(by, agency_id)
    if application is not None:
        hold(session, application)
    graduate = person_of_ours(session, graduate_id=graduate_id, by=by, is_held=True)
    need_passed(refused_on, by, "refused_on")
    if application is not None:
        need_of_person(application, graduate, agency_id)
        need_undecided(application)
        need_order(refused_on, application.received_on, "поступления заявления", "refused_on")
    if (contract := _open_contract(session, graduate, agency_id)) is not None:
        raise Refused(
            f"Договор № {contract.number_text} уже заключён: отказ от него – это расторжение. Откройте договор."
        )
    refusal = Refusal(
        application=application, kind=RefusalKind.GRADUATE, graduate_reason_code=graduate_reason_code, **details
    )
    return _numbered(session, refusal, graduate, agency_id, refused_on, by, now)


def _open_contract(session: Session, graduate: Graduate, agency_id: int) -> Contract | None:
    query = select(Contract).where(Contract.graduate_id == graduate.id, Contract.agency_id == agency_id)
    return next((one for one in session.scalars(query) if one.is_open()), None)


def _numbered(
    session: Session, refusal: Refusal, graduate: Graduate, agency_id: int, on: date, by: Viewer, now: datetime
) -> Refusal:
    with session.no_autoflush:
        refusal.graduate, refusal.agency_id, refusal.refused_on = graduate, agency_id, on
        refusal.created_at, refusal.created_by_id = now, by.user_id
        numbering.assign(session, record=refusal, on=on)
    session.add(refusal)
    session.flush()
    return refusal


def need_of_person(application: Application, graduate: Graduate, agency_id: int) -> None:
    is_theirs = application.graduate_id == graduate.id and application.agency_id == agency_id
    need(is_theirs, "Это заявление другого человека или другой организации.", field="application_id")


def need_true(session: Session, *, graduate: Graduate, agency_id: int, reason_code: str, on: date) -> None:
    """The card does not contradict the reason. Raises Refused."""
    ages = ages_of(session, graduate=graduate, agency_id=agency_id, on=on)
    field = "reason_code"
    if reason_code == "over_23":
        told = f"{ages.to_text} исполнится {ru(ages.birthday)}: на {ru(on)} право есть, по возрасту отказать нельзя."
        need(ages.is_late(on), told, field=field)
    if reason_code == "under_18":
        age = years_text(graduate.age_on(on))
        told = f"На {ru(on)} выпускнику {age}, сопровождают с {ages.age_from}: по возрасту отказать нельзя."
        need(ages.is_early(on), told, field=field)
    if reason_code == "not_graduate":
        told = "По карточке человека выпустила ваша организация: по этой причине отказать нельзя."
        need(graduate.graduating_agency_id != agency_id, told, field=field)


def notify(session: Session, *, refusal: Refusal, notified_on: date, notified_how: str, by: Viewer) -> None:
    """Note that the refusal was handed over or sent. Raises Refused."""
    need_registrar(by, refusal.agency_id)
    need_live(refusal)
    need_passed(notified_on, by, "notified_on")
    need_order(notified_on, refusal.refused_on, "отказа", "notified_on")
    need(notified_how.strip(), "Укажите, как уведомили.", field="notified_how")
    refusal.notified_on, refusal.notified_how = notified_on, notified_how.strip()
    session.flush()


def warnings_of(refusal: Refusal) -> list[str]:
    if refusal.annulled_on is not None:
        return []
    told = warnings.of_category(refusal.graduate) if refusal.reason_code == "not_category" else []
    if not refusal.is_return_explained:
        told.append("Отметьте, что человеку разъяснено право обратиться снова.")
    return told


def clause_of(session: Session, *, agency_id: int, on: date) -> str:
    """«п. 10, Положение …»: where the regulations of the organisation speak of its refusal; empty where none does."""
    for pack in own_packs(session, agency_id=agency_id, on=on):
        for rule in pack.rules:
            if rule.terms.evidence is EvidenceKind.REFUSAL:
                return f"п. {rule.clause}, {pack.regulation['short_title']}"
    return ""
