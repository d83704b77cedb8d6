"""Notifications: the bell of every page, the list, which kinds are wanted, addresses of the calendar feed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, abort, current_app, flash, redirect, render_template, request, session, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from models.deadlines import State
from models.notifications import NoticeKind, Notification
from models.regulations import DeadlineRule
from models.users import Role
from services import feed_tokens, notice_box
from services.feed_tokens import FeedRefused
from services.notice_audience import FOR_HEADS
from services.notices import rule_of
from services.weekly import READERS
from views import edge
from views.deadline_look import deadline_url
from views.extensions import db
from views.feeds import feed_url
from views.formats import plural, zone

pages = Blueprint("notices", __name__, url_prefix="/notifications")
PAGE = 50
NEW_ADDRESS = "new_feed"  # In the session: a new address is shown on the next page, and never again.
# Icon and colour of a kind.
LOOKS = {
    NoticeKind.OPENED: ("calendar-event", "blue"),
    NoticeKind.DUE_SOON: ("clock", "amber"),
    NoticeKind.OVERDUE: ("alert-triangle", "red"),
    NoticeKind.URGENT: ("urgent", "red"),
    NoticeKind.RECOMPUTED: ("refresh", "grey"),
    NoticeKind.EXPECTED: ("mail", "amber"),
    NoticeKind.CALENDAR: ("calendar", "grey"),
    NoticeKind.LETTER: ("arrows-exchange", "blue"),
    NoticeKind.EMERGENCY: ("urgent", "red"),
    NoticeKind.SUBMISSION: ("report", "blue"),
    NoticeKind.FILE: ("download", "blue"),
    NoticeKind.WEEKLY: ("report-analytics", "blue"),
}
HELP = {
    NoticeKind.OPENED: "Окно открылось, период начался или произошло событие, от которого идёт срок.",
    NoticeKind.DUE_SOON: "До последнего дня осталось несколько рабочих дней.",
    NoticeKind.OVERDUE: "Последний день прошёл, а исполнение не отмечено. Руководителю сообщается всегда.",
    NoticeKind.URGENT: "Действовать нужно в день события.",
    NoticeKind.RECOMPUTED: "Исправлены сведения, и последний день стал другим.",
    NoticeKind.EXPECTED: "Другая организация не отправила вам в срок то, что должна.",
    NoticeKind.CALENDAR: "Для следующего года ещё нет постановления о переносе выходных.",
    NoticeKind.LETTER: "Письмо пришло, принято, возвращено, получен ответ или сообщение.",
    NoticeKind.EMERGENCY: "Пришло экстренное извещение. Если получение не подтверждено вовремя, об этом узнают "
    "руководители обеих организаций.",
    NoticeKind.SUBMISSION: "Отчёт ждёт утверждения, отправлен вам, принят или возвращён.",
    NoticeKind.FILE: "Файл, который вы заказали, собран, или собрать его не удалось.",
    NoticeKind.WEEKLY: "По понедельникам: сроки прошлой недели, письма без ответа, что предстоит, новые в кризисе. "
    "Без имён.",
}


# States in which the obligations of a kind are by the time somebody looks.
LISTED = {
    NoticeKind.OPENED: [State.OPEN, State.DUE_SOON, State.OVERDUE],
    NoticeKind.DUE_SOON: [State.DUE_SOON, State.OVERDUE],
    NoticeKind.OVERDUE: [State.OVERDUE],
    NoticeKind.URGENT: [State.OPEN, State.DUE_SOON, State.OVERDUE],
    NoticeKind.EXPECTED: [State.OVERDUE],
}


# -- The list --------------------------------------------------------------------------------------------------------


@pages.get("/")
def index() -> str:
    user_id, before = edge.user().id, _number(request.args.get("before", ""))
    found = notice_box.newest(db.session(), user_id=user_id, before=before, now=edge.now(), limit=PAGE + 1)
    shown, has_more = found[:PAGE], len(found) > PAGE
    return render_template(
        "notices/index.html",
        page_title="Уведомления",
        breadcrumbs=[("Уведомления", None)],
        days=_by_day(shown),
        is_first=before is None,
        older_url=url_for("notices.index", before=shown[-1].id) if has_more else None,
        unread=notice_box.unread(db.session(), user_id=user_id, now=edge.now()),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 15 else None


def _by_day(shown: Sequence[Notification]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The region's days, newest first, each with its rows."""
    days: dict[str, list[dict[str, Any]]] = {}
    today = edge.today()
    for notice in shown:
        day = notice.at.astimezone(zone()).date()
        name = {today: "Сегодня", today - timedelta(days=1): "Вчера"}.get(day, f"{day:%d.%m.%Y}")
        days.setdefault(name, []).append(_row(notice))
    return list(days.items())


def _row(notice: Notification) -> dict[str, Any]:
    icon, colour = LOOKS[notice.kind]
    title, _, rest = notice.text.partition(": ")
    return {
        "id": notice.id,
        "title": title if rest else "",
        "text": _unbroken(rest[:1].upper() + rest[1:] if rest else title),
        "kind": notice.kind.label,
        "icon": icon,
        "colour": colour,
        "is_unread": notice.read_at is None,
        "time": f"{notice.at.astimezone(zone()):%H:%M}",
    }


def _unbroken(text: str) -> str:
    """«№ 12» stays on one line."""
    return text.replace("№ ", "№\xa0")


@pages.post("/<int(max=9223372036854775807):notice_id>/open")
def follow(notice_id: int) -> Response:
    """What it tells of; by then it is read."""
    notice = _own(notice_id)
    target = _target(notice)
    notice_box.mark_read(db.session(), user_id=notice.user_id, now=edge.now(), ids=[notice.id])
    db.session.commit()
    return redirect(target, 303)


@pages.post("/<int(max=9223372036854775807):notice_id>/read")
def read(notice_id: int) -> Response:
    notice = _own(notice_id)
    notice_box.mark_read(db.session(), user_id=notice.user_id, now=edge.now(), ids=[notice.id])
    db.session.commit()
    return redirect(url_for("notices.index", before=_number(request.form.get("before", ""))), 303)


@pages.post("/read")
def read_all() -> Response:
    notice_box.mark_read(db.session(), user_id=edge.user().id, now=edge.now())
    db.session.commit()
    flash("Все уведомления отмечены прочитанными.", "success")
    return redirect(url_for("notices.index"), 303)


def _own(notice_id: int) -> Notification:
    notice = db.session.get(Notification, notice_id)
    if notice is None or notice.user_id != edge.user().id or notice.at > edge.now():
        abort(404)
    return notice


def _target(notice: Notification) -> str:
    """The letter; the obligation; the list of those of the rule; the calendar's register where a year is wanted."""
    if notice.job_id is not None:
        return url_for("jobs.show", job_id=notice.job_id)
    if notice.submission_id is not None:
        return url_for("submissions.show", submission_id=notice.submission_id)
    if notice.referral_id is not None:
        return url_for("referral.details_view", id=notice.referral_id)
    if notice.deadline_id is not None:
        return deadline_url(notice.deadline_id)
    if notice.kind is NoticeKind.CALENDAR:
        return url_for("calendar_year.index_view")
    if notice.kind is NoticeKind.WEEKLY:
        is_overseer = edge.user().role is Role.COORDINATOR
        return url_for("territory.index") if is_overseer else url_for("compliance.index")
    asked: dict[str, Any] = {"view": "list", "state": LISTED[notice.kind]}
    rule_id = rule_of(notice)
    if rule_id is not None:
        asked["rule"] = db.session.scalar(select(DeadlineRule.key).where(DeadlineRule.id == rule_id))
    if notice.kind is NoticeKind.EXPECTED:
        asked["waiting"] = "1"
    if LISTED[notice.kind] == [State.OVERDUE]:
        asked["to"] = edge.today().isoformat()
    else:
        asked["from"] = notice.at.astimezone(zone()).date().isoformat()
    return url_for("calendar.index", **asked)


# -- Settings --------------------------------------------------------------------------------------------------------


@pages.get("/settings")
def settings() -> str:
    user = edge.user()
    chosen = notice_box.choices(db.session(), user_id=user.id)
    token = session.pop(NEW_ADDRESS, None)
    return render_template(
        "notices/settings.html",
        page_title="Настройки уведомлений",
        breadcrumbs=[("Уведомления", url_for("notices.index")), ("Настройки уведомлений", None)],
        kinds=[(kind, HELP[kind], *LOOKS[kind], *chosen[kind], _is_fixed(kind)) for kind in _offered()],
        email=user.email,
        has_mail=bool(current_app.config["MAIL_URL"]),
        tokens=feed_tokens.of_user(db.session(), user_id=user.id),
        new_url=feed_url(token) if token else None,
        most=feed_tokens.MOST_TOKENS,
    )


@pages.post("/settings")
def save_settings() -> Response:
    form = request.form
    wanted = {kind: (_is_fixed(kind) or f"shown-{kind}" in form, f"mailed-{kind}" in form) for kind in _offered()}
    notice_box.choose(db.session(), user_id=edge.user().id, wanted=wanted)
    db.session.commit()
    flash("Настройки уведомлений сохранены.", "success")
    return redirect(url_for("notices.settings"), 303)


def _offered() -> list[NoticeKind]:
    """Only administrators are told of a calendar that is missing, only heads and coordinators of the week."""
    role, unoffered = edge.user().role, set()
    if role is not Role.ADMINISTRATOR:
        unoffered.add(NoticeKind.CALENDAR)
    if role not in READERS:
        unoffered.add(NoticeKind.WEEKLY)
    return [kind for kind in NoticeKind if kind not in unoffered]


def _is_fixed(kind: NoticeKind) -> bool:
    """A head is always told of what is missed or urgent; only the letters are a matter of choice."""
    return kind in FOR_HEADS and edge.user().role is Role.HEAD


@pages.post("/settings/feed")
def make_feed() -> Response:
    try:
        token = feed_tokens.create(db.session(), user_id=edge.user().id, now=edge.now())
    except FeedRefused as refused:
        db.session.rollback()
        flash(str(refused), "error")
    else:
        db.session.commit()
        session[NEW_ADDRESS] = token
    return redirect(url_for("notices.settings", _anchor="feed"), 303)


@pages.post("/settings/feed/<int(max=9223372036854775807):token_id>/revoke")
def revoke_feed(token_id: int) -> Response:
    if not feed_tokens.revoke(db.session(), user_id=edge.user().id, token_id=token_id, now=edge.now()):
        abort(404)
    db.session.commit()
    flash("Адрес календаря отозван: программы по нему больше ничего не получат.", "success")
    return redirect(url_for("notices.settings", _anchor="feed"), 303)


# -- The bell --------------------------------------------------------------------------------------------------------


def bell() -> dict[str, Any] | None:
    """What the bell of the top bar shows; asked by whole pages only, None for whoever has not signed in."""
    user = edge.signed_in()
    if user is None:
        return None
    count = notice_box.unread(db.session(), user_id=user.id, now=edge.now())
    shown = f"{notice_box.MOST_COUNTED - 1}+" if count >= notice_box.MOST_COUNTED else str(count)
    spoken = f"Уведомления: {shown} {plural(count, 'непрочитанное', 'непрочитанных', 'непрочитанных')}"
    return {"count": count, "shown": shown, "spoken": spoken if count else "Уведомления"}


def init_app(app: Flask) -> None:
    app.register_blueprint(pages)
    app.context_processor(lambda: {"bell": bell})
