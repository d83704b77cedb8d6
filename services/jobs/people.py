"""Whether everybody whom a file names may still be seen by its owner."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import BigInteger, Integer, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.graduates import Graduate


def all_visible(session: Session, *, viewer: Viewer, ids: Sequence[int]) -> bool:
    """One statement, however many they are."""
    if not ids or viewer.reads_everybody:
        return True
    if session.get_bind().dialect.name == "postgresql":
        numbers = func.unnest(cast(bindparam("ids", list(ids)), ARRAY(BigInteger))).column_valued("number")
        wanted = select(numbers)
    else:
        listed = func.json_each(bindparam("ids", json.dumps(list(ids)))).table_valued("value", name="listed")
        wanted = select(cast(listed.c.value, Integer))
    query = select(func.count()).select_from(Graduate).where(Graduate.id.in_(wanted), visible_to(viewer))
    return (session.scalar(query) or 0) == len(ids)
