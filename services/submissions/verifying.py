"""The digest of everything that is frozen, and whether a submission still is what was approved."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.submissions import Submission, SubmissionRow

# Of the submission itself; its rows come after it, line by line.
FROZEN = (
    *("report", "title", "agency_id", "agency_name", "period_key", "period_from", "period_to", "specialist_id"),
    *("options", "edition", "is_nil", "content", "texts", "rules", "approved_by_name"),
)
OF_ROW = (
    *("graduate_id", "position", "name", "birth_date", "cells", "wording", "state", "reason", "is_by_hand"),
    *("change", "changes"),
)


def digest(session: Session, *, submission: Submission, approved_at: Any, **changed: Any) -> str:
    """SHA-256 over canonical JSON; `changed`: columns that are to be stored together with it."""
    said = {name: changed.get(name, getattr(submission, name)) for name in FROZEN}
    hashed = hashlib.sha256(_canonical({**said, "approved_at": f"{approved_at.timestamp():.6f}"}))
    r = SubmissionRow
    query = select(*(getattr(r, name) for name in OF_ROW)).where(r.submission_id == submission.id)
    query = query.order_by(r.position, r.id).execution_options(yield_per=500)
    for row in session.execute(query):
        hashed.update(b"\n" + _canonical(dict(zip(OF_ROW, row, strict=True))))
    return hashed.hexdigest()


def _canonical(said: dict[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode()


def is_whole(session: Session, *, submission: Submission) -> bool:
    """Whether what is stored still has the digest that was noted at the approval."""
    if submission.approved_at is None:
        return True
    return digest(session, submission=submission, approved_at=submission.approved_at) == submission.sha256
