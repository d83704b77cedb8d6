"""Where the records lie that show a duty without a date."""

from __future__ import annotations

from collections.abc import Collection

from services.regulations.pack import Pack
from views.element_links import RecordLink, element_link

__all__ = ["RecordLink", "record_link"]
# What shows a duty best comes first.
SHOWING = (
    "records",
    "documents",
    "journals",
    "reports",
    "forms",
    "pages",
    "measures",
    "services",
    "referrals",
    "access",
)


def record_link(pack: Pack | None, rows: Collection[str], agency_id: int) -> RecordLink | None:
    """The register, page or report of the pack that serves the same requirements; None where there is none."""
    if pack is None:
        return None
    serving = [one for one in pack.elements if not one.is_planned and set(one.serves) & set(rows)]
    for section in SHOWING:
        for element in serving:
            if element.section == section and (found := element_link(element, agency_id=agency_id)):
                return found
    return None
