"""WorkView: what the registers of daily work have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import request, url_for
from sqlalchemy import ColumnElement, or_, select
from wtforms.validators import InputRequired

from models.access import Viewer
from models.case_access import may_record
from models.users import Role, User
from models.work import ServiceRecord
from services.work import annulment, warnings
from views import edge, labels, listing
from views import work_words as words
from views.base import EVERYBODY, NOBODY, FormSection
from views.captions import table_title
from views.case_base import CaseView
from views.cases import cells
from views.details import facts
from views.doing import Action, annulling
from views.extensions import db
from views.fields import REQUIRED
from views.formats import chip, ru_date
from views.listing import Column, Filter
from views.people_lookup import PersonField, card_number, names_of
from views.registers import fragment


def _annul(record: Any, form: Any) -> str:
    """The verb of the action «Аннулировать»."""
    gone = annulment.annul(db.session(), record=record, reason=form.reason.data or "", by=edge.viewer())
    told = ["Запись аннулирована и осталась в журнале зачёркнутой."]
    told += ["Услуги по ней аннулированы тоже."] if gone.services else []
    told += [f"Мероприятие плана «{measure.title}» снова в работе." for measure in gone.measures]
    return " ".join(told)


ANNUL = annulling(
    _annul,
    hint="Запись останется в журнале зачёркнутой, с номером и причиной; услуги по ней аннулируются. "
    "Отменить это нельзя.",
)


class WorkView(CaseView):
    """Entries of an organisation about people; what a journal's line rests on (who, when) is never edited."""

    editors = EVERYBODY  # may_edit_record says who of them.
    actions: Sequence[Action] = (ANNUL,)
    form_overrides: ClassVar[dict[str, Any]] = {"graduate_id": PersonField}
    day = ""  # The column with the day of the entry.
    topic = ""  # The column that says what it was about.
    fixed: Sequence[str] = ()  # What is not edited beside person, day and specialist.

    # -- Rights --------------------------------------------------------------------------------------------------------

    @property
    def creators(self) -> frozenset[Role]:  # type: ignore[override]
        """Whoever records the work of the own organisation."""
        viewer = edge.viewer()
        return EVERYBODY if may_record(viewer, viewer.agency_id) else NOBODY

    def may_edit_record(self, viewer: Viewer, record: Any) -> bool:
        return may_record(viewer, record.agency_id) and record.annulled_on is None

    # -- The list ------------------------------------------------------------------------------------------------------

    def search_condition(self, text: str) -> ColumnElement[bool]:
        named = self.found_by(text)
        return or_(named, fragment(text, getattr(self.model, self.topic))) if self.topic else named

    def found_by(self, text: str) -> ColumnElement[bool]:
        """A number or a part of somebody's name."""
        return cells.found_by(text, self.model, edge.viewer())

    def day_column(self) -> Column:
        return cells.day("day", "Дата", getattr(self.model, self.day), is_sorted=True)

    def specialist_column(self, label: str = "Специалист") -> Column:
        return Column("specialist", label, self.model.specialist, width=30)

    def annulled_column(self) -> Column:
        return Column("annulled", "Состояние", self.model.annulled_on, show=_annulled, export=_annulled_text, width=22)

    def common_filters(self) -> Sequence[Filter]:
        model = self.model
        people = (person_filter(model),) if hasattr(model, "graduate_id") else ()
        specialist = (
            (listing.choice("specialist", "Специалист", model.specialist_id, specialists),)
            if hasattr(model, "specialist_id")
            else ()
        )
        return (
            listing.period("day", "Дата", getattr(model, self.day)),
            *specialist,
            *people,
            cells.annulled_filter(model),
            cells.own_filter(model),
            *cells.agency_filter(model),
        )

    # -- Making and changing -------------------------------------------------------------------------------------------

    def fit_form(self, form: Any, record: Any | None) -> None:
        super().fit_form(form, record)
        if record is not None:
            for name in ("graduate_id", self.day, "specialist", *self.fixed):
                if name in form:
                    del form[name]
        elif request.method == "GET" and form[self.day].data is None:
            form[self.day].data = edge.today()

    def made_by(self, form: Any) -> dict[str, Any]:
        """What every verb is told."""
        said = {"agency_id": self.agency_of(form), "by": edge.viewer(), "now": edge.now()}
        if "specialist" in form:
            said["specialist"] = form.specialist.data or ""
        return said

    def warnings(self, record: Any) -> Sequence[str]:
        if record.annulled_on is not None:
            return ()
        return warnings.about(db.session(), record=record, by=edge.viewer())

    def told(self, record: Any) -> str:
        return f"Записано: {words.entry_name(record)}."

    def record_title(self, record: Any) -> str:
        number = getattr(record, "number_text", "")
        return f"{table_title(record.__tablename__)} № {number}" if number else words.entry_name(record)

    # -- The page of a record ------------------------------------------------------------------------------------------

    def after_action_url(self, record: Any, name: str) -> str:
        return self.get_url(".details_view", id=record.id)

    def card_context(self, record: Any) -> dict[str, Any]:
        context = super().card_context(record)
        context["header"]["subtitle"] = ru_date(getattr(record, self.day))
        context["header"]["chips"] = self.chips(record)
        context["blocks"] = [*self.blocks(record), *service_blocks(record), recorded_block(record)]
        if self.may_edit_record(edge.viewer(), record):
            context["header"]["actions"] += [(label, url, "") for label, url in self.more(record)]
        return context

    def chips(self, record: Any) -> list[Any]:
        return [chip("аннулировано", "grey", "ban")] if record.annulled_on is not None else []

    def blocks(self, record: Any) -> list[dict[str, Any]]:
        """One for each section of the form, with the fields that say something."""
        hidden = {"graduate_id", "agency_id", "specialist"}
        return [
            cells.block(section.title, section.id, cells.filled(record, *names))
            for section in self.form_sections
            if (names := [name for name in section.rows if name not in hidden and self.is_plain(name)])
        ]

    def is_plain(self, name: str) -> bool:
        return name in self.model.__mapper__.columns

    def more(self, record: Any) -> list[tuple[str, str]]:
        """Further pages where work goes on from this entry: (label, address)."""
        return []


MUST = {"validators": [InputRequired(REQUIRED)]}  # Shows the mark of a required field; the verb says what is wrong.


def section(title: str, id: str, *rows: str, **more: Any) -> FormSection:
    return FormSection(title, id, rows, **more)


def specialists() -> list[tuple[str, str]]:
    """Users who may have done the work: of the own organisation, or everybody for those who oversee."""
    viewer = edge.viewer()
    query = select(User.id, User.name).order_by(User.name)
    if not viewer.reads_everybody:
        query = query.where(User.agency_id == viewer.agency_id)
    return [(str(number), name) for number, name in db.session.execute(query)]


def person_filter(model: type[Any]) -> Filter:
    return Filter(
        "person",
        "Выпускник",
        "choice",
        lambda ids: model.graduate_id.in_([listing.number_in(value) for value in ids]),
        people_asked_for,
        lookup_url=url_for("people.lookup"),
    )


def people_asked_for() -> list[tuple[str, str]]:
    """The people of the present filter: the others are found as one types."""
    ids = [int(value) for value in request.args.getlist("f.person") if value.isdecimal() and len(value) < 10]
    known = names_of(ids)
    return [(str(number), known.get(number, card_number(number))) for number in ids]


def service_blocks(record: Any) -> list[dict[str, Any]]:
    """The services that rest on an entry, where it has any."""
    rows = [_service_row(service) for service in annulment.services_of(db.session(), record)]
    if not rows or hasattr(record, "participants"):
        return []
    columns = ["Услуга", "Вид", "Форма", "Количество"]
    return [{"title": "Услуги", "id": "services", "items": [], "table": {"columns": columns, "rows": rows}}]


def _service_row(service: ServiceRecord) -> list[Any]:
    kind = labels.label("service_kind", service.kind_code)
    return [words.entry_link(service), kind, labels.label("service_form", service.form_code), service.quantity]


def recorded_block(record: Any) -> dict[str, Any]:
    """Who did it, whose record it is, who wrote it down."""
    items = facts(record, ["specialist"]) if hasattr(record, "specialist") else []
    items += [("Организация", labels.label("agency", record.agency_id))]
    items += [("Кто записал", labels.label("user_account", record.created_by_id) or "система")]
    return cells.block("Кто провёл и записал", "recorded", items)


def _annulled(value: Any) -> Any:
    return chip("аннулировано", "grey", "ban") if value else ""


def _annulled_text(value: Any) -> str:
    return f"аннулировано {ru_date(value)}" if value else ""
