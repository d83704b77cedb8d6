"""The calendar feed: read by calendar programs, without a session, by a secret address."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Response, abort, current_app, g, request, url_for
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.access import Viewer
from models.audit import AccessEvent, AccessKind
from models.context import Actor
from models.notifications import FeedToken
from models.regulations import DeadlineRule
from models.users import User
from services import audit, feed_tokens
from services.feeds import Entry, feed
from views import edge
from views.database import WRITES, access_connection, audit_key
from views.extensions import db

ENDPOINT = "calendar_feed"
SUBJECT = FeedToken.__tablename__
LONGEST_TOKEN = 100
MOST_READINGS, WITHIN = 60, timedelta(hours=1)  # A program asks every few hours, some devices more often.
STAMPED_EVERY = timedelta(minutes=10)
CACHED = "private, max-age=900"


def calendar_feed(token: str) -> Response:
    found = feed_tokens.recognise(db.session(), token=token[:LONGEST_TOKEN]) or abort(404)
    g.user_id = found.user_id
    _refuse_too_often(found)
    viewer = Viewer.of(db.session(), found.user, edge.today())
    keys = {rule.id: rule.key for rule in db.session.execute(select(DeadlineRule.id, DeadlineRule.key))}
    name = f"Сроки: {found.user.agency.short_name}"
    content, total = feed(
        db.session(), viewer=viewer, on=edge.today(), name=name, link=lambda entry: _link(entry, keys[entry.rule_id])
    )
    _stamp(found)
    _log(found, found.user, total)
    answer = Response(content, mimetype="text/calendar", headers={"Cache-Control": CACHED})
    answer.headers["Content-Disposition"] = 'inline; filename="marshrut.ics"'
    return answer


def installation() -> str:
    """The address of this installation: as set, or as the request reached it."""
    return str(current_app.config["BASE_URL"]) or request.url_root.rstrip("/")


def feed_url(token: str) -> str:
    return f"{installation()}{url_for(ENDPOINT, token=token)}"


def _link(entry: Entry, rule_key: str) -> str:
    """The page of the only obligation, or the list of those of that day."""
    if entry.open == 1:
        return f"{installation()}{url_for('deadline.details_view', id=entry.id)}"
    day = entry.due_on.isoformat()
    asked: dict[str, Any] = {"view": "list", "rule": rule_key, "from": day, "to": day}
    return f"{installation()}{url_for('calendar.index', **asked)}"


def _refuse_too_often(found: FeedToken) -> None:
    query = (
        select(AccessEvent.at)
        .where(AccessEvent.subject == SUBJECT, AccessEvent.subject_id == found.id)
        .order_by(AccessEvent.seq.desc())
        .offset(MOST_READINGS - 1)
        .limit(1)
    )
    with access_connection() as connection:
        earliest: datetime | None = connection.scalar(query)
    if earliest is not None and edge.now() - earliest < WITHIN:
        abort(429)


def _stamp(found: FeedToken) -> None:
    """Note the reading on the address; a page that only reads has no transaction for it."""
    if found.last_used_at is not None and edge.now() - found.last_used_at < STAMPED_EVERY:
        return
    statement = update(FeedToken).where(FeedToken.id == found.id).values(last_used_at=edge.now())
    with Session(db.engines[None], join_transaction_mode="create_savepoint") as session, session.begin():
        session.connection(execution_options={WRITES: True}).execute(statement)


def _log(found: FeedToken, owner: User, total: int) -> None:
    """On behalf of the owner, whose program it is."""
    actor = Actor.of(owner, edge.now(), address=edge.address(), request_id=edge.request_id())
    with access_connection() as connection:
        audit.record_access(
            connection,
            key=audit_key(),
            actor=actor,
            kind=AccessKind.DOWNLOADED,
            subject=SUBJECT,
            subject_id=found.id,
            payload={"total": total},
        )


def init_app(app: Flask) -> None:
    app.add_url_rule("/calendar/feed/<token>.ics", ENDPOINT, calendar_feed)
