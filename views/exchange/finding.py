"""From the number of a letter to its page: for the search of the top bar."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import select

from models.exchange import IncomingLetter, OutgoingLetter
from views import edge
from views.exchange.addresses import letter_url
from views.extensions import db


def found_letter(*, is_incoming: bool, number: str) -> str:
    """The newest letter of the own organisation with the number («12», «12/2026»), or a box that says there is none."""
    journal: Any = IncomingLetter if is_incoming else OutgoingLetter
    typed, _, year = number.partition("/")
    query = select(journal.referral_id).where(
        journal.agency_id == edge.viewer().agency_id, journal.number == int(typed)
    )
    if year:
        query = query.where(journal.year == int(year))
    found = db.session.scalars(query.order_by(journal.year.desc()).limit(1)).first()
    if found is not None:
        return letter_url(found)
    return url_for("inbox.index_view" if is_incoming else "outbox.index_view", q=number)
