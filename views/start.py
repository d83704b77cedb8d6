"""The start page: what the signed-in user's people look like today."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import url_for
from flask_admin import AdminIndexView, expose
from flask_login import current_user
from sqlalchemy import case, func, select

from models.access import visible_to
from models.audit import AccessKind
from models.graduates import Graduate
from models.imports import BatchState, ImportBatch
from models.reckoning import years_later
from services.imports.states import batches_of
from views import day_blocks, edge, start_panels, totals
from views.exchange import proposals
from views.extensions import db
from views.formats import age_text, chip, counted, plural, ru_date

SOON_DAYS = 183  # Half a year before the 23rd birthday (domain §9, scenario 1).


class StartView(AdminIndexView):
    @expose("/")
    def index(self) -> str:
        numbers = totals.remembered(("start people", edge.viewer()), _numbers)
        first = [block for block in (proposals.block_of_day(), day_blocks.overdue_of_others()) if block is not None]
        return self.render(
            "start.html",
            page_title="Мой день",
            figures=_figures(numbers),
            categories=_categories(numbers),
            panels=start_panels.panels(),
            load=start_panels.load(),
            due=day_blocks.blocks(),
            lists=[*first, _turning_23(), _drafts()],
            today_text=ru_date(edge.today()),
        )


def _numbers() -> Any:
    """All figures of the page in one statement."""

    def number(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    born_from = years_later(edge.today(), -23)
    query = select(
        func.count(Graduate.id).label("total"),
        number(Graduate.category_code == "crisis").label("crisis"),
        number(Graduate.category_code == "active").label("active"),
        number(Graduate.category_code == "stable").label("stable"),
        number((Graduate.category_code == "crisis") & (Graduate.current_housing_code == "homeless")).label("homeless"),
        number(Graduate.open_problems > 0).label("problems"),
        number(Graduate.curator_name == "").label("without_curator"),
        number(Graduate.category_code.is_(None)).label("without_category"),
    ).where(visible_to(edge.viewer()), Graduate.birth_date >= born_from)
    return db.session.execute(query).one()


def _figures(numbers: Any) -> list[dict[str, Any]]:
    homeless = f"из них без жилья: {numbers.homeless}" if numbers.homeless else ""
    figure = start_panels.figure
    return [
        figure("На учёте до 23 лет", numbers.total, _people(), "users", "blue"),
        figure("С открытыми проблемами", numbers.problems, _people(problems="1"), "alert-circle", "amber", homeless),
        figure("Без куратора", numbers.without_curator, _people(curator="0"), "user", "grey"),
    ]


def _categories(numbers: Any) -> list[dict[str, Any]]:
    """The same people by the category of their support."""
    figure = start_panels.figure
    return [
        figure("Кризисное сопровождение", numbers.crisis, _people(category="crisis"), "alert-triangle", "red"),
        figure("Активное", numbers.active, _people(category="active"), "activity", "amber"),
        figure("Стабильное", numbers.stable, _people(category="stable"), "circle-check", "green"),
        figure("Без категории", numbers.without_category, _people(category="none"), "flag", "grey"),
    ]


def _people(**filters: str) -> str:
    born = f"{years_later(edge.today(), -23)}.."
    chosen: dict[str, Any] = {"f.born": born, **{f"f.{key}": value for key, value in filters.items()}}
    return url_for("graduate.index_view", **chosen)


def _turning_23() -> dict[str, Any]:
    today = edge.today()
    first, last = years_later(today, -23), years_later(today + timedelta(days=SOON_DAYS), -23)
    query = (
        select(Graduate.id, Graduate.last_name, Graduate.first_name, Graduate.patronymic, Graduate.birth_date)
        .where(visible_to(edge.viewer()), Graduate.birth_date.between(first, last))
        .order_by(Graduate.birth_date, Graduate.id)
        .limit(8)
    )
    rows, ids = [], []
    for row in db.session.execute(query):
        ids.append(row.id)
        days = (row.birth_date - first).days
        rows.append(
            {
                "url": url_for("graduate.details_view", id=row.id),
                "text": " ".join(part for part in (row.last_name, row.first_name, row.patronymic) if part),
                "note": f"{ru_date(row.birth_date)}, {age_text(row.birth_date, today)}",
                "chip": _in_days(days),
            }
        )
    if rows:
        edge.log_access(AccessKind.LISTED, subject="graduate", payload={"total": len(rows), "ids": ids})
    wanted: dict[str, Any] = {"f.born": f"{first}..{last}", "sort": "born"}
    url = url_for("graduate.index_view", **wanted)
    return {
        "title": "Скоро исполнится 23 года",
        "id": "turning-23",
        "action": ("Весь список", url),
        "rows": rows,
        "empty": "В ближайшие полгода никому.",
    }


def _in_days(days: int) -> Any:
    text = f"через {days} {plural(days, 'день', 'дня', 'дней')}" if days else "сегодня"
    return chip(text, "amber" if days > 30 else "red", "clock")


def _drafts() -> dict[str, Any]:
    """Workbooks that were checked but not loaded, and the last loaded ones."""
    query = (
        select(ImportBatch.id, ImportBatch.file_name, ImportBatch.state, ImportBatch.created_at, ImportBatch.summary)
        .where(ImportBatch.agency_id == current_user.agency_id, batches_of(edge.viewer()))
        .order_by(ImportBatch.id.desc())
        .limit(5)
    )
    states = {
        BatchState.DRAFT: ("amber", "clock"),
        BatchState.APPLIED: ("green", "circle-check"),
        BatchState.UNDONE: ("grey", "x"),
    }
    rows = []
    for batch in db.session.execute(query):
        total = sum(value for value in (batch.summary or {}).values() if isinstance(value, int))
        rows.append(
            {
                "url": url_for("imports.index"),
                "text": batch.file_name,
                "note": f"{ru_date(batch.created_at)}, {counted(total, 'строка', 'строки', 'строк')}",
                "chip": chip(batch.state.label, *states[batch.state]),
            }
        )
    return {
        "title": "Последние загрузки",
        "id": "imports",
        "action": ("Загрузить таблицу", url_for("imports.index")),
        "rows": rows,
        "empty": "Загрузок ещё не было. Приложение 1 или 2 можно загрузить из файла Excel.",
    }
