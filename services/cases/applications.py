"""An application for support: received, registered, answered or taken back (aistenok 8)."""

from datetime import date, datetime
from typing import TypedDict, Unpack

from sqlalchemy.orm import Session

from models.access import Viewer
from models.cases import Application, Contract, Refusal
from services import numbering
from services.cases import warnings
from services.cases.ages import ages_of
from services.cases.common import hold, need_live, need_order, need_passed, need_registrar, person_of_ours, ru
from services.errors import Refused, need
from services.files import personal

RECEIPT = "поступления заявления"


class Contents(TypedDict, total=False):
    """What an application says beside its person and day."""

    channel_code: str | None
    request: str
    directions: str
    documents: str
    is_identity_shown: bool
    right_ground_code: str | None
    right_document: str
    received_by: str
    answer_by: str
    note: str


def receive(
    session: Session,
    *,
    graduate_id: int,
    agency_id: int,
    received_on: date,
    by: Viewer,
    now: datetime,
    **contents: Unpack[Contents],
) -> Application:
    """Take an application in; it gets its number when it is registered. Raises Refused.

    The person's file is opened with the first application, and again with one after it was closed (kizil stage 1).
    """
    need_registrar(by, agency_id)
    graduate = person_of_ours(session, graduate_id=graduate_id, by=by)
    need_passed(received_on, by, "received_on")
    need_order(received_on, graduate.birth_date, "рождения выпускника", "received_on")
    application = Application(
        graduate=graduate,
        agency_id=agency_id,
        received_on=received_on,
        created_at=now,
        created_by_id=by.user_id,
        **contents,
    )
    session.add(application)
    session.flush()
    personal.ensure(session, graduate_id=graduate.id, agency_id=agency_id, on=received_on, reopen=True)
    return application


def register(session: Session, *, application: Application, registered_on: date, by: Viewer) -> None:
    """Give the number of the journal, in the year of the day of registration. Raises Refused."""
    need_registrar(by, application.agency_id)
    hold(session, application)
    need_live(application)
    need(application.number is None, f"Заявление уже зарегистрировано: № {application.number_text}.")
    need(application.withdrawn_on is None, "Заявление отозвано: регистрировать его не нужно.")
    need_passed(registered_on, by, "registered_on")
    received_on = application.received_on
    need(
        registered_on >= received_on,
        f"Номер не присвоен: дата регистрации раньше даты поступления ({ru(received_on)}). Исправьте дату.",
        field="registered_on",
    )
    numbering.assign(session, record=application, on=registered_on)
    application.registered_on = registered_on
    session.flush()


def withdraw(session: Session, *, application: Application, withdrawn_on: date, by: Viewer) -> None:
    """The graduate takes it back before a decision. Raises Refused."""
    need_registrar(by, application.agency_id)
    hold(session, application)
    need_live(application)
    need(application.withdrawn_on is None, "Заявление уже отозвано.")
    need(decision_of(application) is None, "По заявлению уже есть решение: отозвать его нельзя.")
    need_passed(withdrawn_on, by, "withdrawn_on")
    need_order(withdrawn_on, application.received_on, RECEIPT, "withdrawn_on")
    application.withdrawn_on = withdrawn_on
    session.flush()


def notify(session: Session, *, application: Application, notified_on: date, notified_how: str, by: Viewer) -> None:
    """Note that the graduate was told of the decision. Raises Refused."""
    need_registrar(by, application.agency_id)
    need_live(application)
    need_passed(notified_on, by, "notified_on")
    need_order(notified_on, application.received_on, RECEIPT, "notified_on")
    need(notified_how.strip(), "Укажите, как уведомили.", field="notified_how")
    application.notified_on, application.notified_how = notified_on, notified_how.strip()
    session.flush()


def annul(session: Session, *, application: Application, reason: str, by: Viewer) -> None:
    """A registered application, made by mistake, keeps its number. Raises Refused while a decision stands on it."""
    hold(session, application)
    decision = decision_of(application)
    if isinstance(decision, Contract):
        raise Refused(f"По заявлению заключён договор № {decision.number_text}: сначала аннулируйте его.")
    if decision is not None:
        raise Refused(f"По заявлению записан отказ № {decision.number_text}: сначала аннулируйте его.")
    numbering.annul(session, record=application, reason=reason, by=by)


def decision_of(application: Application) -> Contract | Refusal | None:
    """The contract signed on it, or the refusal; annulled ones decide nothing."""
    signed = (one for one in application.contracts if one.number is not None and one.annulled_on is None)
    refused = (one for one in application.refusals if one.annulled_on is None)
    return next(signed, None) or next(refused, None)


def need_undecided(application: Application) -> None:
    """An application on which a contract or a refusal may still follow. Raises Refused."""
    field = "application_id"
    need(application.annulled_on is None, "Это заявление аннулировано: выберите другое.", field=field)
    need(application.withdrawn_on is None, "Это заявление отозвано: выберите другое.", field=field)
    decision = decision_of(application)
    if isinstance(decision, Contract):
        raise Refused(f"По этому заявлению уже заключён договор № {decision.number_text}.", field=field)
    if decision is not None:
        raise Refused(f"По этому заявлению записан отказ № {decision.number_text}: решение уже принято.", field=field)


def warnings_of(session: Session, *, application: Application) -> list[str]:
    """What to know of an application that waits for a decision."""
    if application.annulled_on or application.withdrawn_on or decision_of(application):
        return []
    on = application.received_on
    ages = ages_of(session, graduate=application.graduate, agency_id=application.agency_id, on=on)
    return [*warnings.of_age(ages, on), *warnings.of_identity_shown(application)]
