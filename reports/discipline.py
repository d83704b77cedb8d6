"""How organisations keep their terms: on time, late, missed, waived, and the causes (SYZ-57, KRK-16).

Clauses: syzran 6.2, krasnoyarsk-centre 2.3. An obligation belongs to the period in which its legal date falls. It is
kept in time where it was done on that date or before; late where it was done later; missed where the report's day is
past the date and it is not done. What was waived, or is not asked for, or waits for the other side is told by itself
and stands in no share. The whole paper is counted by one pass over the obligations: by organisation, rule and outcome.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from models.deadlines import Deadline
from models.regulations import DeadlineRule, Regulation
from models.territory import Agency
from reports import scope
from reports.base import Desk, Option, Timing
from reports.figures import (
    AnyLine,
    Count,
    CountLine,
    FiguresReport,
    LineTable,
    Part,
    RatioLine,
    Records,
    SplitTable,
    Table,
)
from reports.terms_kept import Cause, Fate, cause_on, conditions, fate_of, outcome_on

BRIEF, FULL = "brief", "full"
NOTE = "Срок относится к периоду, в котором он истекает. Снятое, не требуемое и приостановленное в долю не входит."
Labels = list[tuple[str | int, str]]
TOLD = (Fate.IN_TIME, Fate.LATE, Fate.MISSED)
CAUSES = frozenset(cause.value for cause in Cause)


class Pile(NamedTuple):
    """Obligations of an organisation by a rule that had one outcome: no more of them than can be printed."""

    agency_id: int
    rule_key: str
    outcome: str
    size: int


# What the tables split by.
CODES: Mapping[str, Callable[[Pile], Hashable]] = {
    "agencies": lambda pile: pile.agency_id,
    "duties": lambda pile: pile.rule_key,
    "matrix": lambda pile: f"{pile.agency_id}:{pile.rule_key}",
}


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

    def parts(self, desk: Desk) -> list[Part]:
        """All tables of one pass."""
        piles = _piles(desk)
        return [_laid_out(table, desk.session, piles) for table in self.tables(desk)]

    def tables(self, desk: Desk) -> Sequence[Table]:
        records, fates = due_in_period(desk), conditions(desk.parameters.on)
        rules = _rules(desk.session)
        agencies = _agencies(desk.session) if desk.parameters.agency_id is None else []
        found: list[Table] = [_summary(records, fates)]
        if agencies:
            found.append(_by_agency(records, fates, agencies))
        found.append(_by_rule(records, fates, rules))
        if agencies and desk.parameters.chosen.get("detail") == FULL:
            found.append(_by_both(records, fates, agencies, rules))
        return (*found, _causes(desk, records))


def _summary(records: Records, fates: dict[Fate, ColumnElement[bool]]) -> LineTable:
    lines: tuple[AnyLine, ...] = (
        CountLine("all", "Всего сроков", records),
        *(CountLine(fate.value, fate.label, records.narrowed(condition)) for fate, condition in fates.items()),
        CountLine("over", "Срок наступил или исполнено", records.narrowed(or_(*(fates[fate] for fate in TOLD)))),
        RatioLine("share", "Доля исполненного в срок", Fate.IN_TIME.value, "over"),
    )
    return LineTable("summary", "В целом", "Показатель", lines, note=NOTE)


def _by_agency(records: Records, fates: dict[Fate, ColumnElement[bool]], agencies: Labels) -> SplitTable:
    return SplitTable(
        "agencies",
        "По организациям",
        "Организация",
        records,
        Deadline.agency_id,
        (),
        counts(fates),
        rare=agencies,
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


def _by_both(records: Records, fates: dict[Fate, ColumnElement[bool]], agencies: Labels, rules: Labels) -> SplitTable:
    """Organisation by organisation, its clauses: the code of a line is «7:syzran/a1»."""
    pair = cast(Deadline.agency_id, String) + ":" + Deadline.rule_key
    pairs: Labels = [(f"{number}:{key}", f"{name} · {title}") for number, name in agencies for key, title in rules]
    title, heading = "Каждая организация", "Организация и обязанность"
    return SplitTable("matrix", title, heading, records, pair, (), counts(fates), rare=pairs)


def _causes(desk: Desk, records: Records) -> SplitTable:
    cause = cause_on(desk.parameters.on)
    explained = records.narrowed(cause.is_not(None))
    heading = "Почему не в срок"
    return SplitTable(
        "causes", "Причины", heading, explained, cause, Cause.choices(), (Count("n", "Сроков"),), note=NOTE_OF_CAUSES
    )


NOTE_OF_CAUSES = "Причина – то, что записано в самом сроке: в отметке об исполнении, при приостановке или при снятии."


# -- One pass ---------------------------------------------------------------------------------------------------------


def _piles(desk: Desk) -> list[Pile]:
    outcome = outcome_on(desk.parameters.on).label("outcome")  # Reckoned once; what is grouped is its value.
    due = due_in_period(desk).select(Deadline.agency_id, Deadline.rule_key, outcome).subquery().c
    query = select(due.agency_id, due.rule_key, due.outcome, func.count())
    grouped = query.group_by(due.agency_id, due.rule_key, due.outcome)
    return [Pile(*row) for row in desk.session.execute(grouped)]


def _laid_out(table: Table, session: Session, piles: Sequence[Pile]) -> Part:
    if isinstance(table, LineTable):
        return table.laid_out(session, _summed(piles))
    assert isinstance(table, SplitTable)
    if table.key in CODES:
        return table.laid_out(_split(piles, CODES[table.key]))
    causes: Counter[str] = Counter()
    for pile in piles:
        if pile.outcome in CAUSES:
            causes[pile.outcome] += pile.size
    return table.laid_out({cause: (count,) for cause, count in causes.items()})


def _summed(piles: Sequence[Pile]) -> dict[str, int]:
    found = dict.fromkeys(("all", "over", *(fate.value for fate in Fate)), 0)
    for pile in piles:
        fate = fate_of(pile.outcome)
        found["all"] += pile.size
        found[fate.value] += pile.size
        found["over"] += pile.size if fate in TOLD else 0
    return found


def _split(piles: Sequence[Pile], code: Callable[[Pile], Hashable]) -> dict[Hashable, tuple[int, ...]]:
    """By each code: all, then each fate, as `counts` has them."""
    found: dict[Hashable, Counter[Fate]] = defaultdict(Counter)
    for pile in piles:
        found[code(pile)][fate_of(pile.outcome)] += pile.size
    return {key: (fates.total(), *(fates[fate] for fate in Fate)) for key, fates in found.items()}


# -- Labels -----------------------------------------------------------------------------------------------------------


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
