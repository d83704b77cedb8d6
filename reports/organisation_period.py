"""«Отчёт организации за период» (aistenok 14; domain §6.2): a quarter, a half-year or a year in ten sections.

People are counted anew for each period, never added up from months. Who people are (sections 2–5) is told of those who
are on support on the last day, as the facts of their cards hold on it; what was done (6–9) is told of the period.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports import circumstance_tables, letter_tables, movement, paper_tables, score_tables, service_tables
from reports.base import Desk, Timing
from reports.figures import FiguresReport, Table, Text, Trend
from reports.grids import titled
from reports.indicators import indicator_table
from reports.trends import people_on_support, services_rendered


class OrganisationPeriod(FiguresReport):
    code = "organisation-period"
    title = "Отчёт организации за квартал, полугодие, год"
    short_title = "Отчёт организации"
    note = (
        "Квартал, полугодие, год или месяц. Люди за весь период сочтены заново, а не сложены по месяцам. "
        "Отчётный день, который пришёлся на выходной, переносится на рабочий день раньше: за 2025 год это 30.12.2025."
    )
    timing = Timing.PERIOD
    months = 3
    is_of_one_agency = False
    is_submitted = True
    texts = (Text("summary", "Выводы", "Что изменилось за период и почему"),)

    def tables(self, desk: Desk) -> Sequence[Table]:
        people = movement.on_last_day(desk)
        sections: list[list[Table]] = [
            [movement.movement(desk), movement.grounds(desk), *movement.make_up(desk)],
            circumstance_tables.occupation(desk, people),
            [circumstance_tables.housing(desk, people)],
            [circumstance_tables.family(desk, people)],
            [circumstance_tables.law(desk, people)],
            [service_tables.by_kind(desk), service_tables.by_form(desk)],
            [paper_tables.papers(desk)],
            [letter_tables.sent(desk), letter_tables.received(desk)],
            score_tables.monitoring(desk),
            [indicator_table(desk)],
        ]
        return [_numbered(number, table) for number, tables in enumerate(sections, 1) for table in tables]

    def trends(self, desk: Desk) -> list[Trend]:
        return [people_on_support(desk), services_rendered(desk)]


def _numbered(number: int, table: Table) -> Table:
    return titled(table, f"{number}. {table.title}")
