"""What a user may do and see, in one word: a file made under other rights is not handed out."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.support import FieldGroupMember
from models.users import User


def digest_of(session: Session, *, user: User, on: date) -> str:
    """Role, organisation, its districts and reach, closed fields; the day itself does not count."""
    viewer = Viewer.of(session, user, on)
    groups = session.scalars(select(FieldGroupMember.field_group).where(FieldGroupMember.user_id == user.id))
    said = [
        viewer.role.value,
        viewer.agency_id,
        viewer.agency_kind.value,
        viewer.sees_whole_region,
        viewer.is_data_bank_operator,
        sorted(viewer.district_ids),
        sorted({group.value for group in groups}),
        user.is_locked,
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
