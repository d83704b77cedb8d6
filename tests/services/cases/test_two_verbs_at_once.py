"""Two people decide about the same papers at once: the second finds what the first one did, on real connections."""

import threading
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Application, Conclusion, Contract
from models.context import Actor, act_as
from models.territory import Agency, AgencyKind
from models.users import Role
from services.cases import applications, conclusions, contract_changes, contracts, refusals
from services.errors import Refused
from tests.cases_factories import by, make_application, make_conclusion, make_draft
from tests.clock import at
from tests.factories import make_agency, make_graduate
from tests.fresh import fresh_app
from views.extensions import db

DAY, END = date(2026, 10, 1), date(2026, 10, 2)
Verb = Callable[[Session], object]


@pytest.fixture(params=["sqlite", "postgresql"])
def own_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Flask]:
    with fresh_app(request.param, tmp_path_factory.mktemp("verbs"), f"{worker_id}_verbs") as app:
        session = db.session()
        act_as(session, Actor(at(DAY)))
        agency = make_agency(session, "service", AgencyKind.SUPPORT_SERVICE)
        person = make_graduate(session, birth_date=date(2007, 5, 5), agency_id=agency.id)
        application = make_application(session, person, agency, DAY, registered_on=DAY)
        make_draft(session, person, agency, DAY, END, application=application)
        session.commit()
        yield app


def sign(session: Session) -> None:
    contract = session.scalars(select(Contract)).one()
    contracts.sign(session, contract=contract, signed_on=DAY, by=by(agency_of(session), DAY), now=at(DAY))


def annul_application(session: Session) -> None:
    application = session.scalars(select(Application)).one()
    head = by(agency_of(session), DAY, Role.HEAD)
    applications.annul(session, application=application, reason="не тот человек", by=head)


def withdraw(session: Session) -> None:
    application = session.scalars(select(Application)).one()
    applications.withdraw(session, application=application, withdrawn_on=DAY, by=by(agency_of(session), DAY))


def refuse(session: Session) -> None:
    application, clerk = session.scalars(select(Application)).one(), by(agency_of(session), DAY)
    why = {"reason_code": "not_category", "refused_on": DAY}
    refusals.refuse(session, application=application, by=clerk, now=at(DAY), **why)  # type: ignore[arg-type]


def decline(session: Session) -> None:
    application, clerk = session.scalars(select(Application)).one(), by(agency_of(session), DAY)
    whose = {"graduate_id": application.graduate_id, "agency_id": application.agency_id}
    refusals.decline(session, application=application, refused_on=DAY, by=clerk, now=at(DAY), **whose)


def end_by_conclusion(session: Session) -> None:
    contract, clerk = session.scalars(select(Contract)).one(), by(agency_of(session), END)
    contract_changes.end(session, contract=contract, ended_on=END, ground_code="term_expired", by=clerk)


def annul_conclusion(session: Session) -> None:
    conclusion = session.scalars(select(Conclusion)).one()
    head = by(agency_of(session), END, Role.HEAD)
    conclusions.annul(session, conclusion=conclusion, reason="не тот период", by=head)


def agency_of(session: Session) -> Agency:
    return session.scalars(select(Agency)).one()


def one_while_the_other_waits(app: Flask, first: Verb, second: Verb) -> list[str]:
    """The second begins before the first has committed; what each refused."""
    is_done, told, failures = threading.Event(), [], []

    def run() -> None:
        with app.app_context():
            session = db.session()
            act_as(session, Actor(at(END)))
            try:
                second(session)
                session.commit()
            except Refused as refusal:
                session.rollback()
                told.append(str(refusal))
            except Exception as error:  # A thread's failure would be lost.
                failures.append(error)
            finally:
                is_done.set()

    session = db.session()
    act_as(session, Actor(at(END)))
    first(session)
    thread = threading.Thread(target=run)
    thread.start()
    is_done.wait(1.0)  # Either it waits for the first one, or it saw nothing of it.
    session.commit()
    thread.join()
    db.session.remove()
    assert failures == []
    return told


@pytest.mark.parametrize(
    ("first", "second"),
    [
        *((sign, one) for one in (annul_application, withdraw, refuse, decline)),
        *((one, sign) for one in (annul_application, withdraw, refuse, decline)),
        (withdraw, decline),
        (annul_application, refuse),
    ],
)
def test_an_application_is_decided_once(own_app: Flask, first: Verb, second: Verb) -> None:
    assert len(one_while_the_other_waits(own_app, first, second)) == 1


@pytest.mark.parametrize(
    ("first", "second"), [(end_by_conclusion, annul_conclusion), (annul_conclusion, end_by_conclusion)]
)
def test_a_contract_is_never_closed_by_an_annulled_conclusion(own_app: Flask, first: Verb, second: Verb) -> None:
    session = db.session()
    sign(session)
    make_conclusion(session, session.scalars(select(Contract)).one(), END, is_signed=True)
    session.commit()
    db.session.remove()
    assert len(one_while_the_other_waits(own_app, first, second)) == 1
