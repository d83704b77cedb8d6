"""The figures of «Мой день» that are not about people: terms, the next weeks, letters, services, the system."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app, url_for
from sqlalchemy import func, select

from models.deadlines import State
from models.jobs import Job, JobState
from models.users import Role, User
from reports.period import Period
from reports.terms_kept import STATES, Fate
from services import overview
from services.exchange.boxes import Box
from services.overview import OVER_ALL, Week
from views import edge, totals
from views.charts import Chart, Series
from views.exchange import boxes
from views.extensions import db
from views.submissions import lists

PENDING = (State.OPEN, State.DUE_SOON, State.UPCOMING)
FATES = {
    Fate.IN_TIME: ("circle-check", "green"),
    Fate.LATE: ("clock-exclamation", "amber"),
    Fate.MISSED: ("alert-circle", "red"),
    Fate.PENDING: ("circle-dot", "blue"),
}
LETTERS = {
    Box.INBOX: ("mail", "blue"),
    Box.AWAITED: ("clock", "grey"),
    Box.OVERDUE: ("alert-circle", "red"),
    Box.DRAFTS: ("file-text", "grey"),
}
FAILED_DAYS = 7
Panel = dict[str, Any]


def panels() -> list[Panel]:
    """Rows of figures under the people; each figure leads to a list of as many."""
    viewer = edge.viewer()
    found = [_terms(), _letters()]
    if viewer.role not in OVER_ALL:
        found.append(_services())
    if viewer.role is Role.HEAD:
        found.append(_to_approve())
    if viewer.is_administrator:
        found.append(_system())
    return found


def _panel(code: str, title: str, figures: list[dict[str, Any]], action: tuple[str, str] | None = None) -> Panel:
    return {"id": code, "title": title, "figures": figures, "action": action}


def figure(label: str, value: int, url: str, icon: str, colour: str, note: str = "") -> dict[str, Any]:
    """A number in a tile; grey where there is nothing."""
    return {
        "label": label,
        "value": value,
        "url": url,
        "icon": icon,
        "colour": colour if value else "grey",
        "note": note,
    }


# -- Terms -----------------------------------------------------------------------------------------------------------


def _month() -> Period:
    return Period.around(edge.today(), 1)


def _whose() -> dict[str, str]:
    """The same obligations as services.overview.whose, as filters of their list."""
    viewer = edge.viewer()
    if viewer.role is Role.CLERK:
        return {"f.own": "1", "f.mine": "1"}
    if viewer.role not in OVER_ALL:
        return {"f.own": "1"}
    return {} if viewer.reads_everybody else {"f.reach": "1"}


def _list(first: Any, last: Any, states: tuple[State, ...]) -> str:
    args: dict[str, Any] = {"show": "all", "f.due": f"{first}..{last}", **_whose()}
    args["f.state"] = [state.value for state in states]
    return url_for("deadline.index_view", **args)


def _titles() -> tuple[str, str]:
    viewer = edge.viewer()
    if viewer.role is Role.CLERK:
        return "Мои сроки этого месяца", "Мои сроки на 8 недель"
    if viewer.role in OVER_ALL:
        return "Сроки территории в этом месяце", "Сроки территории на 8 недель"
    return "Сроки организации в этом месяце", "Сроки организации на 8 недель"


def _terms() -> Panel:
    viewer, month = edge.viewer(), _month()
    counts = totals.remembered(
        ("start terms", viewer), lambda: overview.terms_of(db.session(), viewer=viewer, period=month)
    )
    figures = [
        figure(fate.label, counts[fate], _list(month.starts_on, month.ends_on, STATES[fate]), *look)
        for fate, look in FATES.items()
    ]
    overseen = ("По организациям", url_for("territory.index", period=month.key))
    own = ("По пунктам", url_for("compliance.index"))
    return _panel("month", _titles()[0], figures, overseen if viewer.role in OVER_ALL else own)


def load() -> Chart:
    """What falls due in the next weeks."""
    viewer = edge.viewer()
    weeks = totals.remembered(("start load", viewer), lambda: overview.load_of(db.session(), viewer=viewer))
    return Chart(
        id="chart-load",
        title=_titles()[1],
        heading="Неделя",
        labels=tuple(_week_text(week) for week in weeks),
        series=(
            Series(
                "Сроков",
                tuple(week.count for week in weeks),
                urls=tuple(_list(week.first, week.last, PENDING) for week in weeks),
            ),
        ),
        note="Что ещё не исполнено, по неделям последнего дня; столбец открывает список.",
    )


def _week_text(week: Week) -> str:
    if week.first.month == week.last.month:
        return f"{week.first:%d}–{week.last:%d.%m}" if week.first != week.last else f"{week.last:%d.%m}"
    return f"{week.first:%d.%m}–{week.last:%d.%m}"


# -- Letters, services, approval, system -----------------------------------------------------------------------------


def _letters() -> Panel:
    counts = boxes.counted().boxes
    figures = [
        figure(box.label, counts[box], url_for(f"{boxes.ENDPOINTS[box]}.index_view"), *look)
        for box, look in LETTERS.items()
    ]
    return _panel("letters", "Обмен", figures, ("Взаимодействие", url_for("reports.show", code="interaction")))


def _services() -> Panel:
    viewer, month = edge.viewer(), _month()
    count = totals.remembered(
        ("start services", viewer), lambda: overview.services_in(db.session(), viewer=viewer, period=month)
    )
    args: dict[str, Any] = {"f.day": f"{month.starts_on}..{month.ends_on}", "f.own": "1", "f.annulled": "0"}
    if viewer.role is Role.CLERK:
        args["f.specialist"] = viewer.user_id
    title = "Мои услуги" if viewer.role is Role.CLERK else "Услуги организации"
    one = figure("Записано в этом месяце", count, url_for("service_record.index_view", **args), "heart", "green")
    return _panel("services", title, [one], ("Сколько услуг оказано", url_for("reports.show", code="services-count")))


def _to_approve() -> Panel:
    count = overview.plans_to_approve(db.session(), viewer=edge.viewer())
    args: dict[str, Any] = {"f.state": "review", "f.own": "1"}
    figures = [figure("Планы", count, url_for("plan.index_view", **args), "clipboard-list", "amber")]
    if "submissions.index" in current_app.view_functions:
        box = lists.Box.WAITING
        url = url_for("submissions.index", box=box.value)
        figures.append(figure("Отчёты", lists.count_in(box), url, "report", "amber"))
    return _panel("approve", "Ждёт вашего утверждения", figures)


def _system() -> Panel:
    """Accounts and long work, for whoever looks after the installation."""
    since = edge.now() - timedelta(days=FAILED_DAYS)
    failed = select(func.count()).select_from(Job).where(Job.state == JobState.FAILED, Job.created_at >= since)
    locked = func.count().filter(User.is_locked)
    only_locked: dict[str, Any] = {"f.locked": "1"}
    everybody, shut = db.session.execute(select(func.count(), locked).select_from(User)).one()
    figures = [
        figure("Пользователи", everybody, url_for("user.index_view"), "users", "blue"),
        figure("Заблокированы", shut, url_for("user.index_view", **only_locked), "lock", "amber"),
        figure(
            "Файлы не собрались",
            db.session.scalar(failed) or 0,
            url_for("jobs.index"),
            "alert-circle",
            "red",
            f"за {FAILED_DAYS} дней",
        ),
    ]
    return _panel("system", "Система", figures, ("Журнал изменений", url_for("change_log.index_view")))
