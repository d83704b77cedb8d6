"""Records of every register, of the cast and foreign to it, made as a test asks for them by name."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.audit import AuditEvent
from models.context import Actor, act_as
from models.deadlines import Deadline, Occurrence
from models.imports import BatchState, ImportBatch, PossibleDuplicate
from models.notifications import FeedToken, NoticeKind, Notification
from models.production_calendar import CalendarDay, CalendarYear, YearKind
from models.rule_terms import Trigger
from models.support import FieldGroup, FieldGroupMember
from models.territory import Agency, Agreement, AgreementParty
from models.users import User
from services import feed_tokens
from tests import (
    objects_assessments,
    objects_cases,
    objects_exchange,
    objects_files,
    objects_jobs,
    objects_journals,
    objects_library,
    objects_meetings,
    objects_papers,
    objects_plans,
    objects_submissions,
    objects_work,
)
from tests.conftest import NOW
from tests.factories import Cast
from tests.obligations import make_deadline
from tests.regulated import load_small


def _agreement(session: Session, *parties: Agency) -> int:
    made = Agreement(number="7", signed_on=date(2026, 1, 12), starts_on=date(2026, 1, 12), subject="Обмен сведениями")
    made.parties = [AgreementParty(agency=agency) for agency in parties]
    return _kept(session, made)


def _batch(session: Session, agency: Agency, user: User, state: BatchState) -> int:
    applied_at = None if state is BatchState.DRAFT else NOW
    made = ImportBatch(agency=agency, user=user, state=state, created_at=NOW, applied_at=applied_at)
    made.form, made.on, made.file_name, made.file = "vologda-appendix-1", date(2026, 10, 1), "форма.csv", b"x"
    made.file_sha256, made.summary = "0" * 64, dict.fromkeys(("create", "update", "unchanged", "duplicate", "error"), 0)
    return _kept(session, made)


def _member(session: Session, cast: Cast) -> int:
    found = session.scalars(select(FieldGroupMember)).first()
    return found.id if found else _kept(session, FieldGroupMember(user=cast.boris, field_group=FieldGroup.HEALTH))


def _duplicate(session: Session, cast: Cast) -> int:
    found = session.scalars(select(PossibleDuplicate)).first()
    made = PossibleDuplicate(graduate_id=cast.own.id, other_id=cast.local.id, reason="совпали ФИО", found_at=NOW)
    return found.id if found else _kept(session, made)


def _removed(session: Session, cast: Cast) -> int:
    cast.own.deleted_at = NOW
    session.commit()
    return cast.own.id


def _change(session: Session, user: User) -> int:
    """The line of the log that a change by this user leaves."""
    act_as(session, Actor.of(user, NOW))
    user.position = f"{user.position}+"
    session.commit()
    return session.scalars(select(AuditEvent.id).order_by(AuditEvent.seq.desc()).limit(1)).one()


def _notice(session: Session, user: User) -> int:
    made = Notification(user=user, kind=NoticeKind.CALENDAR, text="Нужен календарь", at=NOW)
    made.key = f"test:{len(session.scalars(select(Notification.id)).all())}"
    return _kept(session, made)


def _feed(session: Session, user: User) -> int:
    made = FeedToken(user=user, created_at=NOW, digest=f"{len(session.scalars(select(FeedToken.id)).all()):064}")
    return _kept(session, made)


def _token(session: Session, user: User) -> str:
    session.execute(delete(FeedToken))
    token = feed_tokens.create(session, user_id=user.id, now=NOW)
    session.commit()
    return token


def _kept(session: Session, record: Any) -> int:
    session.add(record)
    session.commit()
    return int(record.id)


def _day(session: Session) -> int:
    found = session.scalars(select(CalendarDay)).first()
    return found.id if found else _kept(session, CalendarDay(day=date(2026, 11, 4), basis="указ", reason="Указ № 1"))


def _year(session: Session) -> int:
    session.merge(CalendarYear(year=2026, kind=YearKind.DECREED))
    session.commit()
    return 2026


def _obligation(session: Session, cast: Cast) -> int:
    """The service's; the guardianship body of Sokol waits for it."""
    found = session.scalars(select(Deadline)).first()
    return found.id if found else _kept(session, make_deadline(session, cast.service, recipient_id=cast.opeka.id))


def _regulation(session: Session) -> int:
    found = load_small(session)
    session.commit()
    return found.id


def _event(session: Session, cast: Cast) -> int:
    made = Occurrence(trigger=Trigger.APPLICATION_RECEIVED, agency_id=cast.service.id, happened_on=date(2026, 9, 30))
    made.created_at, made.created_by_id = NOW, cast.anna.id
    return _kept(session, made)


Maker = Callable[[Session, Cast], object]
OBJECTS: dict[str, Maker] = {
    **objects_cases.OBJECTS,
    **objects_plans.OBJECTS,
    **objects_work.OBJECTS,
    **objects_assessments.OBJECTS,
    **objects_files.OBJECTS,
    **objects_jobs.OBJECTS,
    **objects_journals.OBJECTS,
    **objects_library.OBJECTS,
    **objects_exchange.OBJECTS,
    **objects_meetings.OBJECTS,
    **objects_papers.OBJECTS,
    **objects_submissions.OBJECTS,
    "-": lambda session, cast: "",
    "nobody's": lambda session, cast: 0,  # There is no such record.
    "own": lambda session, cast: cast.own.id,
    "local": lambda session, cast: cast.local.id,
    "foreign": lambda session, cast: cast.foreign.id,
    "removed": _removed,
    "agency": lambda session, cast: cast.opeka.id,
    "district": lambda session, cast: cast.totma.id,
    "agreement": lambda session, cast: _agreement(session, cast.service, cast.opeka),
    "others' agreement": lambda session, cast: _agreement(session, cast.other_opeka, cast.department),
    "anna": lambda session, cast: cast.anna.id,
    "vera": lambda session, cast: cast.vera.id,
    "calendar day": lambda session, cast: _day(session),
    "calendar year": lambda session, cast: _year(session),
    "service's obligation": _obligation,
    "service's event": _event,
    "small regulation": lambda session, cast: _regulation(session),
    "member": _member,
    "duplicate": _duplicate,
    "anna's notice": lambda session, cast: _notice(session, cast.anna),
    "anna's feed": lambda session, cast: _feed(session, cast.anna),
    "anna's token": lambda session, cast: _token(session, cast.anna),
    "anna's change": lambda session, cast: _change(session, cast.anna),
    "anna's draft": lambda session, cast: _batch(session, cast.service, cast.anna, BatchState.DRAFT),
    "service's batch": lambda session, cast: _batch(session, cast.service, cast.anna, BatchState.APPLIED),
    "opeka's batch": lambda session, cast: _batch(session, cast.opeka, cast.boris, BatchState.APPLIED),
}
