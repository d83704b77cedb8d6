"""Where the records lie that show a duty without a date."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import current_app, url_for

from reports.catalogue import REPORTS
from services.regulations.pack import Element, Pack

# Registers that everybody may open, by the table that a pack names; other tables are parts of a graduate's card.
REGISTERS = {
    "agreement": ("agreement.index_view", "Соглашения"),
    "agreement_party": ("agreement.index_view", "Соглашения"),
    "occurrence": ("occurrence.index_view", "События"),
    "deadline": ("deadline.index_view", "Сроки"),
    "graduate": ("graduate.index_view", "Выпускники"),
}
OWN_CARD = frozenset({"agency", "agency_district"})
OF_GRADUATES = frozenset(
    {
        *("address", "assignment", "category_decision", "consent", "contact", "dependant", "employment"),
        *("family_status", "housing", "identity_document", "placement", "problem", "section_check", "situation"),
        *("study", "support_measure", "responsibility"),
    }
)
PAGES = {
    "calendar.index": "Календарь сроков",
    "compliance.index": "Соответствие регламенту",
    "graduate.index_view": "Выпускники",
    "agency.index_view": "Участники",
    "deadline.index_view": "Сроки",
}


@dataclass(frozen=True)
class RecordLink:
    label: str
    url: str


def record_link(pack: Pack | None, rows: Collection[str], agency_id: int) -> RecordLink | None:
    """The register, page or report of the pack that serves the same requirements; None where there is none."""
    if pack is None:
        return None
    serving = [e for e in pack.elements if not e.is_planned and e.section != "rules" and set(e.serves) & set(rows)]
    for section in ("records", "reports", "pages"):
        for element in serving:
            if element.section == section and (found := _of(element, agency_id)):
                return found
    return None


def _of(element: Element, agency_id: int) -> RecordLink | None:
    if element.section == "reports" and element.code in REPORTS:
        return RecordLink(REPORTS[element.code].short_title, url_for("reports.show", code=element.code))
    for name in element.binds:
        if element.section == "pages" and name in PAGES and name in current_app.view_functions:
            return RecordLink(PAGES[name], url_for(name))
        table = name.partition(".")[0]
        if element.section == "records" and table in OWN_CARD:
            return RecordLink("Карточка организации", url_for("agency.details_view", id=agency_id))
        if element.section == "records" and table in REGISTERS:
            endpoint, label = REGISTERS[table]
            return RecordLink(label, url_for(endpoint))
        if element.section == "records" and table in OF_GRADUATES:
            return RecordLink("Карточки выпускников", url_for("graduate.index_view"))
    return None
