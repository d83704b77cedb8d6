"""Meetings and councils on the clock: quotas, quorum, decisions, an agreed membership."""

from datetime import date

import pytest
from sqlalchemy.orm import Session, scoped_session

from models.meetings import (
    AgendaItem,
    Body,
    BodyMember,
    Decision,
    Meeting,
    MeetingAttendee,
    MeetingKind,
    MeetingStatus,
)
from models.territory import Agency, AgencyKind
from services import numbering
from tests.clock import at, dues, duties, duty, follow, run
from tests.factories import make_agency
from tests.services.deadlines.correspondence import sent
from tests.services.deadlines.region import KRASNOYARSK, VOLOGDA, Region, changed, kept, today

START = date(2026, 1, 12)


@pytest.fixture
def session(session: scoped_session[Session]) -> Session:
    return session()


@pytest.fixture
def region(session: Session) -> Region:
    return Region(session)


def _held(session: Session, agency: Agency, on: date, kind: MeetingKind, body: Body | None = None) -> Meeting:
    """A meeting of a day; of a body with all its members present."""
    meeting = Meeting(agency_id=agency.id, kind=kind, topic="О выпускниках", held_on=on, body=body, created_at=at(on))
    members = body.members_on(on) if body else []
    meeting.members_total, meeting.status = len(members), MeetingStatus.HELD
    meeting.attendees = [MeetingAttendee(member=one, name=one.name, is_present=True) for one in members]
    today(session, on)
    numbering.assign(session, record=meeting, on=on)
    return kept(session, meeting, on)


def _council(session: Session, region: Region, code: str) -> tuple[Agency, Body]:
    centre = make_agency(session, "kc", AgencyKind.COORDINATION_CENTRE, districts=(region.district,))
    follow(session, centre, code)
    today(session, START)
    body = Body(agency=centre, name="Координационный центр", starts_on=START)
    body.members = [BodyMember(name=f"Член {number}", starts_on=START) for number in range(4)]
    return centre, kept(session, body, START)


def test_two_methodical_meetings_a_year_fulfil_the_quota(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    run(session, START)
    (owed,) = (one for one in duties(session, "T27") if one.period == "2026")
    _held(session, region.centre, date(2026, 2, 3), MeetingKind.WORKING)
    _held(session, region.service, date(2026, 2, 3), MeetingKind.METHODICAL)
    assert (owed.achieved, owed.required) == (0, 2)
    first = _held(session, region.centre, date(2026, 3, 3), MeetingKind.METHODICAL)
    assert (owed.achieved, owed.done_on) == (1, None)
    _held(session, region.centre, date(2026, 11, 3), MeetingKind.METHODICAL)
    assert (owed.achieved, owed.done_on) == (2, date(2026, 11, 3))
    values = {"annulled_on": date(2026, 11, 4), "annulled_reason": "записано по ошибке"}
    changed(session, first, date(2026, 11, 4), **values)
    assert (owed.achieved, owed.done_on) == (1, None)


def test_a_sitting_of_a_half_year_counts_with_a_quorum_only(session: Session, region: Region) -> None:
    centre, body = _council(session, region, KRASNOYARSK)
    run(session, START)
    (owed,) = (one for one in duties(session, "T29") if one.period == "2026-H1")
    sitting = _held(session, centre, date(2026, 4, 2), MeetingKind.SITTING, body)
    assert owed.done_on == date(2026, 4, 2)
    today(session, date(2026, 4, 3))
    for attendee in sitting.attendees[:3]:
        attendee.is_present = False
    session.commit()
    assert owed.done_on is None  # One of four.
    changed(session, sitting.attendees[0], date(2026, 4, 3), is_present=True)
    assert owed.done_on == date(2026, 4, 2)


def test_a_decision_is_told_by_the_letter_that_carries_it(session: Session, region: Region) -> None:
    centre, body = _council(session, region, KRASNOYARSK)
    on = date(2026, 4, 2)
    sitting = _held(session, centre, on, MeetingKind.SITTING, body)
    item = AgendaItem(meeting_id=sitting.id, title="О занятости")
    item.decisions = [Decision(text=text, addressee_id=region.service.id, created_at=at(on)) for text in "абв"]
    decisions = kept(session, item, on).decisions
    assert dues(duties(session, "T48")) == [date(2026, 4, 7)] * 3
    key, day = "krasnoyarsk-centre/decision-notice", date(2026, 4, 6)
    letter = sent(session, key, centre, region.service, on=day, subject=f"decision:{decisions[1].id}")
    done = {one.subject.partition(">")[0]: one.done_on for one in duties(session, "T48")}
    assert done == {f"decision:{one.id}": day if one is decisions[1] else None for one in decisions}
    today(session, day)
    for one in decisions[:2]:
        one.referral_id = letter.id  # One letter may carry several.
    session.commit()
    assert [one.done_on for one in duties(session, "T48")] == [day, day, None]


def test_a_meeting_that_is_only_planned_decides_nothing(session: Session, region: Region) -> None:
    centre, _ = _council(session, region, KRASNOYARSK)
    planned = Meeting(agency_id=centre.id, kind=MeetingKind.WORKING, topic="Планы", held_on=START, created_at=at(START))
    decision = Decision(item=AgendaItem(meeting=planned, title="О занятости"), text="Помочь", created_at=at(START))
    kept(session, decision, START)
    assert not duties(session, "T48")


def test_a_changed_council_is_to_be_agreed_and_an_earlier_agreement_stays(session: Session, region: Region) -> None:
    _, body = _council(session, region, VOLOGDA)
    first = duty(session, "T57")
    assert (first.event_on, first.due_on) == (START, date(2026, 1, 22))
    changed(session, body, date(2026, 1, 20), approved_on=date(2026, 1, 20))
    assert first.done_on == date(2026, 1, 20)
    kept(session, BodyMember(body=body, name="Новый", starts_on=date(2026, 6, 1)), date(2026, 6, 1))
    second = duties(session, "T57")[1]
    assert (first.done_on, second.done_on) == (date(2026, 1, 20), None)
    changed(session, body, date(2026, 6, 9), approved_on=date(2026, 6, 9))
    assert (first.done_on, second.done_on) == (date(2026, 1, 20), date(2026, 6, 9))
    changed(session, body, date(2026, 6, 10), approved_on=date(2026, 6, 8))
    assert second.done_on == date(2026, 6, 8)
    run(session, date(2026, 6, 11))
    assert [one.done_on for one in duties(session, "T57")] == [date(2026, 1, 20), date(2026, 6, 8)]
