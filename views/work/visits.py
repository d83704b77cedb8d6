"""The registers of visits (Ж-11) and of acts of housing surveys (акт ЖБУ)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import request, url_for
from sqlalchemy import select

from models.case_access import of_visible_people
from models.work import HousingSurvey, SurveyOutcome, Visit
from services.errors import Refused
from services.work import visits
from views import edge, labels, listing
from views import work_words as words
from views.case_base import wanted_number
from views.cases import cells
from views.doing import told_at_field
from views.extensions import db
from views.formats import chip, shown
from views.graduates import category_chip
from views.listing import Column, Filter
from views.registers import label_from
from views.work.base import MUST, WorkView, section

LOOKS = {SurveyOutcome.FIT: "green", SurveyOutcome.NEEDS_WORK: "amber", SurveyOutcome.UNFIT: "red"}
SIGNS = {SurveyOutcome.FIT: "circle-check", SurveyOutcome.NEEDS_WORK: "hand-stop", SurveyOutcome.UNFIT: "alert-circle"}
# The act's own words; the rest of it is asked by the verb by name.
SEEN = (
    "ground", "commission", "cohabitants", "dwelling", "area_total", "area_living", "rooms", "title_right", "amenities",
    "sanitary", "belongings", "utility_debt", "income", "relations", "children", "risks", "own_housing", "own_words",
    "recommendations", "is_agreed",
)  # fmt: skip


class VisitView(WorkView):
    title, icon, create_label, default_sort = "Выезды", "home", "Записать выезд", "-day"
    search_placeholder_text = "Номер, фамилия, цель"
    day, topic = "visited_on", "purpose"
    form_args: ClassVar[dict[str, Any]] = {"purpose": MUST}
    form_sections = (
        section(
            "Выезд",
            "about",
            *("graduate_id", "visited_on", "address", "purpose", "is_opened", "result", "next_on", "specialist"),
            *("companions", "agency_id"),
            help="Категория сопровождения на день выезда запишется сама.",
        ),
    )

    def columns(self) -> Sequence[Column]:
        category = Visit.category_code
        return (
            cells.number_column(Visit, "№"),
            self.day_column(),
            cells.person(Visit),
            Column("address", "Адрес", Visit.address, css="cell-long", width=36),
            Column("purpose", "Цель", Visit.purpose, css="cell-long", width=40),
            Column("category", "Категория", category, show=_category, export=_category_text, width=16),
            Column("opened", "Дверь открыта", Visit.is_opened, show=shown, export=shown, width=14),
            Column("surveys", "Акт №", _survey_number(), width=12),
            cells.day("next", "Следующий выезд", Visit.next_on, is_sorted=True),
            self.specialist_column("Специалисты"),
            self.annulled_column(),
        )

    def filters(self) -> Sequence[Filter]:
        category = Visit.category_code
        return (
            listing.choice("category", "Категория", category, lambda: labels.options("support_category")),
            listing.flag("opened", "Дверь открыта", lambda: Visit.is_opened),
            listing.period("next", "Следующий выезд", Visit.next_on),
            *self.common_filters(),
        )

    def record(self, form: Any) -> Visit:
        return visits.record(
            db.session(),
            graduate_id=form.graduate_id.data,
            visited_on=form.visited_on.data,
            address=form.address.data or "",
            purpose=form.purpose.data or "",
            is_opened=form.is_opened.data,
            result=form.result.data or "",
            next_on=form.next_on.data,
            companions=form.companions.data or "",
            **self.made_by(form),
        )

    def chips(self, record: Visit) -> list[Any]:
        category = [category_chip(record.category_code)] if record.category_code else []
        return [*category, *super().chips(record)]

    def blocks(self, record: Visit) -> list[dict[str, Any]]:
        (about,) = super().blocks(record)
        about["items"] += [("Акт обследования", words.entry_link(act)) for act in record.surveys]
        return [about]

    def more(self, record: Visit) -> list[tuple[str, str]]:
        about: dict[str, Any] = {"graduate": record.graduate_id, "visit": record.id}
        return [
            ("Составить акт ЖБУ", url_for("housing_survey.create_view", **about)),
            ("Записать услугу", url_for("service_record.create_view", **about)),
        ]


def _survey_number() -> Any:
    """Of the first act drawn up on the visit."""
    number = select(cells.number_column(HousingSurvey).expr).where(HousingSurvey.visit_id == Visit.id)
    return number.order_by(HousingSurvey.id).limit(1).correlate(Visit).scalar_subquery()


def _category(code: Any) -> Any:
    return category_chip(code) if code else ""


def _category_text(code: Any) -> str:
    return labels.label("support_category", code)


# -- Surveys ---------------------------------------------------------------------------------------------------------


class HousingSurveyView(WorkView):
    title, icon, create_label, default_sort = "Акты обследования ЖБУ", "home-check", "Составить акт ЖБУ", "-day"
    search_placeholder_text = "Номер, фамилия, адрес"
    day, topic = "surveyed_on", "address"
    form_sections = (
        section(
            "Обследование",
            "about",
            *("graduate_id", "surveyed_on", "ground", "address", "commission", "specialist", "agency_id"),
        ),
        section(
            "Жильё",
            "dwelling-section",
            *("dwelling", "title_right", "area_total", "area_living", "rooms", "amenities", "sanitary", "belongings"),
            *("utility_debt", "own_housing"),
        ),
        section("Кто и как живёт", "life", "cohabitants", "income", "relations", "children", "risks", "own_words"),
        section("Вывод", "result", "outcome", "recommendations", "recommended_until", "is_agreed"),
    )

    def columns(self) -> Sequence[Column]:
        outcome = label_from(SurveyOutcome)
        return (
            cells.number_column(HousingSurvey, "№"),
            self.day_column(),
            cells.person(HousingSurvey),
            Column("address", "Адрес", HousingSurvey.address, css="cell-long", width=40),
            Column("outcome", "Вывод", HousingSurvey.outcome, show=outcome_chip, export=outcome, width=30),
            Column("recommendations", "Рекомендации", HousingSurvey.recommendations, css="cell-long", width=44),
            cells.day("until", "Срок", HousingSurvey.recommended_until, is_sorted=True),
            self.specialist_column(),
            self.annulled_column(),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            Filter("outcome", "Вывод", "choice", _outcomes, SurveyOutcome.choices),
            listing.period("until", "Срок рекомендаций", HousingSurvey.recommended_until),
            *self.common_filters(),
        )

    def fit_form(self, form: Any, record: Any | None) -> None:
        super().fit_form(form, record)
        if record is None and request.method == "GET" and (visit := _visit()) is not None:
            form.surveyed_on.data, form.address.data = visit.visited_on, visit.address

    def check_form(self, form: Any, record: HousingSurvey | None) -> bool:
        try:
            visits.check_areas(form.area_total.data, form.area_living.data)
        except Refused as refusal:
            told_at_field(form, refusal)
            return False
        return True

    def record(self, form: Any) -> HousingSurvey:
        return visits.survey(
            db.session(),
            graduate_id=form.graduate_id.data,
            surveyed_on=form.surveyed_on.data,
            visit=_visit(),
            address=form.address.data or "",
            outcome=form.outcome.data,
            recommended_until=form.recommended_until.data,
            seen={name: form[name].data for name in SEEN},
            **self.made_by(form),
        )

    def chips(self, record: HousingSurvey) -> list[Any]:
        return [outcome_chip(record.outcome), *super().chips(record)]

    def blocks(self, record: HousingSurvey) -> list[dict[str, Any]]:
        found = super().blocks(record)
        if record.visit is not None:
            found[0]["items"].append(("Выезд", words.entry_link(record.visit)))
        return found


def _visit() -> Visit | None:
    """The visit that the address names."""
    seen = of_visible_people(edge.viewer(), Visit)
    query = select(Visit).where(Visit.id == (wanted_number("visit") or 0), seen)
    return db.session.scalars(query).one_or_none()


def outcome_chip(value: Any) -> Any:
    outcome = SurveyOutcome(value)
    return chip(outcome.label, LOOKS[outcome], SIGNS[outcome])


def _outcomes(values: list[str]) -> Any:
    return HousingSurvey.outcome.in_([SurveyOutcome(value) for value in values])
