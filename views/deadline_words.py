"""How an obligation is told in words: its period, its clause, to whom, about whom, how many days are left."""

from __future__ import annotations

import re
from datetime import date

from models.deadlines import Deadline
from models.regulations import DeadlineRule
from views import labels
from views.formats import plural, ru_date

MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
_PERIOD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|(\d{2})))?")


def period_text(code: str) -> str:
    """«4-й квартал 2026 года» of 2026-Q4; of a window its year; "" where there is no period."""
    found = _PERIOD.fullmatch(code)
    if found is None:
        return code
    year, quarter, half, month = found.groups()
    if quarter or half:
        return f"{quarter}-й квартал {year} года" if quarter else f"{half}-е полугодие {year} года"
    return f"{MONTHS[int(month) - 1]} {year} года" if month else f"{year} год"


def basis_text(rule: DeadlineRule) -> str:
    """«п. 2.3, Регламент Вологодской области»."""
    return f"{rule.clause_text}, {rule.regulation.short_title}"


def recipient_text(agency_id: int | None, words: str) -> str:
    return labels.label("agency", agency_id) or words


def left_text(deadline: Deadline, today: date) -> str:
    """«осталось 5 дней», «последний день», «просрочено на 3 дня»; nothing once it is settled."""
    if deadline.is_settled:
        return ""
    days = (deadline.due_on - today).days
    told = f"{abs(days)} {plural(abs(days), 'день', 'дня', 'дней')}"
    if days < 0 and deadline.paused_on is not None:
        return f"прошёл {told} назад"
    if days < 0:
        return f"просрочено на {told}"
    if today < deadline.opens_on:
        return f"открывается {ru_date(deadline.opens_on)}"
    return f"осталось {told}" if days else "сегодня последний день"
