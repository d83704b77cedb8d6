"""The working calendar as it is shipped, without a database."""

from functools import cache

from models.working_calendar import WorkingCalendar, special_days
from services.production_calendar import YEARS_AHEAD, read_shipped


@cache
def shipped_calendar() -> WorkingCalendar:
    """Decreed 2022–2027, computed for ten years more."""
    decreed = read_shipped()
    computed = range(max(decreed) + 1, max(decreed) + YEARS_AHEAD + 1)
    days = [special for year in decreed.values() for special in special_days(year.year, year.transfers)]
    days += [special for year in computed for special in special_days(year, {})]
    return WorkingCalendar(days, decreed=decreed, computed=computed)
