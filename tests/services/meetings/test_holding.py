"""A meeting takes place or does not: who came, the quorum, the number of the minutes, who is told."""

from datetime import date, time

import pytest
from sqlalchemy.orm import Session, scoped_session

from models.audit import AuditEvent
from models.exchange import Referral, ReferralStatus
from models.meetings import Body, BodyMember, Meeting, MeetingStatus
from services import numbering
from services.errors import Refused
from services.meetings import bodies, holding, invitations, sittings
from services.production_calendar import load_years
from services.regulations.loading import load_shipped
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.meetings_factories import come, make_body, make_held, make_item, make_meeting, make_member, seen_by

Db = scoped_session[Session]
LATER = date(2026, 10, 20)
NAMES = ("Белов Олег", "Серова Инна", "Лисина Ольга", "Крылов Пётр", "Котова Яна", "Быков Иван", "Зуева Нина")


def council(session: Session, cast: Cast, number: int, quorum: tuple[int, int] = (1, 2)) -> Body:
    return make_body(session, cast.anna, *NAMES[:number], quorum=quorum)


@pytest.mark.parametrize(
    ("members", "quorum", "came", "needed"),
    [
        (6, (1, 2), 3, 3),  # Exactly half is enough.
        (7, (1, 2), 4, 4),
        (3, (2, 3), 2, 2),
        (7, (2, 3), 5, 5),
        (5, (1, 1), 5, 5),
        (1, (1, 100), 1, 1),
    ],
)
def test_exactly_the_part_makes_a_quorum_and_one_less_does_not(
    session: Db, cast: Cast, members: int, quorum: tuple[int, int], came: int, needed: int
) -> None:
    meeting = make_meeting(session(), cast.anna, council(session(), cast, members, quorum))
    come(session(), cast.anna, meeting, came - 1)
    found = holding.quorum_of(meeting)
    assert found == holding.Quorum(members, came - 1, needed)
    assert not found.is_there
    assert found.missing == 1
    come(session(), cast.anna, meeting, came)
    assert holding.quorum_of(meeting).is_there  # type: ignore[union-attr]


def test_without_a_quorum_nothing_is_held_and_the_sentence_says_how_many_are_missing(session: Db, cast: Cast) -> None:
    meeting = make_meeting(session(), cast.anna, council(session(), cast, 7))
    come(session(), cast.anna, meeting, 2)
    by = seen_by(session(), cast.anna)
    with pytest.raises(Refused, match=r"не хватает 2 членов \(пришли 2 из 7, нужно 4\)"):
        holding.hold(session(), meeting=meeting, chair="Белов", by=by)
    holding.fail(session(), meeting=meeting, note="гололёд", by=by, now=NOW)
    assert meeting.status is MeetingStatus.CANCELLED
    assert meeting.cancelled_reason == ("Заседание не состоялось, кворума нет: пришли 2 из 7, нужно 4. гололёд")
    assert meeting.number is None


def test_who_came_instead_of_a_member_does_not_count(session: Db, cast: Cast) -> None:
    meeting = make_meeting(session(), cast.anna, council(session(), cast, 2))
    by, (first, second) = seen_by(session(), cast.anna), meeting.attendees
    marks = {"meeting": meeting, "was_present": (), "by": by}
    assert holding.mark(session(), **marks, present=[first.id], stand_ins={second.id: "Орлов Лев"}) == 2
    assert holding.quorum_of(meeting) == holding.Quorum(2, 1, 1)
    with pytest.raises(Refused, match="либо пришёл сам, либо вместо него другой"):
        holding.mark(session(), **marks, present=[second.id])


def test_a_guest_does_not_count(session: Db, cast: Cast) -> None:
    meeting = make_meeting(session(), cast.anna, council(session(), cast, 3))
    by = seen_by(session(), cast.anna)
    guest = sittings.invite(session(), meeting=meeting, agency_id=cast.opeka.id, by=by)
    holding.mark(session(), meeting=meeting, present=[guest.id], was_present=(), by=by)
    assert holding.quorum_of(meeting) == holding.Quorum(3, 0, 2)


def test_minutes_get_a_number_and_keep_how_many_members_there_were(session: Db, cast: Cast) -> None:
    body = council(session(), cast, 4)
    meeting = make_held(session(), cast.anna, body)
    assert (meeting.number_text, meeting.status, meeting.members_total) == ("1/2026", MeetingStatus.HELD, 4)
    make_member(session(), cast.anna, body, "Новый Член")
    assert holding.quorum_of(meeting) == holding.Quorum(4, 4, 2)
    assert make_held(session(), cast.anna, topic="Вторая").number_text == "2/2026"


def test_a_meeting_is_held_once_on_its_day_with_somebody_there(session: Db, cast: Cast) -> None:
    by = seen_by(session(), cast.anna)
    ahead = make_meeting(session(), cast.anna, held_on=LATER)
    with pytest.raises(Refused, match=r"назначена на 20\.10\.2026"):
        holding.hold(session(), meeting=ahead, by=by)
    empty = make_meeting(session(), cast.anna)
    with pytest.raises(Refused, match="Отметьте, кто пришёл"):
        holding.hold(session(), meeting=empty, by=by)
    nobody = make_meeting(session(), cast.anna, make_body(session(), cast.anna, name="Пустой"))
    with pytest.raises(Refused, match="никого нет"):
        holding.hold(session(), meeting=nobody, chair="Белов", by=by)
    done = make_held(session(), cast.anna)
    with pytest.raises(Refused, match="уже проведена"):
        holding.hold(session(), meeting=done, by=by)
    sitting = make_meeting(session(), cast.anna, council(session(), cast, 1))
    come(session(), cast.anna, sitting)
    with pytest.raises(Refused, match="кто вёл"):
        holding.hold(session(), meeting=sitting, by=by)
    with pytest.raises(Refused, match="Кворум есть"):
        holding.fail(session(), meeting=sitting, by=by, now=NOW)


def test_two_secretaries_keep_one_anothers_marks(session: Db, cast: Cast) -> None:
    meeting = make_meeting(session(), cast.anna, council(session(), cast, 4))
    ids = [one.id for one in meeting.attendees]
    by = seen_by(session(), cast.anna)
    shown = {"meeting": meeting, "was_present": (), "by": by}  # Both have opened the empty list.
    holding.mark(session(), **shown, present=ids[:2])
    holding.mark(session(), **shown, present=ids[2:3], stand_ins={ids[3]: "Орлов"})
    assert [one.is_present for one in meeting.attendees] == [True, True, True, False]
    assert holding.mark(session(), **{**shown, "was_present": ids[:3]}, present=ids[1:3]) == 1
    assert [one.is_present for one in meeting.attendees] == [False, True, True, False]
    assert meeting.attendees[3].stand_in == "Орлов"


def test_marks_after_the_meeting_are_the_heads_and_keep_the_quorum_and_the_history(session: Db, cast: Cast) -> None:
    meeting = make_held(session(), cast.anna, council(session(), cast, 2))
    session.commit()
    ids = [one.id for one in meeting.attendees]
    fields = {"meeting": meeting, "was_present": ids}
    with pytest.raises(Refused, match="только руководитель"):
        holding.mark(session(), **fields, present=ids[:1], by=seen_by(session(), cast.anna))
    galina = seen_by(session(), cast.galina)
    holding.mark(session(), **fields, present=ids[:1], by=galina)
    session.commit()
    event = session.query(AuditEvent).filter_by(subject="meeting_attendee", kind="changed", subject_id=ids[1]).all()[-1]
    assert event.payload == {"is_present": [True, False]}
    with pytest.raises(Refused, match="Кворума нет"):
        holding.mark(session(), meeting=meeting, was_present=ids[:1], present=[], by=galina)


def test_a_line_of_another_meeting_is_not_marked(session: Db, cast: Cast) -> None:
    body = council(session(), cast, 1)
    ours, other = make_meeting(session(), cast.anna, body), make_meeting(session(), cast.anna, body)
    by = seen_by(session(), cast.anna)
    assert holding.mark(session(), meeting=ours, present=[other.attendees[0].id], was_present=(), by=by) == 0
    assert not other.attendees[0].is_present
    with pytest.raises(Refused, match="только сотрудники"):
        holding.mark(session(), meeting=ours, present=[], was_present=(), by=seen_by(session(), cast.boris))


def test_three_hundred_members_are_marked_and_held(session: Db, cast: Cast) -> None:
    body = make_body(session(), cast.anna)
    for number in range(300):
        body.members.append(BodyMember(name=f"Член {number}", starts_on=body.starts_on, position_in_list=number))
    session.flush()
    meeting = make_meeting(session(), cast.anna, body)
    come(session(), cast.anna, meeting, 149)
    by = seen_by(session(), cast.anna)
    with pytest.raises(Refused, match="не хватает 1 члена"):
        holding.hold(session(), meeting=meeting, chair="Член 1", by=by)
    come(session(), cast.anna, meeting, 150)
    assert holding.hold(session(), meeting=meeting, chair="Член 1", by=by).members_total == 300


def test_what_was_held_is_annulled_by_the_head_and_keeps_its_number(session: Db, cast: Cast) -> None:
    meeting = make_held(session(), cast.anna)
    with pytest.raises(Refused, match="руководитель"):
        numbering.annul(session(), record=meeting, reason="ошибка", by=seen_by(session(), cast.anna))
    numbering.annul(session(), record=meeting, reason="ошибка", by=seen_by(session(), cast.galina))
    assert (meeting.number_text, meeting.annulled_on) == ("1/2026", TODAY)
    with pytest.raises(Refused, match="аннулирована"):
        make_item(session(), cast.galina, meeting)


# -- Invitations -------------------------------------------------------------------------------------------------------


def invited(session: Session, cast: Cast) -> tuple[Meeting, list[Referral]]:
    load_years(session)
    load_shipped(session, now=NOW, on=TODAY)
    body = council(session, cast, 1)
    make_member(session, cast.anna, body, "Борис Опекин", user_id=cast.boris.id)
    meeting = make_meeting(session, cast.anna, body, held_on=LATER, starts_at=time(11), place="зал")
    make_item(session, cast.anna, meeting, "О жилье")
    by = seen_by(session, cast.anna)
    sittings.invite(session, meeting=meeting, agency_id=cast.other_opeka.id, by=by)
    return meeting, invitations.send(session, meeting=meeting, by=by, now=NOW)


def test_every_organisation_of_the_list_gets_one_letter(session: Db, cast: Cast) -> None:
    meeting, letters = invited(session(), cast)
    assert {one.recipient_id for one in letters} == {cast.opeka.id, cast.other_opeka.id}
    letter = next(one for one in letters if one.recipient_id == cast.opeka.id)
    assert (letter.status, letter.kind_title) == (ReferralStatus.SENT, "Приглашение")
    assert letter.facts[0]["value"] == "20.10.2026 в 11:00, зал"
    assert "1. О жилье" in letter.text
    assert "Борис Опекин" in letter.text
    assert letter.answer_due_on is not None
    assert letter.answer_due_on <= LATER
    by = seen_by(session(), cast.anna)
    with pytest.raises(Refused, match="уже пригласили"):
        invitations.send(session(), meeting=meeting, by=by, now=NOW)
    sittings.invite(session(), meeting=meeting, agency_id=cast.centre.id, by=by)
    assert [one.recipient_id for one in invitations.send(session(), meeting=meeting, by=by, now=NOW)] == [
        cast.centre.id
    ]


def test_whoever_was_invited_is_told_of_another_day_and_of_the_end(session: Db, cast: Cast) -> None:
    meeting, letters = invited(session(), cast)
    by = seen_by(session(), cast.anna)
    day = {"held_on": date(2026, 10, 27), "starts_at": time(15), "place": "зал"}
    told = {"meeting": meeting, "by": by, "now": NOW}
    assert holding.postpone(session(), **told, **day, reason="нет кворума") == 2
    assert letters[0].messages[-1].text == "Встреча перенесена: 27.10.2026 в 15:00, зал. Причина: нет кворума."
    assert holding.postpone(session(), **told, **day) == 0  # Nothing has changed.
    with pytest.raises(Refused, match="Укажите причину"):
        holding.cancel(session(), **told, reason=" ")
    holding.cancel(session(), **told, reason="переносим на год.")
    assert letters[1].messages[-1].text == "Встреча отменена: переносим на год."
    with pytest.raises(Refused, match="уже отменена"):
        holding.cancel(session(), **told, reason="ещё раз")


def test_a_meeting_of_yesterday_invites_nobody(session: Db, cast: Cast) -> None:
    meeting = make_meeting(session(), cast.anna, held_on=date(2026, 9, 30))
    by = seen_by(session(), cast.anna)
    sittings.invite(session(), meeting=meeting, agency_id=cast.opeka.id, by=by)
    with pytest.raises(Refused, match="День встречи прошёл"):
        invitations.send(session(), meeting=meeting, by=by, now=NOW)


def test_a_member_who_left_is_taken_off_a_planned_list_and_marks_stay(session: Db, cast: Cast) -> None:
    body = council(session(), cast, 2)
    meeting = make_meeting(session(), cast.anna, body)
    come(session(), cast.anna, meeting)
    by = seen_by(session(), cast.anna)
    member = body.members[0]
    bodies.unseat(session(), body=body, member_id=member.id, ends_on=date(2026, 9, 1), by=by)
    sittings.refresh_members(session(), meeting=meeting, by=by)
    assert [(one.name, one.is_present) for one in meeting.attendees] == [("Серова Инна", True)]
