"""Verbs of the graduate's card."""

import re
from datetime import date, datetime

from sqlalchemy import and_, func, inspect, or_, select
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.graduates import Graduate, Sex
from models.imports import PossibleDuplicate
from models.reckoning import years_later
from models.support import HealthRecord, OffenceRecord, Responsibility
from models.territory import District
from models.text import fold_spaces, name_key, normalise
from models.users import Role

CHILDCARE = "childcare_3"  # A leave until the child is three.
IDENTITY = ("last_name", "first_name", "patronymic", "birth_date", "snils")
_MALE = re.compile(r"(ич|оглы|улы)$", re.IGNORECASE)
_FEMALE = re.compile(r"(на|кызы|гызы)$", re.IGNORECASE)
_MARK = r"(?:^|[\s,.])(?:г|гор|город|пгт|п|пос|поселок|рп|с|село|д|дер|деревня|ст|х)\.?\s*"


def start_card(session: Session, *, graduate: Graduate, viewer: Viewer) -> None:
    """A new card belongs to the agency of whoever made it (administrators name another one)."""
    if graduate.agency_id is None and viewer.role is not Role.ADMINISTRATOR:
        graduate.agency_id = viewer.agency_id


def complete(session: Session, *, graduate: Graduate, viewer: Viewer, on: date) -> None:
    """Fill in what follows from the rest: tidy names, sex, districts of addresses, ends of leaves, responsibility."""
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
    _end_leaves(graduate)
    note_responsibility(graduate, on=on)


def _end_leaves(graduate: Graduate) -> None:
    """A leave to care for a child ends when the youngest one born by then is three, where nobody says otherwise."""
    for study in graduate.studies:
        if study.leave_code == CHILDCARE and study.leave_ends_on is None:
            born = [child.birth_date for child in graduate.dependants if child.birth_date is not None]
            youngest = max((day for day in born if day <= study.starts_on), default=None)
            study.leave_ends_on = years_later(youngest, 3) if youngest else None


def may_assign(viewer: Viewer, graduate: Graduate | None) -> bool:
    """Curators and their like are assigned by the head of the responsible agency: it opens the card to them."""
    is_own = graduate is None or graduate.agency_id == viewer.agency_id
    return viewer.is_administrator or (viewer.role is Role.HEAD and is_own)


def wait_for_twin(session: Session, *, key: str) -> None:
    """Whoever makes a card of the same name at this moment goes first; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(key))))


def note_twins(session: Session, *, graduate: Graduate, viewer: Viewer, now: datetime) -> None:
    """A card out of the viewer's sight may be the same person: she learns nothing, the coordinator is told."""
    state = inspect(graduate)
    if viewer.reads_everybody or not any(state.attrs[name].history.has_changes() for name in IDENTITY):
        return
    key = name_key(graduate.last_name, graduate.first_name, graduate.patronymic)
    same = and_(Graduate.name_key == key, Graduate.birth_date == graduate.birth_date)
    if graduate.snils:
        same = or_(and_(same, Graduate.snils.in_(("", graduate.snils))), Graduate.snils == graduate.snils)
    twins = set(session.scalars(select(Graduate.id).where(same, Graduate.deleted_at.is_(None))))
    twins -= set(session.scalars(select(Graduate.id).where(same, visible_to(viewer))))
    if graduate.id is not None:
        twins -= {graduate.id, *_paired(session, graduate.id)}
    for twin in sorted(twins):
        session.add(
            PossibleDuplicate(
                graduate=graduate, other_id=twin, reason="Совпали ФИО и дата рождения или СНИЛС", found_at=now
            )
        )


def _paired(session: Session, card_id: int) -> set[int]:
    """Cards that stand beside this one in the list already."""
    pairs = select(PossibleDuplicate.graduate_id, PossibleDuplicate.other_id).where(
        or_(PossibleDuplicate.graduate_id == card_id, PossibleDuplicate.other_id == card_id)
    )
    return {one for pair in session.execute(pairs) for one in pair}


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
