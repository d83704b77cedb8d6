"""Who is told of what happens to a letter. Texts name no person: a letter is meant by its kind and number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.exchange import Referral
from models.notifications import NoticeKind, Notification
from services.notice_audience import load_audience
from services.upserting import insert_into

LONGEST = 500


def tell(
    session: Session,
    *,
    referral: Referral,
    agency_id: int | None,
    what: str,
    key: str,
    kind: NoticeKind = NoticeKind.LETTER,
    at: datetime,
    only: Iterable[int | None] = (),
    to_heads: bool = False,
) -> int:
    """Tell the people of an organisation (`only` those, where they are named) of a letter; how many are told.

    `key` makes a thing told once; `at` may lie ahead: until then nobody sees it.
    """
    if agency_id is None:
        return 0
    audience = load_audience(session, agency_id=agency_id)
    named = {user_id for user_id in only if user_id is not None}
    workers = audience.workers.get(agency_id, ())  # Where there is no head they stand in for one.
    there = {*workers, *audience.heads.get(agency_id, ()), *audience.administrators}
    told = named & there or set(audience.heads.get(agency_id, workers) if to_heads else workers)
    rows = [
        {
            "user_id": user_id,
            "kind": kind,
            "key": f"{key}:{referral.id}"[:80],
            "text": f"{referral.kind_title}: {what}"[:LONGEST],
            "referral_id": referral.id,
            "at": at,
        }
        for user_id in sorted(told)
        if (user_id, kind) not in audience.refused
    ]
    if rows:
        statement = insert_into(session, Notification).values(rows)
        session.execute(statement.on_conflict_do_nothing(index_elements=["user_id", "key"]))
    return len(rows)


def forget_ahead(session: Session, *, referral: Referral, now: datetime) -> None:
    """What was to be told later is not needed any more: the notice has been acknowledged."""
    n = Notification
    session.execute(delete(n).where(n.referral_id == referral.id, n.at > now))
