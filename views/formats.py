"""How values look on a Russian screen."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, has_app_context
from markupsafe import Markup

from models.base import LabelledEnum
from models.text import plural as plural
from views.assets import icon

CATEGORY_ICONS = {"crisis": "alert-triangle", "active": "circle-dot", "stable": "circle-check"}


def zone() -> ZoneInfo:
    return ZoneInfo(current_app.config["TZ"] if has_app_context() else "Europe/Moscow")


def ru_date(value: date | datetime | None) -> str:
    """23.05.1998; a moment is shown by the region's day."""
    if isinstance(value, datetime):
        value = value.astimezone(zone())
    return f"{value:%d.%m.%Y}" if value else ""


def ru_datetime(value: datetime | None) -> str:
    return f"{value.astimezone(zone()):%d.%m.%Y %H:%M}" if value else ""


def grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\xa0")


def counted(number: int, one: str, few: str, many: str) -> str:
    """«1 204 карточки»."""
    return f"{grouped(number)} {plural(number, one, few, many)}"


def shown(value: Any) -> str:
    """Any column's value as text."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, LabelledEnum):
        return value.label
    if isinstance(value, datetime):
        return ru_datetime(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return ru_date(value) if isinstance(value, date) else str(value)


def chip(label: str, colour: str = "grey", icon_name: str = "") -> Markup:
    return Markup('<span class="chip chip-{}">{}{}</span>').format(colour, icon(icon_name) if icon_name else "", label)


def snils(value: str) -> str:
    """11223344595 → 112-233-445 95."""
    return f"{value[:3]}-{value[3:6]}-{value[6:9]} {value[9:]}" if len(value) == 11 else value


def age_text(birth_date: date, on: date) -> str:
    from models.graduates import full_years

    years = full_years(birth_date, on)
    return f"{years} {plural(years, 'год', 'года', 'лет')}"


def local_day(now: datetime) -> date:
    """The calendar day of the region at a moment."""
    return now.astimezone(zone()).date()


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(ru_date=ru_date, ru_datetime=ru_datetime, plural=plural, grouped=grouped)
    app.jinja_env.filters["dict_without"] = lambda args, *names: {k: v for k, v in dict(args).items() if k not in names}
