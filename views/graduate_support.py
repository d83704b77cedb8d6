"""The tab «Сопровождение»: stage, applications, contracts, refusals, conclusions, plans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models.case_access import WRITERS
from models.cases import Application, Conclusion, Contract, Refusal, SupportEpisode
from models.graduates import Graduate
from models.users import Role
from services.cases import contracts
from services.cases.checklist import checklist
from services.cases.states import application_state, conclusion_state
from views import case_chips, edge, labels
from views.extensions import db
from views.formats import chip, ru_date
from views.plans import graduate_block


def blocks(graduate: Graduate) -> Iterable[dict[str, Any]]:
    """Blocks of templates/details.html."""
    viewer = edge.viewer()
    may_write = viewer.role in WRITERS or viewer.role is Role.ADMINISTRATOR
    obstacle = contracts.obstacle(db.session(), graduate=graduate, agency_id=viewer.agency_id, on=viewer.on)
    yield _stage(graduate, obstacle if may_write else "")
    yield _applications(graduate, may_write)
    yield _contracts(graduate, may_write and not obstacle)
    yield from graduate_block.blocks(graduate)
    yield from _refusals(graduate, may_write)
    yield from _conclusions(graduate)
    yield _checklist(graduate)


def _of(model: type[Any], graduate: Graduate) -> Sequence[Any]:
    query = select(model).where(model.graduate_id == graduate.id).order_by(model.id.desc())
    if model is Application:  # How far it has come is read from the decisions on it.
        query = query.options(selectinload(Application.contracts), selectinload(Application.refusals))
    return db.session.scalars(query).all()


def _stage(graduate: Graduate, obstacle: str) -> dict[str, Any]:
    today = edge.today()
    items: list[tuple[str, Any]] = []
    if graduate.stage is not None:
        items.append(("Этап", case_chips.stage_of_person(graduate, today)))
    for episode in _of(SupportEpisode, graduate):
        if episode.annulled_on is None and episode.removed_on is None:
            items.append(("Принят на сопровождение", case_chips.episode_link(episode)))
    if graduate.support_ends_on is not None:
        items.append(("Договор действует по", ru_date(graduate.support_ends_on)))
    items.append(("Последний день права", ru_date(case_chips.last_day_of(graduate, today))))
    return {"title": "Этап сопровождения", "id": "support-stage", "items": items, "note": obstacle}


def _checklist(graduate: Graduate) -> dict[str, Any]:
    """What each stage consists of (kizil, the algorithm of support): done by the records, never ticked by hand."""
    waiting = chip("ещё нет", "grey", "clock")
    tasks = checklist(db.session(), graduate_id=graduate.id)
    rows = [[task.phase.label, task.title, ru_date(task.done_on) if task.done_on else waiting] for task in tasks]
    table = {"columns": ["Этап", "Дело", "Когда впервые сделано"], "rows": rows}
    return {"title": "Дела этапов", "id": "support-tasks", "items": [], "table": table, "note": "по записям"}


def _applications(graduate: Graduate, may_write: bool) -> dict[str, Any]:
    rows = [
        [
            case_chips.application_link(one),
            ru_date(one.received_on),
            case_chips.application_chip(application_state(one)),
            labels.label("agency", one.agency_id),
        ]
        for one in _of(Application, graduate)
    ]
    columns = ["Заявление", "Поступило", "Состояние", "Организация"]
    action = ("Принять заявление", url_for("application.create_view", graduate=graduate.id))
    return _listed("Заявления", "applications", columns, rows, action if may_write else None, "Заявлений нет.")


def _contracts(graduate: Graduate, may_write: bool) -> dict[str, Any]:
    rows = [
        [
            case_chips.contract_link(one),
            f"{ru_date(one.starts_on)} – {ru_date(one.ends_on)}",
            case_chips.contract_chip(one.status_on(edge.today())),
            one.curator,
            labels.label("agency", one.agency_id),
        ]
        for one in _of(Contract, graduate)
    ]
    columns = ["Договор", "Срок", "Состояние", "Куратор", "Организация"]
    action = ("Новый договор", _new_contract(graduate))
    return _listed("Договоры", "contracts", columns, rows, action if may_write else None, "Договоров нет.")


def _new_contract(graduate: Graduate) -> str:
    """From the registered application that waits, else from the last contract, else from the card."""
    agency_id = edge.viewer().agency_id
    for one in _of(Application, graduate):
        if one.agency_id == agency_id and application_state(one) == "registered":
            return url_for("contract.create_view", application=one.id)
    for contract in _of(Contract, graduate):
        if contract.agency_id == agency_id and contract.ended_on is not None:
            return url_for("contract.create_view", renew=contract.id)
    return url_for("contract.create_view", graduate=graduate.id)


def _refusals(graduate: Graduate, may_write: bool) -> Iterable[dict[str, Any]]:
    rows = [
        [case_chips.refusal_link(one), one.kind.label, _reason(one), labels.label("agency", one.agency_id)]
        for one in _of(Refusal, graduate)
    ]
    action = ("Записать отказ", url_for("refusal.create_view", graduate=graduate.id)) if may_write else None
    columns = ["Отказ", "Вид", "Причина", "Организация"]
    if rows or may_write:
        yield _listed("Отказы", "refusals", columns, rows, action, "Отказов нет.")


def _reason(refusal: Refusal) -> str:
    told = refusal.reason or refusal.graduate_reason
    return told.label if told is not None else ""


def _conclusions(graduate: Graduate) -> Iterable[dict[str, Any]]:
    rows = [
        [
            case_chips.conclusion_link(one),
            f"{ru_date(one.period_from)} – {ru_date(one.period_to)}",
            case_chips.conclusion_chip(conclusion_state(one)),
            one.outcome.label,
        ]
        for one in _of(Conclusion, graduate)
    ]
    if rows:
        yield _listed("Заключения", "conclusions", ["Заключение", "Период", "Состояние", "Вывод"], rows, None, "")


def _listed(
    title: str, id: str, columns: list[str], rows: list[Any], action: tuple[str, str] | None, empty: str
) -> dict[str, Any]:
    table = {"columns": columns, "rows": rows} if rows else None
    return {"title": title, "id": id, "items": [], "table": table, "action": action, "empty": empty}
