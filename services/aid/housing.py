"""The list of papers that somebody needs for a dwelling; what is on it, a pack says (kizil 2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.aid import HousingDocument, PaperState
from services.errors import need
from services.library.common import held, need_days
from services.profiles import own_packs
from services.work import entry

LISTED = "housing-checklist"  # The element of a pack whose items are the list.
GOT = (PaperState.COLLECTED, PaperState.HANDED_IN)


@dataclass(frozen=True)
class Line:
    """What a form says of a paper."""

    title: str
    state: PaperState = PaperState.NEEDED
    got_on: date | None = None
    valid_until: date | None = None
    note: str = ""


def usual_titles(session: Session, *, agency_id: int, on: date) -> list[str]:
    """The list of the organisation's regulations; empty where they have none."""
    packs = own_packs(session, agency_id=agency_id, on=on)
    entries = [entry for pack in packs for entry in pack.section("records") if entry["code"] == LISTED]
    return list(dict.fromkeys(title for entry in entries for title in entry.get("items", ())))


def prefill(session: Session, *, agency_id: int, graduate_id: int, by: Viewer) -> int:
    """Put the usual papers on somebody's list, those that are not there yet; how many. Raises Refused."""
    entry.check_right(by, agency_id)
    graduate = entry.person(session, graduate_id=graduate_id, on=by.on, by=by, day_field="")
    titles = usual_titles(session, agency_id=agency_id, on=by.on)
    need(titles, "В регламентах вашей организации перечня бумаг на жильё нет: добавьте бумаги по одной.")
    known = set(session.scalars(select(HousingDocument.title).where(HousingDocument.graduate_id == graduate.id)))
    fresh = [(place, title) for place, title in enumerate(titles, start=1) if title not in known]
    for place, title in fresh:
        session.add(HousingDocument(agency_id=agency_id, graduate=graduate, title=title, position=place))
    session.flush()
    return len(fresh)


def add(session: Session, *, agency_id: int, graduate_id: int, line: Line, by: Viewer) -> HousingDocument:
    """A paper more. Raises Refused."""
    entry.check_right(by, agency_id)
    graduate = entry.person(session, graduate_id=graduate_id, on=by.on, by=by, day_field="got_on")
    places = select(HousingDocument.position, HousingDocument.title)
    known = session.execute(places.where(HousingDocument.graduate_id == graduate.id)).all()
    need(line.title.strip() not in {title for _, title in known}, "Эта бумага в списке уже есть.", field="title")
    paper = HousingDocument(agency_id=agency_id, graduate=graduate)
    paper.position = 1 + max((place for place, _ in known), default=0)
    _write(paper, line, by)
    session.add(paper)
    session.flush()
    return paper


def change(session: Session, *, paper: HousingDocument, line: Line, by: Viewer) -> None:
    """What has become of a paper. Raises Refused."""
    entry.check_right(by, paper.agency_id)
    paper = held(session, paper)
    _write(paper, line, by)
    session.flush()


def _write(paper: HousingDocument, line: Line, by: Viewer) -> None:
    need(line.title.strip(), "Назовите документ.", field="title")
    need(line.got_on is None or line.got_on <= by.on, "Этот день ещё не наступил.", field="got_on")
    is_got = line.state in GOT
    need(not is_got or line.got_on, "Укажите, когда документ собран или сдан.", field="got_on")
    need_days(by.on, got_on=line.got_on, valid_until=line.valid_until)
    is_right = line.valid_until is None or line.got_on is None or line.valid_until >= line.got_on
    need(is_right, "Документ истёк раньше, чем получен.", field="valid_until")
    paper.title, paper.state, paper.note = line.title.strip(), line.state, line.note.strip()
    paper.got_on, paper.valid_until = line.got_on, line.valid_until
