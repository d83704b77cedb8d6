"""The resource directory, and graduates in clubs, camps, trips (krasnoyarsk 2.3, 4.2; syzran 3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.library import Enrolment, Resource, ResourceKind
from services.errors import Refused, need
from services.library.common import held, need_days, need_keeper, need_order
from services.work import entry

MOST = 100_000  # Places.


@dataclass(frozen=True)
class Offer:
    """What a form says of a resource."""

    kind: ResourceKind | None
    title: str
    owner_name: str
    district_id: int | None = None
    address: str = ""
    schedule: str = ""
    contacts: str = ""
    conditions: str = ""
    capacity: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def create(session: Session, *, agency_id: int, offer: Offer, by: Viewer, now: datetime) -> Resource:
    """A line of the directory. Raises Refused."""
    need_keeper(by, agency_id)
    resource = Resource(agency_id=agency_id, created_at=now, created_by_id=by.user_id)
    _write(resource, offer, by)
    session.add(resource)
    session.flush()
    return resource


def change(session: Session, *, resource: Resource, offer: Offer, by: Viewer) -> None:
    """Describe it anew; there is never less room than people in it. Raises Refused."""
    need_keeper(by, resource.agency_id)
    resource = held(session, resource)
    if offer.capacity is not None:
        there = _most_at_once(session, resource, since=by.on)
        need(offer.capacity >= there, f"В списке уже {there} чел.: мест не может быть меньше.", field="capacity")
    _write(resource, offer, by)
    session.flush()


def _write(resource: Resource, offer: Offer, by: Viewer) -> None:
    need(offer.kind is not None, "Выберите вид.", field="kind")
    need(offer.title.strip(), "Назовите, что предлагается.", field="title")
    need(offer.owner_name.strip(), "Укажите, кто предлагает.", field="owner_name")
    capacity = offer.capacity
    need(capacity is None or 1 <= capacity <= MOST, f"Мест: от 1 до {MOST:,}.".replace(",", " "), field="capacity")
    need_days(by.on, starts_on=offer.starts_on, ends_on=offer.ends_on)
    need_order(offer.starts_on, offer.ends_on)
    for name in ("title", "owner_name", "address", "schedule", "contacts", "conditions"):
        setattr(resource, name, getattr(offer, name).strip())
    for name in ("kind", "district_id", "capacity", "starts_on", "ends_on"):
        setattr(resource, name, getattr(offer, name))


# -- People ------------------------------------------------------------------------------------------------------------


def enrol(
    session: Session,
    *,
    agency_id: int,
    resource_id: int | None,
    graduate_id: int,
    starts_on: date,
    ends_on: date | None = None,
    note: str = "",
    by: Viewer,
    now: datetime,
) -> Enrolment:
    """Somebody into a club, while there is room; of two at once the second waits and is counted in. Raises Refused."""
    entry.check_right(by, agency_id)
    resource = session.get(Resource, resource_id) if resource_id is not None else None
    if resource is None:
        raise Refused("Выберите, куда записать.", field="resource_id")
    need_days(by.on, starts_on=starts_on, ends_on=ends_on)
    need_order(starts_on, ends_on)
    resource = held(session, resource)
    _check_window(resource, starts_on, ends_on)
    graduate = entry.person(session, graduate_id=graduate_id, on=starts_on, by=by, day_field="starts_on")
    _check_free(session, resource, graduate.id, starts_on, ends_on)
    made = Enrolment(
        agency_id=agency_id,
        resource=resource,
        graduate=graduate,
        starts_on=starts_on,
        ends_on=ends_on,
        note=note.strip(),
        created_at=now,
        created_by_id=by.user_id,
    )
    session.add(made)
    session.flush()
    return made


def _check_window(resource: Resource, starts_on: date, ends_on: date | None) -> None:
    first, last = resource.starts_on, resource.ends_on
    need(first is None or starts_on >= first, f"Начнётся только {first:%d.%m.%Y}." if first else "", field="starts_on")
    need(last is None or starts_on <= last, f"Закончилось {last:%d.%m.%Y}." if last else "", field="starts_on")
    is_within = last is None or ends_on is None or ends_on <= last
    need(is_within, f"Закончится раньше: {last:%d.%m.%Y}." if last else "", field="ends_on")


def _check_free(session: Session, resource: Resource, graduate_id: int, starts_on: date, ends_on: date | None) -> None:
    e = Enrolment
    query = select(func.count(e.id)).where(e.resource_id == resource.id, _overlaps(starts_on, ends_on))
    own = session.scalar(query.where(e.graduate_id == graduate_id))
    need(not own, "Этот человек туда уже записан на эти дни.", field="graduate_id")
    if resource.capacity is not None:
        taken = session.scalar(query) or 0
        need(taken < resource.capacity, f"Свободных мест нет: занято {taken} из {resource.capacity}.")


def _overlaps(starts_on: date, ends_on: date | None) -> ColumnElement[bool]:
    e = Enrolment
    is_later = or_(e.ends_on.is_(None), e.ends_on >= starts_on)
    return is_later if ends_on is None else is_later & (e.starts_on <= ends_on)


def _most_at_once(session: Session, resource: Resource, since: date) -> int:
    """No fewer than are there on any later day: everybody who has not left by then."""
    e = Enrolment
    query = select(func.count(e.id)).where(e.resource_id == resource.id, or_(e.ends_on.is_(None), e.ends_on >= since))
    return session.scalar(query) or 0


def leave(session: Session, *, enrolment: Enrolment, ends_on: date | None, note: str = "", by: Viewer) -> None:
    """The last day of somebody there. Raises Refused."""
    entry.check_right(by, enrolment.agency_id)
    enrolment = held(session, enrolment)
    need(enrolment.ends_on is None or enrolment.ends_on >= by.on, "Эта запись уже закончилась.")
    if ends_on is None:
        raise Refused("Укажите последний день.", field="ends_on")
    need(ends_on >= enrolment.starts_on, f"Записан с {enrolment.starts_on:%d.%m.%Y}: это раньше.", field="ends_on")
    need_days(by.on, ends_on=ends_on)
    if enrolment.ends_on is not None:
        need(ends_on <= enrolment.ends_on, "Продлить нельзя: запишите заново.", field="ends_on")
    enrolment.ends_on = ends_on
    enrolment.note = "; ".join(part for part in (enrolment.note, note.strip()) if part)[:500]
    session.flush()


def taken_places(session: Session, *, resource_id: int, on: date) -> int:
    """How many are there on a day or will be."""
    e = Enrolment
    query = select(func.count(e.id)).where(e.resource_id == resource_id, or_(e.ends_on.is_(None), e.ends_on >= on))
    return session.scalar(query) or 0
