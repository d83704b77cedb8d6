"""The lists that the demonstration has handed in: one at every step, and what both sides say differently."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.deadlines import Deadline
from models.submissions import Discrepancy, ReturnedRow, RowState, Submission, SubmissionRow, SubmissionStatus
from models.territory import Agency
from services import demo
from services.submissions import verifying
from tests.conftest import NOW, TODAY
from tests.services.test_demo import CHEAP

S = SubmissionStatus


@pytest.fixture
def loaded(session: scoped_session[Session], tmp_path: Path) -> Session:
    demo.load(session=session(), now=NOW, on=TODAY, graduates=60, hasher=CHEAP, folder=tmp_path)
    session.expire_all()
    return session()


def test_a_list_stands_at_every_step_of_its_way(loaded: Session) -> None:
    query = select(Agency.code, Submission.status).join(Agency, Agency.id == Submission.agency_id)
    assert dict(loaded.execute(query).all()) == {
        "opeka-sokol": S.PARTLY,
        "kcson-sokol": S.ACCEPTED,
        "opeka-vologda": S.SENT,
        "kcson-vologda": S.APPROVED,
        "opeka-totma": S.DRAFT,
        "kcson-totma": S.DRAFT,
    }
    assert loaded.scalar(select(func.count()).select_from(ReturnedRow)) == 1
    assert loaded.scalar(select(func.count()).select_from(Discrepancy))
    left = select(SubmissionRow).where(SubmissionRow.state == RowState.LEFT_OUT, SubmissionRow.is_by_hand.is_(True))
    assert all(row.reason for row in loaded.scalars(left))


def test_what_was_approved_is_whole_and_what_was_not_sent_is_owed(loaded: Session) -> None:
    for submission in loaded.scalars(select(Submission)):
        deadline = loaded.get_one(Deadline, submission.deadline_id)
        if submission.sent_at is None:
            assert deadline.done_on is None, submission.agency_name
        if submission.status is not S.DRAFT:
            assert verifying.is_whole(loaded, submission=submission)
