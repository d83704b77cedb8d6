"""Publications and updates of public information, in a journal of their own (vologda 2.1, 2.2; kizil 1.6)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from models.access import Viewer
from models.library import Medium, Publication
from models.library_access import may_withdraw
from services import numbering
from services.errors import need
from services.library.common import EARLIEST, held, link, need_keeper
from services.work import entry


def record(
    session: Session,
    *,
    agency_id: int,
    published_on: date,
    medium: Medium | None,
    title: str,
    source: str = "",
    link_text: str = "",
    specialist: str = "",
    note: str = "",
    by: Viewer,
    now: datetime,
) -> Publication:
    """What was published, with the next number of the year. Raises Refused."""
    need_keeper(by, agency_id)
    entry.check_day(published_on, by=by, field="published_on")
    need(published_on >= EARLIEST, "Такой давний день записать нельзя.", field="published_on")
    publication = Publication(agency_id=agency_id, published_on=published_on)
    _write(publication, medium, title, source, link_text, note)
    entry.keep(session, publication, on=published_on, specialist=specialist, by=by, now=now)
    return publication


def change(
    session: Session,
    *,
    publication: Publication,
    medium: Medium | None,
    title: str,
    source: str = "",
    link_text: str = "",
    note: str = "",
    by: Viewer,
) -> None:
    """Describe it anew; the day, on which its number rests, stays. Raises Refused."""
    need_keeper(by, publication.agency_id)
    publication = held(session, publication)
    need(publication.annulled_on is None, "Запись аннулирована: менять её нельзя.")
    _write(publication, medium, title, source, link_text, note)
    session.flush()


def _write(publication: Publication, medium: Medium | None, title: str, source: str, link_text: str, note: str) -> None:
    need(medium is not None, "Выберите, где опубликовано.", field="medium")
    need(title.strip(), "Напишите, о чём публикация.", field="title")
    assert medium is not None
    publication.medium, publication.title = medium, title.strip()
    publication.source, publication.link, publication.note = source.strip(), link(link_text), note.strip()


def annul(session: Session, *, publication: Publication, reason: str, by: Viewer) -> None:
    """A publication written down by mistake keeps its number. Raises Refused."""
    need(may_withdraw(by, publication.agency_id), "Аннулировать запись может руководитель или координатор.")
    publication = held(session, publication)
    numbering.strike(session, record=publication, reason=reason, by=by)
