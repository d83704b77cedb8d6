"""What the database refuses, in words: name of a constraint → (field of the form, sentence)."""

from __future__ import annotations

import re

from sqlalchemy.exc import DBAPIError, IntegrityError

from models import Model

Message = tuple[str | None, str]


def name_of(error: BaseException) -> str | None:
    """The name of the violated constraint, on either database."""
    if not isinstance(error, IntegrityError):
        return None
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name or "") or None
    return None


def is_missing_table(error: DBAPIError) -> bool:
    said = str(error.orig)
    return "no such table" in said or type(error.orig).__name__ == "UndefinedTable"


def message_for(error: IntegrityError) -> Message:
    return None, "Такие данные противоречат правилам базы."
