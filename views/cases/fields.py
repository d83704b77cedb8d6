"""Form fields that choose an application, a contract, directions of help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import wtforms
from sqlalchemy import Select, select
from wtforms.validators import ValidationError

from models.case_access import may_register, of_visible_people
from models.cases import Application, Contract
from services.cases.states import ApplicationState, state_of_applications
from views import edge, labels, people_lookup
from views.case_chips import application_text, contract_text
from views.extensions import db
from views.fields import OfferedField

OFFERED = 300
UNDECIDED = (ApplicationState.RECEIVED.value, ApplicationState.REGISTERED.value)
Option = tuple[Any, str, bool, dict[str, Any]]


class RecordField(OfferedField):
    """One of the records that still wait for something; the one in use stays offered."""

    model: type[Any]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(render_kw={"data-picker": "", "data-placeholder": "Выберите из списка"}, **kwargs)

    def waiting(self) -> Select[Any]:
        raise NotImplementedError

    def text(self, record: Any) -> str:
        raise NotImplementedError

    def _coerce(self, value: Any) -> int | None:
        return int(value) if value not in (None, "") and abs(int(value)) < 2**31 else None

    def iter_choices(self) -> Iterator[Option]:
        yield ("", "", self.data is None, {})
        viewer = edge.viewer()
        query = self.waiting().where(of_visible_people(viewer, self.model))
        chosen = self.record
        if chosen is not None:  # The form is about this person.
            query = query.where(self.model.graduate_id == chosen.graduate_id)
        found = db.session.scalars(query.order_by(self.model.id.desc()).limit(OFFERED))
        offered = [one for one in found if may_register(viewer, one.agency_id)]
        if chosen is not None and chosen not in offered:
            offered.insert(0, chosen)
        names = people_lookup.names_of(one.graduate_id for one in offered)
        for one in offered:
            who = names.get(one.graduate_id) or people_lookup.card_number(one.graduate_id)
            yield (one.id, f"{self.text(one)}, {who}", one.id == self.data, {})

    @property
    def record(self) -> Any:
        """What is chosen, where the user may see it."""
        if self.data is None:
            return None
        query = select(self.model).where(self.model.id == self.data, of_visible_people(edge.viewer(), self.model))
        return db.session.scalars(query).one_or_none()

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.record is None:
            raise ValidationError("Выберите значение из списка.")


class ApplicationField(RecordField):
    """An application on which there is no decision yet."""

    model = Application

    def waiting(self) -> Select[Any]:
        return select(Application).where(state_of_applications().in_(UNDECIDED))

    def text(self, record: Application) -> str:
        return application_text(record)


class ContractField(RecordField):
    """A contract in force."""

    model = Contract

    def waiting(self) -> Select[Any]:
        signed = select(Contract).where(Contract.number.is_not(None), Contract.annulled_on.is_(None))
        return signed.where(Contract.ended_on.is_(None))

    def text(self, record: Contract) -> str:
        return contract_text(record)


class DirectionsField(wtforms.SelectMultipleField):
    """Directions of help, kept as codes in a line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["render_kw"] = {"data-picker": "", "data-placeholder": "Выберите направления"}
        super().__init__(choices=[], validate_choice=False, **kwargs)

    def iter_choices(self) -> Iterator[Option]:
        chosen = set(self.data or ())
        for code, text in labels.options("direction"):
            yield (code, text, code in chosen, {})

    def has_groups(self) -> bool:
        return False

    def process_data(self, value: Any) -> None:
        self.data = value.split() if isinstance(value, str) else list(value or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [str(value) for value in valuelist]

    def pre_validate(self, form: Any) -> None:
        if not set(self.data or ()) <= set(labels.labels().get("direction", {})):
            raise ValidationError("Выберите значение из списка.")

    @property
    def line(self) -> str:
        return " ".join(self.data or ())

    def populate_obj(self, obj: Any, name: str) -> None:
        setattr(obj, name, self.line)


def directions_text(line: str) -> str:
    return ", ".join(labels.label("direction", code) for code in line.split())
