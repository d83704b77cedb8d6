"""A letter that waits for a clarification pauses what its recipient owes on its account; the legal dates stay."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.deadlines import Deadline
from models.exchange import Referral

WAITING = "Ждём уточнения по письму: "
LONGEST = 500


def pause_for(session: Session, *, referral: Referral, reason: str, on: date) -> None:
    """Pause the recipient's open obligations that arose from a letter; what is paused already stays as it is."""
    for deadline in _arisen_from(session, referral):
        if deadline.paused_on is None:
            deadline.paused_on, deadline.pause_reason = on, f"{WAITING}{reason.strip()}"[:LONGEST]
    session.flush()


def resume_for(session: Session, *, referral: Referral) -> None:
    """What is unclear no more goes on; what was paused for another reason stays paused."""
    for deadline in _arisen_from(session, referral):
        if deadline.pause_reason.startswith(WAITING):
            deadline.paused_on, deadline.pause_reason = None, ""
    session.flush()


def _arisen_from(session: Session, referral: Referral) -> list[Deadline]:
    d, source = Deadline, f"referral:{referral.id}"
    query = select(d).where(d.agency_id == referral.recipient_id, d.done_on.is_(None), d.closing.is_(None))
    query = query.where(or_(d.subject == source, d.subject.startswith(f"{source}>"))).order_by(d.id)
    return list(session.scalars(query.with_for_update().execution_options(populate_existing=True)))
