"""What the papers of a meeting say: its minutes, the sheet that those who came sign, the invitation."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from models.access import visible_to
from models.graduates import Graduate
from models.meetings import AgendaItem, Decision, Meeting, MeetingAttendee, MeetingStatus
from reports.quorum import presence_of
from reports.templates import Field, rows
from services.papers.facts import AGENCY, ANNULLED, agency_facts, annulled_facts, initials
from services.papers.paper import Desk, Facts, clock, day, joined, long_day, number

MEETING = (
    *AGENCY,
    *ANNULLED,
    Field("kind", "вид: заседание, совещание, семинар"),
    Field("body", "орган"),
    Field("topic", "тема"),
    Field("held_on", "дата"),
    Field("held_long_date", "дата словами"),
    Field("starts_at", "время начала"),
    Field("place", "место"),
    rows("agenda", "повестка", number="№", title="вопрос", speaker="докладчик"),
)
PERSON_COLUMNS = {"number": "№ п/п", "name": "ФИО", "post": "должность, организация", "stand_in": "кто пришёл вместо"}
MINUTES = (
    *MEETING,
    Field("minutes_number", "номер протокола"),
    Field("chair", "председательствующий"),
    Field("chair_initials", "председательствующий: И.О. Фамилия"),
    Field("secretary", "секретарь"),
    Field("secretary_initials", "секретарь: И.О. Фамилия"),
    Field("present_count", "сколько членов пришло"),
    Field("members_total", "сколько всего членов"),
    Field("quorum", "кворум: имеется или нет, доля и сколько нужно"),
    rows("present", "присутствовали", **PERSON_COLUMNS),
    rows("absent", "отсутствовали", **PERSON_COLUMNS),
    rows("invited", "приглашённые, которые пришли", **PERSON_COLUMNS),
    Field(
        "items",
        "вопросы повестки с решениями",
        (
            Field("number", "№"),
            Field("title", "вопрос"),
            Field("about", "о ком, если читатель видит его карточку"),
            Field("speaker", "докладчик"),
            Field("discussed", "что обсудили"),
            Field("votes_for", "голосов за"),
            Field("votes_against", "голосов против"),
            rows("decisions", "решения", number="№", text="решение", addressee="кому", due_on="срок"),
        ),
    ),
    Field("summary", "итоги"),
)
SHEET = (*MEETING, rows("people", "список участников", **PERSON_COLUMNS))
INVITATION = MEETING


def is_held(record: Meeting) -> bool:
    return record.status is MeetingStatus.HELD


def is_planned(record: Meeting) -> bool:
    return record.status is MeetingStatus.PLANNED


def is_not_cancelled(record: Meeting) -> bool:
    return record.status is not MeetingStatus.CANCELLED


def minutes_name(record: Meeting) -> str:
    return f"Протокол № {record.number_text.replace('/', '-')}"


def _meeting(desk: Desk, record: Meeting) -> Facts:
    return {
        **agency_facts(desk, record.agency),
        **annulled_facts(record),
        "kind": record.kind.label,
        "body": record.body.name if record.body else "",
        "topic": record.topic,
        "held_on": day(record.held_on),
        "held_long_date": long_day(record.held_on),
        "starts_at": clock(record.starts_at),
        "place": record.place,
        "agenda": [
            {"number": str(place), "title": item.title, "speaker": item.speaker}
            for place, item in enumerate(record.agenda, start=1)
        ],
    }


def minutes(desk: Desk, record: Meeting) -> Facts:
    came = presence_of(record)
    members = [one for one in record.attendees if one.member_id is not None]
    guests = [one for one in record.attendees if one.member_id is None and one.is_present]
    names = _names(desk, record)
    return {
        **_meeting(desk, record),
        "minutes_number": record.number_text,
        "chair": record.chair,
        "chair_initials": initials(record.chair.partition(",")[0]),
        "secretary": record.secretary,
        "secretary_initials": initials(record.secretary.partition(",")[0]),
        "present_count": str(came.present),
        "members_total": number(came.total or None),
        "quorum": _quorum(record),
        "present": _people(one for one in members if one.is_present),
        "absent": _people(one for one in members if not one.is_present),
        "invited": _people(guests),
        "items": [_item(place, item, names) for place, item in enumerate(record.agenda, start=1)],
        "summary": record.summary,
    }


def _quorum(record: Meeting) -> str:
    """«имеется: нужно не менее 1/2 от 12, то есть 6»; of a meeting without a body, nothing."""
    came, body = presence_of(record), record.body
    if body is None:
        return ""
    needed = f"нужно не менее {body.quorum_part}/{body.quorum_of} от {came.total}, то есть {came.needed}"
    return f"{'имеется' if came.is_enough else 'не имеется'}: {needed}"


def _people(people: Iterable[MeetingAttendee]) -> list[dict[str, str]]:
    return [
        {"number": str(place), "name": one.name, "post": one.post, "stand_in": one.stand_in}
        for place, one in enumerate(people, start=1)
    ]


def _names(desk: Desk, record: Meeting) -> dict[int, str]:
    """Of the people of the agenda whom the reader may see."""
    ids = {item.graduate_id for item in record.agenda if item.graduate_id is not None}
    query = select(Graduate).where(Graduate.id.in_(ids), visible_to(desk.viewer))
    return {one.id: one.full_name for one in desk.session.scalars(query)} if ids else {}


def _item(place: int, item: AgendaItem, names: dict[int, str]) -> Facts:
    return {
        "number": str(place),
        "title": item.title,
        "about": names.get(item.graduate_id or 0, ""),
        "speaker": item.speaker,
        "discussed": item.discussed,
        "votes_for": number(item.votes_for),
        "votes_against": number(item.votes_against),
        "decisions": [_decision(f"{place}.{line}", one) for line, one in enumerate(item.decisions, start=1)],
    }


def _decision(place: str, decision: Decision) -> dict[str, str]:
    return {
        "number": place,
        "text": joined(decision.kind.label, decision.text.rstrip("."), by=": "),
        "addressee": decision.to.name if decision.to else decision.addressee,
        "due_on": day(decision.due_on),
    }


def sheet(desk: Desk, record: Meeting) -> Facts:
    return {**_meeting(desk, record), "people": _people(record.attendees)}


def invitation(desk: Desk, record: Meeting) -> Facts:
    return _meeting(desk, record)
