"""«Сколько услуг оказано» (aistenok 13.3, kizil 1.8, krasnoyarsk 5.2): by kind, form, specialist, direction, programme.

Every figure is counted from the journal of services (Ж-12) and leads to its lines; services rendered at an appeal are
told apart, since the appeals' journal is where help is asked for (krasnoyarsk 5.2).
"""

from __future__ import annotations

from collections.abc import Sequence

from reports import service_tables
from reports.base import Desk, Option, Timing
from reports.figures import FiguresReport, Table, Trend
from reports.service_tables import APPEALED, NOTE, USUAL
from reports.trends import services_rendered

SPLITS = {
    "kind": ("по видам", service_tables.by_kind),
    "form": ("по формам обслуживания", service_tables.by_form),
    "specialist": ("по специалистам", service_tables.by_specialist),
    "direction": ("по направлениям плана", service_tables.by_direction),
    "programme": ("по программам занятий", service_tables.by_programme),
}
SPLIT = Option("split", "Разбить", tuple((code, label) for code, (label, _) in SPLITS.items()))


class ServicesCount(FiguresReport):
    code = "services-count"
    title = "Сколько услуг оказано"
    short_title = "Счёт услуг"
    note = f"Числа считаются из журнала услуг и ведут к его строкам. {NOTE}"
    timing = Timing.PERIOD
    months = 3
    is_of_one_agency = False
    options = (SPLIT,)

    def tables(self, desk: Desk) -> Sequence[Table]:
        _, table = SPLITS[desk.parameters.chosen.get(SPLIT.code, SPLIT.default)]
        return [table(desk, (*USUAL, APPEALED))]

    def trends(self, desk: Desk) -> list[Trend]:
        return [services_rendered(desk)]
