"""The tab «Работа»: services, talks, appeals, visits, group sessions, surveys, urgent services."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select

from models.case_access import may_record
from models.graduates import Graduate
from models.work import (
    Appeal,
    Consultation,
    GroupParticipant,
    GroupSession,
    HousingSurvey,
    ServiceRecord,
    UrgentAct,
    Visit,
)
from views import edge, labels
from views.extensions import db
from views.formats import chip, ru_date
from views.work_words import ENDPOINTS, entry_link

LAST = 5
Cells = Callable[[Any], list[Any]]
# Kind → its title, the column of its day, further columns, what stands in them.
KINDS: dict[type[Any], tuple[str, str, list[str], Cells]] = {
    ServiceRecord: (
        "Услуги",
        "provided_on",
        ["Услуга", "Вид", "Кол-во", "Специалист"],
        lambda one: [_link(one), labels.label("service_kind", one.kind_code), one.quantity, one.specialist],
    ),
    Consultation: (
        "Беседы, консультации",
        "held_on",
        ["№", "Вид", "Тема", "Специалист"],
        lambda one: [_link(one), one.kind.label, one.topic, one.specialist],
    ),
    Appeal: (
        "Обращения",
        "received_on",
        ["№", "Содержание", "Срок", "Результат"],
        lambda one: [_link(one), one.content, ru_date(one.due_on), _outcome(one)],
    ),
    Visit: (
        "Выезды",
        "visited_on",
        ["№", "Цель", "Итог", "Следующий"],
        lambda one: [_link(one), one.purpose, one.result or _met(one), ru_date(one.next_on)],
    ),
    GroupSession: (
        "Групповые занятия",
        "held_on",
        ["№", "Тема", "Форма", "Ведущий"],
        lambda one: [_link(one), one.topic, one.kind.label, one.specialist],
    ),
    HousingSurvey: (
        "Акты обследования ЖБУ",
        "surveyed_on",
        ["№", "Вывод", "Рекомендации", "Специалист"],
        lambda one: [_link(one), one.outcome.label, one.recommendations, one.specialist],
    ),
    UrgentAct: (
        "Акты срочных услуг",
        "provided_on",
        ["№", "Что случилось", "Специалист"],
        lambda one: [_link(one), one.reason, one.specialist],
    ),
}


def blocks(graduate: Graduate) -> Iterable[dict[str, Any]]:
    """Blocks of templates/details.html: the last entries of each kind, and where all of them stand."""
    shown = [_block(model, graduate) for model in KINDS]
    if may_record(edge.viewer(), edge.viewer().agency_id):
        shown[0]["action"] = ("Записать работу", url_for("work.index", graduate=graduate.id))
    return shown


def _block(model: type[Any], graduate: Graduate) -> dict[str, Any]:
    title, day, columns, cells = KINDS[model]
    found = _newest(model, graduate, day)
    endpoint = ENDPOINTS[model]
    url = url_for(f"{endpoint}.index_view", **{"f.person": str(graduate.id)})  # type: ignore[arg-type]
    rows = [[ru_date(getattr(one, day)), *cells(one)] for one in found[:LAST]]
    return {
        "title": title,
        "id": endpoint.replace("_", "-"),
        "items": [],
        "table": {"columns": ["Дата", *columns], "rows": rows},
        "note": Markup('<a href="{}">все записи</a>').format(url) if len(found) > LAST else "",
        "empty": "Записей нет.",
    }


def _newest(model: type[Any], graduate: Graduate, day: str) -> Sequence[Any]:
    """One more than are shown, to know whether there are others."""
    query = select(model)
    if model is GroupSession:
        query = query.join(GroupParticipant).where(GroupParticipant.graduate_id == graduate.id)
    else:
        query = query.where(model.graduate_id == graduate.id)
    return db.session.scalars(query.order_by(getattr(model, day).desc(), model.id.desc()).limit(LAST + 1)).all()


def _link(record: Any) -> Markup:
    """The number or the title as a link, with a mark where the record is annulled."""
    link = entry_link(record, getattr(record, "number_text", ""))
    if record.annulled_on is None:
        return link
    return Markup("{} {}").format(link, chip("аннулировано", "grey", "ban"))


def _outcome(appeal: Appeal) -> str:
    return labels.label("outcome", appeal.outcome_code) if appeal.done_on else "в работе"


def _met(visit: Visit) -> str:
    return "" if visit.is_opened else "дверь не открыли"
