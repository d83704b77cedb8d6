"""«Сведения о работе службы» (krasnoyarsk 3.6 [8]): a support service tells its base orphanage.

People by category on the last day, help by kind, letters, readiness for independent life; by default for a quarter.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.territory import AgencyKind
from reports import letter_tables, movement, paper_tables, score_tables, service_tables
from reports.base import Desk, Timing
from reports.figures import FiguresReport, Table, Text, Trend
from reports.trends import people_on_support, services_rendered


class ServiceActivity(FiguresReport):
    code = "service-activity"
    title = "Сведения о работе службы сопровождения"
    short_title = "Работа службы"
    note = "Служба передаёт сведения базовому детскому дому, по умолчанию за квартал."
    timing = Timing.PERIOD
    months = 3
    is_submitted = True
    agency_kinds = frozenset({AgencyKind.SUPPORT_SERVICE, AgencyKind.CARE_CENTRE})
    texts = (Text("summary", "Что важно сообщить", "Трудности, просьбы, предложения"),)

    def tables(self, desk: Desk) -> Sequence[Table]:
        people = movement.on_last_day(desk)
        level, levels = movement.level(desk.parameters.on), movement.levels(desk)
        return [
            movement.movement(desk),
            movement.of_people(people, "levels", "На сопровождении по категориям", "Категория", level, levels),
            service_tables.by_kind(desk),
            paper_tables.papers(desk),
            letter_tables.sent(desk),
            letter_tables.received(desk),
            *score_tables.readiness(desk),
        ]

    def trends(self, desk: Desk) -> list[Trend]:
        return [people_on_support(desk), services_rendered(desk)]
