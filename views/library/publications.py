"""The register of publications and updates of public information, with a journal of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import request
from sqlalchemy import ColumnElement, and_

from models.access import Viewer
from models.library import Medium, Publication
from models.library_access import kept_by, may_keep_library, may_withdraw
from services.library import publications
from views import edge, labels, listing
from views.base import FormSection
from views.case_base import annulled_chip
from views.cases import cells
from views.cases.cells import block, filled, journal_fact
from views.doing import Action, annulling
from views.extensions import db
from views.formats import ru_date
from views.library.look import page_link
from views.listing import Column, Filter
from views.meetings.base import KeepView
from views.registers import fragment, label_from


def _annul(record: Publication, form: Any) -> str:
    publications.annul(db.session(), publication=record, reason=form.reason.data or "", by=edge.viewer())
    return "Запись аннулирована и осталась в журнале зачёркнутой."


class PublicationView(KeepView):
    title, icon, create_label, default_sort = "Публикации", "bulb", "Записать публикацию", "-day"
    search_placeholder_text = "Номер, о чём, где опубликовано"
    none_text = "Записывайте публикации в СМИ, на сайте и в соцсетях, обновление стендов и сайта."
    form_args: ClassVar[dict[str, Any]] = {}
    form_sections = (
        FormSection(
            "Публикация",
            "about",
            ("published_on", "medium", "title", "source", "link", "specialist", "note", "agency_id"),
        ),
    )
    actions: Sequence[Action] = (annulling(_annul, may=lambda viewer, record: may_withdraw(viewer, record.agency_id)),)

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return kept_by(viewer, Publication)

    def may_edit_record(self, viewer: Viewer, record: Publication) -> bool:
        return may_keep_library(viewer, record.agency_id) and record.annulled_on is None

    # -- The list ------------------------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column]:
        p, medium = Publication, label_from(Medium)
        return (
            cells.number_column(p, "№"),
            cells.day("day", "Дата", p.published_on, is_sorted=True),
            Column("medium", "Где", p.medium, show=medium, export=medium, width=24),
            Column("source", "Издание, сайт, стенд", p.source, css="cell-medium", width=30),
            Column("title", "О чём", p.title, css="cell-long", width=56),
            Column("link", "Страница", p.link, css="cell-medium", width=36),
            Column("specialist", "Ответственный", p.specialist, width=30),
            cells.coded("agency", "Организация", p.agency_id, "agency", 30),
            Column("annulled", "Состояние", p.annulled_on, show=annulled_chip, export=ru_date, width=16),
        )

    def filters(self) -> Sequence[Filter]:
        p = Publication
        return (
            Filter("medium", "Где", "choice", _media, Medium.choices),
            listing.period("day", "Дата", p.published_on),
            cells.annulled_filter(p),
            *cells.agency_filter(p),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        number, slash, year = text.strip().lstrip("№ ").partition("/")
        if number.isdecimal() and len(number) < 8 and (not slash or (year.isdecimal() and len(year) < 8)):
            wanted = Publication.number == int(number)
            return and_(wanted, Publication.year == int(year)) if slash else wanted
        return fragment(text, Publication.title, Publication.source, Publication.link)

    # -- The form ------------------------------------------------------------------------------------------------------

    def fit_form(self, form: Any, record: Publication | None) -> None:
        super().fit_form(form, record)
        if record is not None:
            for name in ("published_on", "specialist"):
                del form[name]
        elif request.method == "GET":
            form.published_on.data = edge.today()

    def record(self, form: Any) -> Publication:
        return publications.record(
            db.session(),
            agency_id=self.agency_of(form),
            published_on=form.published_on.data,
            specialist=form.specialist.data or "",
            now=edge.now(),
            **_told(form),
        )

    def told(self, record: Publication) -> str:
        return f"Записано в журнал публикаций: № {record.number_text}."

    def change(self, record: Publication, form: Any) -> str:
        publications.change(db.session(), publication=record, **_told(form))
        return "Изменения сохранены."

    # -- The page ------------------------------------------------------------------------------------------------------

    def record_title(self, record: Publication) -> str:
        return f"Публикация № {record.number_text}"

    def card_context(self, record: Publication) -> dict[str, Any]:
        context = super().card_context(record)
        header = context["header"]
        header["subtitle"] = f"{ru_date(record.published_on)}, {record.medium.label}"
        header["facts"] = [("Организация", labels.label("agency", record.agency_id)), *journal_fact(record)]
        items = filled(record, "title", "source", "specialist", "note")
        items += [("Страница", page_link(record.link))] if record.link else []
        context["blocks"] = [block("Публикация", "about", items, wide=True)]
        return context


def _told(form: Any) -> dict[str, Any]:
    texts = {name: form[name].data or "" for name in ("title", "source", "note")}
    return {"medium": form.medium.data, "link_text": form.link.data or "", "by": edge.viewer(), **texts}


def _media(values: list[str]) -> ColumnElement[bool]:
    return Publication.medium.in_([Medium(value) for value in values])
