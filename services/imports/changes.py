"""One difference between a card and what an office says of the person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import object_session

from models.text import normalise

LONGEST_LINE = 500


@dataclass(frozen=True)
class Statement:
    """Who says it, on which day, and what was found for the words of the row."""

    on: date
    agency_id: int
    district_id: int | None = None  # of the address
    school_id: int | None = None  # the place of study, where it is one of our agencies
    is_new: bool = False  # of a person of whom there was no card


@dataclass(frozen=True)
class Change:
    """One difference under a printed heading, and how it is written into the card."""

    heading: str
    old: str
    new: str
    write: Callable[[], None]


def same(old: str, new: str) -> bool:
    """Letter case, ё, spaces, hyphens and a full stop at the end are no difference."""
    return normalise(old).strip(" .;,") == normalise(new).strip(" .;,")


def put(row: Any, **values: Any) -> None:
    """Set columns; a loaded object behind a changed reference is forgotten, or it would go on speaking for the old."""
    for name, value in values.items():
        setattr(row, name, value)
    session = object_session(row) if inspect(row).persistent else None
    references = {name.rsplit("_", 1)[0] for name in values if name.endswith(("_code", "_id"))}
    behind = references & set(inspect(type(row)).relationships.keys())
    if session is not None and behind:
        session.expire(row, behind)
