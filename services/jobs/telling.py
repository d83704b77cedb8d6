"""A job's owner is told of its end, once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models.jobs import Job
from models.notifications import NoticeKind, Notification
from services.upserting import insert_into


def tell(session: Session, *, job: Job, text: str, now: datetime) -> None:
    row = {"user_id": job.owner_id, "kind": NoticeKind.FILE, "key": f"job:{job.id}", "text": text[:500]}
    statement = insert_into(session, Notification).values(**row, job_id=job.id, at=now)
    session.execute(statement.on_conflict_do_nothing(index_elements=["user_id", "key"]))
