"""The register of applications: received, registered, decided (aistenok 8, 9; Ж-1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import request
from sqlalchemy import ColumnElement

from models.cases import Application
from services.cases import applications, contracts
from services.cases.states import ApplicationState, application_state, state_of_applications
from views import details, edge, labels, listing
from views.base import FormSection
from views.case_base import CaseView
from views.case_chips import application_chip, contract_link, refusal_link
from views.cases import cells
from views.cases.actions import discarding, may, signature
from views.cases.fields import DirectionsField, directions_text
from views.cases.forms import NotifyForm, RegisterForm, WithdrawForm, today_in
from views.doing import Action, annulling
from views.extensions import db
from views.formats import ru_date
from views.listing import Column, Filter
from views.people_lookup import PersonField


def _is_live(record: Application) -> bool:
    return record.annulled_on is None and record.withdrawn_on is None


def _register(record: Application, form: Any) -> str:
    applications.register(db.session(), application=record, registered_on=form.registered_on.data, by=edge.viewer())
    return f"Заявление зарегистрировано, № {record.number_text}."


def _withdraw(record: Application, form: Any) -> str:
    applications.withdraw(db.session(), application=record, withdrawn_on=form.withdrawn_on.data, by=edge.viewer())
    return "Отмечено: выпускник отозвал заявление."


def _notify(record: Application, form: Any) -> str:
    applications.notify(
        db.session(),
        application=record,
        notified_on=form.notified_on.data,
        notified_how=form.notified_how.data or "",
        by=edge.viewer(),
    )
    return "Уведомление отмечено."


def _annul(record: Application, form: Any) -> str:
    applications.annul(db.session(), application=record, reason=form.reason.data or "", by=edge.viewer())
    return "Заявление аннулировано и осталось в журнале зачёркнутым."


class ApplicationView(CaseView):
    title, icon, create_label, default_sort = "Заявления", "file-text", "Принять заявление", "-received"
    search_placeholder_text = "Номер, фамилия"
    form_overrides: ClassVar = {"graduate_id": PersonField, "directions": DirectionsField}
    form_sections = (
        FormSection(
            "Заявление",
            "about",
            ("graduate_id", "received_on", "channel_code", "received_by", "answer_by", "agency_id"),
        ),
        FormSection("О чём просит", "asked", ("request", "directions")),
        FormSection(
            "Документы и право",
            "papers",
            ("is_identity_shown", "documents", "right_ground_code", "right_document", "note"),
            help="Выпускник представляет заявление и документ, удостоверяющий личность. "
            "Согласие на обработку данных оформляется отдельным листом.",
        ),
    )
    actions = (
        Action(
            "register",
            "Зарегистрировать",
            _register,
            may,
            lambda record: _is_live(record) and record.number is None,
            RegisterForm,
            fill=today_in("registered_on"),
            kind="primary",
            hint="Номер журнала присваивается в этот момент.",
        ),
        Action(
            "notify",
            "Отметить уведомление",
            _notify,
            may,
            lambda record: record.annulled_on is None and record.number is not None and record.notified_on is None,
            NotifyForm,
            fill=today_in("notified_on"),
        ),
        Action(
            "withdraw",
            "Отметить отзыв заявления",
            _withdraw,
            may,
            lambda record: _is_live(record) and applications.decision_of(record) is None,
            WithdrawForm,
            fill=today_in("withdrawn_on"),
        ),
        discarding("Убрать ошибочное заявление"),
        annulling(_annul),
    )

    # -- The list ------------------------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column]:
        a = Application
        return (
            cells.number_column(a, "Рег. №"),
            cells.day("received", "Поступило", a.received_on, is_sorted=True),
            cells.day("registered", "Зарегистрировано", a.registered_on),
            cells.person(a),
            cells.state(state_of_applications(), ApplicationState, application_chip),
            cells.coded("channel", "Способ подачи", a.channel_code, "channel", 16),
            Column("received_by", "Кто принял", a.received_by, css="cell-medium", width=28),
            cells.coded("agency", "Организация", a.agency_id, "agency", 34),
        )

    def filters(self) -> Sequence[Filter]:
        a = Application
        return (
            cells.state_filter(state_of_applications(), ApplicationState),
            listing.period("received", "Поступило", a.received_on),
            listing.period("registered", "Зарегистрировано", a.registered_on),
            listing.choice("channel", "Способ подачи", a.channel_code, lambda: labels.options("channel")),
            *cells.agency_filter(a),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return cells.found_by(text, Application, edge.viewer())

    # -- The form ------------------------------------------------------------------------------------------------------

    def fit_form(self, form: Any, record: Application | None) -> None:
        super().fit_form(form, record)
        if record is not None:
            del form["graduate_id"]
            if record.number is not None:
                del form["received_on"]
        elif request.method == "GET":
            form.received_on.data = edge.today()
            form.channel_code.data = "in_person"
            form.received_by.data = signature()

    def check_form(self, form: Any, record: Application | None) -> bool:
        if record is None or "received_on" not in form or form.received_on.data is None:
            return True
        if form.received_on.data <= edge.today():
            return True
        form.received_on.errors = [*form.received_on.errors, "Этот день ещё не наступил."]
        return False

    def record(self, form: Any) -> Application:
        return applications.receive(
            db.session(),
            graduate_id=form.graduate_id.data,
            agency_id=self.agency_of(form),
            received_on=form.received_on.data,
            channel_code=form.channel_code.data,
            request=form.request.data or "",
            directions=form.directions.line,
            documents=form.documents.data or "",
            is_identity_shown=form.is_identity_shown.data,
            right_ground_code=form.right_ground_code.data,
            right_document=form.right_document.data or "",
            received_by=form.received_by.data or "",
            answer_by=form.answer_by.data or "",
            note=form.note.data or "",
            by=edge.viewer(),
            now=edge.now(),
        )

    def told(self, record: Application) -> str:
        return "Заявление принято. Зарегистрируйте его в течение 2 рабочих дней: тогда оно получит номер."

    def alerts(self, record: Application) -> Sequence[str]:
        return applications.warnings_of(db.session(), application=record)

    # -- One application -----------------------------------------------------------------------------------------------

    def record_title(self, record: Application) -> str:
        if record.number is None:
            return f"Заявление от {ru_date(record.received_on)}"
        return f"Заявление № {record.number_text} от {ru_date(record.registered_on)}"

    def card_context(self, record: Application) -> dict[str, Any]:
        context = super().card_context(record)
        header = context["header"]
        header["facts"] = [cells.person_fact(record.graduate_id)]
        header["chips"] = [application_chip(application_state(record))]
        header["alerts"] = [("warning", told) for told in self.alerts(record)]
        header["actions"] = cells.steps(self._next_steps(record), header["actions"])
        context["blocks"] = list(self._blocks(record))
        return context

    def _next_steps(self, record: Application) -> list[tuple[str, str, str]]:
        """A contract or a refusal, as long as nothing is decided; whom nothing is due to gets no contract."""
        if application_state(record) is not ApplicationState.REGISTERED or not may(edge.viewer(), record):
            return []
        obstacle = contracts.obstacle(
            db.session(), graduate=record.graduate, agency_id=record.agency_id, on=edge.today()
        )
        contract = ("Заключить договор", self._url("contract", record), "primary")
        refusal = ("Записать отказ", self._url("refusal", record), "")
        return [refusal] if obstacle else [contract, refusal]

    def _url(self, endpoint: str, record: Application) -> str:
        return self.get_url(f"{endpoint}.create_view", application=record.id)

    def _blocks(self, record: Application) -> Any:
        names = ("received_on", "channel_code", "received_by", "registered_on", "answer_by", "agency_id")
        about = cells.filled(record, *names, "withdrawn_on", "note")
        yield cells.block("Заявление", "about", [*about, *cells.journal_fact(record)])
        asked = cells.filled(record, "request")
        if record.directions:
            asked.append(("Направления помощи", directions_text(record.directions)))
        yield cells.block("О чём просит", "request", asked)
        shown = details.facts(record, ["is_identity_shown"])
        right = cells.filled(record, "documents", "right_ground_code", "right_document")
        yield cells.block("Документы и право", "documents", [*shown, *right])
        decided: list[tuple[str, Any]] = [("Договор", contract_link(one)) for one in record.contracts]
        decided += [("Отказ", refusal_link(one)) for one in record.refusals]
        decided += cells.filled(record, "notified_on", "notified_how")
        yield cells.block("Решение", "decision", decided, empty="Решения ещё нет.")
