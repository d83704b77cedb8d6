"""What a letter tells of people: fields of its kind, filled in from the cards as they are on the day (vologda 4.6).

A kind names for each field where it comes from (`source`); what no card knows is typed by whoever writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from models.graduates import Graduate
from services.exchange import fact_loading
from services.exchange.fact_loading import Desk
from services.exchange.fact_sources import SOURCES
from services.exchange.kinds import ReferralKind
from services.papers.spelling import TURKIC


def facts_of(
    session: Session, *, kind: ReferralKind, graduates: Sequence[Graduate], on: date
) -> dict[int, list[tuple[str, str]]]:
    """card number → (label, value) of each field of the kind, in its order; empty where nothing is known."""
    told_by = [(one.label, SOURCES.get(one.source)) for one in kind.fields]
    desk = Desk(session, on, [graduate.id for graduate in graduates])
    fact_loading.load(session, desk.numbers, [option for _, source in told_by if source for option in source.loads])
    return {
        graduate.id: [(label, source.tell(desk, graduate) if source else "") for label, source in told_by]
        for graduate in graduates
    }


def short_name(full_name: str) -> str:
    """«Ёлкина Дарья Игоревна» → «Ёлкина Д. И.», «Каримов Тимур Фарид оглы» → «Каримов Т. Ф.»"""
    last, *rest = TURKIC.sub("", full_name).split()
    return " ".join([last, *(f"{part[0]}." for part in rest)])
