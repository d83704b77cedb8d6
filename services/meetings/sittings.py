"""Planning a sitting or a meeting: its day, whom it is for, what is on its agenda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.exchange import AT_RECIPIENT, Referral, ReferralPerson
from models.exchange_access import referrals_visible_to
from models.graduates import Graduate
from models.meetings import AgendaItem, AgendaKind, Body, BodyMember, Meeting, MeetingAttendee, MeetingKind
from models.territory import Agency
from models.text import normalise
from services.errors import Refused, need
from services.meetings.common import agency_or_none, held, need_day, need_keeper, need_planned, need_writable

CASES = ("complex-case", "case-conference")  # Kinds of letters that ask for a discussion: offered first.
OFFERED = 200
SPEAKER = "Представитель"


@dataclass(frozen=True)
class Question:
    """An item as its form gives it."""

    kind: AgendaKind = AgendaKind.OTHER
    title: str = ""
    speaker: str = ""
    referral_id: int | None = None
    graduate_id: int | None = None
    agency_id: int | None = None


def plan(
    session: Session,
    *,
    agency_id: int,
    kind: MeetingKind | None,
    body_id: int | None = None,
    topic: str,
    held_on: date | None,
    starts_at: time | None = None,
    place: str = "",
    by: Viewer,
    now: datetime,
) -> Meeting:
    """A meeting on a day; the members of the body on that day are invited. Raises Refused."""
    need_keeper(by, agency_id)
    if kind is None:
        raise Refused("Выберите вид встречи.", field="kind")
    body = _body(session, kind, body_id, agency_id)
    day = need_day(held_on, by.on, field="held_on")
    _need_body_then(body, day)
    need(topic.strip(), "Напишите, о чём встреча.", field="topic")
    meeting = Meeting(
        agency_id=agency_id,
        kind=kind,
        body=body,
        topic=topic.strip(),
        held_on=day,
        starts_at=starts_at,
        place=place.strip(),
        created_at=now,
        created_by_id=by.user_id,
    )
    _seat(meeting, body.members_on(day) if body else [])
    session.add(meeting)
    session.flush()
    return meeting


def _body(session: Session, kind: MeetingKind, body_id: int | None, agency_id: int) -> Body | None:
    if kind is not MeetingKind.SITTING:
        need(body_id is None, "Орган указывают только для заседания.", field="body_id")
        return None
    found = session.get(Body, body_id) if body_id is not None else None
    need(found is not None and found.agency_id == agency_id, "Выберите, чьё это заседание.", field="body_id")
    return found


def _need_body_then(body: Body | None, day: date) -> None:
    if body is not None:
        exists = body.starts_on <= day and (body.ends_on is None or day <= body.ends_on)
        need(exists, f"{body.name}: в этот день органа нет.", field="held_on")


def _seat(meeting: Meeting, members: Sequence[BodyMember]) -> None:
    """Invite members who are not on the list yet."""
    there = {one.member_id for one in meeting.attendees}
    place = max((one.position for one in meeting.attendees), default=0)
    for number, member in enumerate((one for one in members if one.id not in there), start=place + 1):
        meeting.attendees.append(
            MeetingAttendee(
                member_id=member.id,
                agency_id=member.agency_id,
                name=member.name,
                post=post_of(member),
                position=number,
            )
        )


def post_of(member: BodyMember) -> str:
    parts = (member.position, member.agency.short_name if member.agency else "")
    return ", ".join(filter(None, parts))[:500]


def move(
    session: Session,
    *,
    meeting: Meeting,
    held_on: date | None,
    starts_at: time | None,
    place: str,
    by: Viewer,
) -> None:
    """Another day, time or place; the members are those of the new day. Raises Refused."""
    meeting = held(session, meeting)
    need_planned(by, meeting)
    day = need_day(held_on, by.on, field="held_on")
    _need_body_then(meeting.body, day)
    meeting.held_on, meeting.starts_at, meeting.place = day, starts_at, place.strip()
    refresh_members(session, meeting=meeting, by=by)


def describe(
    session: Session, *, meeting: Meeting, topic: str, chair: str, secretary: str, summary: str, by: Viewer
) -> None:
    """What it is about, who presides and keeps the minutes, what came of it. Raises Refused."""
    meeting = held(session, meeting)
    need_writable(by, meeting)
    need(topic.strip(), "Напишите, о чём встреча.", field="topic")
    was_sitting = meeting.number is not None and meeting.body_id is not None
    need(chair.strip() or not was_sitting, "Укажите, кто вёл заседание.", field="chair")
    meeting.topic, meeting.chair, meeting.secretary = topic.strip(), chair.strip(), secretary.strip()
    meeting.summary = summary.strip()
    session.flush()


def refresh_members(session: Session, *, meeting: Meeting, by: Viewer) -> None:
    """Bring the list of a planned sitting in line with the membership of its day; marks of those who stay are kept."""
    need_planned(by, meeting)
    if meeting.body is not None:
        members = meeting.body.members_on(meeting.held_on)
        stay = {one.id for one in members}
        meeting.attendees = [one for one in meeting.attendees if one.member_id is None or one.member_id in stay]
        _seat(meeting, members)
    session.flush()


# -- Guests ----------------------------------------------------------------------------------------------------------


def invite(
    session: Session, *, meeting: Meeting, agency_id: int | None, name: str = "", post: str = "", by: Viewer
) -> MeetingAttendee:
    """Somebody who is asked to come and does not count. Raises Refused."""
    meeting = held(session, meeting)
    need_writable(by, meeting)
    agency = agency_or_none(session, agency_id)
    need(agency is not None or name.strip(), "Укажите, кого пригласить: организацию или человека.", field="name")
    told = name.strip() or SPEAKER
    twin = any(one.agency_id == agency_id and normalise(one.name) == normalise(told) for one in meeting.attendees)
    need(not twin, f"Уже в списке: {told}.", field="name")
    where = ", ".join(filter(None, (post.strip(), agency.short_name if agency else "")))
    place = max((one.position for one in meeting.attendees), default=0)
    guest = MeetingAttendee(agency=agency, name=told[:200], post=where[:500], position=place + 1)
    meeting.attendees.append(guest)
    session.flush()
    return guest


def uninvite(session: Session, *, meeting: Meeting, attendee_id: int | None, by: Viewer) -> str:
    """Take a guest off the list; his or her name. Members are there by their membership. Raises Refused."""
    meeting = held(session, meeting)
    need_writable(by, meeting)
    guest = next((one for one in meeting.attendees if one.id == attendee_id), None)
    if guest is None:
        raise Refused("Такого приглашённого в списке нет.", field="attendee_id")
    need(guest.member_id is None, "Члена органа из списка не убирают: его выводят из состава.", field="attendee_id")
    meeting.attendees.remove(guest)
    session.flush()
    return guest.name


# -- The agenda ------------------------------------------------------------------------------------------------------


def cases_for(session: Session, *, agency_id: int, by: Viewer) -> list[Referral]:
    """Letters about people that the organisation has received and not closed; those that ask for a discussion first."""
    r = Referral
    about = select(ReferralPerson.referral_id)
    query = select(r).where(r.recipient_id == agency_id, r.status.in_(AT_RECIPIENT), r.id.in_(about))
    query = query.where(referrals_visible_to(by)).order_by(r.sent_at.desc(), r.id.desc()).limit(OFFERED)
    return sorted(session.scalars(query), key=lambda one: one.kind_key.partition("/")[2] not in CASES)


def add_item(session: Session, *, meeting: Meeting, question: Question, by: Viewer) -> AgendaItem:
    """An item at the end of the agenda. Raises Refused."""
    meeting = held(session, meeting)
    need_writable(by, meeting)
    item = AgendaItem(position=1 + max((one.position for one in meeting.agenda), default=0))
    _fill(session, item, meeting, question, by)
    meeting.agenda.append(item)
    session.flush()
    return item


def change_item(session: Session, *, item: AgendaItem, question: Question, by: Viewer) -> None:
    meeting = held(session, item.meeting)
    need_writable(by, meeting)
    _fill(session, item, meeting, question, by)
    session.flush()


def discuss(
    session: Session,
    *,
    item: AgendaItem,
    discussed: str,
    votes_for: int | None = None,
    votes_against: int | None = None,
    by: Viewer,
) -> None:
    """What was said of an item, and how it was voted. Raises Refused."""
    meeting = held(session, item.meeting)
    need_writable(by, meeting)
    total = len(meeting.attendees)
    for field, votes in (("votes_for", votes_for), ("votes_against", votes_against)):
        need((votes or 0) >= 0, "Голосов не может быть меньше нуля.", field=field)
    count = (votes_for or 0) + (votes_against or 0)
    need(count <= total, f"Голосов больше, чем участников в списке: их {total}.", field="votes_for")
    item.discussed = discussed.strip()
    item.votes_for, item.votes_against = votes_for or 0, votes_against or 0
    session.flush()


def shift(session: Session, *, item: AgendaItem, down: bool, by: Viewer) -> None:
    """One place up or down in the agenda. Raises Refused."""
    meeting = held(session, item.meeting)
    need_writable(by, meeting)
    order = list(meeting.agenda)
    here = order.index(item)
    there = here + (1 if down else -1)
    need(0 <= there < len(order), "Вопрос уже последний." if down else "Вопрос уже первый.")
    order.insert(there, order.pop(here))
    for place, one in enumerate(order, start=1):
        one.position = place
    session.flush()
    session.expire(meeting, ["agenda"])


def drop_item(session: Session, *, item: AgendaItem, by: Viewer) -> None:
    """Take an item off a planned agenda. Raises Refused."""
    meeting = held(session, item.meeting)
    need_planned(by, meeting)
    need(not item.decisions, "По вопросу записано решение: сначала удалите его.")
    meeting.agenda.remove(item)
    session.flush()


def _fill(session: Session, item: AgendaItem, meeting: Meeting, question: Question, by: Viewer) -> None:
    letter = _letter(session, meeting, question.referral_id, item, by)
    graduate = _graduate(session, item, letter, question.graduate_id, by)
    agency = agency_or_none(session, question.agency_id)
    is_case = question.kind is AgendaKind.COMPLEX_CASE
    need(not is_case or letter or graduate, "Выберите письмо или человека, о ком случай.", field="referral_id")
    is_hearing = question.kind is AgendaKind.HEARING
    need(not is_hearing or agency, "Выберите, чей отчёт слушают.", field="agency_id")
    title = question.title.strip() or _title(letter, agency if is_hearing else None)
    need(title, "Напишите вопрос повестки.", field="title")
    _need_no_names(title, letter, graduate)
    item.kind, item.title, item.speaker = question.kind, title[:500], question.speaker.strip()
    item.referral, item.graduate, item.agency = letter, graduate, agency


def _title(letter: Referral | None, agency: Agency | None) -> str:
    if letter is not None:
        return f"{letter.kind_title}, письмо от {letter.sent_on:%d.%m.%Y}"
    return f"Отчёт: {agency.short_name}" if agency is not None else ""


def _letter(
    session: Session, meeting: Meeting, referral_id: int | None, item: AgendaItem, by: Viewer
) -> Referral | None:
    """A letter that the organisation received, once on an agenda."""
    if referral_id is None:
        return None
    query = select(Referral).where(Referral.id == referral_id, Referral.recipient_id == meeting.agency_id)
    found = session.scalars(query.where(Referral.sent_at.is_not(None), referrals_visible_to(by))).one_or_none()
    need(found is not None, "Такого письма ваша организация не получала.", field="referral_id")
    twin = any(one.referral_id == referral_id for one in meeting.agenda if one is not item)
    need(not twin, "Это письмо уже есть в повестке.", field="referral_id")
    return found


def _graduate(
    session: Session, item: AgendaItem, letter: Referral | None, graduate_id: int | None, by: Viewer
) -> Graduate | None:
    """Whom the item is about: chosen, or the only one of the letter."""
    if graduate_id is not None and graduate_id != item.graduate_id:
        query = select(Graduate).where(Graduate.id == graduate_id, visible_to(by))
        found = session.scalars(query).one_or_none()
        need(found is not None, "Выберите человека из списка.", field="graduate_id")
        return found
    if graduate_id is not None:
        return item.graduate
    people = letter.people if letter is not None else []
    return people[0].graduate if len(people) == 1 else None


def _need_no_names(title: str, letter: Referral | None, graduate: Graduate | None) -> None:
    """A title is read by all who are invited; the person is shown by the card, to whoever may see it."""
    words = normalise(title.replace(",", " ").replace(".", " ").replace("«", " ")).split()
    names = [person.name for person in letter.people] if letter is not None else []
    names += [graduate.last_name] if graduate is not None else []
    is_named = any(word.startswith(_stem(name)) for name in names for word in words)
    need(not is_named, "Не пишите фамилию в вопросе: человека покажет карточка.", field="title")


def _stem(name: str) -> str:
    """What every case of a surname begins with."""
    surname = normalise(name).split()[0]
    return surname[:-1] if len(surname) > 4 and surname[-1] in "аяйь" else surname
