"""Interaction of organisations: letters sent and received, answered, in time, late, awaited (VOL-76, KIZ-13, SYZ-57).

Clauses: vologda 5.2 (assessment by organisation), kizil «Паспорт: результат 2», syzran 6.2.

A letter belongs to the period in which it was sent; drafts and letters taken back do not count. One that was passed on
counts as received, and its answer is asked of the organisation that has it now. An answer is asked for where the letter
has a last day for it: then it was answered in time, late or declined, or it is awaited, or nobody answered in time.
What happened after the report's day does not count. Days to an answer are calendar days from sending, on average.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from models.exchange import Referral, ReferralStatus
from models.territory import Agency
from reports import scope
from reports.base import Desk, Timing
from reports.figures import (
    NONE,
    TOTAL,
    Count,
    CountLine,
    Figure,
    FiguresReport,
    LineTable,
    Part,
    RatioLine,
    Records,
    SplitTable,
    Table,
    Trend,
    Unit,
    ValueLine,
)
from reports.period import Period
from reports.rounding import percent, tenths

OUTSIDE = "вне справочника"
DAYS = "Дней до ответа в среднем"
PERIODS = 4  # How many the trend shows.
NOTE = (
    "Письма, отправленные за период. «Ждут ответа» – письма, на которые ответ нужен к сроку. Отозванные не считаются; "
    "переадресованное ждёт ответа от того, у кого оно сейчас."
)
OWN_NOTE = "Письма самой организации. " + NOTE


# -- What became of a letter -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fates:
    """Conditions on a letter as it stood on the report's day; of letters that ask for an answer, exactly one holds."""

    asked: ColumnElement[bool]
    in_time: ColumnElement[bool]
    late: ColumnElement[bool]
    declined: ColumnElement[bool]
    waiting: ColumnElement[bool]
    missed: ColumnElement[bool]

    @classmethod
    def on(cls, desk: Desk) -> Fates:
        r, day = Referral, desk.parameters.on
        asked = and_(r.answer_due_on.is_not(None), r.status != ReferralStatus.FORWARDED)
        answered = and_(asked, r.answered_on.is_not(None), r.answered_on <= day)
        declined = and_(asked, r.answered_on.is_(None), r.status == ReferralStatus.DECLINED)
        silent = and_(asked, or_(r.answered_on.is_(None), r.answered_on > day), r.status != ReferralStatus.DECLINED)
        return cls(
            asked,
            and_(answered, r.answered_on <= r.answer_due_on),
            and_(answered, r.answered_on > r.answer_due_on),
            declined,
            and_(silent, r.answer_due_on >= day),
            and_(silent, r.answer_due_on < day),
        )

    @property
    def answered(self) -> ColumnElement[bool]:
        return or_(self.in_time, self.late)

    def counts(self, first: str) -> tuple[Count, ...]:
        return (
            Count("n", first),
            Count("asked", "Ждут ответа", self.asked),
            Count("in_time", "Ответ в срок", self.in_time),
            Count("late", "Ответ с опозданием", self.late),
            Count("declined", "Отклонено", self.declined),
            Count("waiting", "Срок не наступил", self.waiting),
            Count("missed", "Просрочено без ответа", self.missed),
        )


def _letters(desk: Desk, *sides: ColumnElement[bool]) -> Records:
    """Letters sent in the period of which one of the sides holds."""
    r = Referral
    conditions = (
        scope.during(r.sent_on, desk.parameters.span),
        r.sent_on <= desk.parameters.on,
        r.status != ReferralStatus.REVOKED,
        or_(*sides),
    )
    return Records(r, conditions, day=r.sent_on)


def _received(desk: Desk) -> Records:
    return _letters(desk, scope.within(desk, Referral.recipient_id))


def _sent(desk: Desk) -> Records:
    return _letters(desk, scope.within(desk, Referral.sender_id))


def _both(desk: Desk) -> Records:
    return _letters(desk, scope.within(desk, Referral.recipient_id), scope.within(desk, Referral.sender_id))


# -- A table with averages -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WithDays(SplitTable):
    """A split whose last column is the average number of days to an answer."""

    answered: ColumnElement[bool] | None = None

    def part(self, session: Session) -> Part:
        part = super().part(session)
        records = self.records.narrowed(self.answered)
        sums = (func.count(), func.coalesce(func.sum(_days_to_answer(session)), 0))
        rows = session.execute(records.select(self.by, *sums).group_by(self.by)).all()
        spent = {NONE if code is None else str(code): (int(n), round(days)) for code, n, days in rows}
        spent[TOTAL] = (sum(n for n, _ in spent.values()), sum(days for _, days in spent.values()))
        lines = [replace(line, figures=(*line.figures, _mean(spent.get(line.code)))) for line in part.lines]
        return replace(part, headings=(*part.headings, DAYS), lines=tuple(lines))


def _mean(spent: tuple[int, int] | None) -> Figure:
    count, days = spent or (0, 0)
    return Figure(tenths(Decimal(days) / count) if count else None, Unit.DAYS)


def _days_to_answer(session: Session) -> Any:
    return scope.day_number(session, Referral.answered_on) - scope.day_number(session, Referral.sent_on)


# -- The report ------------------------------------------------------------------------------------------------------


class Interaction(FiguresReport):
    code = "interaction"
    title = "Взаимодействие организаций: запросы, ответы, просрочки"
    short_title = "Взаимодействие"
    note = "Кто кому писал, как отвечали и сколько ждут ответа; строки и письма видны по правам на переписку."
    is_of_one_agency = False
    timing = Timing.PERIOD
    months = 3
    is_submitted = True

    def tables(self, desk: Desk) -> Sequence[Table]:
        fates = Fates.on(desk)
        return (_summary(desk, fates), *_by_agency(desk, fates), _by_kind(desk, fates))

    def trends(self, desk: Desk) -> list[Trend]:
        """The share of answers in time among the letters whose term is over, over the last periods."""
        periods = desk.parameters.span.last(PERIODS)
        shares = tuple(_share_in_time(desk, period) for period in periods)
        titles = tuple(period.title for period in periods)
        return [Trend("Доля ответов в срок", Unit.PERCENT, titles, (("Ответ в срок", shares),))]


def _share_in_time(desk: Desk, period: Period) -> Decimal | None:
    parameters = replace(desk.parameters, period=period, on=min(desk.parameters.on, period.ends_on))
    then = replace(desk, parameters=parameters)
    fates = Fates.on(then)
    line = _summary(then, fates).part(desk.session)
    in_time, over = line.figure("in_time").value, line.figure("over").value
    return percent(int(in_time or 0), int(over or 0))


def _summary(desk: Desk, fates: Fates) -> LineTable:
    letters = _both(desk)

    def days(session: Session) -> Any:
        return session.scalar(letters.narrowed(fates.answered).select(func.avg(_days_to_answer(session))))

    over = or_(fates.in_time, fates.late, fates.declined, fates.missed)
    lines = (
        CountLine("all", "Отправлено писем", letters),
        CountLine("asked", "Из них ждут ответа", letters.narrowed(fates.asked)),
        CountLine("answered", "Отвечено", letters.narrowed(fates.answered)),
        CountLine("in_time", "Отвечено в срок", letters.narrowed(fates.in_time)),
        CountLine("late", "Отвечено с опозданием", letters.narrowed(fates.late)),
        CountLine("declined", "Отклонено", letters.narrowed(fates.declined)),
        CountLine("waiting", "Срок ответа не наступил", letters.narrowed(fates.waiting)),
        CountLine("missed", "Просрочено без ответа", letters.narrowed(fates.missed)),
        CountLine("over", "Срок ответа наступил или ответ дан", letters.narrowed(over)),
        RatioLine("share", "Доля ответов в срок", "in_time", "over"),
        ValueLine("days", DAYS, days, Unit.DAYS, letters.narrowed(fates.answered)),
    )
    note = OWN_NOTE if desk.parameters.agency_id is not None else NOTE
    return LineTable("summary", "Переписка в целом", "Показатель", lines, note=note)


def _by_agency(desk: Desk, fates: Fates) -> tuple[WithDays, WithDays]:
    """Of all organisations: what each received and sent; of one: from whom it came and to whom it went."""
    r, is_own = Referral, desk.parameters.agency_id is not None
    names = _agencies(desk.session)
    received = WithDays(
        "received",
        "Получено: от кого" if is_own else "Получено организациями",
        "Отправитель" if is_own else "Получатель",
        _received(desk),
        r.sender_id if is_own else r.recipient_id,
        (),
        fates.counts("Получено"),
        unknown=OUTSIDE,
        rare=names,
        answered=fates.answered,
    )
    sent = WithDays(
        "sent",
        "Отправлено: кому" if is_own else "Отправлено организациями",
        "Получатель" if is_own else "Отправитель",
        _sent(desk),
        r.recipient_id if is_own else r.sender_id,
        (),
        fates.counts("Отправлено"),
        unknown=OUTSIDE,
        rare=names,
        answered=fates.answered,
    )
    return received, sent


def _agencies(session: Session) -> list[tuple[int, str]]:
    """All organisations, those that work no more too: their letters stay."""
    rows = session.execute(select(Agency.id, Agency.short_name).order_by(Agency.short_name, Agency.id))
    return [(number, name) for number, name in rows]


def _by_kind(desk: Desk, fates: Fates) -> WithDays:
    letters = _both(desk)
    r = Referral
    titles = letters.select(r.kind_key, func.max(r.kind_title)).group_by(r.kind_key).order_by(func.max(r.kind_title))
    labels = [(key, title) for key, title in desk.session.execute(titles)]
    return WithDays(
        "kinds",
        "По видам писем",
        "Вид письма",
        letters,
        r.kind_key,
        labels,
        fates.counts("Писем"),
        answered=fates.answered,
    )
