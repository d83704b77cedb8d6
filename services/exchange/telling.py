"""Who is told of what happens to a letter. Texts name no person: a letter is meant by its kind and number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.exchange import Referral
from models.notifications import NoticeKind, Notification
from services.telling import tell_people


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
    return tell_people(
        session,
        agency_id=agency_id,
        kind=kind,
        key=f"{key}:{referral.id}",
        text=f"{referral.kind_title}: {what}",
        at=at,
        only=only,
        to_heads=to_heads,
        referral_id=referral.id,
    )


def forget_ahead(session: Session, *, referral: Referral, now: datetime) -> None:
    """What was to be told later is not needed any more: the notice has been acknowledged."""
    n = Notification
    session.execute(delete(n).where(n.referral_id == referral.id, n.at > now))
