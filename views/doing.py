"""What a page lets a user do with a record: a form, a verb of a service, a right; one transaction for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from uuid import uuid4

import wtforms
from flask import request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from wtforms.validators import DataRequired, Length

from models.access import Viewer
from models.case_access import may_approve
from models.journals import Once
from services import numbering
from services.errors import Refused
from views import edge
from views.constraints import message_for
from views.extensions import db
from views.fields import REQUIRED, TextField

CHANGED = "Пока страница была открыта, запись изменилась. Проверьте, что записано сейчас, и повторите."
BROKEN = "Не сохранено: исправьте отмеченное поле."
LINE = Length(max=500, message="Не длиннее 500 знаков.")

T = TypeVar("T", bound=Once)


class NotDone(Exception):
    """The action was not done; the message is one Russian sentence. Nothing is kept of it in the database."""


class NoFields(wtforms.Form):
    """Of an action that asks nothing."""


class ReasonForm(wtforms.Form):
    reason = TextField("Причина", validators=[DataRequired(REQUIRED), LINE])


@dataclass(frozen=True)
class Action:
    """Something to be done with a record from its page.

    `verb` changes the record and tells what was done, in words; it may raise Refused. `may` is the right (without it
    403), `offered` whether it makes sense now (without it the button is not shown). `form` has no fields: one button.
    `checks_version` False: the verb itself compares what the user saw with what is there.
    """

    name: str
    title: str
    verb: Callable[[Any, Any], str]
    may: Callable[[Viewer, Any], bool]
    offered: Callable[[Any], bool] = lambda record: True
    form: type[wtforms.Form] = NoFields
    fill: Callable[[Any, Any], None] = lambda form, record: None  # what a fresh form proposes
    button: str = ""  # its label, where it differs from the title
    kind: str = ""  # primary, danger or nothing
    hint: str = ""
    confirm: str = ""
    checks_version: bool = True

    def made_form(self, record: Any, posted: str = "") -> wtforms.Form:
        is_posted = posted == self.name
        form = self.form(request.form if is_posted else None, prefix=f"{self.name}-")
        if not is_posted:
            self.fill(form, record)
        return form


def perform(action: Action, record: Any, form: wtforms.Form) -> str:
    """One verb in its own transaction; what was done, in words. Raises NotDone, with the fault at its field."""
    if not form.validate():
        raise NotDone(BROKEN)
    try:
        if action.checks_version and not is_as_seen(record):
            raise Refused(CHANGED)
        told = action.verb(record, form)
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        raise NotDone(told_at_field(form, refusal)) from None
    except StaleDataError:
        db.session.rollback()
        raise NotDone(CHANGED) from None
    except IntegrityError as error:
        db.session.rollback()
        raise NotDone(message_for(error)[1]) from None
    return told


def is_as_seen(record: Any) -> bool:
    """Whether the record is still what the page showed when the form on it was opened."""
    return str(getattr(record, "version", "")) == request.form.get("version", "")


def told_at_field(form: Any, refusal: Refused) -> str:
    """Put the sentence at the field that is to blame; what stands on top of the page instead."""
    if refusal.field and refusal.field in form:
        form[refusal.field].errors = [*form[refusal.field].errors, str(refusal)]
        return BROKEN
    return str(refusal)


def once(model: type[T], form_token: str, make: Callable[[], T]) -> T:
    """Make a record and commit; a second click on the same form finds what the first one made.

    Raises Refused, also for what only the database noticed.
    """
    viewer = edge.viewer()
    if (twin := numbering.made_before(db.session(), model=model, form_token=form_token, by=viewer)) is not None:
        return twin
    try:
        record = make()
        record.form_token = form_token or None
        db.session.commit()
    except Refused:
        db.session.rollback()
        raise
    except IntegrityError as error:
        db.session.rollback()
        twin = numbering.made_before(db.session(), model=model, form_token=form_token, by=viewer)
        if twin is not None:
            return twin
        field, sentence = message_for(error)
        raise Refused(sentence, field=field or "") from None
    return record


class OnceField(wtforms.HiddenField):
    """The form's own sign, new with each form that is opened."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default=lambda: uuid4().hex, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (valuelist or [""])[0]
        self.data = text if text.isalnum() and len(text) <= 64 else ""

    def populate_obj(self, obj: Any, name: str) -> None:
        """Kept by `once`, not by the form."""


def annulling(verb: Callable[[Any, Any], str], **different: Any) -> Action:
    """The action of what is annulled and never deleted: the head's, with a reason; `different`: fields of Action."""
    usual = Action(
        "annul",
        "Аннулировать запись",
        verb,
        may=lambda viewer, record: may_approve(viewer, record.agency_id),
        offered=lambda record: record.annulled_on is None and getattr(record, "number", 1) is not None,
        form=ReasonForm,
        button="Аннулировать",
        kind="danger",
        hint="Запись останется в журнале зачёркнутой, с номером и причиной. Отменить это нельзя.",
    )
    return replace(usual, **different)
