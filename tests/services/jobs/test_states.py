"""The life of a job: one worker has it, a silent one loses it, three attempts are enough."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.jobs import Job, JobState
from models.notifications import Notification
from services.errors import Refused
from services.jobs import people, states
from services.jobs.states import Lost, Made
from tests.conftest import NOW, TODAY
from tests.factories import Cast, make_graduate
from tests.jobs_factories import WORKER, asked, kept

Sessions = scoped_session[Session]
LATER = NOW + timedelta(seconds=61)
MADE = Made("jobs/1/x.xlsx", "x.xlsx", 10, "0" * 64, 5)


def test_the_second_worker_gets_nothing(session: Sessions, cast: Cast) -> None:
    job = asked(session(), cast.anna)
    first = states.claim(session(), job_id=job.id, token="a" * 32, now=NOW)
    assert first is not None
    assert (first.state, first.attempts, first.started_at) == (JobState.RUNNING, 1, NOW)
    assert states.claim(session(), job_id=job.id, token="b" * 32, now=NOW) is None
    assert states.waiting(session()) == []


def test_a_silent_worker_loses_its_job_and_may_write_nothing(session: Sessions, cast: Cast) -> None:
    job = kept(session(), cast.anna, JobState.RUNNING)
    assert states.give_back(session(), now=NOW + timedelta(seconds=59)) == 0
    assert states.is_left(session(), now=LATER)
    assert states.give_back(session(), now=LATER) == 1
    assert (job.state, job.token, job.beat_at) == (JobState.QUEUED, None, None)
    with pytest.raises(Lost):
        states.beat(session(), job_id=job.id, token=WORKER, done=1, total=2, now=LATER)
    with pytest.raises(Lost):
        states.finish(session(), job_id=job.id, token=WORKER, made=MADE, now=LATER, on=TODAY)
    with pytest.raises(Lost):
        states.fail(session(), job_id=job.id, token=WORKER, sentence="Нет.", now=LATER)
    assert states.claim(session(), job_id=job.id, token="b" * 32, now=LATER) is job
    assert job.attempts == 2


def test_a_beating_worker_keeps_its_job(session: Sessions, cast: Cast) -> None:
    job = kept(session(), cast.anna, JobState.RUNNING)
    states.beat(session(), job_id=job.id, token=WORKER, done=7, total=9, now=LATER)
    session.commit()
    assert states.give_back(session(), now=LATER + timedelta(seconds=30)) == 0
    assert (job.done, job.total) == (7, 9)


def test_three_attempts_are_enough(session: Sessions, cast: Cast) -> None:
    job = kept(session(), cast.anna, JobState.RUNNING, attempts=3)
    assert states.give_back(session(), now=LATER) == 1
    assert (job.state, job.message) == (JobState.FAILED, states.NOT_BY_ANY)
    assert session.scalars(select(Notification.text)).one() == "Файл не собран: Выпускники"


def test_what_was_to_be_cancelled_is_not_begun_again(session: Sessions, cast: Cast) -> None:
    job = kept(session(), cast.anna, JobState.RUNNING, is_cancel_asked=True)
    states.give_back(session(), now=LATER)
    assert job.state is JobState.CANCELLED


def test_a_finished_job_keeps_its_file_for_seven_days(session: Sessions, cast: Cast) -> None:
    job = kept(session(), cast.anna, JobState.RUNNING)
    states.finish(session(), job_id=job.id, token=WORKER, made=MADE, now=NOW, on=TODAY)
    session.commit()
    assert (job.state, job.rows, job.keep_until) == (JobState.DONE, 5, TODAY + timedelta(days=7))
    assert states.expire(session(), on=TODAY + timedelta(days=7)) == 0
    assert states.expire(session(), on=TODAY + timedelta(days=8)) == 1
    assert (job.file_path, job.file_name) == ("", "")


def test_cancelling_wins_over_finishing(session: Sessions, cast: Cast) -> None:
    job = kept(session(), cast.anna, JobState.RUNNING)
    states.cancel(session(), job_id=job.id, now=NOW)
    with pytest.raises(states.Cancelled):
        states.finish(session(), job_id=job.id, token=WORKER, made=MADE, now=NOW, on=TODAY)


def test_a_released_job_waits_and_counts_no_attempt(session: Sessions, cast: Cast) -> None:
    job = kept(session(), cast.anna, JobState.RUNNING)
    states.release(session(), job_id=job.id, token=WORKER)
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)


def test_the_same_is_not_made_twice_at_once(session: Sessions, cast: Cast) -> None:
    first = asked(session(), cast.anna)
    assert asked(session(), cast.anna) is first
    assert asked(session(), cast.anna, type="csv") is not first
    assert asked(session(), cast.galina) is not first
    states.cancel(session(), job_id=first.id, now=NOW)
    assert asked(session(), cast.anna) is not first


def test_a_locked_user_and_an_unknown_kind_are_refused(session: Sessions, cast: Cast) -> None:
    with pytest.raises(Refused):
        asked(session(), cast.anna, "secret")
    cast.anna.is_locked = True
    with pytest.raises(Refused):
        asked(session(), cast.anna)


def test_the_place_in_the_queue_is_known(session: Sessions, cast: Cast) -> None:
    kept(session(), cast.galina, JobState.DONE)
    kept(session(), cast.galina, JobState.RUNNING)
    job = asked(session(), cast.anna)
    assert states.ahead(session(), job=job) == 1
    assert states.waiting(session()) == [job.id]
    assert states.with_folders(session()) == {job.id, *session.scalars(select(Job.id).where(Job.state == "running"))}


def test_whoever_is_no_longer_seen_is_found_by_one_statement(session: Sessions, cast: Cast) -> None:
    own = [make_graduate(session(), f"Ильин Пётр{n} Ильич", agency_id=cast.service.id).id for n in range(40)]
    session.commit()
    viewer = Viewer.of(session(), cast.anna, TODAY)
    assert people.all_visible(session(), viewer=viewer, ids=own)
    assert people.all_visible(session(), viewer=viewer, ids=[])
    assert not people.all_visible(session(), viewer=viewer, ids=[*own, cast.foreign.id])
    assert not people.all_visible(session(), viewer=viewer, ids=[*own, 10**9])
    assert people.all_visible(session(), viewer=Viewer.of(session(), cast.root, TODAY), ids=[cast.foreign.id])
