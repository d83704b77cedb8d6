"""Chips of stages and states of cases, and links to records by their numbers."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import current_app, url_for
from markupsafe import Markup

from models.cases import Application, Conclusion, Contract, ContractStatus, Refusal, SupportEpisode
from models.graduates import Graduate, SupportStage
from models.plans import Plan
from models.reckoning import years_later
from services.cases.states import ApplicationState, ConclusionState
from services.profiles import last_eligible_day, profile_of
from views import edge
from views.extensions import db
from views.formats import chip, ru_date

TOO_OLD = "снят: достижение 23 лет"
STAGES = {
    SupportStage.APPLICATION: ("blue", "file-text"),
    SupportStage.CONTRACT: ("amber", "heart-handshake"),
    SupportStage.PLAN: ("amber", "clipboard-list"),
    SupportStage.SUPPORT: ("green", "activity"),
    SupportStage.CONCLUSION: ("blue", "certificate"),
    SupportStage.REMOVED: ("grey", "archive"),
}
APPLICATIONS = {
    ApplicationState.RECEIVED: ("amber", "clock"),
    ApplicationState.REGISTERED: ("blue", "circle-dot"),
    ApplicationState.CONTRACT: ("green", "circle-check"),
    ApplicationState.REFUSED: ("grey", "circle-x"),
    ApplicationState.WITHDRAWN: ("grey", "arrow-back-up"),
    ApplicationState.ANNULLED: ("grey", "ban"),
}
CONTRACTS = {
    ContractStatus.DRAFT: ("grey", "pencil"),
    ContractStatus.FUTURE: ("blue", "clock"),
    ContractStatus.ACTIVE: ("green", "circle-check"),
    ContractStatus.EXTENDED: ("green", "refresh"),
    ContractStatus.SUSPENDED: ("amber", "hand-stop"),
    ContractStatus.EXPIRED: ("red", "clock-exclamation"),
    ContractStatus.ENDED: ("grey", "archive"),
    ContractStatus.TERMINATED: ("grey", "circle-x"),
    ContractStatus.ANNULLED: ("grey", "ban"),
}
CONCLUSIONS = {
    ConclusionState.DRAFT: ("grey", "pencil"),
    ConclusionState.APPROVED: ("amber", "clock"),
    ConclusionState.SIGNED: ("green", "circle-check"),
    ConclusionState.ANNULLED: ("grey", "ban"),
}


def application_chip(value: str) -> Markup:
    state = ApplicationState(value)
    return chip(state.label, *APPLICATIONS[state])


def contract_chip(value: str) -> Markup:
    status = ContractStatus(value)
    return chip(status.label, *CONTRACTS[status])


def conclusion_chip(value: str) -> Markup:
    state = ConclusionState(value)
    return chip(state.label, *CONCLUSIONS[state])


def stage_chip(value: SupportStage | str | None) -> Any:
    """For a list's column."""
    if not value:
        return ""
    stage = SupportStage(value)
    return chip(stage.label, *STAGES[stage])


def last_day_of(graduate: Graduate, on: date) -> date:
    """The last eligible day by the rules of the responsible organisation."""
    if graduate.agency_id is None:
        return years_later(graduate.birth_date, 23)
    return last_eligible_day(graduate.birth_date, profile_of(db.session(), agency_id=graduate.agency_id, on=on))


def stage_text(graduate: Graduate, on: date) -> str:
    """The stage of support; past the last eligible day the person is off it whatever the papers say."""
    if graduate.stage is None:
        return ""
    return TOO_OLD if on > last_day_of(graduate, on) else graduate.stage.label


def stage_of_person(graduate: Graduate, on: date) -> Any:
    """The chip in the header of a card."""
    text = stage_text(graduate, on)
    return chip(text, *STAGES[SupportStage.REMOVED]) if text == TOO_OLD else stage_chip(graduate.stage)


# -- Links -------------------------------------------------------------------------------------------------------------


def _link(endpoint: str, record: Any, text: str) -> str | Markup:
    if f"{endpoint}.details_view" not in current_app.view_functions:
        return text
    return Markup('<a href="{}">{}</a>').format(url_for(f"{endpoint}.details_view", id=record.id), text)


def application_text(application: Application) -> str:
    if application.number is None:
        return f"заявление от {ru_date(application.received_on)}, не зарегистрировано"
    return f"№ {application.number_text} от {ru_date(application.registered_on)}"


def contract_text(contract: Contract) -> str:
    if contract.number is None:
        return f"проект, с {ru_date(contract.starts_on)}"
    return f"№ {contract.number_text} от {ru_date(contract.signed_on)}"


def conclusion_text(conclusion: Conclusion) -> str:
    if conclusion.number is None:
        return f"проект, по {ru_date(conclusion.period_to)}"
    return f"№ {conclusion.number_text} от {ru_date(conclusion.approved_on)}"


def plan_text(plan: Plan) -> str:
    if plan.number is None:
        return f"{plan.state.label}, с {ru_date(plan.starts_on)}"
    return f"№ {plan.number_text} от {ru_date(plan.approved_on)}"


def journal_link(record: Any) -> str | Markup:
    """«Журнал … , 2026 год»: where the record's line stands."""
    told = f"{record.__journal__.label}, {record.year} год"
    whose = {"agency": record.agency.code} if record.agency_id != edge.viewer().agency_id else {}
    url = url_for("journals.show", code=record.__journal__.value, year=record.year, **whose)
    return Markup('<a href="{}">{}</a>').format(url, told)


def application_link(application: Application) -> str | Markup:
    return _link("application", application, application_text(application))


def contract_link(contract: Contract) -> str | Markup:
    return _link("contract", contract, contract_text(contract))


def conclusion_link(conclusion: Conclusion) -> str | Markup:
    return _link("conclusion", conclusion, conclusion_text(conclusion))


def plan_link(plan: Plan) -> str | Markup:
    return _link("plan", plan, plan_text(plan))


def refusal_link(refusal: Refusal) -> str | Markup:
    return _link("refusal", refusal, f"№ {refusal.number_text} от {ru_date(refusal.refused_on)}")


def episode_link(episode: SupportEpisode) -> str | Markup:
    return _link("support_episode", episode, f"№ {episode.number_text} от {ru_date(episode.accepted_on)}")
