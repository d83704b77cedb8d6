"""The register of refusals: the graduate's own and the organisation's for want of a right (aistenok 10; Ж-3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import request
from sqlalchemy import ColumnElement

from models.cases import Application, Refusal, RefusalKind
from models.graduates import Graduate
from services import numbering
from services.cases import refusals
from services.cases.ages import ages_of
from services.errors import Refused
from views import edge, listing
from views.base import FormSection
from views.case_base import CaseView, annulled_chip, wanted_number
from views.case_chips import application_link
from views.cases import cells
from views.cases.actions import may, signature
from views.cases.fields import ApplicationField
from views.cases.forms import NotifyForm, today_in
from views.doing import Action, annulling
from views.extensions import db
from views.formats import ru_date
from views.listing import Column, Filter
from views.people_lookup import PersonField
from views.registers import label_from


def _notify(record: Refusal, form: Any) -> str:
    refusals.notify(
        db.session(),
        refusal=record,
        notified_on=form.notified_on.data,
        notified_how=form.notified_how.data or "",
        by=edge.viewer(),
    )
    return "Уведомление отмечено."


def _annul(record: Refusal, form: Any) -> str:
    numbering.annul(db.session(), record=record, reason=form.reason.data or "", by=edge.viewer())
    return "Отказ аннулирован и остался в журнале зачёркнутым. По заявлению снова можно принять решение."


class RefusalView(CaseView):
    title, icon, create_label, default_sort = "Отказы", "circle-x", "Записать отказ", "-refused"
    search_placeholder_text = "Номер, фамилия"
    form_overrides: ClassVar = {"graduate_id": PersonField, "application_id": ApplicationField}
    form_sections = (
        FormSection(
            "Отказ",
            "about",
            ("kind", "refused_on", "graduate_id", "application_id", "agency_id"),
            help="Отказ выпускника и решение организации – разные записи одного журнала.",
        ),
        FormSection(
            "Причина",
            "reason",
            ("reason_code", "graduate_reason_code", "clause", "details"),
            help="Организация отказывает только за отсутствием права. Выпускник причину может не называть.",
        ),
        FormSection("Оформление", "paper", ("is_return_explained", "responsible")),
    )
    actions = (
        Action(
            "notify",
            "Отметить уведомление",
            _notify,
            may,
            lambda record: record.annulled_on is None and record.notified_on is None,
            NotifyForm,
            fill=today_in("notified_on"),
            kind="primary",
        ),
        annulling(_annul),
    )

    # -- The list ------------------------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column]:
        r, kind = Refusal, label_from(RefusalKind)
        return (
            cells.number_column(r),
            cells.day("refused", "Дата", r.refused_on, is_sorted=True),
            cells.person(r),
            Column("kind", "Вид отказа", r.kind, show=kind, export=kind, width=20),
            cells.coded("reason", "Почему нет права", r.reason_code, "refusal_reason", 34),
            cells.coded("own", "Причина выпускника", r.graduate_reason_code, "graduate_refusal_reason", 28),
            cells.day("notified", "Уведомлён", r.notified_on),
            Column("annulled", "Состояние", r.annulled_on, show=annulled_chip, export=_annulled, width=16),
            cells.coded("agency", "Организация", r.agency_id, "agency", 34),
        )

    def filters(self) -> Sequence[Filter]:
        def of_kinds(values: list[str]) -> ColumnElement[bool]:
            return Refusal.kind.in_([RefusalKind(value) for value in values])

        return (
            Filter("kind", "Вид отказа", "choice", of_kinds, RefusalKind.choices),
            listing.period("refused", "Дата", Refusal.refused_on),
            cells.annulled_filter(Refusal),
            *cells.agency_filter(Refusal),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return cells.found_by(text, Refusal, edge.viewer())

    # -- The form ------------------------------------------------------------------------------------------------------

    def fit_form(self, form: Any, record: Refusal | None) -> None:
        super().fit_form(form, record)
        if record is not None:  # Who, when and why stand in the journal; a mistake is annulled.
            for name in ("kind", "refused_on", "graduate_id", "application_id", "reason_code", "graduate_reason_code"):
                del form[name]
        elif request.method == "GET":
            form.refused_on.data = edge.today()
            form.responsible.data = signature()
            form.application_id.data = wanted_number("application")
            application = form.application_id.record
            if application is None:  # The organisation decides on an application only.
                form.kind.data = RefusalKind.GRADUATE
                return
            form.graduate_id.data = application.graduate_id
            self._propose_reason(form, application)

    def _propose_reason(self, form: Any, application: Application) -> None:
        """By age, where the card says that there is no right."""
        today = edge.today()
        ages = ages_of(db.session(), graduate=application.graduate, agency_id=application.agency_id, on=today)
        if not ages.has_right(today):
            form.kind.data = RefusalKind.AGENCY
            form.clause.data = refusals.clause_of(db.session(), agency_id=application.agency_id, on=today)
            form.reason_code.data = "over_23" if ages.is_late(today) else "under_18"

    def check_form(self, form: Any, record: Refusal | None) -> bool:
        if record is not None:
            return True
        is_own = form.kind.data is RefusalKind.GRADUATE
        wrong = "reason_code" if is_own else "graduate_reason_code"
        if not form[wrong].data:
            return True
        told = "Это причина решения организации: уберите её." if is_own else "Это причина выпускника: уберите её."
        form[wrong].errors = [*form[wrong].errors, told]
        return False

    def record(self, form: Any) -> Refusal:
        application: Application | None = form.application_id.record
        details: refusals.Details = {
            "details": form.details.data or "",
            "clause": form.clause.data or "",
            "responsible": form.responsible.data or "",
            "is_return_explained": form.is_return_explained.data,
        }
        by, now, day = edge.viewer(), edge.now(), form.refused_on.data
        agency_id = application.agency_id if application is not None else self.agency_of(form)
        if form.kind.data is RefusalKind.GRADUATE:
            return refusals.decline(
                db.session(),
                graduate_id=form.graduate_id.data,
                agency_id=agency_id,
                refused_on=day,
                application=application,
                graduate_reason_code=form.graduate_reason_code.data,
                by=by,
                now=now,
                **details,
            )
        if application is None:
            raise Refused("Решение организации принимают по заявлению: выберите его.", field="application_id")
        graduate = db.session.get(Graduate, form.graduate_id.data)
        if graduate is not None:
            refusals.need_of_person(application, graduate, agency_id)
        return refusals.refuse(
            db.session(),
            application=application,
            reason_code=form.reason_code.data,
            refused_on=day,
            by=by,
            now=now,
            **details,
        )

    def told(self, record: Refusal) -> str:
        return f"Отказ записан, № {record.number_text}."

    def alerts(self, record: Refusal) -> Sequence[str]:
        return refusals.warnings_of(record)

    # -- One refusal ---------------------------------------------------------------------------------------------------

    def record_title(self, record: Refusal) -> str:
        return f"Отказ № {record.number_text} от {ru_date(record.refused_on)}"

    def card_context(self, record: Refusal) -> dict[str, Any]:
        context = super().card_context(record)
        context["header"]["facts"] = [cells.person_fact(record.graduate_id)]
        context["header"]["subtitle"] = record.kind.label
        context["header"]["alerts"] = [("warning", told) for told in self.alerts(record)]
        names = ("kind", "refused_on", "reason_code", "graduate_reason_code", "clause", "details")
        facts = cells.filled(record, *names)
        if record.application is not None:
            facts.append(("Заявление", application_link(record.application)))
        paper = cells.filled(record, "is_return_explained", "notified_on", "notified_how", "responsible", "agency_id")
        facts += cells.journal_fact(record)
        context["blocks"] = [cells.block("Отказ", "about", facts), cells.block("Оформление", "paper", paper)]
        return context


def _annulled(value: Any) -> str:
    return f"аннулировано {ru_date(value)}" if value else ""
