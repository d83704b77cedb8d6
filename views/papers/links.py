"""Links to the papers of a record, for its page."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import select

from models.cases import Contract
from models.dictionaries import ConsentPurpose
from models.exchange import OutgoingLetter, Referral
from models.graduates import Graduate
from models.journals import Journal
from models.work import Consultation
from services.papers.access import may_print
from services.papers.catalogue import PAPERS
from views import edge
from views.extensions import db

Links = list[tuple[str, str]]


def papers_of(record: Any) -> Links:
    """(what it is, address) of every paper that the user may print of a record."""
    if not may_print(db.session(), viewer=edge.viewer(), record=record):
        return []
    links = _own(record)
    if isinstance(record, Contract):
        for change in record.amendments:
            links += [(f"Дополнительное соглашение № {change.number}", paper_url("amendment", change.id))]
    if isinstance(record, Consultation) and record.minutes is not None:
        links += _own(record.minutes)
    if isinstance(record, OutgoingLetter) and record.message_id is None:
        links += _own(record.referral)
    if isinstance(record, Referral):
        answers = [letter for letter in record.outgoing if letter.message_id is not None]
        links += [(f"Ответ № {letter.number_text}", paper_url("answer-letter", letter.id)) for letter in answers]
    return links


def _own(record: Any) -> Links:
    found: Links = []
    for paper in PAPERS.values():
        if paper.model is type(record) and paper.code != "journal-cover" and paper.offered(record):
            found += _consents(record) if paper.code == "consent" else [(paper.title, paper_url(paper.code, record.id))]
    return found


def _consents(graduate: Graduate) -> Links:
    """A sheet for each purpose."""
    query = select(ConsentPurpose).where(ConsentPurpose.is_retired.is_(False)).order_by(ConsentPurpose.position)
    return [
        (f"Согласие: {purpose.label}", paper_url("consent", graduate.id, purpose=purpose.code))
        for purpose in db.session.scalars(query)
    ]


def paper_url(code: str, record_id: int, **chosen: str) -> str:
    values: dict[str, Any] = {"code": code, "record_id": record_id, **chosen}
    return url_for("papers.download", **values)


def journal_cover_url(agency_id: int, journal: Journal, year: int, **more: str) -> str:
    """`more`: volume, started_on, ended_on, sheets – as they are printed."""
    return paper_url("journal-cover", agency_id, journal=journal.value, year=str(year), **more)
