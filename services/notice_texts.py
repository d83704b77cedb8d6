"""Sentences of notifications and of the digest: the duty, how many, until when; a card by its number, never a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import shorten

from models.notifications import NoticeKind
from models.text import plural

# The gravest first.
ORDER = (
    NoticeKind.EMERGENCY,
    NoticeKind.URGENT,
    NoticeKind.OVERDUE,
    NoticeKind.EXPECTED,
    NoticeKind.LETTER,
    NoticeKind.SUBMISSION,
    NoticeKind.DUE_SOON,
    NoticeKind.RECOMPUTED,
    NoticeKind.OPENED,
    NoticeKind.FILE,
    NoticeKind.WEEKLY,
    NoticeKind.CALENDAR,
)
LONGEST_TITLE = 300  # The whole sentence has to fit into models.base.Line.


@dataclass(frozen=True, slots=True)
class Told:
    """Obligations of one rule that are told together; `graduate_id`, `achieved` and `required` are of a single one."""

    count: int
    first_due: date
    last_due: date
    graduate_id: int | None = None
    achieved: int = 0
    required: int = 1
    senders: Sequence[str] = ()


def sentence(kind: NoticeKind, title: str, told: Told) -> str:
    """«Мониторинг адаптации: открылось 312 сроков, до 31.12.2026»."""
    parts = {
        NoticeKind.OPENED: _opened,
        NoticeKind.DUE_SOON: _due_soon,
        NoticeKind.OVERDUE: _overdue,
        NoticeKind.URGENT: _urgent,
        NoticeKind.EXPECTED: _expected,
    }[kind](told)
    return _joined(title, parts)


def recomputed(title: str, told: Told, old_due: date) -> str:
    return _joined(title, [*_card(told), f"срок перенесён с {_day(old_due)} на {_day(told.first_due)}"])


def counted_terms(count: int) -> str:
    return f"{count} {plural(count, 'срок', 'срока', 'сроков')}"


def _joined(title: str, parts: Sequence[str]) -> str:
    return f"{shorten(title, LONGEST_TITLE, placeholder='…').rstrip('.')}: {', '.join(parts)}"


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _card(told: Told) -> list[str]:
    """What is told of a single obligation: whose it is, and how much of a quota is there."""
    found = [f"карточка № {told.graduate_id}"] if told.graduate_id else []
    return found + ([f"исполнено {told.achieved} из {told.required}"] if told.required > 1 else [])


def _opened(told: Told) -> list[str]:
    if told.count == 1:
        return [*_card(told), f"исполнить до {_day(told.first_due)}"]
    first = "" if told.first_due == told.last_due else "первый "
    verb = plural(told.count, "открылся", "открылось", "открылось")
    return [f"{verb} {counted_terms(told.count)}", f"{first}до {_day(told.first_due)}"]


def _due_soon(told: Told) -> list[str]:
    if told.count == 1:
        return [*_card(told), f"срок истекает {_day(told.first_due)}"]
    first = "" if told.first_due == told.last_due else "первый "
    verb = plural(told.count, "истекает", "истекают", "истекает")
    return [f"скоро {verb} {counted_terms(told.count)}", f"{first}{_day(told.first_due)}"]


def _overdue(told: Told) -> list[str]:
    if told.count == 1:
        return [*_card(told), f"срок истёк {_day(told.first_due)}"]
    verb = plural(told.count, "нарушен", "нарушено", "нарушено")
    return [f"{verb} {counted_terms(told.count)}", _expired(told)]


def _expired(told: Told) -> str:
    if told.count == 1:
        return f"срок истёк {_day(told.first_due)}"
    return f"{'истекли' if told.first_due == told.last_due else 'первый истёк'} {_day(told.first_due)}"


def _urgent(told: Told) -> list[str]:
    whose = _card(told) if told.count == 1 else [counted_terms(told.count)]
    return ["незамедлительно", *whose, f"день события {_day(told.first_due)}"]


def _expected(told: Told) -> list[str]:
    senders = sorted(set(told.senders))
    number = len(senders)
    of_whom = (
        f"отправитель: {shorten(senders[0], 100, placeholder='…')}"
        if number == 1
        else f"{number} {plural(number, 'отправитель', 'отправителя', 'отправителей')}"
    )
    whose = _card(told) if told.count == 1 else [counted_terms(told.count)]
    return ["не получено в срок", of_whom, *whose, _expired(told)]
