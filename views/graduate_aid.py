"""The tab «Помощь»: orders on curators, clubs, state assistance, papers for a dwelling."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.aid import Benefit, CuratorOrder, HousingDocument, PaperState
from models.case_access import may_approve, may_record
from models.graduates import Graduate
from models.library import Enrolment
from services.aid import housing
from views import edge, labels
from views.extensions import db
from views.formats import chip, ru_date
from views.library.look import benefit_chip, benefit_state, linked, paper_chip

DONE = (PaperState.COLLECTED, PaperState.HANDED_IN, PaperState.NOT_NEEDED)


def blocks(graduate: Graduate) -> Iterable[dict[str, Any]]:
    """Blocks of templates/details.html."""
    viewer = edge.viewer()
    may_write = may_record(viewer, viewer.agency_id)
    yield _orders(graduate, may_approve(viewer, viewer.agency_id))
    yield _clubs(graduate, may_write)
    yield _benefits(graduate, may_write)
    yield _papers(graduate, may_write)


def _orders(graduate: Graduate, may_order: bool) -> dict[str, Any]:
    query = select(CuratorOrder).where(CuratorOrder.graduate_id == graduate.id)
    found = db.session.scalars(query.order_by(CuratorOrder.ordered_on.desc(), CuratorOrder.id.desc()))
    rows = [
        [
            linked("curator_order.details_view", one.id, f"Приказ № {one.number_text}"),
            ru_date(one.ordered_on),
            one.kind.label,
            one.name,
            _period(one),
            chip("аннулирован", "grey", "ban") if one.annulled_on else "",
        ]
        for one in found
    ]
    action = ("Издать приказ", url_for("curator_order.create_view", graduate=graduate.id)) if may_order else None
    columns = ["Приказ", "Дата", "Кем назначен", "Кто", "Срок", "Состояние"]
    return _listed("Приказы о кураторах", "orders", columns, rows, action, "Приказов нет.")


def _clubs(graduate: Graduate, may_write: bool) -> dict[str, Any]:
    query = select(Enrolment).where(Enrolment.graduate_id == graduate.id).options(joinedload(Enrolment.resource))
    found = db.session.scalars(query.order_by(Enrolment.starts_on.desc(), Enrolment.id.desc()))
    rows = [
        [
            linked("enrolment.details_view", one.id, one.resource.title),
            one.resource.kind.label,
            _period(one),
            labels.label("agency", one.agency_id),
        ]
        for one in found
    ]
    action = ("Записать", url_for("enrolment.create_view", graduate=graduate.id)) if may_write else None
    columns = ["Куда", "Вид", "Срок", "Кто записал"]
    return _listed("Клубы, лагеря, наставники", "clubs", columns, rows, action, "Никуда не записан.")


def _benefits(graduate: Graduate, may_write: bool) -> dict[str, Any]:
    found = db.session.scalars(select(Benefit).where(Benefit.graduate_id == graduate.id).order_by(Benefit.id.desc()))
    rows = [
        [
            linked("benefit.details_view", one.id, one.measure),
            benefit_chip(benefit_state(one)),
            ru_date(one.recognised_on),
            ru_date(one.granted_on),
            ru_date(one.ends_on),
        ]
        for one in found
    ]
    action = ("Записать помощь", url_for("benefit.create_view", graduate=graduate.id)) if may_write else None
    columns = ["Помощь", "Состояние", "Признан нуждающимся", "Назначена", "Выплачивается по"]
    return _listed("Государственная помощь", "benefits", columns, rows, action, "Помощь не записана.")


def _papers(graduate: Graduate, may_write: bool) -> dict[str, Any]:
    query = select(HousingDocument).where(HousingDocument.graduate_id == graduate.id)
    found = db.session.scalars(query.order_by(HousingDocument.position, HousingDocument.id)).all()
    rows = [
        [
            linked("housing_document.details_view", one.id, one.title),
            paper_chip(one.state.value),
            ru_date(one.got_on),
            ru_date(one.valid_until),
            one.note,
        ]
        for one in found
    ]
    action = ("Добавить бумагу", url_for("housing_document.create_view", graduate=graduate.id)) if may_write else None
    columns = ["Бумага", "Состояние", "Собран, сдан", "Действует до", "Примечание"]
    made = _listed("Бумаги на жильё", "housing-papers", columns, rows, action, "Список ещё не составлен.")
    if found:
        made["note"] = f"готово {sum(one.state in DONE for one in found)} из {len(found)}"
    if may_write and _lacks_usual([one.title for one in found]):
        prefill = url_for("housing_document.prefill", graduate=graduate.id)
        made["post_action"] = ("Заполнить перечень", prefill)
    return made


def _lacks_usual(known: Sequence[str]) -> bool:
    """Whether the list of the organisation's regulations has papers that this one lacks."""
    titles = housing.usual_titles(db.session(), agency_id=edge.viewer().agency_id, on=edge.today())
    return not set(titles) <= set(known)


def _period(one: CuratorOrder | Enrolment) -> str:
    return f"{ru_date(one.starts_on)} – {ru_date(one.ends_on)}" if one.ends_on else f"с {ru_date(one.starts_on)}"


def _listed(
    title: str, id: str, columns: list[str], rows: list[Any], action: tuple[str, str] | None, empty: str
) -> dict[str, Any]:
    table = {"columns": columns, "rows": rows} if rows else None
    return {"title": title, "id": id, "items": [], "table": table, "action": action, "empty": empty}
