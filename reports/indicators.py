"""The indicators of the programme (kizil, passport, indicators 1–3 and result 1; domain §6.4), for any report.

On a day D, the last of the period P, of an organisation:

* N – its graduates: those who left it by D, those whom it is responsible for on D, those on its support. By the
  setting: all of them, those of the regulation's ages on D, or of these those in need. Without an organisation: all
  whom the viewer sees.
* in need: on support, or a problem is open on D, or the category in force on D is crisis or active.
* S – on support: on D, or at least a day in P, by the setting.
* H – of S, those who were given help in P: a service, consultation or group session, an appeal done, a measure done.
  A visit by itself watches, it does not help.
* U – of S, those who live successfully (reports.success).
* K1 = S / N, K2 = H / S, K3 = U / S. Where N is narrowed, K1 counts those of S who belong to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, union_all

from models.access import Viewer
from models.cases import Refusal, RefusalKind
from models.graduates import Graduate
from models.plans import Measure, Plan
from models.support import CategoryDecision, Responsibility
from models.users import Role
from models.work import Appeal, Consultation, GroupParticipant, GroupSession, ServiceRecord
from reports import scope
from reports.base import Desk, Option
from reports.eligibility import born_by, earliest_eligible_birth_date
from reports.figures import AnyLine, CountLine, LineTable, RatioLine, Records, Trend, Unit
from reports.norms import KpiNorms, Supported, Whole, kpi_norms_of, monitoring_scale
from reports.period import Period
from reports.scales import Scale
from reports.success import Success, open_problem

AS_REGULATED = ("", "как в регламенте")
WHOLE = Option("graduates", "Показатель 1 считать от", (AS_REGULATED, *((w.value, w.label) for w in Whole)))
SUPPORTED = Option(
    "supported", "Кого считать на сопровождении", (AS_REGULATED, *((s.value, s.label) for s in Supported))
)
PERIODS = 8  # of a trend


@dataclass(frozen=True)
class Indicators:
    """Whom the indicators count: N, S, H, U as sets of cards, each of which can be listed."""

    desk: Desk
    norms: KpiNorms
    scale: Scale

    @property
    def on(self) -> date:
        return self.desk.parameters.on

    # -- N -----------------------------------------------------------------------------------------------------------

    @cached_property
    def _cards(self) -> Records:
        """The organisation's graduates of any age, or all within reach."""
        return Records(Graduate, (Graduate.deleted_at.is_(None), *self._of_agency()), Graduate.id, Graduate.birth_date)

    def _of_agency(self) -> tuple[ColumnElement[bool], ...]:
        if self.desk.parameters.agency_id is None and _reaches_everybody(self.desk.viewer):
            return ()
        r, desk = Responsibility, self.desk
        is_now = and_(r.starts_on <= self.on, or_(r.ends_on.is_(None), r.ends_on >= self.on))
        has_left = or_(Graduate.left_on.is_(None), Graduate.left_on <= self.on)
        ids = union_all(
            select(Graduate.id).where(scope.within(desk, Graduate.graduating_agency_id), has_left),
            select(r.graduate_id).where(scope.within(desk, r.agency_id), is_now),
            self._episodes.select(self._episodes.person),
        )
        return (Graduate.id.in_(ids),)

    @cached_property
    def graduates(self) -> Records:
        """N, as the setting has it."""
        match self.norms.whole:
            case Whole.AGED:
                return self.aged
            case Whole.IN_NEED:
                return self.in_need
        return self._cards

    @cached_property
    def aged(self) -> Records:
        youngest, oldest = self.norms.ages
        return self._cards.narrowed(
            Graduate.birth_date <= born_by(self.on, youngest),
            Graduate.birth_date >= earliest_eligible_birth_date(self.on, oldest),
        )

    @cached_property
    def in_need(self) -> Records:
        return self.aged.narrowed(or_(self.is_supported, self._has_need))

    @cached_property
    def _has_need(self) -> ColumnElement[bool]:
        category = scope.fact(CategoryDecision, self.on, "category_code")
        return or_(open_problem(self.on), category.in_(("crisis", "active")))

    # -- S, H, U -----------------------------------------------------------------------------------------------------

    @cached_property
    def _episodes(self) -> Records:
        if self.norms.supported is Supported.ON_DAY:
            return scope.supported_on(self.desk, self.on)
        return scope.supported_during(self.desk, self.period)

    @property
    def period(self) -> Period:
        """The part of the period that has come."""
        span = self.desk.parameters.span
        return Period(span.starts_on, max(span.starts_on, min(span.ends_on, self.on)))

    @cached_property
    def is_supported(self) -> ColumnElement[bool]:
        return Graduate.id.in_(self._episodes.select(self._episodes.person))

    @cached_property
    def supported(self) -> Records:
        """S, with the newest monitoring card of each beside it."""
        people = Records(Graduate, (Graduate.deleted_at.is_(None), self.is_supported), Graduate.id, Graduate.birth_date)
        return self.success.joined(people)

    @cached_property
    def success(self) -> Success:
        people = self._episodes.select(self._episodes.person)
        return Success(self.desk, self.scale, self.norms.success, people)

    @cached_property
    def helped(self) -> Records:
        return self.supported.narrowed(or_(*self._help()))

    def _help(self) -> tuple[ColumnElement[bool], ...]:
        entries = (
            (ServiceRecord, ServiceRecord.provided_on),
            (Consultation, Consultation.held_on),
            (Appeal, Appeal.done_on),
        )
        made = [self._is_about_person(model, *self._of_work(model, day)) for model, day in entries]
        return (*made, self._took_part, self._has_measure_done)

    def _is_about_person(self, model: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(model.graduate_id == Graduate.id, *conditions).correlate(Graduate)

    def _of_work(self, model: Any, day: Any) -> tuple[ColumnElement[bool], ...]:
        return (scope.within(self.desk, model.agency_id), scope.during(day, self.period), model.annulled_on.is_(None))

    @property
    def _took_part(self) -> ColumnElement[bool]:
        p, g = GroupParticipant, GroupSession
        held = exists().where(p.graduate_id == Graduate.id, p.session_id == g.id, *self._of_work(g, g.held_on))
        return held.correlate(Graduate)

    @property
    def _has_measure_done(self) -> ColumnElement[bool]:
        """`done_on` stands with what was done, wholly or in part."""
        done = exists().where(
            Plan.graduate_id == Graduate.id, Measure.plan_id == Plan.id, *self._of_work(Plan, Measure.done_on)
        )
        return done.correlate(Graduate)

    @cached_property
    def successful(self) -> Records:
        return self.supported.narrowed(self.success.holds)

    # -- Result 1: nobody in need is left out ------------------------------------------------------------------------

    @cached_property
    def covered(self) -> Records:
        return self.in_need.narrowed(self.is_supported)

    @cached_property
    def uncovered(self) -> Records:
        return self.in_need.narrowed(~self.is_supported)

    @cached_property
    def declined(self) -> Records:
        """Of those left out, who refused by themselves."""
        r = Refusal
        refused = exists().where(
            r.graduate_id == Graduate.id,
            r.kind == RefusalKind.GRADUATE,
            r.annulled_on.is_(None),
            r.refused_on <= self.on,
            scope.within(self.desk, r.agency_id),
        )
        return self.uncovered.narrowed(refused.correlate(Graduate))

    # -- In words ----------------------------------------------------------------------------------------------------

    @property
    def whole_text(self) -> str:
        """The denominator of K1, as it is printed."""
        text = self.norms.whole.label
        return text if self.norms.whole is Whole.ALL else f"{text} ({self.norms.ages[0]}–{self.norms.ages[1]})"

    @property
    def note(self) -> str:
        return (
            f"Показатель 1 взят от числа: {self.whole_text}. На сопровождении: {self.norms.supported.label}. "
            "Показатели 2 и 3 взяты от числа тех, кто на сопровождении."
        )


def indicators_of(desk: Desk) -> Indicators:
    """By the regulations of the report's organisation; the options of the report are stronger."""
    agency_id, on = desk.parameters.agency_id, desk.parameters.on
    norms = kpi_norms_of(desk.session, agency_id=agency_id, on=on)
    chosen = desk.parameters.chosen
    if whole := chosen.get(WHOLE.code):
        norms = replace(norms, whole=Whole(whole))
    if supported := chosen.get(SUPPORTED.code):
        norms = replace(norms, supported=Supported(supported))
    return Indicators(desk, norms, monitoring_scale(desk.session, agency_id=agency_id, on=on))


def indicator_table(desk: Desk, *, key: str = "kpi", title: str = "Показатели программы") -> LineTable:
    """N, S, H, U and the three shares: also section 10 of the report of an organisation."""
    found = indicators_of(desk)
    is_narrowed = found.norms.whole is not Whole.ALL
    among = found.graduates.narrowed(found.is_supported) if is_narrowed else found.supported
    lines: tuple[AnyLine, ...] = (
        CountLine("graduates", found.whole_text[:1].upper() + found.whole_text[1:], found.graduates),
        *_if(is_narrowed, CountLine("among", "Из них на сопровождении", among)),
        CountLine("supported", f"На сопровождении: {found.norms.supported.label}", found.supported),
        CountLine("helped", "Из них получили помощь за период", found.helped),
        CountLine("successful", "Из них успешно живут сами", found.successful),
        RatioLine("k1", "1. Доля на сопровождении", "among" if is_narrowed else "supported", "graduates"),
        RatioLine("k2", "2. Доля получивших помощь среди тех, кто на сопровождении", "helped", "supported"),
        RatioLine("k3", "3. Доля успешных среди тех, кто на сопровождении", "successful", "supported"),
    )
    return LineTable(key, title, "Показатель", lines, column="Значение", note=found.note)


def coverage_table(desk: Desk, *, key: str = "coverage") -> LineTable:
    """All of the regulation's ages who are in need are on support: the share, and whoever is left out."""
    found = indicators_of(desk)
    ages = "{}–{}".format(*found.norms.ages)
    lines = (
        CountLine("need", f"Нужно сопровождение, возраст {ages}", found.in_need),
        CountLine("covered", "Из них на сопровождении", found.covered),
        CountLine("uncovered", "Не охвачены", found.uncovered),
        CountLine("declined", "Из не охваченных отказались сами", found.declined),
        RatioLine("share", "Охват", "covered", "need"),
    )
    note = (
        "Сопровождение нужно тому, кто уже на сопровождении, у кого открыта хотя бы одна проблема "
        "или чья категория кризисная либо активная."
    )
    return LineTable(key, "Охват нуждающихся", "Показатель", lines, column="Значение", note=note)


def indicator_trend(desk: Desk, count: int = PERIODS) -> Trend:
    """The three shares over the last periods, a few statements for each."""
    periods = desk.parameters.span.last(count)
    shares = [_shares(_at(desk, period)) for period in periods]
    titles = ("1. На сопровождении", "2. Получили помощь", "3. Успешны")
    series = tuple((title, tuple(one[i] for one in shares)) for i, title in enumerate(titles))
    return Trend("Показатели программы", Unit.PERCENT, tuple(period.title for period in periods), series)


def _reaches_everybody(viewer: Viewer) -> bool:
    """As models.access.agencies_in_reach has it; also those whom no organisation has yet."""
    return viewer.is_administrator or (viewer.role is Role.COORDINATOR and viewer.sees_whole_region)


def _at(desk: Desk, period: Period) -> Desk:
    """The same report for another period; nothing is told of days to come."""
    parameters = replace(desk.parameters, period=period, on=min(period.ends_on, desk.parameters.on))
    return replace(desk, parameters=parameters)


def _shares(desk: Desk) -> tuple[Decimal | None, ...]:
    part = indicator_table(desk).part(desk.session)
    return tuple(_decimal(part.figure(code).value) for code in ("k1", "k2", "k3"))


def _if(condition: bool, line: CountLine) -> tuple[CountLine, ...]:
    return (line,) if condition else ()


def _decimal(value: int | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value)
