"""What a user finds in the application: the list of notifications, what is unread, and which kinds are wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from models.notifications import NoticeKind, Notification, NotificationSetting

MOST_COUNTED = 100  # The bell says «99+» beyond.


def of_user(user_id: int, now: datetime) -> ColumnElement[bool]:
    """A user's notifications of the kinds that he or she wants to see, without those that are for later."""
    hidden = select(NotificationSetting.kind).where(
        NotificationSetting.user_id == user_id, ~NotificationSetting.is_shown
    )
    return and_(Notification.user_id == user_id, Notification.at <= now, Notification.kind.not_in(hidden))


def unread(session: Session, *, user_id: int, now: datetime) -> int:
    """How many are unread, up to MOST_COUNTED."""
    some = select(Notification.id).where(of_user(user_id, now), Notification.read_at.is_(None)).limit(MOST_COUNTED)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def newest(session: Session, *, user_id: int, before: int | None, now: datetime, limit: int) -> Sequence[Notification]:
    """A page of the list, newest first; `before`: the last one of the page above.

    What was written for later stands where its moment is, not where it was written.
    """
    n = Notification
    query = select(n).where(of_user(user_id, now)).order_by(n.at.desc(), n.id.desc()).limit(limit)
    above = session.get(n, before) if before is not None and before < 2**31 else None
    if above is not None:
        query = query.where(or_(n.at < above.at, and_(n.at == above.at, n.id < above.id)))
    return session.scalars(query).all()


def mark_read(session: Session, *, user_id: int, now: datetime, ids: Sequence[int] | None = None) -> int:
    """All unread ones of a user, or those of `ids` that are the user's; how many there were."""
    is_there = and_(Notification.user_id == user_id, Notification.at <= now)
    statement = update(Notification).where(is_there, Notification.read_at.is_(None))
    if ids is not None:
        statement = statement.where(Notification.id.in_(ids))
    result: Any = session.execute(statement.values(read_at=now).execution_options(synchronize_session=False))
    return int(result.rowcount)


# -- Which kinds are wanted ------------------------------------------------------------------------------------------

Choice = tuple[bool, bool]  # Shown in the application, mailed.


def choices(session: Session, *, user_id: int) -> dict[NoticeKind, Choice]:
    """Of every kind; what was never chosen is shown and mailed."""
    query = select(NotificationSetting).where(NotificationSetting.user_id == user_id)
    chosen = {setting.kind: (setting.is_shown, setting.is_mailed) for setting in session.scalars(query)}
    return {kind: chosen.get(kind, (True, True)) for kind in NoticeKind}


def choose(session: Session, *, user_id: int, wanted: Mapping[NoticeKind, Choice]) -> None:
    """Keep what differs from the default."""
    query = select(NotificationSetting).where(NotificationSetting.user_id == user_id)
    kept = {setting.kind: setting for setting in session.scalars(query)}
    for kind, (is_shown, is_mailed) in wanted.items():
        setting = kept.get(kind)
        if setting is None and not (is_shown and is_mailed):
            session.add(NotificationSetting(user_id=user_id, kind=kind, is_shown=is_shown, is_mailed=is_mailed))
        elif setting is not None and is_shown and is_mailed:
            session.delete(setting)
        elif setting is not None:
            setting.is_shown, setting.is_mailed = is_shown, is_mailed
    session.flush()
