"""What all about councils and meetings has in common: who may, one writer at a time, days, kinds of letters."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import Referral
from models.meeting_access import may_keep, may_settle
from models.meetings import Body, Meeting, MeetingStatus
from models.territory import Agency, AgencyKind
from services.errors import Refused, need
from services.exchange.kinds import ABOUT_PERSON, sendable

EARLIEST = date(2000, 1, 1)
FARTHEST = timedelta(days=2 * 366)  # Nothing is planned further ahead.
NOT_OURS = "Это могут только сотрудники организации, которая ведёт заседания."
NOT_HEAD = "Протокол проведённого заседания исправляет только руководитель организации."
GONE = "Запись аннулирована."

T = TypeVar("T", Body, Meeting)


def held(session: Session, record: T) -> T:
    """The record as it is now, ours alone until the transaction ends: whoever else changes it waits."""
    session.flush()
    found = session.get_one(type(record), record.id, with_for_update=True, populate_existing=True)
    session.expire(found, inspect(type(found)).relationships.keys())
    return found


def need_keeper(by: Viewer, agency_id: int) -> None:
    need(may_keep(by, agency_id), NOT_OURS)


def need_writable(by: Viewer, meeting: Meeting) -> None:
    """A planned meeting is written by everybody of its organisation, what was held only by the head."""
    need_keeper(by, meeting.agency_id)
    need(meeting.annulled_on is None, GONE)
    need(meeting.status is not MeetingStatus.CANCELLED, "Встреча отменена: её запись не меняют.")
    need(meeting.status is MeetingStatus.PLANNED or may_settle(by, meeting.agency_id), NOT_HEAD)


def need_planned(by: Viewer, meeting: Meeting) -> None:
    need_keeper(by, meeting.agency_id)
    told = {MeetingStatus.HELD: "уже проведена", MeetingStatus.CANCELLED: "уже отменена"}.get(meeting.status, "")
    need(not told, f"Встреча {told}.")


def need_day(day: date | None, on: date, *, field: str) -> date:
    """A day that a calendar of meetings may hold. Raises Refused."""
    if day is None:
        raise Refused("Укажите день.", field=field)
    need(day >= EARLIEST, "Такой давний день записать нельзя.", field=field)
    need(day <= on + FARTHEST, "Так далеко вперёд не назначают: не позже чем через два года.", field=field)
    return day


def agency_or_none(session: Session, agency_id: int | None, *, field: str = "agency_id") -> Agency | None:
    if agency_id is None:
        return None
    found = session.get(Agency, agency_id)
    need(found is not None, "Такой организации в справочнике нет.", field=field)
    return found


def letter_kind(session: Session, *, agency: Agency, codes: tuple[str, ...], to: AgencyKind | None, on: date) -> str:
    """The key of the first kind of letters that goes to such a recipient; the organisation's own come first.

    `codes` name kinds in the order of preference. Raises Refused where there is none at all.
    """
    known = sendable(session, agency_id=agency.id, agency_kind=agency.kind, on=on)
    fitting = [kind for kind in known if kind.about != ABOUT_PERSON and (to is None or to in kind.to_kinds)]
    for code in codes:
        for kind in fitting:
            if kind.code == code:
                return kind.key
    raise Refused("Письмо не отправить: среди видов писем нет подходящего. Загрузите пакеты регламентов.")


def letters_about(session: Session, subject: str) -> list[Referral]:
    return list(session.scalars(select(Referral).where(Referral.subject == subject).order_by(Referral.id)))
