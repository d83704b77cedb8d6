"""The register of graduates: the list, the card, the form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

import wtforms
from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_login import current_user
from sqlalchemy import ColumnElement, Select, func, or_, select
from werkzeug.exceptions import abort
from werkzeug.wrappers import Response

from models.access import Viewer, editable_by, visible_to
from models.audit import AccessKind
from models.graduates import Graduate, SupportStage, full_years
from models.search import matches
from models.support import Problem, Section, SectionCheck
from models.text import name_key
from models.users import Role
from services import field_groups, graduates
from services.assessments.contacts import is_at_peak, is_overdue
from services.coverage import is_uncovered
from services.kept_records import people_with_records
from services.reporting import exportable_by
from views import edge, graduate_card, labels, listing
from views.base import RegistryView
from views.case_chips import stage_chip
from views.extensions import db
from views.fields import SnilsField, parse_date
from views.formats import chip, plural, ru_date, ru_datetime
from views.graduate_form import INLINES, SECTIONS, check_leaves, check_periods, check_snils
from views.listing import Column, Filter

FULL_NAME = func.trim(Graduate.last_name + " " + Graduate.first_name + " " + Graduate.patronymic)
WRITERS = frozenset({Role.CLERK, Role.OFFICER, Role.HEAD, Role.COORDINATOR, Role.ADMINISTRATOR})


def category_chip(code: str | None) -> Any:
    colours = {
        "crisis": ("red", "alert-triangle"),
        "active": ("amber", "activity"),
        "stable": ("green", "circle-check"),
    }
    if not code:
        return ""
    colour, icon_name = colours.get(code, ("grey", ""))
    return chip(labels.label("support_category", code), colour, icon_name)


def age_and_date(birth_date: date) -> str:
    years = full_years(birth_date, edge.today())
    return f"{ru_date(birth_date)}, {years} {plural(years, 'год', 'года', 'лет')}"


def by_label(table: str) -> Any:
    return lambda code: labels.label(table, code)


class GraduateView(RegistryView):
    title = "Выпускники"
    icon = "users"
    create_label = "Новый выпускник"
    search_placeholder_text = "Фамилия, дата рождения, телефон, СНИЛС, документ"
    creators = editors = WRITERS
    can_add_another = True
    details_template = "graduate.html"
    form_sections = SECTIONS
    inline_models = INLINES
    form_overrides: ClassVar = {"snils": SnilsField}

    # -- The list ------------------------------------------------------------------------------------------------------

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return visible_to(viewer)

    def export_scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return exportable_by(viewer)

    def columns(self) -> Sequence[Column]:
        return (
            Column("name", "Фамилия, имя, отчество", FULL_NAME, sort=Graduate.name_key, width=36),
            Column(
                "born",
                "Дата рождения",
                Graduate.birth_date,
                show=age_and_date,
                export=ru_date,
                sort=Graduate.birth_date,
                width=16,
            ),
            Column(
                "category", "Категория", Graduate.category_code, show=category_chip, export=by_label("support_category")
            ),
            Column("stage", "Этап", Graduate.stage, show=stage_chip, export=label_of_stage, width=16),
            Column("district", "Район", Graduate.district_id, show=by_label("district"), export=by_label("district")),
            Column(
                "employment",
                "Занятость",
                Graduate.current_employment_code,
                show=by_label("employment_status"),
                export=by_label("employment_status"),
                width=24,
            ),
            Column(
                "housing",
                "Жильё",
                Graduate.current_housing_code,
                show=by_label("housing_status"),
                export=by_label("housing_status"),
                width=30,
            ),
            Column("problems", "Проблем", Graduate.open_problems, css="cell-number", width=9),
            Column("phone", "Телефон", Graduate.current_phone, width=18),
            Column("curator", "Куратор", Graduate.curator_name, width=26),
            Column(
                "agency",
                "Ответственная организация",
                Graduate.agency_id,
                show=by_label("agency"),
                export=by_label("agency"),
                width=34,
            ),
        )

    def filters(self) -> Sequence[Filter]:
        def offers(table: str) -> Any:
            return lambda: labels.options(table)

        return (
            listing.choice("district", "Район проживания", Graduate.district_id, offers("district")),
            listing.choice("origin", "Район происхождения", Graduate.origin_district_id, offers("district")),
            listing.choice("category", "Категория", Graduate.category_code, offers("support_category")),
            Filter("stage", "Этап сопровождения", "choice", _at_stages, _stages),
            listing.period("contract_ends", "Договор заканчивается", Graduate.support_ends_on),
            listing.choice("employment", "Занятость", Graduate.current_employment_code, offers("employment_status")),
            listing.choice("housing", "Жильё", Graduate.current_housing_code, offers("housing_status")),
            listing.choice("marital", "Семейное положение", Graduate.current_marital_code, offers("marital_status")),
            listing.choice("legal", "Правовой статус", Graduate.legal_status_code, offers("legal_status")),
            listing.choice("agency", "Ответственная организация", Graduate.agency_id, offers("agency")),
            listing.period("born", "Дата рождения", Graduate.birth_date),
            listing.period("left", "Дата выпуска", Graduate.left_on),
            Filter(
                "turns23", "Исполнится 23 года", "date", _turns_23, help="В какие дни наступает последний день права"
            ),
            listing.flag("children", "Есть дети", lambda: Graduate.current_children > 0),
            listing.flag("problems", "Есть открытые проблемы", lambda: Graduate.open_problems > 0),
            listing.flag("curator", "Куратор назначен", lambda: Graduate.curator_name != ""),
            listing.flag("silent", "Контакта не было дольше нормы", lambda: is_overdue(db.session(), on=edge.today())),
            listing.flag("peak", "3–4 месяца после выпуска", lambda: is_at_peak(edge.today())),
            listing.flag(
                "uncovered",
                "Не охвачены",
                lambda: is_uncovered(edge.today()),
                help="От 18 до 23 лет, помощь нужна, а договора нет",
            ),
            Filter("problem", "Проблема", "choice", _has_problem, offers("problem_kind")),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return matches(text, db.session.get_bind().dialect.name)

    # -- Rights --------------------------------------------------------------------------------------------------------

    def may_edit_record(self, viewer: Viewer, record: Graduate) -> bool:
        return bool(db.session.scalar(select(func.count()).where(Graduate.id == record.id, editable_by(viewer))))

    def create_allowed(self) -> bool:
        viewer = edge.viewer()
        return viewer.role is not Role.COORDINATOR or viewer.is_data_bank_operator

    def list_context(self, found: Any, page: Any) -> dict[str, Any]:
        context = super().list_context(found, page)
        context["can_create"] = self.create_allowed()
        return context

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> str | Response | tuple[str, int]:
        if not self.create_allowed():
            abort(403)
        return super().create_view()

    # -- The form ------------------------------------------------------------------------------------------------------

    def fit_form(self, form: Any, record: Graduate | None) -> None:
        viewer = edge.viewer()
        for name, group in (("health_records", "health"), ("offence_records", "offences")):
            if not field_groups.may_read(db.session(), viewer=viewer, graduate=record, group=group):
                del form[name]
        if not (viewer.is_administrator or viewer.is_data_bank_operator):
            del form["agency_id"]  # Passing a person on is a verb of its own, not a field.
        if not graduates.may_assign(viewer, record):
            del form["assignments"]
        if record is None and request.method == "GET":
            self._prefill(form, viewer)

    def _prefill(self, form: Any, viewer: Viewer) -> None:
        form.citizenship.data = "Российская Федерация"
        if len(viewer.district_ids) == 1:
            form.origin_district_id.data = viewer.district_ids[0]
        form.last_name.data = request.args.get("last_name", "")[:200]

    def check_form(self, form: Any, record: Graduate | None) -> bool:
        fine = True
        if form.snils.data and (len(form.snils.data) != 11 or not check_snils(form.snils.data)):
            form.snils.errors = [*form.snils.errors, "СНИЛС записан с ошибкой: проверьте 11 цифр и контрольное число."]
            fine = False
        born = form.birth_date.data
        if born and not date(1980, 1, 1) <= born <= edge.today():
            form.birth_date.errors = [
                *form.birth_date.errors,
                "Дата рождения должна быть не раньше 1980 года и не в будущем.",
            ]
            fine = False
        return all((check_periods(form), check_leaves(form), fine))

    def duplicates(self, form: Any) -> list[dict[str, str]]:
        key = name_key(form.last_name.data, form.first_name.data, form.patronymic.data)
        graduates.wait_for_twin(db.session(), key=key)
        same = (Graduate.name_key == key) & (Graduate.birth_date == form.birth_date.data)
        if form.snils.data:
            same = or_(same, Graduate.snils == form.snils.data)
        query = select(Graduate).where(visible_to(edge.viewer()), same).order_by(Graduate.id).limit(50)
        twins = db.session.scalars(query).all()
        if twins:
            payload = {"total": len(twins), "ids": [found.id for found in twins]}
            edge.log_access(AccessKind.SEARCHED, subject="graduate", payload=payload)
        return [
            {
                "id": str(found.id),
                "url": self.get_url(".details_view", id=found.id),
                "name": f"{found.full_name}, {ru_date(found.birth_date)}",
                "reason": "совпал СНИЛС"
                if found.snils and found.snils == form.snils.data
                else "совпали ФИО и дата рождения",
            }
            for found in twins
        ]

    def before_save(self, form: Any, record: Graduate, is_created: bool) -> None:
        viewer = edge.viewer()
        if is_created:
            graduates.start_card(db.session(), graduate=record, viewer=viewer)
        graduates.complete(db.session(), graduate=record, viewer=viewer, on=edge.today())
        graduates.note_twins(db.session(), graduate=record, viewer=viewer, now=edge.now())
        if is_created and not graduates.within(record, viewer):
            raise wtforms.ValidationError(
                "После сохранения карточка была бы вам не видна: укажите район происхождения или адрес в вашем районе."
            )

    # -- The card ------------------------------------------------------------------------------------------------------

    def details_context(self, record: Graduate) -> dict[str, Any]:
        return graduate_card.context(self, record)

    @expose("/check/", methods=("POST",))
    def check_section(self) -> Response:
        """Confirm that a section of the card is fresh («проверено»)."""
        record = self.record_or_404()
        self.require_edit(record)
        try:
            section = Section(request.args.get("section", ""))
        except ValueError:
            abort(404)
        check = db.session.scalar(select(SectionCheck).filter_by(graduate_id=record.id, section=section))
        if check is None:
            check = SectionCheck(graduate=record, section=section)
            db.session.add(check)
        check.checked_on, check.checked_by_id = edge.today(), current_user.id
        db.session.commit()
        flash(f"Раздел «{section.label}» отмечен как проверенный.", "success")
        return redirect(url_for("graduate.details_view", id=record.id))

    @expose("/remove/", methods=("POST",))
    def remove(self) -> Response:
        """Soft deletion by the administrator; it can be restored."""
        if current_user.role is not Role.ADMINISTRATOR:
            abort(403)
        record = self.record_or_404()
        if people_with_records(db.session(), ids=[record.id]):
            flash("Карточка не убрана: по ней есть записи сопровождения, они хранятся вместе с нею.", "error")
            return redirect(self.get_url(".details_view", id=record.id))
        record.deleted_at = edge.now()
        db.session.commit()
        flash("Карточка убрана. Её можно вернуть: «Настройки», «Убранные карточки».", "success")
        return self.back_to_list()

    @expose("/restore/", methods=("POST",))
    def restore(self) -> Response:
        if current_user.role is not Role.ADMINISTRATOR:
            abort(403)
        wanted = request.args.get("id", "")
        record = db.session.get(Graduate, int(wanted)) if wanted.isdecimal() and len(wanted) < 10 else None
        if record is None or record.deleted_at is None:
            abort(404)
        record.deleted_at = None
        db.session.commit()
        flash("Карточка возвращена.", "success")
        return redirect(url_for("graduate.details_view", id=record.id))

    def base_query(self, columns: Sequence[Column]) -> Select[Any]:
        return listing.plain_select(Graduate.id, columns)


class RemovedGraduateView(RegistryView):
    """Cards that the administrator removed; they can be put back."""

    title = "Убранные карточки"
    icon = "archive"
    readers = frozenset({Role.ADMINISTRATOR})

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return Graduate.deleted_at.is_not(None)

    def columns(self) -> Sequence[Column]:
        return (
            Column("name", "Фамилия, имя, отчество", FULL_NAME, sort=Graduate.name_key, width=36),
            Column(
                "born", "Дата рождения", Graduate.birth_date, show=ru_date, export=ru_date, sort=Graduate.birth_date
            ),
            Column("removed", "Убрана", Graduate.deleted_at, show=ru_datetime, export=ru_datetime),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return matches(text, db.session.get_bind().dialect.name)

    def details_context(self, record: Graduate) -> dict[str, Any]:
        context = super().details_context(record)
        url = url_for("graduate.restore", id=record.id)
        context["header"]["alerts"] = [("warning", f"Карточка убрана {ru_datetime(record.deleted_at)}.")]
        context["header"]["post_actions"] = [("Вернуть карточку", url, None, "primary")]
        return context


def _turns_23(values: list[str]) -> ColumnElement[bool]:
    """The 23rd birthday falls into a period: a condition on the birth date 23 years earlier."""

    def shift(text: str) -> str:
        if not text:
            return ""
        day = parse_date(text)
        back = day.replace(year=day.year - 23, day=28 if (day.month, day.day) == (2, 29) else day.day)
        return back.isoformat()

    shifted = [
        "..".join(shift(part) for part in (value if ".." in value else f"{value}..{value}").split("..", 1))
        for value in values
    ]
    return listing.period("", "", Graduate.birth_date).condition(shifted)


def _stages() -> list[tuple[str, str]]:
    return [*SupportStage.choices(), ("none", "не начато")]


def _at_stages(values: list[str]) -> ColumnElement[bool]:
    found = Graduate.stage.in_([SupportStage(value) for value in values if value != "none"])
    return or_(found, Graduate.stage.is_(None)) if "none" in values else found


def label_of_stage(value: SupportStage | None) -> str:
    return value.label if value is not None else ""


def _has_problem(values: list[str]) -> ColumnElement[bool]:
    return Graduate.id.in_(
        select(Problem.graduate_id).where(Problem.kind_code.in_(values), Problem.resolved_on.is_(None))
    )
