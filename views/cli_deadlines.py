"""`deadlines` and `remind`: obligations from the command line, and the job of every day."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased

from models.audit import AccessKind
from models.context import Actor
from models.deadlines import Deadline, State, state_on
from models.regulations import DeadlineRule, Regulation
from models.territory import Agency
from services import audit, notices, weekly
from services.deadlines.dates import horizon
from services.deadlines.generation import generate
from services.deadlines.run import Made
from services.exchange import urgent
from services.production_calendar import load_calendar
from views import edge
from views.cli_calendar import NOT_LOADED
from views.cli_tools import ACTOR, Refusal, need, print_json, reading, transaction
from views.database import access_connection, audit_key
from views.fields import parse_date
from views.formats import counted, ru_date
from views.jobs.worker import tidy
from views.mail import Mailed, send_digests
from views.only_one import only_one

PATIENCE = 600.0  # Seconds for which one generation waits for another.
# After a part of so many seconds others get time to write: on SQLite nobody is told that it is free, they look again
# every tenth of a second, and would else wait for all the parts.
LONG, BREATH = 0.5, 0.15

deadlines = AppGroup("deadlines", help="Сроки.")


@deadlines.command("generate", help="Пересчитать сроки: завести недостающие, перенести и снять изменившиеся.")
@click.option("--until", help="До какого дня заводить; по умолчанию на 18 месяцев вперёд.")
@click.option("--on", "day", help="День, на который верны сведения; по умолчанию сегодня.")
def generate_all(until: str | None, day: str | None) -> None:
    on = _day(day)
    last = _day(until) if until else horizon(on)
    if last < on:
        raise Refusal(f"Последний день {ru_date(last)} раньше дня сведений {ru_date(on)}.", 2)
    click.echo(_made(_generate(on, last)), err=True)


@deadlines.command("list", help="Сроки организации и их состояние на день.")
@click.option("--agency", "code", help="Код организации.")
@click.option("--on", "day", help="День, на который нужно состояние; по умолчанию сегодня.")
@click.option("--state", help=f"Только в этом состоянии: {', '.join(State)}.")
@click.option("--json", "as_json", is_flag=True, help="Один документ JSON.")
def show(code: str | None, day: str | None, state: str | None, as_json: bool) -> None:
    code, on = need(code, "--agency КОД"), _day(day)
    if state is not None and state not in tuple(State):
        raise Refusal(f"Нет состояния «{state}»; есть: {', '.join(State)}.", 2)
    with reading() as session:
        rows = [_row(row, code, on) for row in _found(session, code, on, state)]
    _log(code, on, len(rows))
    if as_json:
        print_json(rows)
        return
    for row in rows:
        shown = (row["due_on"], State(row["state"]).label, row["rule"], row["title"], row["period"])
        click.echo("\t".join([*shown, f"карточка № {row['graduate']}" if row["graduate"] else ""]).rstrip())


@click.command("remind", help="Ежедневно: пересчитать сроки, уведомить о них и разослать письма. Можно повторять.")
@click.option("--on", "day", help="За какой день; по умолчанию сегодня.")
@with_appcontext
def remind(day: str | None) -> None:
    on = _day(day)
    click.echo(_made(_generate(on, horizon(on))), err=True)
    with transaction() as session:
        told = notices.notify_since_last_run(session, on=on, now=edge.clock())
        told += urgent.remind_heads(session, on=on, now=edge.clock())
        told += weekly.tell_of_week(session, on=on, now=edge.clock())
    click.echo(f"Новых уведомлений: {told}.", err=True)
    tidy()
    mailed = send_digests(on=on)
    for line in _mailed(mailed):
        click.echo(line, err=True)
    if mailed.fault:
        raise Refusal(mailed.fault)


def _generate(on: date, until: date) -> Made:
    """One part after another, each a transaction of its own: what is done stays when the rest fails."""
    total = Made()
    with only_one("generate", PATIENCE) as is_mine:
        if not is_mine:
            raise Refusal("Сроки уже пересчитывает другой процесс. Повторите позже.")
        with transaction() as session:
            calendar = load_calendar(session)
            if not calendar.years:
                raise Refusal(NOT_LOADED)
            begun = time.monotonic()
            for part in generate(session, calendar=calendar, on=on, until=until, now=edge.clock()):
                session.commit()
                total += part
                if time.monotonic() - begun > LONG:
                    time.sleep(BREATH)
                begun = time.monotonic()
    return total


def _made(made: Made) -> str:
    parts = [f"перенесено {made.moved}", f"снято {made.closed}", f"возвращено {made.reopened}"]
    return f"Сроков добавлено {made.added}, {', '.join(parts)}."


def _mailed(mailed: Mailed) -> list[str]:
    lines = [f"Отправлено {counted(mailed.sent, 'письмо', 'письма', 'писем')}."] if mailed.sent else []
    if mailed.refused:
        lines.append(f"Не принято адресов: {mailed.refused}. Проверьте почту пользователей.")
    return lines


def _found(session: Session, code: str, on: date, state: str | None) -> Iterable[Row[Any]]:
    agency_id = session.scalar(select(Agency.id).where(Agency.code == code))
    if agency_id is None:
        raise Refusal(f"Нет организации с кодом «{code}».")
    recipient = aliased(Agency)
    query = (
        select(Deadline, DeadlineRule, Regulation.code, recipient.code)
        .join(DeadlineRule, DeadlineRule.id == Deadline.rule_id)
        .join(Regulation, Regulation.id == DeadlineRule.regulation_id)
        .outerjoin(recipient, recipient.id == Deadline.recipient_id)
        .where(Deadline.agency_id == agency_id)
        .order_by(Deadline.due_on, Deadline.rule_key, Deadline.id)
    )
    if state is not None:
        query = query.where(state_on(on) == state)
    return session.execute(query)


def _row(found: Any, agency: str, on: date) -> dict[str, Any]:
    deadline, rule, regulation, recipient = found
    days = ("event_on", "opens_on", "nominal_on", "due_on", "control_on", "done_on")
    return {
        "id": deadline.id,
        "rule": deadline.rule_key,
        "title": rule.title,
        "regulation": regulation,
        "clause": rule.clause_text,
        "agency": agency,
        "recipient": recipient or deadline.recipient_text or None,
        "graduate": deadline.graduate_id,
        "period": deadline.period,
        **{name: day.isoformat() if (day := getattr(deadline, name)) else None for name in days},
        "state": deadline.state_on(on).value,
        "is_provisional": deadline.is_provisional,
        "required": deadline.required,
        "achieved": deadline.achieved,
    }


def _log(code: str, on: date, total: int) -> None:
    with access_connection() as connection:
        audit.record_access(
            connection,
            key=audit_key(),
            actor=Actor(edge.clock(), name=ACTOR),
            kind=AccessKind.EXPORTED,
            subject="deadline",
            payload={"agency": code, "on": on.isoformat(), "total": total},
        )


def _day(text: str | None) -> date:
    if text is None:
        return edge.today()
    try:
        return parse_date(text)
    except ValueError:
        raise Refusal(f"Дата «{text}» не читается, нужен вид 2026-10-01.", 2) from None


def register(app: Flask) -> None:
    app.cli.add_command(deadlines)
    app.cli.add_command(remind)
