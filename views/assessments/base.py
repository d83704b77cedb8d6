"""AssessmentView: what the registers of assessments have in common; corrections go through a verb of the service."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_admin.form import BaseForm
from flask_admin.helpers import get_form_data
from markupsafe import Markup
from sqlalchemy import ColumnElement, select
from wtforms import ValidationError

from models.access import Viewer, visible_to
from models.case_access import may_record
from models.graduates import Graduate
from models.search import matches
from models.users import Role
from services.assessments import recording
from services.errors import Refused
from views import doing, edge, people_lookup
from views.case_base import WRITERS, CaseView
from views.doing import annulling
from views.extensions import db
from views.formats import ru_date

RECORDERS = WRITERS | {Role.COORDINATOR}  # Of coordinators only those who operate the data bank.


class AssessmentView(CaseView):
    creators = editors = RECORDERS

    def correct(self, form: Any, record: Any) -> None:
        """Change the record by its verb; raises Refused."""
        raise NotImplementedError

    # -- Rights --------------------------------------------------------------------------------------------------------

    def may(self, roles: frozenset[Role]) -> bool:
        viewer = edge.viewer()
        if roles is RECORDERS and viewer.role is Role.COORDINATOR:
            return viewer.is_data_bank_operator
        return super().may(roles)

    def may_edit_record(self, viewer: Viewer, record: Any) -> bool:
        return record.annulled_on is None and may_record(viewer, record.agency_id)

    # -- The form ------------------------------------------------------------------------------------------------------

    def form_of(self, form_class: type[Any], obj: Any) -> Any:
        """The form of a new record (no obj) or of one to be corrected."""
        return by_verb(form_class)(get_form_data(), obj=obj)

    def create_form(self, obj: Any = None) -> Any:
        return self.form_of(self._create_form_class, None)

    def edit_form(self, obj: Any = None) -> Any:
        return self.form_of(self._edit_form_class, obj)

    def fit_form(self, form: Any, record: Any | None) -> None:
        super().fit_form(form, record)
        if record is not None:
            for name in ("graduate_id", "specialist"):
                if name in form:
                    del form[name]

    def before_save(self, form: Any, record: Any, is_created: bool) -> None:
        try:
            self.correct(form, record)
        except Refused as refusal:
            raise ValidationError(doing.told_at_field(form, refusal)) from None

    def told(self, record: Any) -> str:
        return "Запись сохранена."

    # -- The page ------------------------------------------------------------------------------------------------------

    def card_context(self, record: Any) -> dict[str, Any]:
        context = super().card_context(record)
        context["header"]["facts"] = [("Выпускник", person_of(record.graduate_id))]
        return context

    def record_day(self, record: Any) -> Any:
        raise NotImplementedError

    def record_title(self, record: Any) -> str:
        return f"{self.record_word}, {ru_date(self.record_day(record))}"

    record_word = ""


def by_verb(form_class: type[Any]) -> type[Any]:
    """The form writes nothing into the record but the version that it showed; the verb does the rest."""
    return type(form_class.__name__, (form_class,), {"populate_obj": _keep_version})


def _keep_version(form: BaseForm, record: Any) -> None:
    form.version.populate_obj(record, "version")


def _annul(record: Any, form: Any) -> str:
    recording.annul(db.session(), record=record, reason=form.reason.data or "", by=edge.viewer())
    return "Запись аннулирована."


ANNUL = annulling(
    _annul,
    may=recording.may_annul,
    hint="Запись останется зачёркнутой, с причиной, и больше ни на что не повлияет. Отменить это нельзя.",
)


def person_of(graduate_id: int) -> str | Markup:
    """The name with a link to the tab of assessments where the user may see the person."""
    name = people_lookup.names_of([graduate_id]).get(graduate_id)
    if name is None:
        return people_lookup.card_number(graduate_id)
    return Markup('<a href="{}">{}</a>').format(tab_url(graduate_id), name)


def tab_url(graduate_id: int) -> str:
    return url_for("graduate.details_view", id=graduate_id, tab="assessments")


def about_people(model: type[Any], text: str) -> ColumnElement[bool]:
    """Records about people of a name, of those whom the user sees."""
    people = select(Graduate.id).where(visible_to(edge.viewer()), matches(text, db.session.get_bind().dialect.name))
    found: ColumnElement[bool] = model.graduate_id.in_(people)
    return found
