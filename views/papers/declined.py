"""Names and positions in their cases, as papers print them: made by rule, corrected here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement
from wtforms import ValidationError

from models.access import Viewer
from models.files import DeclinedForm, DeclinedKind
from models.users import Role
from services.papers.access import forms_visible_to
from views import listing
from views.base import FormSection, RegistryView
from views.formats import chip
from views.listing import Column, Filter
from views.registers import fragment, label_from

EDITORS = frozenset({Role.HEAD, Role.ADMINISTRATOR})
CASES = ("genitive", "dative", "accusative", "instrumental")


class DeclinedFormView(RegistryView):
    title, icon, default_sort = "Склонение имён и должностей", "list", "nominative"
    search_placeholder_text = "Фамилия, имя или должность"
    empty_text = "Имена и должности появляются здесь, когда их впервые печатают в документе."
    readers = editors = EDITORS
    form_sections = (
        FormSection(
            "Формы",
            "forms",
            (*CASES, "is_checked", "note"),
            help="Формы составлены по правилам. Исправьте, если имя склоняется иначе, и отметьте «Проверено»: "
            "документы будут печатать то, что записано здесь.",
        ),
    )

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return forms_visible_to(viewer)

    def record_title(self, record: DeclinedForm) -> str:
        return record.nominative

    def columns(self) -> Sequence[Column]:
        kind, form = label_from(DeclinedKind), DeclinedForm
        return (
            Column("nominative", "Кто", form.nominative, sort=form.nominative, width=40),
            Column("kind", "Вид", form.kind, show=kind, export=kind, width=34),
            Column("genitive", "Кого (в лице)", form.genitive, width=40),
            Column("dative", "Кому", form.dative, width=40),
            Column("accusative", "Кого (назначить)", form.accusative, width=40),
            Column("instrumental", "Кем (с кем)", form.instrumental, width=40),
            Column("checked", "Проверено", form.is_checked, show=_checked, export=_checked_text, width=12),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            listing.choice("kind", "Вид", DeclinedForm.kind, DeclinedKind.choices),
            listing.flag("checked", "Проверено", lambda: DeclinedForm.is_checked),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return fragment(text, DeclinedForm.nominative)

    def before_save(self, form: Any, record: DeclinedForm, is_created: bool) -> None:
        for name in CASES:
            setattr(record, name, " ".join((getattr(record, name) or "").split()))
        if not all(getattr(record, name) for name in CASES):
            raise ValidationError("Заполните все четыре формы. Если слово не склоняется, повторите его.")


def _checked(value: Any) -> Any:
    return chip("проверено", "green", "check") if value else chip("по правилам", "grey")


def _checked_text(value: Any) -> str:
    return "да" if value else "нет"
