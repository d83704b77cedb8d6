"""Who is taken on for support and who was taken off: read-only, the contracts make it (aistenok 13.2; Ж-4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement

from models.access import Viewer
from models.cases import SupportEpisode
from views import edge, labels, listing
from views.base import NOBODY
from views.case_base import CaseView
from views.case_chips import contract_link
from views.cases import cells
from views.formats import chip, ru_date
from views.listing import Column, Filter


class EpisodeView(CaseView):
    title, icon, default_sort = "Принятые на сопровождение", "user-check", "-accepted"
    search_placeholder_text = "Номер, фамилия"
    creators = editors = NOBODY

    def may_edit_record(self, viewer: Viewer, record: SupportEpisode) -> bool:
        return False

    def columns(self) -> Sequence[Column]:
        e = SupportEpisode
        return (
            cells.number_column(e),
            cells.day("accepted", "Принят", e.accepted_on, is_sorted=True),
            cells.person(e),
            Column("origin", "Откуда прибыл", e.origin, css="cell-medium", width=34),
            cells.day("removed", "Снят", e.removed_on),
            cells.coded("ground", "Причина снятия", e.removal_ground_code, "termination_ground", 30),
            Column("result", "Результат", e.result, css="cell-medium", width=40),
            cells.coded("agency", "Организация", e.agency_id, "agency", 34),
        )

    def filters(self) -> Sequence[Filter]:
        e = SupportEpisode
        grounds = listing.choice("ground", "Причина снятия", e.removal_ground_code, _grounds)
        return (
            listing.flag("on", "На сопровождении", lambda: e.removed_on.is_(None) & e.annulled_on.is_(None)),
            listing.period("accepted", "Принят", e.accepted_on),
            listing.period("removed", "Снят", e.removed_on),
            grounds,
            cells.annulled_filter(e),
            *cells.agency_filter(e),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return cells.found_by(text, SupportEpisode, edge.viewer())

    def list_context(self, found: Any, page: Any) -> dict[str, Any]:
        return {**super().list_context(found, page), "can_create": False}

    def record_title(self, record: SupportEpisode) -> str:
        return f"Принятие на сопровождение № {record.number_text} от {ru_date(record.accepted_on)}"

    def card_context(self, record: SupportEpisode) -> dict[str, Any]:
        context = super().card_context(record)
        context["header"]["facts"] = [cells.person_fact(record.graduate_id)]
        if record.annulled_on is None:
            is_on = record.removed_on is None
            context["header"]["chips"] = [
                chip("на сопровождении", "green", "circle-check") if is_on else chip("снят", "grey", "archive")
            ]
        names = ("accepted_on", "origin", "removed_on", "removal_ground_code", "result", "note", "agency_id")
        facts = cells.filled(record, *names)
        facts += [("Договор", contract_link(record.contract)), *cells.journal_fact(record)]
        context["blocks"] = [cells.block("Сопровождение", "episode", facts)]
        return context


def _grounds() -> list[tuple[str, str]]:
    return labels.options("termination_ground")
