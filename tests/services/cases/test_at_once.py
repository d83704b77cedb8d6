"""Two people who sign two drafts about the same person at once make one contract, one episode, no lost number."""

import threading
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from models.cases import Contract, SupportEpisode
from models.context import Actor, act_as
from models.graduates import Graduate
from models.journals import JournalCounter
from models.territory import Agency, AgencyKind
from services.cases import contracts
from services.errors import Refused
from tests.cases_factories import by, make_draft
from tests.clock import at
from tests.factories import make_agency, make_graduate
from tests.fresh import fresh_app
from views.extensions import db

DAY = date(2026, 10, 1)


@pytest.fixture(params=["sqlite", "postgresql"])
def own_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Flask]:
    with fresh_app(request.param, tmp_path_factory.mktemp("cases"), f"{worker_id}_cases") as app:
        session = db.session()
        act_as(session, Actor(at(DAY)))
        agency = make_agency(session, "service", AgencyKind.SUPPORT_SERVICE)
        graduate = make_graduate(session, birth_date=date(2007, 5, 5), agency_id=agency.id)
        for _ in range(4):
            make_draft(session, graduate, agency, DAY)
        session.commit()
        yield app


@pytest.mark.parametrize("same_draft", [False, True])
def test_exactly_one_contract_is_signed(own_app: Flask, same_draft: bool) -> None:
    drafts = [one.id for one in db.session.scalars(select(Contract).order_by(Contract.id))]
    db.session.rollback()
    start, told, failures = threading.Barrier(4), [], []

    def sign(place: int) -> None:
        with own_app.app_context():
            session = db.session()
            act_as(session, Actor(at(DAY)))
            agency = session.scalars(select(Agency)).one()
            who = by(agency, DAY)
            session.rollback()
            start.wait()
            try:
                contract = session.get_one(Contract, drafts[0 if same_draft else place])
                contracts.sign(session, contract=contract, signed_on=DAY, by=who, now=at(DAY))
                session.commit()
            except Refused as refusal:
                session.rollback()
                told.append(str(refusal))
            except Exception as error:  # A thread's failure would be lost.
                failures.append(error)

    threads = [threading.Thread(target=sign, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert failures == []
    assert len(told) == 3
    (signed,) = db.session.scalars(select(Contract).where(Contract.number.is_not(None)))
    assert (signed.number_text, len(db.session.scalars(select(SupportEpisode)).all())) == ("1/2026", 1)
    assert {counter.last_number for counter in db.session.scalars(select(JournalCounter))} == {1}
    assert db.session.scalars(select(Graduate)).one().support_ends_on == signed.ends_on
