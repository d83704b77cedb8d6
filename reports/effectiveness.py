"""«Что даёт помощь» (KIZ-14, 63; KRK-08, 58; VOL-35; SYZ-59): effect by kind and form of help, and by direction.

Clauses: kizil passport result 3 and 1.5, krasnoyarsk 2.2 and 5, vologda 2.2, syzran 6.4. Of the people who were helped
in the period, those whose life then changed: from its first day until so many months after its last one (an option;
not past today). A better category: that on the last day looked at stands nearer to «stable» than that on the eve of
the period. A grown sum: the last card against the last one before the period, or the first one since. It is a change at
the same time, not a proof of its cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, and_, case, func, select

from models.assessments import MonitoringCard, MonitoringScore
from models.dictionaries import Direction, ServiceForm, ServiceKind
from models.graduates import Graduate
from models.plans import Measure, MeasureStatus, Plan, PlanChange
from models.reckoning import months_later
from models.support import CategoryDecision, Problem
from models.work import ServiceRecord
from reports import scope
from reports.base import Desk, Option, Timing
from reports.classifiers import of_dictionary
from reports.figures import Count, CountLine, FiguresReport, LineTable, RatioLine, Records, SplitTable, Table
from reports.grids import GridLine, GridTable
from reports.score_tables import points_of

RANKS = {"crisis": 1, "active": 2, "stable": 3}
AFTER = Option(
    "after",
    "Смотреть на результат",
    (("3", "ещё 3 месяца"), ("6", "ещё 6 месяцев"), ("12", "ещё 12 месяцев"), ("0", "до конца периода")),
)
DONE = (MeasureStatus.DONE, MeasureStatus.DONE_PARTLY)
NOTE = (
    "Люди посчитаны один раз в каждой строке. Перемены взяты с первого дня периода по {until}: они совпали с помощью "
    "по времени, но не всегда вызваны ею."
)


class Effectiveness(FiguresReport):
    code = "effectiveness"
    title = "Результативность сопровождения"
    short_title = "Что даёт помощь"
    timing = Timing.PERIOD
    months = 3
    is_of_one_agency = False
    options: ClassVar[tuple[Option, ...]] = (AFTER,)

    def tables(self, desk: Desk) -> Sequence[Table]:
        effect = Effect(desk)
        return (
            by_form_of_work(desk, effect),
            by_kind(desk, effect),
            by_service_form(desk, effect),
            by_direction(desk, effect),
            corrections(desk, effect),
        )


@dataclass(frozen=True)
class Effect:
    """Whose life changed, as statements of ids of cards."""

    desk: Desk

    @cached_property
    def since(self) -> date:
        return self.desk.parameters.span.starts_on

    @cached_property
    def until(self) -> date:
        after = int(self.desk.parameters.chosen.get(AFTER.code) or AFTER.default)
        last = months_later(self.desk.parameters.span.ends_on, after)
        return min(last, max(self.desk.viewer.on, self.desk.parameters.on))

    @property
    def note(self) -> str:
        return NOTE.format(until=f"{self.until:%d.%m.%Y}")

    def counts(self, person: Any, first: str = "Получили помощь") -> tuple[Count, ...]:
        return (
            Count("people", first, of_people=True),
            Count("category", "Категория лучше", person.in_(self.better), of_people=True),
            Count("points", "Балл вырос", person.in_(self.grown), of_people=True),
            Count("problem", "Проблема решена", person.in_(self.solved), of_people=True),
            Count("measure", "Мероприятие выполнено", person.in_(self.done), of_people=True),
            Count("worse", "Категория хуже или балл ниже", person.in_(self.worse), of_people=True),
        )

    def _rank_on(self, day: date) -> ColumnElement[int]:
        return case(RANKS, value=scope.fact(CategoryDecision, day, "category_code"))

    @cached_property
    def _decided(self) -> Any:
        """Whose category was decided on anew: nobody else's has changed."""
        d = CategoryDecision
        return select(d.graduate_id).where(d.starts_on.between(self.since, self.until))

    def _by_category(self, *, is_better: bool) -> Any:
        before, after = self._rank_on(self.since - timedelta(days=1)), self._rank_on(self.until)
        changed = after > before if is_better else after < before
        return select(Graduate.id).where(Graduate.id.in_(self._decided), changed)

    @cached_property
    def better(self) -> Any:
        return self._by_category(is_better=True)

    @cached_property
    def grown(self) -> Any:
        return self._by_points(is_grown=True)

    @cached_property
    def worse(self) -> Any:
        by_category, by_points = self._by_category(is_better=False), self._by_points(is_grown=False)
        return by_category.union_all(by_points)

    def _by_points(self, *, is_grown: bool) -> Any:
        """The last card against the last one before the period or, where there is none, the first one since."""
        c, s = MonitoringCard, MonitoringScore
        stands = and_(c.annulled_on.is_(None), c.filled_on <= self.until)
        looked_at = select(c.graduate_id).where(stands, c.filled_on >= self.since)
        is_later = case((c.filled_on >= self.since, 1), else_=0)
        newest = (c.filled_on.desc(), c.id.desc())
        cards = (
            select(
                c.graduate_id,
                is_later.label("later"),
                points_of(s.value).label("points"),
                func.row_number().over(partition_by=c.graduate_id, order_by=newest).label("last"),
                func.row_number().over(partition_by=(c.graduate_id, is_later), order_by=newest).label("newest"),
                func.row_number()
                .over(partition_by=(c.graduate_id, is_later), order_by=(c.filled_on, c.id))
                .label("oldest"),
            )
            .join(s, s.card_id == c.id)
            .where(stands, c.graduate_id.in_(looked_at))
            .group_by(c.id, c.graduate_id, c.filled_on)
            .subquery()
        )
        before = func.max(case((and_(cards.c.later == 0, cards.c.newest == 1), cards.c.points)))
        first = func.max(case((and_(cards.c.later == 1, cards.c.oldest == 1), cards.c.points)))
        old, new = func.coalesce(before, first), func.max(case((cards.c.last == 1, cards.c.points)))
        people = select(cards.c.graduate_id).group_by(cards.c.graduate_id)
        return people.having(new > old if is_grown else new < old)

    @cached_property
    def solved(self) -> Any:
        return select(Problem.graduate_id).where(Problem.resolved_on.between(self.since, self.until))

    @cached_property
    def done(self) -> Any:
        query = select(Plan.graduate_id).join(Measure, Measure.plan_id == Plan.id)
        return query.where(
            Measure.status.in_(DONE), Measure.done_on.between(self.since, self.until), Plan.annulled_on.is_(None)
        )


# -- Tables ----------------------------------------------------------------------------------------------------------


def by_form_of_work(desk: Desk, effect: Effect) -> Table:
    lines = (
        ("services", "Услуги", scope.services(desk)),
        ("appeals", "Обращения", scope.appeals(desk)),
        ("consultations", "Беседы и консультации", scope.consultations(desk)),
        ("sessions", "Групповые занятия", scope.participants(desk)),
        ("visits", "Выезды", scope.visits(desk)),
    )
    rows = tuple(GridLine(key, label, found, counts=effect.counts(found.person)) for key, label, found in lines)
    return GridTable("forms", "По форме работы", "Форма работы", rows, rows[0].counts, effect.note)


def by_kind(desk: Desk, effect: Effect) -> Table:
    return _of_services(desk, effect, "kinds", "По виду помощи", "Вид помощи", ServiceRecord.kind_code, ServiceKind)


def by_service_form(desk: Desk, effect: Effect) -> Table:
    title, heading = "По форме обслуживания", "Форма обслуживания"
    return _of_services(desk, effect, "service-forms", title, heading, ServiceRecord.form_code, ServiceForm)


def _of_services(desk: Desk, effect: Effect, key: str, title: str, heading: str, by: Any, dictionary: Any) -> Table:
    records, lines = scope.services(desk), of_dictionary(desk.session, dictionary)
    counts = effect.counts(ServiceRecord.graduate_id)
    return SplitTable(key, title, heading, records, by, lines.labels, counts, rare=lines.rare)


def by_direction(desk: Desk, effect: Effect) -> Table:
    """Help by plan: measures done in the period."""
    lines = of_dictionary(desk.session, Direction)
    done = Records(
        Measure,
        (
            scope.within(desk, Plan.agency_id),
            Plan.annulled_on.is_(None),
            Measure.status.in_(DONE),
            scope.during(Measure.done_on, desk.parameters.span),
        ),
        person=Plan.graduate_id,
        day=Measure.done_on,
        joins=((Plan, Plan.id == Measure.plan_id),),
    )
    counts = effect.counts(Plan.graduate_id, "Выполнены мероприятия")
    return SplitTable(
        "directions", "По направлению сопровождения", "Направление", done, Measure.direction_code, lines.labels,
        tuple(count for count in counts if count.key != "measure"), rare=lines.rare,
    )  # fmt: skip


def corrections(desk: Desk, effect: Effect) -> Table:
    """Which plans were corrected afterwards, and whose ought to have been (krasnoyarsk 5)."""
    plans = Records(Plan, (scope.within(desk, Plan.agency_id), Plan.annulled_on.is_(None)), Plan.graduate_id)
    editions = plans.narrowed(Plan.edition > 1, Plan.approved_on.between(effect.since, effect.until))
    changes = Records(
        PlanChange,
        (
            PlanChange.changed_on.between(effect.since, effect.until),
            PlanChange.plan_id.in_(plans.select(Plan.id)),
        ),
        person=Plan.graduate_id,
        day=PlanChange.changed_on,
        joins=((Plan, Plan.id == PlanChange.plan_id),),
    )
    supported = scope.people(desk, scope.supported_during(desk, desk.parameters.span), Graduate.deleted_at.is_(None))
    worse = supported.narrowed(Graduate.id.in_(effect.worse))
    corrected = Graduate.id.in_(editions.select(Plan.graduate_id))
    lines = (
        CountLine("editions", "Новых редакций планов", editions),
        CountLine("changes", "Изменений в планах", changes),
        CountLine("worse", "Стало хуже: человек на сопровождении", worse),
        CountLine("worse-corrected", "Из них план пересмотрен", worse.narrowed(corrected)),
        CountLine("worse-left", "Из них план не пересмотрен", worse.narrowed(~corrected)),
        RatioLine("share", "Доля пересмотренных планов", "worse-corrected", "worse"),
    )
    return LineTable("corrections", "Поправки в планах по итогам", "Показатель", lines)
