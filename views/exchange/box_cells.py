"""The columns of the boxes: what a letter says of itself in a line, and the chips of its clock and status."""

from __future__ import annotations

from datetime import date
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import ColumnElement, String, and_, case, cast, exists, func, literal, select

from models.exchange import (
    AT_RECIPIENT,
    IncomingLetter,
    OutgoingLetter,
    Referral,
    ReferralReading,
    ReferralStatus,
    ReferralUrgency,
    ReplyOutcome,
)
from services.exchange.people_facts import short_name
from views import edge, labels
from views.exchange.referral_words import URGENCY_LOOK, days_text, status_chip
from views.formats import chip, ru_date
from views.listing import Column

MEDIUM, WHOLE = "cell-medium", "cell-whole"
NUMBER = "Номер"  # Of letters of both ways: which one it is has to be told.
SOON = 3  # Days before the last one that are told in amber.
NEVER = date(9999, 12, 31)  # Where letters stand that need no answer, when sorted by it.
BAR = "|"
UNREAD, PAUSED = "unread", "paused"
WE_OWE = "we"
_NEW = Markup('<span class="unread-dot"><span class="visually-hidden">Не прочитано: </span></span>')

Expr = ColumnElement[Any]


def kind(*, marks_unread: bool = False) -> Column:
    """«unread|three_days|Запрос об успеваемости»."""
    r = Referral
    mark: Any = literal("")
    if marks_unread:
        read = exists().where(ReferralReading.referral_id == r.id, ReferralReading.user_id == edge.viewer().user_id)
        mark = case((~read, literal(UNREAD)), else_=literal(""))
    told = mark + BAR + cast(r.urgency, String) + BAR + r.kind_title
    return Column("kind", "Письмо", told, show=_kind, export=_title, sort=r.kind_title, css="cell-long", width=44)


def is_unread(value: str) -> bool:
    """Of a value of the column of kinds."""
    return value.startswith(UNREAD)


def _kind(value: str) -> Markup:
    mark, urgency, title = value.split(BAR, 2)
    look = URGENCY_LOOK.get(ReferralUrgency(urgency))
    told = "срочно" if urgency == ReferralUrgency.THREE_DAYS else ReferralUrgency(urgency).label
    parts = [*([_NEW] if mark else []), *([chip(told, *look)] if look else []), title]
    return _in_line(*parts) if len(parts) > 1 else escape(title)


def _in_line(*parts: str) -> Markup:
    """Words and chips of one cell, on one line."""
    return Markup('<span class="in-line">{}</span>').format(Markup("").join(_span(part) for part in parts))


def _span(part: str) -> Markup:
    return part if isinstance(part, Markup) else Markup("<span>{}</span>").format(part)


def _title(value: str) -> str:
    return value.split(BAR, 2)[2]


def sender() -> Column:
    r = Referral
    return _side_column("От кого", _side_of(r.sender_id, r.sender_name), r.sender_name)


def recipient() -> Column:
    r = Referral
    return _side_column("Кому", _side_of(r.recipient_id, r.recipient_name), r.recipient_name)


def other_side() -> Column:
    """«кому: Служба» of a letter that went out, «от: Служба» of one that came in."""
    r = Referral
    to_us = r.recipient_id == edge.viewer().agency_id
    incoming = literal("от: ") + _side_of(r.sender_id, r.sender_name)
    outgoing = literal("кому: ") + _side_of(r.recipient_id, r.recipient_name)
    name = case((to_us, r.sender_name), else_=r.recipient_name)
    return _side_column("С кем", case((to_us, incoming), else_=outgoing), name)


def _side_column(label: str, told: Any, name: Any) -> Column:
    return Column("side", label, told, show=_side, export=_side_text, sort=name, css=MEDIUM, width=44)


def _side_of(number: Any, name: Any) -> Any:
    """«|5|Отдел опеки»: the name is that of the day of sending."""
    return BAR + func.coalesce(cast(number, String), "") + BAR + name


def _side(value: str) -> Markup:
    """The short name of today, which a line has place for; the name of then stands behind it."""
    way, number, name = value.split(BAR, 2)
    short = labels.label("agency", number) if number else name
    return Markup('<span title="{}">{}{}</span>').format(name, way, short)


def _side_text(value: str) -> str:
    way, _, name = value.split(BAR, 2)
    return way + name


def about() -> Column:
    """A name, or how many: as it was told in the letter."""
    return Column("about", "О ком", Referral.about_text, css=MEDIUM, width=26)


def sent() -> Column:
    r = Referral
    return Column("sent", "Отправлено", r.sent_on, show=ru_date, export=ru_date, sort=r.sent_at, width=13)


def written() -> Column:
    r = Referral
    return Column("written", "Составлено", r.created_at, show=ru_date, export=ru_date, sort=r.created_at, width=13)


def closed() -> Column:
    r = Referral
    return Column("closed", "Закончено", r.closed_at, show=ru_date, export=ru_date, sort=r.closed_at, width=13)


def number(heading: str = NUMBER) -> Column:
    """The number that the own organisation gave: incoming of what came, outgoing of what went."""
    own = edge.viewer().agency_id
    to_us = Referral.recipient_id == own
    before = ("вх. ", "исх. ") if heading == NUMBER else ("", "")
    incoming = _number_in(IncomingLetter, own, before[0])
    outgoing = _number_in(OutgoingLetter, own, before[1])
    told = case((to_us, incoming), else_=outgoing)
    return Column("number", heading, func.coalesce(told, ""), css="cell-number", width=14)


def _number_in(journal: Any, agency_id: int, before: str) -> Any:
    text = literal(before) + cast(journal.number, String) + "/" + cast(journal.year, String)
    query = select(func.min(text)).where(journal.referral_id == Referral.id, journal.agency_id == agency_id)
    return query.where(journal.message_id.is_(None)).correlate(Referral).scalar_subquery()


def due(label: str = "Ответить до") -> Column:
    r = Referral
    told = func.coalesce(cast(r.answer_due_on, String), "") + BAR + cast(r.status, String)
    return Column(
        "due", label, told, show=_due, export=_due_text, sort=func.coalesce(r.answer_due_on, NEVER), css=WHOLE, width=13
    )


def surely_due(label: str = "Ответ до") -> Column:
    """Of a box in which every letter is waited for: sorted by the index of its last day."""
    r = Referral
    told = cast(r.answer_due_on, String) + BAR + cast(r.status, String)
    return Column("due", label, told, show=_due, export=_due_text, sort=r.answer_due_on, css=WHOLE, width=13)


def _due(value: str) -> str | Markup:
    day, status = value.split(BAR)
    if not day:
        return ""
    last = date.fromisoformat(day)
    if status not in AT_RECIPIENT and status != ReferralStatus.RETURNED:
        return ru_date(last)
    return clock_chip(last, (last - edge.today()).days)


def clock_chip(last: date, left: int) -> str | Markup:
    """The last day for an answer; how far it is stands behind it, a line has no place for more."""
    if left > SOON:
        return _hinted(Markup("<span>{}</span>").format(ru_date(last)), f"осталось {days_text(left)}")
    if left < 0:
        return _hinted(chip(ru_date(last), "red", "alert-circle"), f"просрочено на {days_text(-left)}")
    return _hinted(
        chip(ru_date(last), "amber", "clock-exclamation"), f"скоро, {days_text(left)}" if left else "сегодня"
    )


def _hinted(shown: Markup, told: str) -> Markup:
    hint = Markup('<span title="{}">{}<span class="visually-hidden">: {}</span></span>')
    return hint.format(told, shown, told)


def _due_text(value: str) -> str:
    day = value.split(BAR)[0]
    return ru_date(date.fromisoformat(day)) if day else ""


def owes() -> Column:
    """Who is late: a returned letter waits for its sender, any other for its recipient."""
    r = Referral
    returned = r.status == ReferralStatus.RETURNED
    to_us = r.recipient_id == edge.viewer().agency_id
    by_us = case((and_(to_us, ~returned), literal(WE_OWE)), (and_(~to_us, returned), literal(WE_OWE)), else_="they")
    return Column("owes", "Кто должен", by_us, show=_owes, export=lambda value: _who(value), width=14)


def _owes(value: str) -> Markup:
    return chip(_who(value), "red" if value == WE_OWE else "grey", "user-check" if value == WE_OWE else "building")


def _who(value: str) -> str:
    return "мы" if value == WE_OWE else "они"


def executor(label: str = "Исполнитель") -> Column:
    return Column("executor", label, Referral.executor_id, show=_user_in_short, export=_user, css=MEDIUM, width=30)


def author() -> Column:
    return Column("author", "Кто составил", Referral.author_id, show=_user_in_short, export=_user, css=MEDIUM, width=30)


def _user(value: int | None) -> str:
    return labels.label("user_account", value)


def _user_in_short(value: int | None) -> Markup | str:
    name = _user(value)
    return Markup('<span title="{}">{}</span>').format(name, short_name(name)) if name else ""


NEW = ("новое", "blue", "mail")


def status(*, is_inbox: bool = False) -> Column:
    """What was sent is new to whoever got it."""
    r = Referral
    mark = case((r.paused_on.is_not(None), literal(BAR + PAUSED)), else_=literal(BAR))
    code: Any = cast(r.status, String)
    code = case((r.status == ReferralStatus.SENT, literal(NEW[0])), else_=code) if is_inbox else code
    return Column("status", "Состояние", code + mark, show=_status, export=_status_text, css=WHOLE, width=26)


def _status(value: str) -> Markup:
    code, mark = value.split(BAR)
    shown = chip(*NEW) if code == NEW[0] else status_chip(ReferralStatus(code))
    return _in_line(shown, chip("ждёт уточнения", "amber", "hand-stop")) if mark else shown


def _status_text(value: str) -> str:
    code, mark = value.split(BAR)
    label = code if code == NEW[0] else ReferralStatus(code).label
    return f"{label}, ждёт уточнения" if mark else label


def outcome() -> Column:
    def told(value: str | None) -> str:
        return ReplyOutcome(value).label if value else ""

    return Column("outcome", "Результат", Referral.outcome, show=told, export=told, width=20)


def reason() -> Column:
    return Column("reason", "Почему возвращено", Referral.reason, css=MEDIUM, width=50)
