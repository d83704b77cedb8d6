"""People of an organisation are told of something once: the rows that their bells show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from models.notifications import NoticeKind, Notification
from services.notice_audience import load_audience
from services.upserting import insert_into

LONGEST = 500


def tell_people(
    session: Session,
    *,
    agency_id: int,
    kind: NoticeKind,
    key: str,
    text: str,
    at: datetime,
    only: Iterable[int | None] = (),
    to_heads: bool = False,
    **about: int,
) -> int:
    """Tell an organisation (`only` those, where they are named and there); how many are told.

    `key` makes a thing told once; `at` may lie ahead; `about` names the record: referral_id, submission_id.
    """
    audience = load_audience(session, agency_id=agency_id)
    named = {user_id for user_id in only if user_id is not None}
    workers = audience.workers.get(agency_id, ())  # Where there is no head they stand in for one.
    there = {*workers, *audience.heads.get(agency_id, ()), *audience.administrators}
    told = named & there or set(audience.heads.get(agency_id, workers) if to_heads else workers)
    rows = [
        {"user_id": user_id, "kind": kind, "key": key[:80], "text": text[:LONGEST], "at": at, **about}
        for user_id in sorted(told)
        if (user_id, kind) not in audience.refused
    ]
    if rows:
        statement = insert_into(session, Notification).values(rows)
        session.execute(statement.on_conflict_do_nothing(index_elements=["user_id", "key"]))
    return len(rows)
