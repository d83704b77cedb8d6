"""What a letter tells of a person: fields of its kind, filled in from the card as it is on the day (vologda 4.6).

A kind names for each field where it comes from (`source`); what no card knows is typed by whoever writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.graduates import Graduate
from services.exchange.kinds import ReferralKind


@dataclass(frozen=True)
class Desk:
    session: Session
    on: date


Teller = Callable[[Desk, Graduate], str]


def _name(desk: Desk, graduate: Graduate) -> str:
    return graduate.full_name


def _birth_date(desk: Desk, graduate: Graduate) -> str:
    return f"{graduate.birth_date:%d.%m.%Y}"


SOURCES: Mapping[str, Teller] = {"name": _name, "birth_date": _birth_date}


def facts_of(
    session: Session, *, kind: ReferralKind, graduates: Sequence[Graduate], on: date
) -> dict[int, list[tuple[str, str]]]:
    """card number → (label, value) of each field of the kind, in its order; empty where nothing is known."""
    desk = Desk(session, on)
    return {
        graduate.id: [
            (one.label, SOURCES[one.source](desk, graduate) if one.source in SOURCES else "") for one in kind.fields
        ]
        for graduate in graduates
    }


def short_name(full_name: str) -> str:
    """«Ёлкина Дарья Игоревна» → «Ёлкина Д. И.»"""
    last, *rest = full_name.split()
    return " ".join([last, *(f"{part[0]}." for part in rest)])
