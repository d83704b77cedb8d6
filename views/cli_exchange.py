"""`referrals`: the letters of an organisation from the command line, without the names of people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import Row, String, cast, func, select
from sqlalchemy.orm import Session, aliased

from models.audit import AccessKind
from models.context import Actor
from models.exchange import IncomingLetter, OutgoingLetter, Referral, ReferralPerson
from models.territory import Agency
from services import audit
from services.exchange.boxes import Box, lies_in
from views import edge
from views.cli_tools import ACTOR, Refusal, need, print_json, reading
from views.database import access_connection, audit_key
from views.fields import parse_date
from views.formats import ru_date

referrals = AppGroup("referrals", help="Письма между организациями.")


@referrals.command("list", help="Письма организации на день: что пришло, что отправлено, чего ждут. Имён людей нет.")
@click.option("--agency", "code", help="Код организации.")
@click.option("--box", "box", default=Box.INBOX.value, help=f"Какие письма: {', '.join(Box)}; по умолчанию in.")
@click.option("--on", "day", help="День, на который считать просрочку; по умолчанию сегодня.")
@click.option("--json", "as_json", is_flag=True, help="Один документ JSON.")
def show(code: str | None, box: str, day: str | None, as_json: bool) -> None:
    code, on = need(code, "--agency КОД"), _day(day)
    if box not in tuple(Box):
        raise Refusal(f"Нет писем «{box}»; есть: {', '.join(Box)}.", 2)
    with reading() as session:
        rows = [_row(row, on) for row in _found(session, code, Box(box), on)]
    _log(code, on, box, len(rows))
    if as_json:
        print_json(rows)
        return
    for row in rows:
        ends = (row["from"] or row["from_name"], row["to"] or row["to_name"])
        due = f"ответ до {ru_date(date.fromisoformat(row['answer_due_on']))}" if row["answer_due_on"] else ""
        sent = ru_date(date.fromisoformat(row["sent_on"])) if row["sent_on"] else ""
        shown = (sent, row["number"] or "", row["status_label"], row["title"], *ends, due)
        click.echo("\t".join(shown).rstrip())


def _found(session: Session, code: str, box: Box, on: date) -> Iterable[Row[Any]]:
    agency_id = session.scalar(select(Agency.id).where(Agency.code == code))
    if agency_id is None:
        raise Refusal(f"Нет организации с кодом «{code}».")
    sender, recipient = aliased(Agency), aliased(Agency)
    people = select(func.count()).where(ReferralPerson.referral_id == Referral.id).correlate(Referral)
    numbers = [_number_in(journal, agency_id) for journal in (IncomingLetter, OutgoingLetter)]
    query = (
        select(Referral, sender.code, recipient.code, people.scalar_subquery(), *numbers)
        .outerjoin(sender, sender.id == Referral.sender_id)
        .outerjoin(recipient, recipient.id == Referral.recipient_id)
        .where(lies_in(box, agency_id=agency_id, on=on))
        .order_by(func.coalesce(Referral.sent_at, Referral.created_at), Referral.id)
    )
    return session.execute(query)


def _number_in(journal: Any, agency_id: int) -> Any:
    """«12/2026»: the number of the letter itself, not of its answer, in a journal of the organisation."""
    text = cast(journal.number, String) + "/" + cast(journal.year, String)
    query = select(func.min(text)).where(journal.referral_id == Referral.id, journal.agency_id == agency_id)
    return query.where(journal.message_id.is_(None)).correlate(Referral).scalar_subquery()


def _row(found: Any, on: date) -> dict[str, Any]:
    letter, sender, recipient, people, incoming, outgoing = found
    days = ("sent_on", "received_on", "answer_due_on", "answered_on")
    return {
        "id": letter.id,
        "kind": letter.kind_key,
        "title": letter.kind_title,
        "clause": letter.clause_text,
        "status": letter.status.value,
        "status_label": letter.status.label,
        "urgency": letter.urgency.value,
        "from": sender,
        "from_name": letter.sender_name,
        "to": recipient,
        "to_name": letter.recipient_name,
        "about": people,
        "number": incoming or outgoing,
        **{name: day.isoformat() if (day := getattr(letter, name)) else None for name in days},
        "is_late": letter.is_late_on(on),
        "is_paused": letter.paused_on is not None,
        "is_on_paper": letter.is_on_paper,
        "is_acknowledged": letter.acknowledged_at is not None if letter.acknowledge_by is not None else None,
        "outcome": letter.outcome.value if letter.outcome else None,
    }


def _log(code: str, on: date, box: str, total: int) -> None:
    with access_connection() as connection:
        audit.record_access(
            connection,
            key=audit_key(),
            actor=Actor(edge.clock(), name=ACTOR),
            kind=AccessKind.EXPORTED,
            subject="referral",
            payload={"agency": code, "box": box, "on": on.isoformat(), "total": total},
        )


def _day(text: str | None) -> date:
    if text is None:
        return edge.today()
    try:
        return parse_date(text)
    except ValueError:
        raise Refusal(f"Дата «{text}» не читается, нужен вид 2026-10-01.", 2) from None


def register(app: Flask) -> None:
    app.cli.add_command(referrals)
