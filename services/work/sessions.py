"""Group sessions (Ж-5): one entry, a line on every participant's card and a service for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import flag_modified

from models.access import Viewer
from models.graduates import Graduate
from models.work import GroupParticipant, GroupSession, ServiceRecord, SessionKind
from services.errors import need
from services.plans import measures
from services.work import entry, service_records
from services.work.many import add_all
from services.work.service_forms import FormsByHousing, forms_by_housing

A_DAY = 1440  # Minutes.
LEFT = "Исключён из участников занятия."


def record(
    session: Session,
    *,
    agency_id: int,
    graduate_ids: Sequence[int],
    held_on: date,
    starts_at: time | None = None,
    minutes: int | None = None,
    kind: SessionKind = SessionKind.TRAINING,
    topic: str,
    programme: str = "",
    place: str = "",
    invited: str = "",
    outcome: str = "",
    service_kind_code: str | None = None,
    specialist: str = "",
    by: Viewer,
    now: datetime,
) -> GroupSession:
    """Register a session; with a kind of service everybody who took part got one. Raises Refused."""
    entry.check_right(by, agency_id)
    entry.check_day(held_on, by=by, field="held_on")
    need(topic.strip(), "Укажите тему.", field="topic")
    need(minutes is None or 1 <= minutes <= A_DAY, "Продолжительность: от 1 до 1440 минут.", field="minutes")
    is_named = kind is not SessionKind.PROGRAMME or programme.strip()
    need(is_named, "Назовите программу подготовки, например «Ты не один».", field="programme")
    people = entry.people(
        session, graduate_ids=graduate_ids, on=held_on, by=by, field="participants", day_field="held_on"
    )
    group = GroupSession(
        agency_id=agency_id,
        held_on=held_on,
        starts_at=starts_at,
        minutes=minutes,
        kind=kind,
        topic=topic.strip(),
        programme=programme.strip(),
        place=place.strip(),
        invited=invited.strip(),
        outcome=outcome.strip(),
        service_kind_code=service_kind_code,
    )
    entry.keep(session, group, on=held_on, specialist=specialist, by=by, now=now)
    _take_in(session, group, people, by)
    return group


def add_participants(session: Session, *, group: GroupSession, graduate_ids: Sequence[int], by: Viewer) -> int:
    """Those who took part too; whoever is there already stays once. How many were added. Raises Refused."""
    _check_open(group, by)
    people = entry.people(
        session, graduate_ids=graduate_ids, on=group.held_on, by=by, field="participants", day_field="participants"
    )
    present = {participant.graduate_id for participant in group.participants}
    new = [person for person in people if person.id not in present]
    need(new, "Все выбранные уже в списке участников.", field="participants")
    _take_in(session, group, new, by)
    return len(new)


def remove_participants(session: Session, *, group: GroupSession, graduate_ids: Sequence[int], by: Viewer) -> int:
    """Those who were named by mistake; their services are annulled, not deleted. How many left. Raises Refused."""
    _check_open(group, by)
    wanted = set(graduate_ids)
    leaving = [participant for participant in group.participants if participant.graduate_id in wanted]
    need(leaving, "Выберите, кого убрать из участников.", field="participants")
    need(
        len(leaving) < len(group.participants),
        "Хотя бы один участник должен остаться. Если занятия не было, руководитель аннулирует запись.",
        field="participants",
    )
    ids = [participant.graduate_id for participant in leaving]
    services = _services(session, group, ids)
    for service in services:
        service.annulled_on, service.annulled_reason = by.on, LEFT
    for participant in leaving:
        group.participants.remove(participant)
    _rise(session, group)
    fulfilled = {service.measure_id for service in services if service.measure_id is not None}
    measures.reopen_unserved(session, measure_ids=fulfilled, by=by)
    return len(leaving)


def _take_in(session: Session, group: GroupSession, people: Sequence[Graduate], by: Viewer) -> None:
    add_all(session, [GroupParticipant(session_id=group.id, graduate=person) for person in people])
    if group.service_kind_code:
        forms = forms_by_housing(session, agency_id=group.agency_id, on=group.held_on)
        add_all(session, [_service(group, person, forms, by) for person in people])
    session.expire(group, ["participants"])
    _rise(session, group)


def _service(group: GroupSession, person: Graduate, forms: FormsByHousing, by: Viewer) -> ServiceRecord:
    made = service_records.build(
        person,
        agency_id=group.agency_id,
        on=group.held_on,
        kind_code=group.service_kind_code or "",
        title=group.topic,
        forms=forms,
    )
    made.session_id, made.created_by_id = group.id, by.user_id
    made.specialist, made.specialist_id = group.specialist, group.specialist_id
    return made


def _rise(session: Session, group: GroupSession) -> None:
    """The version rises with the list, so that of two who change it the second is told."""
    flag_modified(group, "topic")
    session.flush()


def _services(session: Session, group: GroupSession, graduate_ids: Sequence[int]) -> Sequence[ServiceRecord]:
    query = select(ServiceRecord).where(
        ServiceRecord.session_id == group.id,
        ServiceRecord.graduate_id.in_(graduate_ids),
        ServiceRecord.annulled_on.is_(None),
    )
    return session.scalars(query.options(joinedload(ServiceRecord.graduate))).all()


def _check_open(group: GroupSession, by: Viewer) -> None:
    entry.check_right(by, group.agency_id)
    need(group.annulled_on is None, "Занятие аннулировано: участников больше не меняют.")
