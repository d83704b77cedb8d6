"""The daily letter: what a user was told and has not been mailed yet, without anybody's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select, update
from sqlalchemy.orm import Session

from models.deadlines import Deadline, State, state_on
from models.notifications import NoticeKind, Notification, NotificationSetting
from models.regulations import DeadlineRule
from models.text import plural
from models.users import Role, User
from services.notice_audience import FOR_HEADS
from services.notice_texts import ORDER, counted_terms

NEWER_THAN = timedelta(days=14)  # After a long silence of the mail the application tells the rest.
LONGEST = 100  # Lines of a letter; the application has all of them.
HEADINGS = {
    NoticeKind.EMERGENCY: "Экстренные извещения",
    NoticeKind.URGENT: "Сделать незамедлительно",
    NoticeKind.OVERDUE: "Срок нарушен",
    NoticeKind.EXPECTED: "Не получено от других организаций",
    NoticeKind.LETTER: "Письма",
    NoticeKind.SUBMISSION: "Отчёты",
    NoticeKind.DUE_SOON: "Срок скоро истекает",
    NoticeKind.RECOMPUTED: "Срок пересчитан",
    NoticeKind.OPENED: "Начался срок",
    NoticeKind.FILE: "Файлы",
    NoticeKind.WEEKLY: "Итоги недели",
    NoticeKind.CALENDAR: "Производственный календарь",
}
GREETING = "Здравствуйте."
SECRECY = "В письме нет имён: откройте карточку по её номеру в «Маршруте»."
WHY = "Какие письма присылать, вы выбираете в «Маршруте»: «Уведомления», «Настройки уведомлений»."


@dataclass(frozen=True)
class Letter:
    """One message to one user, and the notifications that it tells."""

    to: str
    subject: str
    text: str
    html: str
    ids: tuple[int, ...]


@dataclass(frozen=True)
class _Section:
    heading: str
    lines: tuple[str, ...]


# -- Who is to be written to -----------------------------------------------------------------------------------------


def _awaiting(now: datetime) -> ColumnElement[bool]:
    unwanted = exists().where(
        NotificationSetting.user_id == Notification.user_id,
        NotificationSetting.kind == Notification.kind,
        ~NotificationSetting.is_mailed,
    )
    is_new = and_(Notification.at > now - NEWER_THAN, Notification.at <= now)
    return and_(Notification.mailed_at.is_(None), is_new, ~unwanted)


def awaiting(session: Session, *, now: datetime) -> Sequence[int]:
    """Users with an address who have something to be told."""
    query = (
        select(Notification.user_id)
        .join(User, User.id == Notification.user_id)
        .where(_awaiting(now), ~User.is_locked, User.email != "")
        .distinct()
        .order_by(Notification.user_id)
    )
    return session.scalars(query).all()


def mark_mailed(session: Session, *, letter: Letter, now: datetime) -> None:
    """The server has taken the letter."""
    statement = update(Notification).where(Notification.id.in_(letter.ids)).values(mailed_at=now)
    session.execute(statement.execution_options(synchronize_session=False))


# -- The letter ------------------------------------------------------------------------------------------------------


def compose(session: Session, *, user_id: int, on: date, now: datetime, base_url: str = "") -> Letter | None:
    """The letter to a user; None: there is nothing to tell any more. Links only where the address is known."""
    user = session.get_one(User, user_id)
    query = select(Notification).where(_awaiting(now), Notification.user_id == user_id).order_by(Notification.id)
    found = sorted(session.scalars(query), key=lambda notice: ORDER.index(notice.kind))
    if not found:
        return None
    sections = [
        _Section(HEADINGS[kind], tuple(notice.text for notice in notices))
        for kind, notices in groupby(found[:LONGEST], key=lambda notice: notice.kind)
    ]
    if more := len(found) - LONGEST:
        sections += [_Section("Остальное", (f"Ещё {_counted(more)} в «Маршруте».",))] if more > 0 else []
    if user.role is Role.HEAD:
        sections += _overdue_of(session, user.agency_id, on)
    subject = _subject(found, on)
    link = f"{base_url}/notifications/" if base_url else ""
    ids = tuple(notice.id for notice in found)
    return Letter(user.email, subject, _text(sections, link), _html(subject, sections, link), ids)


def _subject(found: Sequence[Notification], on: date) -> str:
    grave = sum(notice.kind in FOR_HEADS for notice in found)
    return f"Маршрут, {on:%d.%m.%Y}: {_counted(len(found))}" + (f", срочных и просроченных {grave}" if grave else "")


def _counted(number: int) -> str:
    return f"{number} {plural(number, 'уведомление', 'уведомления', 'уведомлений')}"


def _overdue_of(session: Session, agency_id: int, on: date) -> list[_Section]:
    """All that an organisation has not done in time by a day, rule by rule."""
    query: Any = (
        select(DeadlineRule.title, func.count(Deadline.id), func.min(Deadline.due_on))
        .join(DeadlineRule, DeadlineRule.id == Deadline.rule_id)
        .where(Deadline.agency_id == agency_id, Deadline.due_on < on, state_on(on) == State.OVERDUE)
        .group_by(DeadlineRule.title)
        .order_by(func.min(Deadline.due_on), DeadlineRule.title)
    )
    rows = session.execute(query).all()
    if not rows:
        return []
    total = counted_terms(sum(count for _, count, _ in rows))
    lines = [f"{title}: {counted_terms(count)}, самый ранний {first:%d.%m.%Y}" for title, count, first in rows]
    if more := len(rows) - LONGEST:
        lines = [*lines[:LONGEST], f"Ещё обязанностей: {more}."] if more > 0 else lines
    return [_Section(f"Просрочено в организации всего: {total}", tuple(lines))]


def _text(sections: Sequence[_Section], link: str) -> str:
    parts = [GREETING]
    parts += ["\n".join([section.heading, *(f"— {line}" for line in section.lines)]) for section in sections]
    parts += [f"Открыть: {link}"] if link else []
    return "\n\n".join([*parts, SECRECY, WHY]) + "\n"


def _html(subject: str, sections: Sequence[_Section], link: str) -> str:
    """Plain tags, so that every program shows them and no picture is fetched."""
    body = [f"<p>{GREETING}</p>"]
    for section in sections:
        items = "".join(f"<li>{escape(line)}</li>" for line in section.lines)
        body.append(f"<h2>{escape(section.heading)}</h2><ul>{items}</ul>")
    if link:
        body.append(f'<p><a href="{escape(link)}">Открыть уведомления</a></p>')
    body += [f"<p>{SECRECY}</p>", f"<p>{WHY}</p>"]
    head = f'<head><meta charset="utf-8"><title>{escape(subject)}</title></head>'
    return f'<!doctype html><html lang="ru">{head}<body>{"".join(body)}</body></html>'
