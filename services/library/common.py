"""What all about the library has in common: one writer at a time, days, addresses of pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from models.access import Viewer
from models.base import Model
from models.library_access import may_keep_library
from models.territory import Agency
from services.errors import Refused, need

EARLIEST = date(1990, 1, 1)
FARTHEST = timedelta(days=20 * 366)
NOT_OURS = "Это могут только сотрудники организации, которая ведёт запись."

T = TypeVar("T", bound=Model)


def held(session: Session, record: T) -> T:
    """The record as it is now, ours alone until the transaction ends: whoever else changes it waits."""
    session.flush()
    key = inspect(record).identity
    found = session.get_one(type(record), key, with_for_update=True, populate_existing=True)
    session.expire(found, inspect(type(found)).relationships.keys())
    return found


def need_keeper(by: Viewer, agency_id: int) -> None:
    need(may_keep_library(by, agency_id), NOT_OURS)


def need_days(today: date, /, **days: date | None) -> None:
    """Days that an office may mean, each by the name of its field."""
    for name, day in days.items():
        need(day is None or EARLIEST <= day <= today + FARTHEST, "Такого дня быть не может: проверьте год.", field=name)


def need_order(starts_on: date | None, ends_on: date | None) -> None:
    is_right = starts_on is None or ends_on is None or ends_on >= starts_on
    need(is_right, "Последний день не может быть раньше первого.", field="ends_on")


def link(text: str) -> str:
    """The address of a page as it is kept; only those that a browser opens. Raises Refused."""
    found = text.strip()
    if not found:
        return ""
    try:
        parts = urlsplit(found if "//" in found else f"https://{found}")
    except ValueError:
        raise Refused("Адрес страницы не читается.", field="link") from None
    is_page = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and " " not in found
    need(is_page, "Адрес страницы начинается с https:// или http://.", field="link")
    return parts.geturl()


def need_agency(session: Session, agency_id: int | None, *, field: str) -> Agency | None:
    """An organisation of the directory, where one is named. Raises Refused."""
    if agency_id is None:
        return None
    found = session.get(Agency, agency_id)
    need(found is not None and found.is_active, "Такой действующей организации в справочнике нет.", field=field)
    return found
