"""Planning: who is invited on a day, what stands on the agenda, what cannot stand there."""

from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.exchange import ReferralStatus
from models.meeting_access import invited_to, items_visible_to, meetings_visible_to
from models.meetings import AgendaItem, AgendaKind, Meeting, MeetingKind
from services.errors import Refused
from services.meetings import bodies, sittings
from tests.conftest import TODAY
from tests.exchange_factories import PLAIN, make_referral
from tests.factories import Cast
from tests.meetings_factories import make_body, make_decision, make_held, make_item, make_meeting, make_member, seen_by

Db = scoped_session[Session]
CASE = PLAIN | {"code": "complex-case", "title": "Сложный случай"}


def test_the_members_of_the_day_are_invited(session: Db, cast: Cast) -> None:
    body = make_body(session(), cast.anna, "Белов Олег", "Серова Инна")
    by = seen_by(session(), cast.anna)
    bodies.unseat(session(), body=body, member_id=body.members[0].id, ends_on=TODAY, by=by)
    make_member(session(), cast.anna, body, "Лисина Ольга", starts_on=date(2026, 10, 10), agency_id=cast.opeka.id)
    meeting = make_meeting(session(), cast.anna, body, held_on=date(2026, 10, 12), starts_at=time(11))
    assert [one.name for one in meeting.attendees] == ["Серова Инна", "Лисина Ольга"]
    assert meeting.attendees[1].post == "Опека Сокольского округа"
    sittings.move(session(), meeting=meeting, held_on=TODAY, starts_at=None, place="зал", by=by)
    assert [one.name for one in meeting.attendees] == ["Серова Инна", "Белов Олег"]
    assert (meeting.held_on, meeting.starts_at, meeting.place) == (TODAY, None, "зал")


def test_a_sitting_of_a_large_council_invites_everybody(session: Db, cast: Cast) -> None:
    body = make_body(session(), cast.anna)
    by = seen_by(session(), cast.anna)
    for number in range(300):
        seat = bodies.Seat(name=f"Член {number}", starts_on=body.starts_on)
        body.members.append(bodies.BodyMember(name=seat.name, starts_on=body.starts_on, position_in_list=number))
    session.flush()
    assert len(make_meeting(session(), cast.anna, body).attendees) == 300
    with pytest.raises(Refused, match="уже в составе"):
        bodies.seat(session(), body=body, member=seat, by=by)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": None}, "Выберите вид"),
        ({"kind": MeetingKind.SITTING}, "чьё это заседание"),
        ({"topic": " "}, "о чём встреча"),
        ({"held_on": None}, "Укажите день"),
        ({"held_on": date(2031, 1, 1)}, "Так далеко вперёд"),
        ({"held_on": date(1925, 1, 1)}, "Такой давний день"),
    ],
)
def test_a_meeting_without_sense_is_refused(session: Db, cast: Cast, fields: dict[str, Any], told: str) -> None:
    with pytest.raises(Refused, match=told):
        make_meeting(session(), cast.anna, **fields)


def test_a_sitting_is_of_an_own_body_that_exists_on_the_day(session: Db, cast: Cast) -> None:
    theirs = make_body(session(), cast.boris, "Белов Олег")
    with pytest.raises(Refused, match="чьё это заседание"):
        make_meeting(session(), cast.anna, theirs)
    ours = make_body(session(), cast.anna, "Белов Олег")
    with pytest.raises(Refused, match="органа нет"):
        make_meeting(session(), cast.anna, ours, held_on=date(2025, 12, 1))
    with pytest.raises(Refused, match="только для заседания"):
        make_meeting(session(), cast.anna, ours, kind=MeetingKind.WORKING)


def test_a_guest_stands_once_on_the_list_and_members_are_not_taken_off_it(session: Db, cast: Cast) -> None:
    meeting = make_meeting(session(), cast.anna, make_body(session(), cast.anna, "Белов Олег"))
    by = seen_by(session(), cast.anna)
    guest = sittings.invite(session(), meeting=meeting, agency_id=cast.opeka.id, by=by)
    assert (guest.name, guest.post, guest.member_id) == ("Представитель", "Опека Сокольского округа", None)
    for asked, told in (
        ({"agency_id": cast.opeka.id}, "Уже в списке"),
        ({"agency_id": None}, "кого пригласить"),
        ({"agency_id": 10**6}, "Такой организации"),
    ):
        with pytest.raises(Refused, match=told):
            sittings.invite(session(), meeting=meeting, by=by, **asked)
    with pytest.raises(Refused, match="Члена органа"):
        sittings.uninvite(session(), meeting=meeting, attendee_id=meeting.attendees[0].id, by=by)
    assert sittings.uninvite(session(), meeting=meeting, attendee_id=guest.id, by=by) == "Представитель"
    assert len(meeting.attendees) == 1


# -- The agenda --------------------------------------------------------------------------------------------------------


def test_a_letter_brings_its_case_and_its_person_to_the_agenda(session: Db, cast: Cast) -> None:
    plain = make_referral(session(), cast.opeka, cast.service, cast.own)
    case = make_referral(session(), cast.opeka, cast.service, cast.own, terms=CASE)
    closed = make_referral(session(), cast.opeka, cast.service, cast.own, status=ReferralStatus.CLOSED)
    by = seen_by(session(), cast.anna)
    offered = sittings.cases_for(session(), agency_id=cast.service.id, by=by)
    assert offered == [case, plain]  # Those that ask for a discussion come first.
    assert closed not in offered
    meeting = make_meeting(session(), cast.anna)
    item = make_item(session(), cast.anna, meeting, title="", kind=AgendaKind.COMPLEX_CASE, referral_id=case.id)
    assert (item.title, item.graduate, item.referral) == ("Сложный случай, письмо от 01.09.2026", cast.own, case)
    with pytest.raises(Refused, match="уже есть в повестке"):
        make_item(session(), cast.anna, meeting, referral_id=case.id)


def test_a_letter_of_others_or_a_person_out_of_sight_does_not_get_on_the_agenda(session: Db, cast: Cast) -> None:
    meeting = make_meeting(session(), cast.anna)
    foreign = make_referral(session(), cast.opeka, cast.other_opeka, cast.local)
    draft = make_referral(session(), cast.opeka, cast.service, cast.own, status=ReferralStatus.DRAFT)
    own = make_referral(session(), cast.service, cast.opeka, cast.own)  # Ours, but sent, not received.
    for number in (foreign.id, draft.id, own.id, 10**6):
        with pytest.raises(Refused, match="не получала"):
            make_item(session(), cast.anna, meeting, referral_id=number)
    with pytest.raises(Refused, match="Выберите человека из списка"):
        make_item(session(), cast.anna, meeting, graduate_id=cast.foreign.id)
    assert meeting.agenda == []


@pytest.mark.parametrize("title", ["О Ёлкиной Д. И.", "Жильё: Елкина", "как помочь «ёлкиной»"])
def test_a_title_names_nobody(session: Db, cast: Cast, title: str) -> None:
    meeting = make_meeting(session(), cast.anna)
    with pytest.raises(Refused, match="Не пишите фамилию"):
        make_item(session(), cast.anna, meeting, title=title, graduate_id=cast.own.id)
    assert make_item(session(), cast.anna, meeting, title="О жилье", graduate_id=cast.own.id).graduate is cast.own


def test_a_case_is_of_somebody_and_a_hearing_of_an_organisation(session: Db, cast: Cast) -> None:
    meeting = make_meeting(session(), cast.anna)
    with pytest.raises(Refused, match="о ком случай"):
        make_item(session(), cast.anna, meeting, kind=AgendaKind.COMPLEX_CASE)
    with pytest.raises(Refused, match="чей отчёт"):
        make_item(session(), cast.anna, meeting, kind=AgendaKind.HEARING)
    with pytest.raises(Refused, match="Напишите вопрос"):
        make_item(session(), cast.anna, meeting, title="")
    heard = make_item(session(), cast.anna, meeting, title="", kind=AgendaKind.HEARING, agency_id=cast.opeka.id)
    assert heard.title == "Отчёт: Опека Сокольского округа"


def test_whoever_does_not_see_the_person_may_still_reword_the_item(session: Db, cast: Cast) -> None:
    meeting = make_meeting(session(), cast.anna)
    item = make_item(session(), cast.anna, meeting, title="О жилье", graduate_id=cast.own.id)
    cast.own.agency_id = None
    session.flush()
    question = sittings.Question(title="О комнате", graduate_id=cast.own.id)
    sittings.change_item(session(), item=item, question=question, by=seen_by(session(), cast.anna))
    assert (item.title, item.graduate) == ("О комнате", cast.own)


def test_items_change_places_and_leave_the_agenda(session: Db, cast: Cast) -> None:
    meeting = make_meeting(session(), cast.anna)
    by = seen_by(session(), cast.anna)
    first, second, third = (make_item(session(), cast.anna, meeting, title) for title in ("первый", "второй", "третий"))
    sittings.shift(session(), item=third, down=False, by=by)
    sittings.shift(session(), item=first, down=True, by=by)
    assert [one.title for one in meeting.agenda] == ["третий", "первый", "второй"]
    with pytest.raises(Refused, match="уже первый"):
        sittings.shift(session(), item=third, down=False, by=by)
    with pytest.raises(Refused, match="уже последний"):
        sittings.shift(session(), item=second, down=True, by=by)
    make_decision(session(), cast.anna, first, cast.opeka)
    with pytest.raises(Refused, match="записано решение"):
        sittings.drop_item(session(), item=first, by=by)
    sittings.drop_item(session(), item=second, by=by)
    assert [one.title for one in meeting.agenda] == ["третий", "первый"]


def test_votes_are_no_more_than_those_who_are_there(session: Db, cast: Cast) -> None:
    meeting = make_meeting(session(), cast.anna, make_body(session(), cast.anna, "Белов Олег", "Серова Инна"))
    item = make_item(session(), cast.anna, meeting)
    told = {"item": item, "discussed": "Спорили", "by": seen_by(session(), cast.anna)}
    with pytest.raises(Refused, match="меньше нуля"):
        sittings.discuss(session(), **told, votes_for=-1)
    with pytest.raises(Refused, match="больше, чем участников"):
        sittings.discuss(session(), **told, votes_for=2, votes_against=1)
    sittings.discuss(session(), **told, votes_for=1, votes_against=1)
    assert (item.discussed, item.votes_for, item.votes_against) == ("Спорили", 1, 1)


# -- Who may -----------------------------------------------------------------------------------------------------------


def test_minutes_of_what_was_held_are_corrected_by_the_head_only(session: Db, cast: Cast) -> None:
    meeting = make_held(session(), cast.anna)
    with pytest.raises(Refused, match="только руководитель"):
        make_item(session(), cast.anna, meeting)
    assert make_item(session(), cast.galina, meeting, "Опечатка в повестке").meeting is meeting
    told = {"meeting": meeting, "topic": "Другая тема", "chair": "", "secretary": "", "summary": "Итог"}
    with pytest.raises(Refused, match="только руководитель"):
        sittings.describe(session(), **told, by=seen_by(session(), cast.anna))
    sittings.describe(session(), **told, by=seen_by(session(), cast.galina))
    assert (meeting.topic, meeting.summary) == ("Другая тема", "Итог")


def test_a_meeting_is_seen_by_its_keeper_by_those_invited_and_by_overseers(session: Db, cast: Cast) -> None:
    body = make_body(session(), cast.anna, "Белов Олег")
    make_member(session(), cast.anna, body, "Борис Опекин", user_id=cast.boris.id)
    meeting = make_meeting(session(), cast.anna, body)
    make_item(session(), cast.anna, meeting)

    def seen(user: Any, model: Any = Meeting, rule: Any = meetings_visible_to) -> int:
        return len(list(session.scalars(select(model.id).where(rule(seen_by(session(), user))))))

    assert [seen(user) for user in (cast.anna, cast.boris, cast.vera, cast.kira)] == [1, 1, 0, 1]
    assert [seen(user, AgendaItem, items_visible_to) for user in (cast.anna, cast.boris, cast.vera)] == [1, 1, 0]
    assert [seen(user, rule=invited_to) for user in (cast.anna, cast.boris)] == [0, 1]
    sittings.invite(session(), meeting=meeting, agency_id=cast.other_opeka.id, by=seen_by(session(), cast.anna))
    assert seen(cast.vera) == 1
