"""«Предлагаем отправить»: letters that obligations ask for, filled in, one click to send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from models.audit import AccessKind
from models.deadlines import Deadline
from models.graduates import Graduate
from services.errors import Refused
from services.exchange.people_facts import short_name
from services.exchange.proposals import PAGE, Proposal, count_proposals, proposal_of, proposals, send_proposal
from views import edge, totals
from views.constraints import message_for
from views.deadline_look import deadline_url, state_chip
from views.doing import CHANGED
from views.exchange.addresses import desk_crumb
from views.exchange.sent_words import told_of
from views.extensions import db
from views.formats import grouped, ru_date
from views.people_lookup import card_number, names_of

pages = Blueprint("proposals", __name__, url_prefix="/exchange/proposals")
FEW = 5  # On «Мой день».


@pages.get("/")
def index() -> str:
    return _page()


@pages.post("/send")
def send() -> Response | tuple[str, int]:
    """One letter, as it is proposed."""
    number = _wanted()
    deadline = db.session.get(Deadline, number) if number is not None else None
    viewer = edge.viewer()
    if deadline is None or deadline.agency_id != viewer.agency_id:
        edge.log_access(AccessKind.REFUSED, subject="deadline", subject_id=number)
        abort(404)
    try:
        letter = send_proposal(db.session(), deadline_id=deadline.id, by=viewer, now=edge.now())
        db.session.commit()
    except (Refused, StaleDataError, IntegrityError) as refusal:
        db.session.rollback()
        return _page(_sentence(refusal), number), 422
    totals.forget()
    flash(told_of([letter]), "success")
    return redirect(url_for(".index"))


def _wanted() -> int | None:
    text = request.form.get("deadline", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _sentence(error: Exception) -> str:
    if isinstance(error, Refused):
        return str(error)
    return message_for(error)[1] if isinstance(error, IntegrityError) else CHANGED


def _page(error: str = "", broken: int | None = None) -> str:
    """`broken`: the obligation whose letter could not be sent as it is; it is offered to be filled in."""
    session, viewer = db.session(), edge.viewer()
    page = request.args.get("page", "")
    place = int(page) if page.isdecimal() and 0 < int(page[:6]) < 10_000 and len(page) < 6 else 1
    total = count_proposals(session, by=viewer)
    found = proposals(session, by=viewer, limit=PAGE, offset=(place - 1) * PAGE)
    refused = proposal_of(session, deadline_id=broken, by=viewer) if broken is not None else None
    return render_template(
        "exchange/proposals.html",
        page_title="Предлагаем отправить",
        breadcrumbs=[desk_crumb(), ("Предлагаем отправить", None)],
        error=error,
        open_url=open_url(refused) if refused is not None else "",
        lines=_lines(found),
        total=total,
        page=place,
        has_more=total > place * PAGE,
    )


def _lines(found: Sequence[Proposal]) -> list[dict[str, Any]]:
    names = names_of(one.graduate_id for one in found if one.graduate_id is not None)
    return [_line(one, names) for one in found]


def _line(proposal: Proposal, names: dict[int, str]) -> dict[str, Any]:
    deadline, number = proposal.deadline, proposal.graduate_id
    whom = names.get(number, card_number(number)) if number is not None else ""
    return {
        "id": deadline.id,
        "title": proposal.kind.title,
        "whom": whom,
        "whom_url": url_for("graduate.details_view", id=number) if number in names else "",
        "to": deadline.recipient.name if deadline.recipient else deadline.recipient_text or "выберите получателя",
        "why": proposal.why,
        "why_url": deadline_url(deadline.id),
        "due": ru_date(deadline.due_on),
        "chip": state_chip(deadline.state_on(edge.today())),
        "open_url": open_url(proposal),
    }


def open_url(proposal: Proposal) -> str:
    return url_for("referral.create_view", kind=proposal.kind.key, deadline=proposal.deadline.id)


# -- On other pages --------------------------------------------------------------------------------------------------


def block_of_card(graduate: Graduate) -> dict[str, Any] | None:
    """The block of the tab «Обмен» of a card (templates/details.html); None: nothing is proposed."""
    found = proposals(db.session(), by=edge.viewer(), graduate_id=graduate.id)
    if not found:
        return None
    rows = [
        [
            Markup('<a href="{}">{}</a>').format(open_url(one), one.kind.title),
            one.deadline.recipient.short_name if one.deadline.recipient else one.deadline.recipient_text,
            one.why,
            ru_date(one.deadline.due_on),
        ]
        for one in found
    ]
    table = {"columns": ["Письмо", "Кому", "Почему", "Не позже"], "rows": rows}
    return {"title": "Предлагаем отправить", "id": "proposals", "items": [], "table": table}


def block_of_day() -> dict[str, Any] | None:
    """A small block of «Мой день»; None: nothing is proposed."""
    session, viewer = db.session(), edge.viewer()
    found = proposals(session, by=viewer, limit=FEW)
    if not found:
        return None
    total = count_proposals(session, by=viewer)
    names = names_of(one.graduate_id for one in found if one.graduate_id is not None)
    rows = [_row_of_day(one, names) for one in found]
    action = (f"Все {grouped(total)}" if total > 1 else "Открыть", url_for("proposals.index"))
    return {"title": "Предлагаем отправить", "id": "proposals", "action": action, "rows": rows, "empty": ""}


def _row_of_day(proposal: Proposal, names: dict[int, str]) -> dict[str, Any]:
    deadline, title = proposal.deadline, proposal.kind.title
    name = names.get(proposal.graduate_id, "") if proposal.graduate_id is not None else ""
    to = deadline.recipient.short_name if deadline.recipient else deadline.recipient_text
    return {
        "url": open_url(proposal),
        "text": f"{title}: {short_name(name.partition(',')[0])}" if name else title,
        "note": f"{to}, {deadline.due_on:%d.%m}",
        "chip": state_chip(deadline.state_on(edge.today())),
    }
