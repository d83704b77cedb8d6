"""A fact from whose day terms run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from services.deadlines.people import Scope


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened (or is planned) on a day; `source` names its record: placement:7."""

    source: str
    on: date
    graduate_id: int | None = None
    agency_id: int | None = None  # Who recorded it, or whose it is.
    place_id: int | None = None  # Where the person lived or studied.
    other_id: int | None = None  # The other side.
    is_rolling: bool = False  # It moves on whenever the record is confirmed.
    over_on: date | None = None  # What would fall due from this day on is asked for no more: the contract has ended.
    kind: str = ""  # Of the letter that tells it: primer-2027/need-notice.
    last_on: date | None = None  # The last day that the letter itself names.
    category_code: str | None = None  # The person's category on that day, where a rule may ask for it.


Rows = Select[*tuple[Any, ...]]
Reader = Callable[[Session, Scope], Iterator[Fact]]
