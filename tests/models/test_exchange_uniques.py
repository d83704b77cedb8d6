"""What stands once in letters and meetings is refused a second time, with its sentence."""

from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from models.access_grants import AccessGrant, AccessProfile
from models.exchange import (
    IncomingLetter,
    OutgoingLetter,
    Referral,
    ReferralFile,
    ReferralMessage,
    ReferralNote,
    ReferralReading,
)
from models.meetings import Body, BodyMember, Meeting, MeetingAttendee, MeetingKind, MeetingStatus
from tests.conftest import NOW, TODAY
from tests.exchange_factories import make_referral
from tests.factories import Cast
from views.constraints import message_for, name_of

PREFIXES = ("referral", "access_grant", "incoming_letter", "outgoing_letter", "body", "meeting", "agenda", "decision")
# UNIQUE → what makes the copy of the only row of its table a new one in every other respect.
TWICE: dict[str, dict[str, Any]] = {
    "uq_access_grant_referral_id_graduate_id": {},
    "uq_body_agency_id_name": {},
    "uq_incoming_letter_agency_id_year_number": {"form_token": None},
    "uq_incoming_letter_form_token": {"number": 2},
    "uq_meeting_agency_id_year_number": {"form_token": None},
    "uq_meeting_attendee_meeting_id_member_id": {},
    "uq_meeting_form_token": {"number": 2},
    "uq_outgoing_letter_agency_id_year_number": {"form_token": None},
    "uq_outgoing_letter_form_token": {"number": 2},
    "uq_referral_file_form_token": {},
    "uq_referral_form_token": {},
    "uq_referral_message_form_token": {},
    "uq_referral_note_form_token": {},
    "uq_referral_person_referral_id_graduate_id": {},
    "uq_referral_reading_referral_id_user_id": {},
}


@pytest.fixture
def one_of_each(session: scoped_session[Session], cast: Cast) -> None:
    letter = make_referral(session(), cast.service, cast.opeka, cast.own, form_token="t")
    of: dict[str, Any] = {"referral_id": letter.id}
    said: dict[str, Any] = {"who": "Анна", "text": "x", "at": NOW, "form_token": "t"}
    numbered: dict[str, Any] = {"agency_id": cast.service.id, "number": 1, "year": 2026, "form_token": "t"}
    numbered |= {"created_at": NOW}
    body = Body(agency_id=cast.service.id, name="Совет", starts_on=TODAY)
    body.members = [BodyMember(name="Анна", starts_on=TODAY)]
    meeting = Meeting(
        **numbered, kind=MeetingKind.SITTING, status=MeetingStatus.HELD, body=body, topic="x", held_on=TODAY
    )
    meeting.attendees = [MeetingAttendee(name="Анна", member=body.members[0])]
    session.add_all(
        [
            AccessGrant(
                **of,
                graduate_id=cast.own.id,
                agency_id=cast.opeka.id,
                profile=AccessProfile.CARD,
                starts_on=TODAY,
            ),
            IncomingLetter(**of, **numbered, received_on=TODAY),
            OutgoingLetter(**of, **numbered, sent_on=TODAY),
            ReferralMessage(**of, **said, written_on=TODAY),
            ReferralNote(**of, **said, agency_id=cast.service.id),
            ReferralReading(**of, user_id=cast.boris.id, agency_id=cast.opeka.id, who="Борис", at=NOW),
            ReferralFile(
                **of,
                agency_id=cast.service.id,
                title="Акт",
                file_name="a.pdf",
                media_type="application/pdf",
                size=1,
                sha256="0" * 64,
                added_at=NOW,
                form_token="t",
            ),
            meeting,
        ]
    )
    session.flush()


def test_every_unique_of_letters_and_meetings_is_in_the_table() -> None:
    tables = [mapper.local_table for mapper in Referral.registry.mappers]
    ours = [one for one in tables if getattr(one, "name", "").startswith(PREFIXES)]
    named = {str(rule.name) for one in ours for rule in one.constraints if str(rule.name).startswith("uq_")}  # type: ignore[attr-defined]
    assert named == set(TWICE)


@pytest.mark.parametrize("name", sorted(TWICE))
def test_what_stands_once_is_refused_a_second_time(
    session: scoped_session[Session], one_of_each: None, name: str
) -> None:
    table = next(
        mapper.local_table
        for mapper in Referral.registry.mappers
        if any(str(rule.name) == name for rule in mapper.local_table.constraints)  # type: ignore[attr-defined]
    )
    row = dict(session.execute(select(table)).mappings().one())
    row.pop("id")
    with pytest.raises(IntegrityError) as refused, session.begin_nested():
        session.execute(insert(table).values(row | TWICE[name]))  # type: ignore[arg-type]
    assert name_of(refused.value) == name
    assert message_for(refused.value)[1].endswith(".")
