"""The red strip of emergency notices that nobody has acknowledged: on the start pages of both sides, above the desk.

A page shows it by `{% include "exchange/urgent_strip.html" %}`; while the page is open the strip asks for itself anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, current_app, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from models.exchange import AT_RECIPIENT, Referral, ReferralStatus, ReferralUrgency
from models.exchange_access import acts_for_recipient
from services.errors import Refused
from services.exchange import urgent, workflow
from services.exchange.common import find, what_happened
from views import edge
from views.extensions import db
from views.formats import chip, counted, plural

pages = Blueprint("urgent", __name__, url_prefix="/exchange/urgent")
DAY = timedelta(days=1)
SOON_DAYS = 1  # An answer that is due tomorrow is soon.


def urgent_minutes() -> int:
    """Within how many minutes an emergency is to be acknowledged: the setting URGENT_MINUTES."""
    minutes: int = current_app.config["URGENT_MINUTES"]
    return minutes


# -- The strip -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A notice that waits."""

    id: int
    title: str
    sides: str
    when: str
    is_late: bool
    url: str
    acknowledge_url: str  # Empty: it is for the other side to acknowledge.
    button: str


def urgent_letters() -> list[Line]:
    """What the strip shows to the signed-in user; one statement."""
    viewer = edge.viewer()
    return [_line(letter) for letter in urgent.waiting(db.session(), viewer=viewer)]


def _line(letter: Referral) -> Line:
    assert letter.sent_at
    assert letter.acknowledge_by
    viewer = edge.viewer()
    is_ours = letter.recipient_id == viewer.agency_id
    acts = acts_for_recipient(viewer, letter)
    return Line(
        letter.id,
        letter.kind_title,
        f"от: {letter.sender_name}" if is_ours else f"кому: {letter.recipient_name}",
        waits_text(letter.sent_at, letter.acknowledge_by, edge.now()),
        letter.acknowledge_by <= edge.now(),
        url_for("referral.details_view", id=letter.id),
        url_for("urgent.acknowledge", referral_id=letter.id) if acts else "",
        "Подтвердить получение" if is_ours else "Отметить, что получено",
    )


def waits_text(sent_at: datetime, until: datetime, now: datetime) -> str:
    """«ждёт подтверждения 12 мин, до 14:35», «просрочено на 20 мин»."""
    if now >= until:
        return f"просрочено на {span_text(now - until)}"
    end = until.astimezone(edge.zone())
    is_today = end.date() == now.astimezone(edge.zone()).date()
    return f"ждёт подтверждения {span_text(now - sent_at)}, до {end:%H:%M}" + ("" if is_today else f" {end:%d.%m.%Y}")


def span_text(span: timedelta) -> str:
    """«12 мин», «2 ч 5 мин», «3 дня»."""
    if span >= DAY:
        return counted(span.days, "день", "дня", "дней")
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    parts = [f"{hours}\xa0ч"] if hours else []
    return " ".join([*parts, f"{minutes}\xa0мин"] if minutes or not hours else parts)


def urgency_chip(urgency: ReferralUrgency, status: ReferralStatus, due_on: date | None, on: date) -> Markup:
    """How urgent a letter is that still waits for its answer; nothing for an ordinary one, and for what is over."""
    if status not in AT_RECIPIENT or urgency is ReferralUrgency.NORMAL:
        return Markup("")
    if urgency is ReferralUrgency.IMMEDIATE:
        return chip("немедленно", "red", "urgent")
    left = (due_on - on).days if due_on else None
    if left is not None and left < 0:
        return chip(f"срочно, {-left} {plural(-left, 'день', 'дня', 'дней')} назад", "red", "alert-circle")
    if left is not None and left <= SOON_DAYS:
        return chip("скоро: " + ("завтра" if left else "сегодня"), "amber", "clock")
    return chip(urgency.label, "amber", "clock")


# -- Addresses -------------------------------------------------------------------------------------------------------


@pages.get("/")
def strip() -> str:
    """The lines of the strip, for a page that is open; asking for them keeps no session alive (views.edge)."""
    return render_template("exchange/urgent_lines.html")


@pages.post("/<int(max=2147483647):referral_id>/acknowledge")
def acknowledge(referral_id: int) -> Response:
    """«Подтвердить получение»; whoever comes second is told who was first."""
    letter = find(db.session(), referral_id=referral_id, by=edge.viewer())
    if letter is None:
        abort(404)
    if not acts_for_recipient(edge.viewer(), letter):
        abort(403)
    try:
        if letter.status is not ReferralStatus.SENT:
            raise Refused(what_happened(letter))
        workflow.acknowledge(db.session(), referral=letter, by=edge.viewer(), now=edge.now())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        flash(str(refusal), "warning")
    else:
        flash(f"Получение подтверждено, письмо зарегистрировано: {letter.kind_title}.", "success")
    return redirect(_page_of_the_strip(), 303)


def _page_of_the_strip() -> str:
    parts = urlsplit(request.referrer or "")
    return edge.safe_next(parts.path + (f"?{parts.query}" if parts.query else "")) or url_for("start.index")


def _allow_minutes() -> None:
    """Whatever a request sends, and by which service: its emergencies get the installation's time."""
    if request.method not in edge.READING:
        workflow.allow_minutes(db.session(), urgent_minutes())


def init_app(app: Flask) -> None:
    app.register_blueprint(pages)
    app.before_request(_allow_minutes)
    app.jinja_env.globals.update(urgent_letters=urgent_letters, urgency_chip=urgency_chip)
