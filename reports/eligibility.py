"""Until what age a person stands in the lists of graduates."""

from datetime import date, timedelta

from models.reckoning import years_later

LAST_AGE = 23  # Support lasts until 23 where no regulation of the organisation says otherwise.


def last_eligible_day(birth_date: date, last_age: int = LAST_AGE) -> date:
    """The birthday itself; somebody born on 29 February has it on the 28th in a common year (Civil Code, art. 192)."""
    return years_later(birth_date, last_age)


def earliest_eligible_birth_date(on: date, last_age: int = LAST_AGE) -> date:
    """Whoever was born earlier is past the last eligible day."""
    try:
        return on.replace(year=on.year - last_age)
    except ValueError:
        return date(on.year - last_age, 3, 1)


def is_past_support_age(birth_date: date, on: date, last_age: int = LAST_AGE) -> bool:
    return on > last_eligible_day(birth_date, last_age)


def born_by(on: date, years: int) -> date:
    """The last birth date of those who are so old on a day; 29 February is celebrated on the 28th."""
    tomorrow = on + timedelta(days=1)
    return earliest_eligible_birth_date(tomorrow, years) - timedelta(days=1)
