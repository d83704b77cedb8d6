"""`/territories/`: who serves which district on a day; where nobody does, and where several do (vologda 4.10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import Blueprint, Flask, render_template, request, url_for
from sqlalchemy import select

from models.territory import Agency, AgencyDistrict, AgencyKind, District
from models.text import plural
from services.exchange.kinds import kinds_of
from services.exchange.territories import Coverage, coverage
from services.regulations.loading import current_packs
from views import edge
from views.extensions import db
from views.fields import parse_date, printable
from views.formats import ru_date

pages = Blueprint("territories", __name__, url_prefix="/territories")
BAD_DAY = "Дата не читается. Напишите её как 01.10.2026."


@dataclass(frozen=True)
class Row:
    district: District
    cells: Sequence[Coverage]

    @property
    def faults(self) -> int:
        return sum(cell.count != 1 for cell in self.cells)


@pages.get("/")
def index() -> tuple[str, int]:
    typed = printable(request.args.get("on", "")).strip()
    on, error = _day(typed)
    kinds, elsewhere = _kinds()
    rows, everywhere = _apart(_rows(kinds, on))
    only_faults = request.args.get("faults") == "1"
    cells = [cell for row in rows for cell in row.cells]
    page = render_template(
        "directory/territories.html",
        page_title="Территории",
        breadcrumbs=[("Справочник участников", url_for("directory.index")), ("Территории", None)],
        on=on,
        typed_day=typed if error else ru_date(on),
        error=error,
        kinds=[kind for kind in kinds if kind not in everywhere],
        everywhere=everywhere,
        elsewhere=[kind.label for kind in elsewhere],
        rows=[row for row in rows if row.faults or not only_faults],
        gaps=sum(cell.is_gap for cell in cells),
        overlaps=sum(cell.count > 1 for cell in cells),
        only_faults=only_faults,
        dates=_dates,
        gap_text=gap_text,
        overlap_text=overlap_text,
    )
    return page, 400 if error else 200


def _day(text: str) -> tuple[date, str]:
    if not text:
        return edge.today(), ""
    try:
        return parse_date(text), ""
    except ValueError:
        return edge.today(), BAD_DAY


def _kinds() -> tuple[list[AgencyKind], list[AgencyKind]]:
    """Kinds that rules and letters name: those that are spread over districts, and those that are not."""
    addressed = set(_addressed())
    s = AgencyDistrict
    query = select(Agency.kind).join(s, s.agency_id == Agency.id).where(Agency.is_active).distinct()
    spread = set(db.session.scalars(query))
    in_order = [kind for kind in AgencyKind if kind in addressed or kind in spread]
    return [kind for kind in in_order if kind in spread], [kind for kind in in_order if kind not in spread]


def _addressed() -> Iterable[AgencyKind]:
    for pack in current_packs(db.session()):
        for kind in kinds_of(pack):
            yield from kind.to_kinds
        for rule in pack.rules:
            yield from map(AgencyKind, rule.terms.obliged.kinds)


def _rows(kinds: Sequence[AgencyKind], on: date) -> list[Row]:
    found = coverage(db.session(), kinds=kinds, on=on)
    return [Row(district, list(cells)) for district, cells in groupby(found, key=lambda one: one.district)]


def _apart(rows: Sequence[Row]) -> tuple[list[Row], dict[AgencyKind, Agency]]:
    """The matrix without those who alone serve every district, and these by their kinds."""
    columns = list(zip(*(row.cells for row in rows), strict=True)) if len(rows) > 1 else []
    everywhere: dict[AgencyKind, Agency] = {}
    for column in columns:
        if all(cell.count == 1 for cell in column):
            there = {one.agency for cell in column for one in cell.serving}
            everywhere |= {column[0].kind: there.pop()} if len(there) == 1 else {}
    kept = [Row(row.district, [cell for cell in row.cells if cell.kind not in everywhere]) for row in rows]
    return kept, everywhere


def gap_text(cell: Coverage) -> str:
    since = f"никого после {ru_date(cell.since)}" if cell.since else "никого"
    return f"{since}, с {ru_date(cell.until)} назначена" if cell.until else since


def overlap_text(cell: Coverage) -> str:
    return f"сразу {cell.count} {plural(cell.count, 'организация', 'организации', 'организаций')}"


def _dates(one: AgencyDistrict) -> str:
    return f"с {ru_date(one.starts_on)}" + (f" по {ru_date(one.ends_on)}" if one.ends_on else "")


def init_app(app: Flask) -> None:
    app.register_blueprint(pages)
