"""«Разослать запросы»: one request to every recipient of a table, a letter each, with one button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from models.exchange import Referral
from models.exchange_access import referrals_visible_to
from models.territory import Agency
from services.errors import Refused
from services.exchange import fan_out
from services.exchange.kinds import ReferralKind
from services.exchange.writing import written_before
from views import edge, totals
from views.constraints import message_for
from views.deadline_look import log_people
from views.exchange.addresses import desk_crumb
from views.exchange.kind_choice import answer_term
from views.exchange.sent_words import number_of
from views.extensions import db
from views.fields import printable

pages = Blueprint("fan_out", __name__, url_prefix="/exchange/fan-out")
WHOM = {
    fan_out.DISTRICTS: "каждому органу обслуживаемых районов",
    fan_out.STUDENTS: "в каждый колледж, где учатся наши выпускники",
}


@pages.get("/")
def index() -> str:
    sender = _sender()
    found = fan_out.kinds(db.session(), sender=sender, on=edge.today())
    return render_template(
        "exchange/fan_out_index.html",
        page_title="Разослать запросы",
        breadcrumbs=[desk_crumb(), ("Разослать запросы", None)],
        lines=[(kind, WHOM[kind.fan_out], _url(kind)) for kind in found],
        sender=sender,
    )


@pages.get("/<regulation>/<code>/")
def show(regulation: str, code: str) -> str:
    kind = _kind(f"{regulation}/{code}")
    return _page(kind, token=uuid4().hex, text=kind.letter)


@pages.post("/<regulation>/<code>/")
def send(regulation: str, code: str) -> Response | tuple[str, int]:
    """All the letters in one transaction."""
    kind = _kind(f"{regulation}/{code}")
    token = request.form.get("form_token", "")
    token = token if token.isalnum() and len(token) == 32 else uuid4().hex
    chosen = [int(text) for text in request.form.getlist("recipients") if text.isdecimal() and len(text) < 10]
    text, ground = (printable(request.form.get(name, "")).strip()[:20000] for name in ("text", "ground"))
    try:
        _send(kind, chosen, text, ground[:500], token)
    except Refused as refusal:
        return _page(kind, token=token, text=text, ground=ground, chosen=chosen, error=str(refusal)), 422
    totals.forget()
    return redirect(url_for(".sent", batch=token))


def _send(kind: ReferralKind, chosen: Sequence[int], text: str, ground: str, token: str) -> None:
    try:
        fan_out.send(
            db.session(),
            kind=kind,
            sender=_sender(),
            recipient_ids=chosen,
            text=text,
            ground=ground,
            form_token=token,
            by=edge.viewer(),
            now=edge.now(),
        )
        db.session.commit()
    except Refused:
        db.session.rollback()
        raise
    except IntegrityError as error:
        db.session.rollback()
        if not written_before(db.session(), form_token=token, by=edge.viewer()):
            raise Refused(message_for(error)[1]) from None


@pages.get("/sent/<batch>")
def sent(batch: str) -> str:
    """The letters of one dispatch with their numbers."""
    r = Referral
    viewer = edge.viewer()
    query = select(r).where(r.batch == batch[:32], r.sent_at.is_not(None), referrals_visible_to(viewer))
    if not viewer.is_administrator:
        query = query.where(r.sender_id == viewer.agency_id)
    letters = list(db.session.scalars(query.order_by(r.id)))
    if not letters:
        abort(404)
    return render_template(
        "exchange/fan_out_sent.html",
        page_title=f"Отправлено писем: {len(letters)}",
        breadcrumbs=[desk_crumb(), ("Разослать запросы", url_for(".index")), ("Отправлено", None)],
        letters=[(letter, number_of(letter)) for letter in letters],
    )


def _page(kind: ReferralKind, *, token: str, text: str, ground: str = "", chosen: Any = None, error: str = "") -> str:
    sender = _sender()
    found = fan_out.table(db.session(), kind=kind, sender=sender, by=edge.viewer())
    log_people([number for line in found.lines for number, *_ in line.people], page="exchange")
    if chosen is None:
        chosen = [line.agency.id for line in found.lines if line.sent is None]
    return render_template(
        "exchange/fan_out.html",
        page_title=kind.title,
        breadcrumbs=[desk_crumb(), ("Разослать запросы", url_for(".index")), (kind.title, None)],
        kind=kind,
        whom=WHOM[kind.fan_out],
        table=found,
        chosen=set(chosen),
        token=token,
        text=text,
        ground=ground,
        error=error,
        answer_term=answer_term(kind) if kind.answer_days else "",
        is_of_students=kind.fan_out == fan_out.STUDENTS,
    )


def _kind(key: str) -> ReferralKind:
    found = fan_out.kinds(db.session(), sender=_sender(), on=edge.today())
    return next((kind for kind in found if kind.key == key), None) or abort(404)


def _url(kind: ReferralKind) -> str:
    regulation, _, code = kind.key.partition("/")
    return url_for(".show", regulation=regulation, code=code)


def _sender() -> Agency:
    return db.session.get_one(Agency, edge.viewer().agency_id)
