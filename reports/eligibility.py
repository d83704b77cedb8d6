"""Until what age a person stands in the lists of graduates."""

from datetime import date

# Support lasts until 23; the 23rd birthday itself is the last day (a setting of the regulation's profile later on).
LAST_AGE = 23


def last_eligible_day(birth_date: date) -> date:
    """The 23rd birthday; somebody born on 29 February has it on the 28th in a common year (Civil Code, art. 192)."""
    try:
        return birth_date.replace(year=birth_date.year + LAST_AGE)
    except ValueError:
        return date(birth_date.year + LAST_AGE, 2, 28)


def earliest_eligible_birth_date(on: date) -> date:
    """Whoever was born earlier is past the last eligible day."""
    try:
        return on.replace(year=on.year - LAST_AGE)
    except ValueError:
        return date(on.year - LAST_AGE, 3, 1)


def is_past_support_age(birth_date: date, on: date) -> bool:
    return on > last_eligible_day(birth_date)
