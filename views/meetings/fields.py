"""Form fields that choose a body, a meeting, an item of an agenda, a letter, somebody of a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import or_, select

from models.meeting_access import may_settle
from models.meetings import AgendaItem, Body, Meeting, MeetingStatus
from services.meetings import bodies, sittings
from views import edge
from views.extensions import db
from views.fields import NumberedField, OfferedField
from views.formats import ru_date
from views.meetings.look import meeting_name, shortened

WRONG_CHOICE = "Выберите значение из списка."
OFFERED = 300
Option = tuple[Any, str, bool, dict[str, Any]]


class BodyField(NumberedField):
    """A body of the own organisation; of any for an administrator."""

    def offered(self) -> Sequence[tuple[int, str]]:
        viewer = edge.viewer()
        query = select(Body.id, Body.name).where(or_(Body.ends_on.is_(None), Body.ends_on >= viewer.on))
        if not viewer.is_administrator:
            query = query.where(Body.agency_id == viewer.agency_id)
        return [(number, name) for number, name in db.session.execute(query.order_by(Body.name).limit(OFFERED))]


class KnownBodyField(OfferedField):
    """A body that a regulation of the own organisation describes."""

    def _coerce(self, value: Any) -> str:
        return str(value or "")

    def known(self) -> list[bodies.KnownBody]:
        viewer = edge.viewer()
        return bodies.known_bodies(db.session(), agency_id=viewer.agency_id, on=viewer.on)

    def iter_choices(self) -> Iterator[Option]:
        yield ("", "другой орган", not self.data, {})
        for one in self.known():
            yield (one.key, one.title, one.key == self.data, {})

    def pre_validate(self, form: Any) -> None:
        """The verb knows which there are."""


class MeetingField(NumberedField):
    """A meeting whose minutes the user may write."""

    def offered(self) -> Sequence[tuple[int, str]]:
        viewer, m = edge.viewer(), Meeting
        query = select(m).where(m.annulled_on.is_(None), m.status != MeetingStatus.CANCELLED)
        if not viewer.is_administrator:
            query = query.where(m.agency_id == viewer.agency_id)
        if not may_settle(viewer, viewer.agency_id):
            query = query.where(m.status == MeetingStatus.PLANNED)
        found = db.session.scalars(query.order_by(m.held_on.desc(), m.id.desc()).limit(OFFERED))
        return [(one.id, f"{meeting_name(one)}: {shortened(one.topic)}") for one in found]


class ItemField(NumberedField):
    """An item of the agenda of such a meeting."""

    def offered(self) -> Sequence[tuple[int, str]]:
        viewer, m, a = edge.viewer(), Meeting, AgendaItem
        query = select(a.id, a.title, m.held_on).join(m, m.id == a.meeting_id).where(m.annulled_on.is_(None))
        query = query.where(m.status != MeetingStatus.CANCELLED)
        if not viewer.is_administrator:
            query = query.where(m.agency_id == viewer.agency_id)
        if not may_settle(viewer, viewer.agency_id):
            query = query.where(m.status == MeetingStatus.PLANNED)
        found = db.session.execute(query.order_by(m.held_on.desc(), a.meeting_id.desc(), a.position).limit(OFFERED))
        return [(number, f"{ru_date(day)}: {shortened(title)}") for number, title, day in found]


class CaseLetterField(NumberedField):
    """A letter about somebody that the own organisation received and has not closed; the one in use stays offered."""

    kept: tuple[int, str] | None = None

    def offered(self) -> Sequence[tuple[int, str]]:
        viewer = edge.viewer()
        letters = sittings.cases_for(db.session(), agency_id=viewer.agency_id, by=viewer)
        found = [(one.id, f"{one.kind_title}, {one.sender_name}, {ru_date(one.sent_on)}") for one in letters]
        is_there = self.kept is None or any(number == self.kept[0] for number, _ in found)
        return found if is_there else [self.kept, *found]  # type: ignore[list-item]


class ListedField(NumberedField):
    """Somebody of a list that the page hands over."""

    listed: Sequence[tuple[int, str]] = ()

    def offered(self) -> Sequence[tuple[int, str]]:
        return self.listed
