"""The council of the demonstration and its sittings; meetings of those who prepare graduates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import Referral
from models.meetings import AgendaKind, Body, DecisionKind, Meeting, MeetingKind, MemberRole
from services.demo.letters import Office, Step, offices_of
from services.errors import Refused
from services.exchange import workflow
from services.meetings import bodies, decisions, holding, invitations, sittings
from services.meetings.bodies import Seat
from services.meetings.decisions import Said
from services.meetings.sittings import Question

KEEPER = "resource-centre"
BODY = "vologda-2022/coordination-council"
HELD, AHEAD = timedelta(days=75), timedelta(days=12)
# Who sits in the council: organisation, role, category of the regulation.
SEATS = (
    ("department", MemberRole.CHAIR, "представитель Департамента соцзащиты"),
    ("resource-centre", MemberRole.SECRETARY, "специалисты этих организаций"),
    ("cpd-sokol", MemberRole.MEMBER, "директора организаций для детей-сирот, где есть службы"),
    ("cpd-vologda", MemberRole.MEMBER, "директора организаций для детей-сирот, где есть службы"),
    ("opeka-vologda", MemberRole.MEMBER, "представитель органов опеки"),
    ("kcson-vologda", MemberRole.MEMBER, "представители КЦСОН"),
    ("kcson-sokol", MemberRole.MEMBER, "представители КЦСОН"),
)
ABSENT = ("kcson-sokol", "cpd-sokol")


@dataclass(frozen=True)
class Meet:
    """A meeting without a body: who holds it, how many days ago, of which kind, about what."""

    keeper: str
    days: int
    kind: MeetingKind
    topic: str


MEETINGS = (
    Meet("cpd-sokol", 96, MeetingKind.METHODICAL, "Судьбы выпускников прошлого года"),
    Meet("cpd-vologda", 60, MeetingKind.METHODICAL, "Первый год в колледже: кто нуждается в помощи"),
    Meet("opeka-sokol", 20, MeetingKind.CASE_CONFERENCE, "Долг за жильё и угроза выселения"),
    Meet("resource-centre", 33, MeetingKind.SEMINAR, "Сопровождение молодых родителей"),
)


def tell(session: Session, *, on: date) -> list[Step]:
    """A council with its members, a sitting with minutes and sent decisions, the next one planned; four meetings.

    What the recipients do later with the letters is given back, to be done in the order of days.
    """
    offices = offices_of(session)
    keeper = offices[KEEPER]
    held_on = on - HELD
    body = _body(session, keeper, offices, on)
    if body is None:
        return []
    later = _sitting(session, body, keeper, offices, held_on)
    _next_one(session, body, keeper, on)
    for meet in MEETINGS:
        _meeting(session, meet, offices[meet.keeper], on - timedelta(days=meet.days))
    session.flush()
    return later


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=UTC)


def _body(session: Session, keeper: Office, offices: dict[str, Office], on: date) -> Body | None:
    since = on - HELD - timedelta(days=40)
    by = keeper.viewer(session, on)
    try:
        body = bodies.create(session, agency_id=keeper.agency.id, key=BODY, starts_on=since, by=by)
    except Refused:
        return None  # The region's regulation is not followed on this day.
    for code, role, category in SEATS:
        office = offices[code]
        name, position = office.agency.head_name, office.agency.head_position
        seat = Seat(name, since, role=role, category=category, position=position, agency_id=office.agency.id)
        bodies.seat(session, body=body, member=seat, by=by)
    body.approved_on = since + timedelta(days=9)  # Noted by the head, who has no account here.
    return body


def _sitting(session: Session, body: Body, keeper: Office, offices: dict[str, Office], held_on: date) -> list[Step]:
    by, now = keeper.viewer(session, held_on), at(held_on, 8)
    meeting = _planned(session, body, keeper, held_on, by, "Сопровождение выпускников: итоги полугодия")
    service = offices["sluzhba-stupeni"].agency
    hearing = sittings.add_item(
        session,
        meeting=meeting,
        question=Question(kind=AgendaKind.HEARING, title="Работа службы «Ступени»", agency_id=service.id),
        by=by,
    )
    other = sittings.add_item(
        session,
        meeting=meeting,
        question=Question(kind=AgendaKind.PROPOSAL, title="Общежития для выпускников на каникулы"),
        by=by,
    )
    present = [one.id for one in meeting.attendees if _comes(one.agency_id, offices)]
    holding.mark(session, meeting=meeting, present=present, was_present=(), by=by)
    for item, words in (
        (hearing, "Отчёт заслушан, вопросов о сроках ответов нет."),
        (other, "Предложение поддержано."),
    ):
        sittings.discuss(session, item=item, discussed=words, votes_for=len(present), votes_against=0, by=by)
    due_on = held_on + timedelta(days=45)
    said = Said("Проверить сроки ответов на извещения о нуждаемости.", addressee_id=service.id, due_on=due_on)
    decisions.decide(session, item=hearing, said=said, by=by, now=now)
    proposal = Said(
        "Внести в областную программу места в общежитиях на время каникул.",
        kind=DecisionKind.PROPOSAL,
        addressee="рабочая группа программы",
        due_on=held_on + timedelta(days=120),
    )
    decisions.decide(session, item=other, said=proposal, by=by, now=now)
    holding.hold(session, meeting=meeting, chair=meeting.attendees[0].name, secretary=meeting.attendees[1].name, by=by)
    taken_on = held_on + timedelta(days=2)
    recipient = offices["sluzhba-stupeni"].viewer(session, taken_on)
    return [
        Step(at(taken_on, 9), 0, partial(_accept, session, letter, recipient))
        for letter in decisions.send(session, meeting=meeting, by=by, now=at(held_on, 11))
        if letter.recipient_id == service.id
    ]


def _accept(session: Session, letter: Referral, by: Viewer, now: datetime) -> None:
    workflow.accept(session, referral=letter, by=by, now=now)


def _comes(agency_id: int | None, offices: dict[str, Office]) -> bool:
    return agency_id not in {offices[code].agency.id for code in ABSENT}


def _planned(
    session: Session,
    body: Body | None,
    keeper: Office,
    day: date,
    by: Viewer,
    topic: str,
    *,
    kind: MeetingKind | None = None,
) -> Meeting:
    return sittings.plan(
        session,
        agency_id=keeper.agency.id,
        kind=kind or MeetingKind.SITTING,
        body_id=body.id if body else None,
        topic=topic,
        held_on=day,
        starts_at=time(14, 0),
        place=keeper.agency.address or "актовый зал",
        by=by,
        now=at(by.on, 7),
    )


def _next_one(session: Session, body: Body, keeper: Office, on: date) -> None:
    by = keeper.viewer(session, on - timedelta(days=1))
    meeting = _planned(session, body, keeper, on + AHEAD, by, "Жильё выпускников: очередь и временное проживание")
    question = Question(title="Кто ждёт жильё больше трёх лет", speaker="Ресурсный центр")
    sittings.add_item(session, meeting=meeting, question=question, by=by)
    invitations.send(session, meeting=meeting, by=by, now=at(by.on, 8))


def _meeting(session: Session, meet: Meet, keeper: Office, held_on: date) -> None:
    by = keeper.viewer(session, held_on)
    meeting = _planned(session, None, keeper, held_on, by, meet.topic, kind=meet.kind)
    people: Sequence[str] = [one.name for one in (keeper.clerk, keeper.head) if one is not None]
    for name in people:
        sittings.invite(session, meeting=meeting, agency_id=keeper.agency.id, name=name, by=by)
    question = Question(title=meet.topic)
    item = sittings.add_item(session, meeting=meeting, question=question, by=by)
    sittings.discuss(session, item=item, discussed="Обменялись опытом, договорились о порядке работы.", by=by)
    holding.mark(session, meeting=meeting, present=[one.id for one in meeting.attendees], was_present=(), by=by)
    chair = people[-1] if people else ""
    holding.hold(session, meeting=meeting, chair=chair, secretary=people[0] if people else "", by=by)
