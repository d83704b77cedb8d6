"""Between which days an organisation supports a person."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.graduates import Graduate
from models.reckoning import years_later
from models.text import plural
from services.profiles import last_eligible_day, profile_of

OF_AGE = 18


@dataclass(frozen=True)
class Ages:
    age_from: int
    age_to: int
    first_day: date  # the birthday from which the organisation supports
    last_day: date  # the last eligible day (domain §8.5)
    birthday: date  # on which `age_to` is reached
    consent_until: date  # from this birthday the person signs alone

    def is_early(self, day: date) -> bool:
        return day < self.first_day

    def is_late(self, day: date) -> bool:
        return day > self.last_day

    def has_right(self, day: date) -> bool:
        return not self.is_early(day) and not self.is_late(day)

    @property
    def from_text(self) -> str:
        """«18 лет»."""
        return years_text(self.age_from)

    @property
    def to_text(self) -> str:
        """«23 года»."""
        return years_text(self.age_to)


def years_text(years: int) -> str:
    return f"{years} {plural(years, 'год', 'года', 'лет')}"


def ages_of(session: Session, *, graduate: Graduate, agency_id: int, on: date) -> Ages:
    """By the regulations that the organisation follows on a day."""
    profile = profile_of(session, agency_id=agency_id, on=on)
    born = graduate.birth_date
    return Ages(
        age_from=profile.age_from,
        age_to=profile.age_to,
        first_day=years_later(born, profile.age_from),
        last_day=last_eligible_day(born, profile),
        birthday=years_later(born, profile.age_to),
        consent_until=years_later(born, profile.guardian_consent_below or OF_AGE),
    )
