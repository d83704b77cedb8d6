"""The filters of the boxes, and what their search box finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import g
from sqlalchemy import ColumnElement, and_, false, or_, select, union_all

from models.exchange import IncomingLetter, OutgoingLetter, Referral, ReferralStatus, ReferralUrgency
from models.text import normalise
from models.users import User
from services.exchange.kinds import kinds_of
from services.regulations.loading import current_packs
from views import edge, labels, listing
from views.extensions import db
from views.listing import Filter
from views.relative_periods import PERIODS, relative

ME, NONE = "me", "none"
LONGEST = 100  # Signs of a number that is looked for.
_PAST = [(code, PERIODS[code][0]) for code in ("today", "week", "month", "quarter", "half-year", "year")]


def filters(statuses: Sequence[ReferralStatus]) -> Sequence[Filter]:
    """`statuses`: those that a letter of the box may have."""
    r = Referral
    return (
        Filter("kind", "Вид письма", "choice", r.kind_key.in_, kind_options),
        Filter("side", "Другая сторона", "choice", _with_sides, _side_options),
        Filter("status", "Состояние", "choice", _in_statuses, lambda: [(one.value, one.label) for one in statuses]),
        Filter("urgency", "Срочность", "choice", _of_urgencies, ReferralUrgency.choices),
        Filter("executor", "Исполнитель", "choice", _of_executors, _executor_options),
        Filter("name", "О ком", "text", lambda values: or_(*map(about, values)), help="Часть фамилии или имени"),
        Filter("number", "Номер", "text", lambda values: or_(*map(numbered, values)), help="12 или 12/2026"),
        listing.period("sent", "Отправлено", r.sent_on),
        replace(relative("sent_when", "Когда отправлено", r.sent_on), options=lambda: _PAST),
        listing.period("due", "Ответить до", r.answer_due_on),
        relative("due_when", "Когда отвечать", r.answer_due_on),
        listing.flag("paused", "Ждёт уточнения", lambda: r.paused_on.is_not(None)),
        listing.flag("paper", "На бумаге", lambda: r.is_on_paper),
    )


def kind_options() -> list[tuple[str, str]]:
    """All kinds of the regulations of this installation: letters come by those of others too."""
    if "letter_kinds" not in g:
        kinds = [kind for pack in current_packs(db.session()) for kind in kinds_of(pack)]
        told = [(kind.key, f"{kind.title} ({kind.ground})") for kind in kinds]
        g.letter_kinds = sorted(told, key=lambda option: option[1])
    found: list[tuple[str, str]] = g.letter_kinds
    return found


def _side_options() -> list[tuple[str, str]]:
    own = str(edge.viewer().agency_id)
    known = [option for option in labels.options("agency") if option[0] != own]
    return [*known, (NONE, "не из справочника")]


def _with_sides(values: list[str]) -> ColumnElement[bool]:
    """One side is the viewer's organisation: so either may be the other one."""
    r, own = Referral, edge.viewer().agency_id
    ids = [listing.number_in(value) for value in values if value not in (NONE, str(own))]
    parts: list[Any] = [r.sender_id.in_(ids), r.recipient_id.in_(ids)] if ids else []
    if NONE in values:
        parts += [r.sender_id.is_(None), r.recipient_id.is_(None)]
    return or_(*parts) if parts else false()


def _in_statuses(values: list[str]) -> ColumnElement[bool]:
    return Referral.status.in_([ReferralStatus(value) for value in values])


def _of_urgencies(values: list[str]) -> ColumnElement[bool]:
    return Referral.urgency.in_([ReferralUrgency(value) for value in values])


def _of_executors(values: list[str]) -> ColumnElement[bool]:
    viewer = edge.viewer()
    ids = [viewer.user_id if value == ME else listing.number_in(value) for value in values if value != NONE]
    parts: list[Any] = [Referral.executor_id.in_(ids)] if ids else []
    if NONE in values:
        parts.append(Referral.executor_id.is_(None))
    return or_(*parts)


def _executor_options() -> list[tuple[str, str]]:
    return [(ME, "я"), (NONE, "не назначен"), *colleagues()]


def colleagues() -> list[tuple[str, str]]:
    """Who of the own organisation may deal with a letter."""
    if "colleagues" not in g:
        query = select(User.id, User.name).where(User.agency_id == edge.viewer().agency_id, ~User.is_locked)
        rows = db.session.execute(query.order_by(User.name, User.id))
        g.colleagues = [(str(number), name) for number, name in rows]
    found: list[tuple[str, str]] = g.colleagues
    return found


def about(text: str) -> ColumnElement[bool]:
    """Every word stands in the names that the letter told: «елкина» finds «Ёлкина»."""
    words = normalise(text).split()[:8]
    return and_(*(Referral.about_key.contains(word, autoescape=True) for word in words)) if words else false()


def numbered(text: str) -> ColumnElement[bool]:
    """By the own number of a letter or of an answer to it, or by the number on a paper of the other side."""
    typed = text.strip()[:LONGEST]
    number, slash, year = typed.lstrip("№ ").partition("/")
    if not (_is_number(number) and (not slash or _is_number(year))):
        return Referral.their_number == typed
    own = edge.viewer().agency_id
    journals = [
        select(journal.referral_id).where(
            journal.agency_id == own, journal.number == int(number), *([journal.year == int(year)] if slash else [])
        )
        for journal in (IncomingLetter, OutgoingLetter)
    ]
    found = Referral.id.in_(union_all(*journals))
    return found if slash else or_(found, Referral.their_number == typed)


def _is_number(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) < 8


def found_by(text: str) -> ColumnElement[bool]:
    """A number, or words of the names, of the kind or of the other organisation."""
    if any(sign.isdecimal() for sign in text):
        return numbered(text)
    words = normalise(text).split()[:8]
    return and_(*map(_says, words)) if words else false()


def _says(word: str) -> ColumnElement[bool]:
    kinds = [key for key, title in kind_options() if word in normalise(title)]
    sides = [code for code, name in labels.options("agency") if word in normalise(name)]
    parts: list[Any] = [Referral.about_key.contains(word, autoescape=True)]
    if kinds:
        parts.append(Referral.kind_key.in_(kinds))
    if sides:
        parts.append(_with_sides(sides))
    return or_(*parts)
