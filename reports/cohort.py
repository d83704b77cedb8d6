"""«Выпуски по годам и их итоги» (kizil, explanatory note): what has become of those who left in each year.

A line is a year of leaving; counted are cards of the organisation's graduates (N of reports.indicators, all ages) as
the facts hold on the day. Successful is whoever reports.success calls so by the newest monitoring card and the newest
word of a specialist, however long ago: those who left support are not looked at any more. Offences count that were
recorded within the last half-year, as in the programme's indicators.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar

from sqlalchemy import ColumnElement, Integer, cast, exists, extract, or_

from models.circumstances import Employment, FamilyStatus, Housing, Study
from models.graduates import Graduate
from models.reckoning import months_later
from models.support import OffenceRecord
from reports import scope
from reports.base import Desk, Option
from reports.figures import Count, FiguresReport, Records, SplitTable, Table, Trend, Unit
from reports.indicators import Indicators, indicators_of
from reports.norms import Whole
from reports.period import FIRST_YEAR, Period
from reports.registry import holding
from reports.success import LOOKED_BACK, Success

WORKS = ("employed", "informal", "self_employed")
OWN_HOME = ("owned", "assigned", "special_lease", "payment", "social_lease")
PAIRS = ("married", "partnership")
YEARS = Option("years", "За сколько лет", (("5", "последние 5 лет"), ("10", "последние 10 лет"), ("20", "20 лет")))


class Cohort(FiguresReport):
    code = "cohort"
    title = "Выпуски по годам и их итоги"
    short_title = "Выпуски по годам"
    note = "Сколько человек вышло в каждом году и как они живут теперь (программа Кизила, пояснительная записка)."
    options: ClassVar = (YEARS,)

    def tables(self, desk: Desk) -> Sequence[Table]:
        years = years_of(desk)
        found = indicators_of(desk)
        left = _left_in(desk, found, years)
        success = _success(desk, found, left)
        return (
            SplitTable(
                "cohort",
                "Выпускники по году выпуска",
                "Год выпуска",
                _with_facts(desk, success.joined(left)),
                by=cast(extract("year", Graduate.left_on), Integer),
                labels=[(year, str(year)) for year in years],
                counts=_counts(desk, success),
                note=_note(desk),
            ),
        )

    def trends(self, desk: Desk) -> list[Trend]:
        """The same years as a chart."""
        part = self.tables(desk)[0].part(desk.session)
        years = [line for line in part.lines if not line.is_total]
        titles = (("Вышли", 0), ("На сопровождении", 1), ("Успешны", -1))
        series = tuple((title, tuple(year.figures[place].value for year in years)) for title, place in titles)
        return [Trend(part.title, Unit.COUNT, tuple(year.label for year in years), series)]


def years_of(desk: Desk) -> range:
    year = desk.parameters.on.year
    wanted = int(desk.parameters.chosen.get(YEARS.code) or YEARS.default)
    return range(min(max(year - wanted + 1, FIRST_YEAR), year), year + 1)


def _left_in(desk: Desk, found: Indicators, years: range) -> Records:
    """The organisation's graduates who left in these years, whomever the regulation counts in its first indicator."""
    everybody = replace(found, norms=replace(found.norms, whole=Whole.ALL)).graduates
    left = Graduate.left_on.between(date(years[0], 1, 1), desk.parameters.on)
    return replace(everybody.narrowed(left), day=Graduate.left_on)


def _with_facts(desk: Desk, people: Records) -> Records:
    """What holds of each on the day, beside them: read once for all columns."""
    on = desk.parameters.on
    held = tuple((model, model.id == holding(model, on)) for model in (Employment, Study, Housing, FamilyStatus))
    return replace(people, joins=(*people.joins, *held))


def _counts(desk: Desk, success: Success) -> tuple[Count, ...]:
    supported = scope.supported_on(desk, desk.parameters.on)
    studies = or_(Employment.status_code == "studying", Study.status_code == "studying")
    return (
        Count("left", "Вышли"),
        Count("supported", "На сопровождении", Graduate.id.in_(supported.select(supported.person))),
        Count("studies", "Учатся", studies),
        Count("works", "Работают", Employment.status_code.in_(WORKS)),
        Count("serves", "Служат", Employment.status_code == "military"),
        Count("housed", "Своё жильё", Housing.status_code.in_(OWN_HOME)),
        Count("family", "В браке", FamilyStatus.status_code.in_(PAIRS)),
        Count("parents", "С детьми", FamilyStatus.children > 0),
        Count("successful", "Успешны", success.holds),
    )


class LatestSuccess(Success):
    """By the newest card and word of all times; offences are those of the last half-year."""

    @property
    def _has_offence(self) -> ColumnElement[bool]:
        o = OffenceRecord
        lately = o.recorded_on.between(months_later(self.on, -LOOKED_BACK) + timedelta(days=1), self.on)
        return exists().where(o.graduate_id == Graduate.id, lately).correlate(Graduate)


def _success(desk: Desk, found: Indicators, people: Records) -> Success:
    ever = Period(date(FIRST_YEAR, 1, 1), desk.parameters.on)
    of_all_times = replace(desk, parameters=replace(desk.parameters, period=ever))
    return LatestSuccess(of_all_times, found.scale, found.norms.success, people.select(people.person))


def _note(desk: Desk) -> str:
    return (
        f"Как люди живут, сказано на {desk.parameters.on:%d.%m.%Y}. Своё жильё: в собственности, закреплено, "
        "по договору найма или куплено на выплату. Успешен тот, кого так оценивают по последней карте мониторинга "
        "или по последнему решению специалиста."
    )
