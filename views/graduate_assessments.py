"""The tab «Оценки»: monitoring, readiness, examinations, category."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup

from models.case_access import WRITERS
from models.graduates import Graduate
from models.users import Role
from services.assessments import contacts, examinations, monitoring, readiness
from views import details, edge
from views.assessments import cells, proposal, success_words, trend
from views.extensions import db
from views.formats import chip, counted, ru_date, shown
from views.history import MASK

CLOSED = "закрытые сведения"


def blocks(graduate: Graduate) -> Iterable[dict[str, Any]]:
    """Blocks of templates/details.html."""
    may_record = _may_record()
    yield proposal.block(graduate)
    yield _contact(graduate, edge.today())
    yield from _decisions(graduate)
    yield from _monitoring(graduate, may_record)
    yield success_words.block(graduate)
    yield _readiness(graduate, may_record)
    yield _examinations(graduate, may_record)


def alerts(graduate: Graduate, today: date) -> Iterable[tuple[str, str]]:
    """For the header of the card."""
    late = contacts.overdue(db.session(), graduate_ids=[graduate.id], on=today).get(graduate.id)
    if late is not None:
        yield "warning", f"{late.told[:1].upper()}{late.told[1:]}."
    if contacts.at_peak(graduate, today):
        left = ru_date(graduate.left_on)
        yield "warning", f"3–4-й месяц после выпуска ({left}): время риска. Свяжитесь с выпускником."


def _may_record() -> bool:
    viewer = edge.viewer()
    return viewer.role in WRITERS or viewer.is_data_bank_operator or viewer.role is Role.ADMINISTRATOR


def _contact(graduate: Graduate, today: date) -> dict[str, Any]:
    """When the person was last in touch, beside the norm of the category."""
    last = contacts.last_contact(db.session(), graduate_ids=[graduate.id], on=today).get(graduate.id)
    norm = cells.profile(graduate.agency_id or 0).category(graduate.category_code or "")
    items: list[tuple[str, Any]] = [("Последний контакт", ru_date(last) if last else "ещё не было")]
    if norm is not None and norm.contact_days:
        items.append(("Норма связи", f"раз в {counted(norm.contact_days, 'день', 'дня', 'дней')}"))
    late = contacts.overdue(db.session(), graduate_ids=[graduate.id], on=today).get(graduate.id)
    if late is not None:
        items.append(("Состояние", chip("дольше нормы", "red", "clock")))
    return {"title": "Связь с выпускником", "id": "contact", "items": items}


def _decisions(graduate: Graduate) -> Iterable[dict[str, Any]]:
    from views.graduates import category_chip

    decisions = sorted(graduate.category_decisions, key=lambda one: (one.starts_on, one.id), reverse=True)
    rows = [[details.period_of(one), category_chip(one.category_code), one.ground, one.decided_by] for one in decisions]
    if rows:
        table = {"columns": ["Когда", "Категория", "Основание", "Кто решил"], "rows": rows}
        yield {"title": "Решения о категории", "id": "decisions", "items": [], "table": table}


def _monitoring(graduate: Graduate, may_record: bool) -> Iterable[dict[str, Any]]:
    cards = monitoring.cards_of(db.session(), graduate_id=graduate.id)[: trend.CARDS][::-1]
    scale = cells.profile(graduate.agency_id or 0).monitoring
    block: dict[str, Any] = {
        "title": "Мониторинг",
        "id": "monitoring",
        "items": [],
        "action": _new("Заполнить карту", "monitoring_card", graduate) if may_record else None,
        "empty": "Карт мониторинга ещё нет.",
    }
    if cards:
        drawn = trend.line(cards, scale)
        block["items"] = [("Сумма по датам", drawn)] if drawn else []
        block["tables"] = [{"title": "", "table": trend.table(cards, scale)}]
        if any(monitoring.total_of(card).is_flagged for card in cards):
            block["note"] = "* сумма посчитана с пропусками"
    yield block


def _readiness(graduate: Graduate, may_record: bool) -> dict[str, Any]:
    rows = []
    for one in readiness.assessments_of(db.session(), graduate_id=graduate.id):
        scale, points = cells.profile(one.agency_id).readiness, readiness.total_of(one)
        link = _link("readiness_assessment", one.id, ru_date(one.assessed_on))
        sent = f"{one.sent_to}, {ru_date(one.sent_on)}" if one.sent_on else ""
        level = "аннулировано" if one.annulled_on else cells.band_chip(scale.band_of(points))
        rows.append([link, points, level, "да" if one.is_final else "", sent])
    return {
        "title": "Готовность к самостоятельной жизни",
        "id": "readiness",
        "items": [],
        "table": {"columns": ["Дата", "Сумма", "Уровень", "Итоговая", "Куда направлено"], "rows": rows},
        "action": _new("Провести оценку", "readiness_assessment", graduate) if may_record else None,
        "empty": "Готовность ещё не оценивали.",
    }


def _examinations(graduate: Graduate, may_record: bool) -> dict[str, Any]:
    """That there are conclusions which the user may not read is shown by the mask, as on the card."""
    found = examinations.examinations_of(db.session(), graduate_id=graduate.id, by=edge.viewer())
    rows = [
        [
            _link("examination", one.id, f"№ {one.number}"),
            ru_date(one.held_on),
            one.commission,
            "аннулировано" if one.annulled_on else shown(one.valid_until) or "срок не указан",
        ]
        for one in found
    ]
    is_closed = not rows and examinations.has_any(db.session(), graduate_id=graduate.id)
    return {
        "title": "Заключения ПМПК",
        "id": "examinations",
        "items": [("Заключение", MASK)] if is_closed else [],
        "table": {"columns": ["Номер", "Дата", "Комиссия", "Действует до"], "rows": rows},
        "note": CLOSED,
        "action": _new("Записать заключение", "examination", graduate) if may_record else None,
        "empty": "Заключений нет.",
    }


def _new(label: str, endpoint: str, graduate: Graduate) -> tuple[str, str]:
    return (label, url_for(f"{endpoint}.create_view", graduate=graduate.id))


def _link(endpoint: str, number: int, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url_for(f"{endpoint}.details_view", id=number), text)
