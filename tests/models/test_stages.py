"""How far support has come follows from the records, however they are saved."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.cases import Application, Conclusion, ConclusionOutcome, Contract, Refusal, RefusalKind, SupportEpisode
from models.graduates import Graduate, SupportStage
from models.plans import Plan, PlanKind, PlanState
from models.stages import stage_of_records
from models.work import Consultation
from services import numbering
from tests.conftest import NOW
from tests.factories import Cast

START, END = date(2026, 5, 12), date(2027, 5, 11)


class Story:
    """One person's records, saved one after another."""

    def __init__(self, session: scoped_session[Session], cast: Cast) -> None:
        self.session, self.cast = session, cast

    def add(self, model: type[Any], *, on: date | None = None, **values: Any) -> Any:
        record = model(agency_id=self.cast.service.id, graduate_id=self.cast.own.id, created_at=NOW, **values)
        if on is not None:
            numbering.assign(self.session(), record=record, on=on)
        self.session.add(record)
        self.session.commit()
        return record

    @property
    def stage(self) -> SupportStage | None:
        kept = self.session.scalar(select(Graduate.stage).where(Graduate.id == self.cast.own.id))
        assert self.session.scalar(select(stage_of_records()).where(Graduate.id == self.cast.own.id)) == kept
        assert self.cast.own.stage == kept  # The open object knows it too.
        return kept

    def contract(self, **values: Any) -> Contract:
        dates = {"signed_on": START, "starts_on": START, "ends_on": END}
        return self.add(Contract, on=START, **{**dates, **values})

    def episode(self, contract: Contract) -> SupportEpisode:
        return self.add(SupportEpisode, on=START, contract_id=contract.id, accepted_on=START)


@pytest.fixture
def story(session: scoped_session[Session], cast: Cast) -> Story:
    return Story(session, cast)


def test_it_goes_from_application_to_removal(story: Story) -> None:
    assert story.stage is None
    application = story.add(Application, received_on=date(2026, 4, 23))
    assert story.stage is SupportStage.APPLICATION
    contract = story.contract(application_id=application.id)
    episode = story.episode(contract)
    assert story.stage is SupportStage.CONTRACT
    assert story.cast.own.support_ends_on == END
    approved = {"state": PlanState.APPROVED, "approved_on": START, "starts_on": START, "ends_on": END}
    story.add(Plan, on=START, kind=PlanKind.INDIVIDUAL, contract_id=contract.id, **approved)
    assert story.stage is SupportStage.PLAN
    story.add(Consultation, on=date(2026, 6, 1), held_on=date(2026, 6, 1), topic="Учёба")
    assert story.stage is SupportStage.SUPPORT
    period = {"period_from": START, "period_to": END, "outcome": ConclusionOutcome.STOP, "approved_on": END}
    story.add(Conclusion, on=END, contract_id=contract.id, **period)
    assert story.stage is SupportStage.CONCLUSION
    contract.ended_on, contract.termination_ground_code = END, "term_expired"
    episode.removed_on, episode.removal_ground_code = END, "term_expired"
    story.session.commit()
    assert story.stage is SupportStage.REMOVED
    assert story.cast.own.support_ends_on is None


def test_a_refusal_ends_the_application(story: Story) -> None:
    application = story.add(Application, received_on=date(2026, 4, 23))
    kind = {"kind": RefusalKind.GRADUATE, "refused_on": date(2026, 5, 4)}
    refusal = story.add(Refusal, on=date(2026, 5, 4), application_id=application.id, **kind)
    assert story.stage is None
    refusal.annulled_on, refusal.annulled_reason = date(2026, 5, 5), "ошибка"
    story.session.commit()
    assert story.stage is SupportStage.APPLICATION


def test_work_before_the_contract_is_no_support_under_it(story: Story) -> None:
    story.add(Consultation, on=date(2026, 5, 11), held_on=date(2026, 5, 11), topic="Учёба")
    contract = story.contract()
    story.episode(contract)
    approved = {"state": PlanState.APPROVED, "approved_on": START, "starts_on": START, "ends_on": END}
    story.add(Plan, on=START, kind=PlanKind.INDIVIDUAL, contract_id=contract.id, **approved)
    assert story.stage is SupportStage.PLAN


def test_an_annulled_contract_and_episode_leave_nothing(story: Story) -> None:
    contract = story.contract()
    episode = story.episode(contract)
    for record in (contract, episode):
        record.annulled_on, record.annulled_reason = START, "ошибка"
    story.session.commit()
    assert story.stage is None
    assert story.cast.own.support_ends_on is None


def test_what_is_rolled_back_changes_no_stage(story: Story) -> None:
    record = Application(agency_id=story.cast.service.id, graduate_id=story.cast.own.id, created_at=NOW)
    record.received_on = date(2026, 4, 23)
    story.session.add(record)
    story.session.flush()
    story.session.rollback()
    story.session.commit()
    assert story.stage is None
