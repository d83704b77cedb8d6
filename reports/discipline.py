"""How organisations keep their terms: on time, late, missed, waived, and the causes (SYZ-57, KRK-16).

Clauses: syzran 6.2, krasnoyarsk-centre 2.3. An obligation belongs to the period in which its legal date falls. It is
kept in time where it was done on that date or before; late where it was done later; missed where the report's day is
past the date and it is not done. What was waived, or is not asked for, or waits for the other side is told by itself
and stands in no share.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, String, cast, or_, select
from sqlalchemy.orm import Session, aliased

from models.deadlines import Deadline
from models.regulations import DeadlineRule, Regulation
from models.territory import Agency
from reports import scope
from reports.base import Desk, Option, Timing
from reports.figures import AnyLine, Count, CountLine, FiguresReport, LineTable, RatioLine, Records, SplitTable, Table
from reports.terms_kept import Cause, Fate, cause_on, conditions

BRIEF, FULL = "brief", "full"
NOTE = "Срок относится к периоду, в котором он истекает. Снятое, не требуемое и приостановленное в долю не входит."
Labels = list[tuple[str | int, str]]


def due_in_period(desk: Desk) -> Records:
    """Obligations of the report's organisations whose legal date falls in the period."""
    where = (scope.within(desk, Deadline.agency_id), scope.during(Deadline.due_on, desk.parameters.span))
    return Records(Deadline, where, person=None, day=Deadline.due_on)


def counts(day_conditions: dict[Fate, ColumnElement[bool]]) -> tuple[Count, ...]:
    return (
        Count("n", "Всего сроков"),
        *(Count(fate.value, fate.label, condition) for fate, condition in day_conditions.items()),
    )


class Discipline(FiguresReport):
    code = "discipline"
    title = "Сроки и исполнение по участникам"
    short_title = "Сроки и исполнение"
    note = "По организациям и пунктам: исполнено в срок, с опозданием, просрочено, снято; причины."
    is_of_one_agency = False
    timing = Timing.PERIOD
    months = 3
    is_submitted = True
    options = (
        Option(
            "detail",
            "Подробность",
            ((BRIEF, "по организациям и по обязанностям"), (FULL, "каждая организация по обязанностям")),
        ),
    )

    def tables(self, desk: Desk) -> Sequence[Table]:
        records, fates = due_in_period(desk), conditions(desk.parameters.on)
        rules = _rules(desk.session)
        found: list[Table] = [_summary(records, fates)]
        if desk.parameters.agency_id is None:
            found.append(_by_agency(desk.session, records, fates))
        found.append(_by_rule(records, fates, rules))
        if desk.parameters.agency_id is None and desk.parameters.chosen.get("detail") == FULL:
            found.append(_by_both(desk.session, records, fates, rules))
        return (*found, _causes(desk, records))


def _summary(records: Records, fates: dict[Fate, ColumnElement[bool]]) -> LineTable:
    told = (Fate.IN_TIME, Fate.LATE, Fate.MISSED)
    lines: tuple[AnyLine, ...] = (
        CountLine("all", "Всего сроков", records),
        *(CountLine(fate.value, fate.label, records.narrowed(condition)) for fate, condition in fates.items()),
        CountLine("over", "Срок наступил или исполнено", records.narrowed(or_(*(fates[fate] for fate in told)))),
        RatioLine("share", "Доля исполненного в срок", Fate.IN_TIME.value, "over"),
    )
    return LineTable("summary", "В целом", "Показатель", lines, note=NOTE)


def _by_agency(session: Session, records: Records, fates: dict[Fate, ColumnElement[bool]]) -> SplitTable:
    return SplitTable(
        "agencies",
        "По организациям",
        "Организация",
        records,
        Deadline.agency_id,
        (),
        counts(fates),
        rare=_agencies(session),
    )


def _by_rule(records: Records, fates: dict[Fate, ColumnElement[bool]], rules: Labels) -> SplitTable:
    return SplitTable(
        "duties",
        "По пунктам регламентов",
        "Пункт и обязанность",
        records,
        Deadline.rule_key,
        (),
        counts(fates),
        rare=rules,
    )


def _by_both(session: Session, records: Records, fates: dict[Fate, ColumnElement[bool]], rules: Labels) -> SplitTable:
    """Organisation by organisation, its clauses: the code of a line is «7:syzran/a1»."""
    pair = cast(Deadline.agency_id, String) + ":" + Deadline.rule_key
    present = records.select(Deadline.agency_id, Deadline.rule_key).distinct().subquery()
    names, titles = dict(_agencies(session)), dict(rules)
    order = {number: place for place, number in enumerate(names)}
    places = {key: place for place, key in enumerate(titles)}
    pairs = [(number, key) for number, key in session.execute(select(present))]
    pairs.sort(key=lambda one: (order.get(one[0], len(order)), places.get(one[1], len(places)), one[1]))
    labels = [(f"{number}:{key}", f"{names.get(number, number)} · {titles.get(key, key)}") for number, key in pairs]
    return SplitTable("matrix", "Каждая организация", "Организация и обязанность", records, pair, labels, counts(fates))


def _causes(desk: Desk, records: Records) -> SplitTable:
    cause = cause_on(desk.parameters.on)
    explained = records.narrowed(cause.is_not(None))
    heading = "Почему не в срок"
    return SplitTable(
        "causes", "Причины", heading, explained, cause, Cause.choices(), (Count("n", "Сроков"),), note=NOTE_OF_CAUSES
    )


NOTE_OF_CAUSES = "Причина – то, что записано в самом сроке: в отметке об исполнении, при приостановке или при снятии."


def _agencies(session: Session) -> Labels:
    rows = session.execute(select(Agency.id, Agency.short_name).order_by(Agency.short_name, Agency.id))
    return [(number, name) for number, name in rows]


def _rules(session: Session) -> Labels:
    """Duties by their keys, in the order of regulations and clauses; of a rule that is gone, its last version."""
    newer = aliased(DeadlineRule)
    is_last = ~select(newer.id).where(newer.key == DeadlineRule.key, newer.version > DeadlineRule.version).exists()
    query = (
        select(DeadlineRule, Regulation.short_title)
        .join(Regulation, Regulation.id == DeadlineRule.regulation_id)
        .where(is_last)
        .order_by(Regulation.short_title, DeadlineRule.id)
    )
    return [(rule.key, f"{rule.clause_text}, {title}: {rule.title}") for rule, title in session.execute(query)]
