"""Who came and went: the movement of people on support, and who they are on the last day (domain §6.2, 1)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from models.cases import SupportEpisode
from models.circumstances import Placement
from models.dictionaries import PlacementForm, SupportCategory, TerminationGround
from models.graduates import Graduate, Sex
from models.support import CategoryDecision
from reports import scope
from reports.base import Desk
from reports.classifiers import Lines, of_dictionary, of_enum
from reports.figures import Count, Records, SplitTable, Table
from reports.grids import GridLine, GridTable

PEOPLE = Count("people", "Человек", of_people=True)
ENTRIES = Count("entries", "Записей журнала")
AGES = ((17, "моложе 18"), *((age, f"{age}") for age in range(18, 23)), (23, "23 и старше"))
NOTE = (
    "Каждый человек сочтён один раз, сколько бы раз его ни принимали и ни снимали. "
    "Записи журнала принятых складываются: на начало + принято − снято = на конец."
)


def on_last_day(desk: Desk) -> Records:
    """The cards of those who are on support when the day that the report speaks of is over."""
    return scope.people(desk, scope.supported_on(desk, desk.parameters.on))


def accepted(desk: Desk) -> Records:
    found = scope.of_kept_cards(scope.episodes(desk))
    return found.narrowed(scope.during(SupportEpisode.accepted_on, desk.parameters.span))


def removed(desk: Desk) -> Records:
    found = scope.of_kept_cards(scope.episodes(desk))
    return found.narrowed(scope.during(SupportEpisode.removed_on, desk.parameters.span))


def movement(desk: Desk, key: str = "movement", title: str = "Движение") -> Table:
    span = desk.parameters.span
    start = scope.supported_on(desk, span.starts_on - timedelta(days=1))
    end = scope.supported_on(desk, desk.parameters.on)
    lines = (
        GridLine("start", "Состояло на начало", scope.of_kept_cards(start)),
        GridLine("accepted", "Принято", accepted(desk)),
        GridLine("removed", "Снято", removed(desk)),
        GridLine("end", "Состоит на конец", scope.of_kept_cards(end), is_total=True),
        GridLine("during", "Состояло хотя бы один день", scope.of_kept_cards(scope.supported_during(desk, span))),
    )
    return GridTable(key, title, "Показатель", lines, (PEOPLE, ENTRIES), NOTE)


def grounds(desk: Desk) -> SplitTable:
    lines = of_dictionary(desk.session, TerminationGround)
    by = SupportEpisode.removal_ground_code
    return SplitTable(
        *("removals", "Снято по основаниям", "Основание", removed(desk), by, lines.labels),
        counts=(PEOPLE, ENTRIES),
        rare=lines.rare,
    )


def make_up(desk: Desk) -> list[Table]:
    """Those of the last day by level, sex, age and care form."""
    on, people = desk.parameters.on, on_last_day(desk)
    return [
        of_people(people, "levels", "Из них по уровням", "Уровень", level(on), levels(desk)),
        of_people(people, "sexes", "Из них по полу", "Пол", Graduate.sex, of_enum(Sex)),
        of_people(people, "ages", "Из них по возрасту", "Полных лет", scope.age(on, 18, 23), Lines(AGES)),
        of_people(people, "care", "Из них по форме попечения", "Форма", care_form(on), care_forms(desk)),
    ]


def of_people(
    people: Records, key: str, title: str, heading: str, by: Any, lines: Lines, unknown: str = "не указано"
) -> SplitTable:
    """Cards by a sign of theirs: each stands in one line, so that the lines add up."""
    count = Count("people", "Человек")
    return SplitTable(key, title, heading, people, by, lines.labels, (count,), unknown=unknown, rare=lines.rare)


def level(on: date) -> Any:
    return scope.fact(CategoryDecision, on, "category_code")


def levels(desk: Desk) -> Lines:
    return of_dictionary(desk.session, SupportCategory)


def care_form(on: date) -> Any:
    """Where the person lived last before leaving care, as far as is known on the day."""
    query = select(Placement.form_code).where(Placement.graduate_id == Graduate.id, Placement.starts_on <= on)
    query = query.order_by(Placement.starts_on.desc(), Placement.id.desc()).limit(1)
    return query.correlate(Graduate).scalar_subquery()


def care_forms(desk: Desk) -> Lines:
    return of_dictionary(desk.session, PlacementForm)


# -- Decisions on the level ------------------------------------------------------------------------------------------


def decisions(desk: Desk, people: Records) -> Records:
    """Decisions on the category of those people that begin in the period."""
    ids = people.select(people.person)
    conditions = (
        scope.during(CategoryDecision.starts_on, desk.parameters.span),
        CategoryDecision.graduate_id.in_(ids),
    )
    return Records(CategoryDecision, conditions, person=CategoryDecision.graduate_id, day=CategoryDecision.starts_on)


def transfers(desk: Desk, people: Records) -> SplitTable:
    """By the new level: set for the first time, or changed."""
    lines = levels(desk)
    counts = (
        Count("first", "Установлен впервые", ~_has_earlier(), of_people=True),
        Count("moved", "Переведено", _is_other_than_before(), of_people=True),
    )
    return SplitTable(
        *("transfers", "Уровни сопровождения", "Новый уровень", decisions(desk, people)),
        *(CategoryDecision.category_code, lines.labels, counts),
        rare=lines.rare,
    )


def _before(earlier: Any) -> ColumnElement[bool]:
    d = CategoryDecision
    is_older = or_(earlier.starts_on < d.starts_on, and_(earlier.starts_on == d.starts_on, earlier.id < d.id))
    return and_(earlier.graduate_id == d.graduate_id, is_older)


def _has_earlier() -> ColumnElement[bool]:
    return exists().where(_before(aliased(CategoryDecision))).correlate(CategoryDecision)


def _is_other_than_before() -> ColumnElement[bool]:
    earlier = aliased(CategoryDecision)
    query = select(earlier.category_code).where(_before(earlier))
    query = query.order_by(earlier.starts_on.desc(), earlier.id.desc()).limit(1)
    last = query.correlate(CategoryDecision).scalar_subquery()
    condition: ColumnElement[bool] = last != CategoryDecision.category_code
    return condition
