"""«Ежемесячный отчёт специалиста» (aistenok 14; domain §6.1): services, work, changes, and words of one's own.

Work is the specialist's whose account an entry names; changes are of the people assigned to the specialist at some time
of the month.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.cases import SupportEpisode
from reports import movement, scope, service_tables
from reports.base import Desk, Timing
from reports.figures import CountLine, FiguresReport, LineTable, Records, Table, Text, Trend
from reports.grids import titled
from reports.service_tables import PEOPLE, SERVICES
from reports.trends import services_rendered
from reports.work_lines import of_ward, work


class SpecialistMonth(FiguresReport):
    code = "specialist-month"
    title = "Месячный отчёт специалиста"
    short_title = "Отчёт специалиста"
    note = (
        "Работа сочтена по записям, в которых назван специалист, а перемены – по людям, которые за ним закреплены. "
        "«Впервые» – до этого месяца организация услуг человеку не оказывала."
    )
    timing = Timing.PERIOD
    months = 1
    is_of_specialist = True
    is_submitted = True
    texts = (
        Text("difficulties", "Трудности", "Что мешало и чем помочь"),
        Text("next", "План на следующий месяц", "Что будет сделано"),
    )

    def tables(self, desk: Desk) -> Sequence[Table]:
        counts = (SERVICES, PEOPLE, service_tables.for_the_first_time(desk), service_tables.in_crisis())
        services = service_tables.by_kind(desk, counts, note="Услуги сложены из строк журнала услуг.")
        wards = _wards(desk, scope.supported_during(desk, desk.parameters.span))
        return [
            titled(services, "А. Услуги"),
            work(desk),
            _changes(desk),
            titled(movement.transfers(desk, wards), "В. Изменения: уровни сопровождения"),
        ]

    def trends(self, desk: Desk) -> list[Trend]:
        return [services_rendered(desk)]


def _changes(desk: Desk) -> Table:
    lines = (
        CountLine("accepted", "Принято на сопровождение", _wards(desk, movement.accepted(desk)), of_people=True),
        CountLine("removed", "Снято с сопровождения", _wards(desk, movement.removed(desk)), of_people=True),
    )
    return LineTable("changes", "В. Изменения", "Показатель", lines, "Человек")


def _wards(desk: Desk, episodes: Records) -> Records:
    return scope.of_kept_cards(episodes).narrowed(of_ward(desk, SupportEpisode.graduate_id))
