"""Verbs of the graduate's card."""

import re
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.graduates import Graduate, Sex
from models.support import HealthRecord, OffenceRecord, Responsibility
from models.territory import District
from models.text import fold_spaces, normalise
from models.users import Role

_MALE = re.compile(r"(ич|оглы|улы)$", re.IGNORECASE)
_FEMALE = re.compile(r"(на|кызы|гызы)$", re.IGNORECASE)
_MARK = r"(?:^|[\s,.])(?:г|гор|город|пгт|п|пос|поселок|рп|с|село|д|дер|деревня|ст|х)\.?\s*"


def start_card(session: Session, *, graduate: Graduate, viewer: Viewer) -> None:
    """A new card belongs to the agency of whoever made it (administrators name another one)."""
    if graduate.agency_id is None and viewer.role is not Role.ADMINISTRATOR:
        graduate.agency_id = viewer.agency_id


def complete(session: Session, *, graduate: Graduate, viewer: Viewer, on: date) -> None:
    """Fill in what follows from the rest: tidy names, sex, districts of addresses, responsibility, authorship."""
    for name in ("last_name", "first_name", "patronymic"):
        setattr(graduate, name, fold_spaces(getattr(graduate, name) or ""))
    if graduate.sex in (None, Sex.UNKNOWN):
        graduate.sex = sex_of(graduate.patronymic)
    districts: list[District] | None = None
    for address in graduate.addresses:
        if address.district_id is None and address.text:
            if districts is None:
                districts = list(session.scalars(select(District)))
            found = district_of(address.text, districts)
            address.district_id = found.id if found else None
    restricted: list[HealthRecord | OffenceRecord] = [*graduate.health_records, *graduate.offence_records]
    for record in restricted:
        if record.author_id is None:
            record.author_id = viewer.user_id
    note_responsibility(graduate, on=on)


def note_responsibility(graduate: Graduate, *, on: date, ground: str = "") -> None:
    """Keep the history of responsible agencies in step with the card."""
    open_now = [row for row in graduate.responsibilities if row.ends_on is None]
    if any(row.agency_id == graduate.agency_id for row in open_now):
        return
    for row in open_now:
        row.ends_on = max(on, row.starts_on)
    if graduate.agency_id is not None:
        graduate.responsibilities.append(Responsibility(agency_id=graduate.agency_id, starts_on=on, ground=ground))


def within(graduate: Graduate, viewer: Viewer) -> bool:
    """Whether the card, as it is about to be saved, lies inside what the viewer sees."""
    if viewer.reads_everybody or graduate.agency_id == viewer.agency_id:
        return True
    districts = {graduate.origin_district_id, *(address.district_id for address in graduate.addresses)}
    return bool(districts & set(viewer.district_ids))


def sex_of(patronymic: str) -> Sex:
    """By the ending of the patronymic; unknown where there is none."""
    if _MALE.search(patronymic):
        return Sex.MALE
    return Sex.FEMALE if _FEMALE.search(patronymic) else Sex.UNKNOWN


def district_of(address: str, districts: list[District]) -> District | None:
    """The district that an address names by its town, village or own name; None where none or several do."""
    text = normalise(address)
    found = [district for district in districts if _names(text, district)]
    return found[0] if len(found) == 1 else None


def _names(text: str, district: District) -> bool:
    localities = [normalise(line) for line in (district.localities or "").splitlines() if line.strip()]
    if any(re.search(rf"{_MARK}{re.escape(place)}(?![\w])", text) for place in localities):
        return True
    own = normalise(district.short_name)
    return bool(re.search(rf"(?<!\w){re.escape(own)}\s+(?:район|р н|муниципальный|округ|мо|м о)", text))
