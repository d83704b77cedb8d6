"""The registers behind Ж-8 and Ж-9: lines of letters, what may be corrected in them, and their annulment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import url_for
from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, true
from sqlalchemy.orm import aliased

from models.access import Viewer
from models.case_access import may_approve, may_register
from models.exchange import Delivery, IncomingLetter, OutgoingLetter, Referral
from models.text import search_terms
from services.exchange import letter_lines
from views import edge, labels, listing
from views.base import NOBODY, FormSection
from views.captions import table_title
from views.case_base import CaseView, annulled_chip
from views.case_chips import journal_link
from views.cases import cells
from views.doing import Action, annulling
from views.extensions import db
from views.formats import chip, ru_date
from views.listing import Column, Filter
from views.registers import fragment, label_from


def _annul(record: Any, form: Any) -> str:
    letter_lines.annul(db.session(), line=record, reason=form.reason.data or "", by=edge.viewer())
    return "Номер аннулирован и остался в журнале зачёркнутым."


ANNUL = annulling(
    _annul,
    offered=lambda record: record.annulled_on is None and not letter_lines.why_it_stands(db.session(), record),
    title="Аннулировать номер",
)


class LetterLineView(CaseView):
    """Lines of the own organisation: numbers are given by the letters themselves, never here."""

    icon, default_sort, creators = "notebook", "-number", NOBODY
    search_placeholder_text = "Номер, организация, содержание, фамилия"
    none_text = "Номера появляются здесь, когда письма отправляют и принимают."
    form_overrides: ClassVar[dict[str, Any]] = {}
    actions: Sequence[Action] = (ANNUL,)
    day = ""

    # -- Rights --------------------------------------------------------------------------------------------------------

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return true() if viewer.reads_everybody else self.model.agency_id == viewer.agency_id

    def may_edit_record(self, viewer: Viewer, record: Any) -> bool:
        return may_register(viewer, record.agency_id) and record.annulled_on is None

    # -- The list ------------------------------------------------------------------------------------------------------

    def base_query(self, columns: Sequence[Column]) -> Select[Any]:
        query = listing.plain_select(self.model.id, columns).select_from(self.model)
        return query.join(Referral, Referral.id == self.model.referral_id)

    def correspondent(self) -> ColumnElement[str]:
        """The other side of a line, by what came or went."""
        raise NotImplementedError

    def columns(self) -> Sequence[Column]:
        model, delivery = self.model, label_from(Delivery)
        day = getattr(model, self.day)
        return (
            cells.number_column(model, "№"),
            cells.day("day", "Дата", day, is_sorted=True),
            Column("side", "Корреспондент", self.correspondent(), css="cell-medium", width=40),
            Column("what", "Что", _what(model), width=10),
            Column("summary", "О чём", _told(), css="cell-long", width=54),
            Column("about", "О ком", Referral.about_text, width=20),
            Column("delivery", "Способ", model.delivery, show=delivery, export=delivery, width=18),
            *((Column("resolution", "Резолюция", model.resolution, width=30),) if hasattr(model, "resolution") else ()),
            Column("annulled", "Состояние", model.annulled_on, show=annulled_chip, export=_annulled_text, width=22),
        )

    def filters(self) -> Sequence[Filter]:
        model = self.model
        return (
            listing.period("day", "Дата", getattr(model, self.day)),
            Filter("delivery", "Способ", "choice", self._delivered, Delivery.choices),
            listing.flag("answers", "Ответы", lambda: model.message_id.is_not(None)),
            cells.annulled_filter(model),
            *cells.agency_filter(model),
        )

    def _delivered(self, values: list[str]) -> ColumnElement[bool]:
        condition: ColumnElement[bool] = self.model.delivery.in_([Delivery(value) for value in values])
        return condition

    def search_condition(self, text: str) -> ColumnElement[bool]:
        r = aliased(Referral)
        number, slash, year = text.strip().lstrip("№ ").partition("/")
        if number.isdecimal() and len(number) < 8 and (not slash or (year.isdecimal() and len(year) == 4)):
            wanted = self.model.number == int(number)
            return and_(wanted, self.model.year == int(year)) if slash else wanted
        names = and_(*(r.about_key.contains(term, autoescape=True) for term in search_terms(text)))
        said = or_(fragment(text, r.summary, r.kind_title, r.sender_name, r.recipient_name), names)
        return exists().where(r.id == self.model.referral_id, said)

    # -- The page of a record ------------------------------------------------------------------------------------------

    def record_title(self, record: Any) -> str:
        return f"{table_title(record.__tablename__)} № {record.number_text}"

    def card_context(self, record: Any) -> dict[str, Any]:
        context = super().card_context(record)
        letter = record.referral
        header = context["header"]
        header["subtitle"] = ru_date(getattr(record, self.day))
        header["chips"] = [chip("аннулировано", "grey", "ban")] if record.annulled_on is not None else []
        header["facts"] = [("Письмо", _letter_link(letter)), ("Журнал", journal_link(record))]
        context["blocks"] = [
            cells.block("Строка журнала", "line", self.line(record)),
            cells.block("Письмо", "letter", self.letter(record)),
        ]
        return context

    def line(self, record: Any) -> list[tuple[str, Any]]:
        names = [name for section in self.form_sections for name in section.rows]
        kept = [("Организация", labels.label("agency", record.agency_id))]
        kept += [("Кто зарегистрировал", labels.label("user_account", record.created_by_id) or "система")]
        why = letter_lines.why_it_stands(db.session(), record)
        if why and record.annulled_on is None and may_approve(edge.viewer(), record.agency_id):
            kept += [("Аннулировать нельзя", why)]
        return [*cells.filled(record, *names), *kept]

    def letter(self, record: Any) -> list[tuple[str, Any]]:
        letter = record.referral
        told = [
            ("Что", "ответ" if record.message_id is not None else "письмо"),
            ("От кого", letter.sender_name),
            ("Кому", letter.recipient_name),
            ("Вид", letter.kind_title),
            ("О чём", letter.summary),
            ("О ком", letter.about_text),
            ("Состояние", letter.status.label),
        ]
        return [(caption, value) for caption, value in told if value]


class IncomingLetterView(LetterLineView):
    title, day = "Входящие письма", "received_on"
    form_sections = (
        FormSection(
            "Строка журнала",
            "line",
            ("resolution", "sheets", "delivery", "note"),
            help="Номер, дата и само письмо не меняются.",
        ),
    )

    def correspondent(self) -> ColumnElement[str]:
        return case((IncomingLetter.message_id.is_(None), Referral.sender_name), else_=Referral.recipient_name)


class OutgoingLetterView(LetterLineView):
    title, day = "Исходящие письма", "sent_on"
    form_sections = (
        FormSection(
            "Строка журнала",
            "line",
            ("sheets", "copies", "delivery", "note"),
            help="Номер, дата и само письмо не меняются.",
        ),
    )

    def correspondent(self) -> ColumnElement[str]:
        return case((OutgoingLetter.message_id.is_(None), Referral.recipient_name), else_=Referral.sender_name)


def _told() -> ColumnElement[str]:
    """The kind, and the summary where it says more."""
    r = Referral
    return case((r.summary == r.kind_title, r.kind_title), else_=r.kind_title + ". " + r.summary)


def _what(model: Any) -> ColumnElement[str]:
    return case((model.message_id.is_(None), "письмо"), else_="ответ")


def _annulled_text(value: Any) -> str:
    return f"аннулировано {ru_date(value)}" if value else ""


def _letter_link(letter: Referral) -> Markup:
    url = url_for("referral.details_view", id=letter.id)
    return Markup('<a href="{}">{}</a>').format(url, f"{letter.kind_title} № {letter.id}")
