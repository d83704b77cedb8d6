"""Every figure of a report is the number of the records behind it."""

from __future__ import annotations

from sqlalchemy import func

from models.work import ServiceRecord
from reports.base import Desk
from reports.figures import Drilled, Figure, FiguresReport, Part, Unit


def behind(desk: Desk, drilled: Drilled, column: str) -> int:
    """How many records, or people; of services, how many they are together."""
    records = drilled.records
    if column == "services":
        counted = func.coalesce(func.sum(ServiceRecord.quantity), 0)
    else:
        counted = func.count(records.person.distinct()) if drilled.of_people else func.count()
    return int(desk.session.scalar(records.select(counted)) or 0)


def counts(parts: list[Part]) -> list[Figure]:
    """The figures that count something and can be shown."""
    found = [figure for part in parts for line in part.lines for figure in line.figures]
    return [figure for figure in found if figure.key and figure.unit is Unit.COUNT]


def check_every_figure(report: FiguresReport, desk: Desk) -> list[Part]:
    parts = report.parts(desk)
    for figure in counts(parts):
        drilled = report.drill(desk, figure.key)
        assert drilled is not None, figure.key
        assert behind(desk, drilled, figure.key.rpartition(".")[2]) == figure.value, figure.key
    return parts


def part(parts: list[Part], key: str) -> Part:
    return next(one for one in parts if one.key == key)
