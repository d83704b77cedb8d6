"""The page of a plan, section by section as it is printed (domain §2): I to VII, rounds of approval, editions."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from flask import current_app, url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models.assessments import MonitoringCard
from models.cases import Conclusion
from models.circumstances import AddressKind
from models.plans import Measure, MeasureStatus, Plan, PlanKind, PlanState
from services.papers import facts
from services.papers.declension import Declension
from services.papers.of_people import monitoring_line
from services.papers.paper import Desk
from services.plans import drafts, editions, progress
from views import edge, labels
from views.case_chips import conclusion_link, contract_link
from views.deadline_card import person_link
from views.extensions import db
from views.formats import age_text, chip, ru_date, ru_datetime
from views.plans.look import (
    is_overdue,
    lines,
    measure_chips,
    measure_link,
    plan_chips,
    plan_link,
    progress_text,
    term_text,
)

Block = dict[str, Any]


def header(plan: Plan) -> dict[str, Any]:
    today = edge.today()
    period = f"с {ru_date(plan.starts_on)} по {ru_date(plan.ends_on)}"
    found: list[tuple[str, Any]] = [("Выпускник", person_link(plan.graduate_id)), ("Период действия", period)]
    if plan.kind is not PlanKind.SOCIAL_SERVICES:
        found.append(("Договор", contract_link(plan.contract) if plan.contract else "нет"))
    if plan.foreign_number:
        found.append(("Программа", f"{plan.foreign_number}, {plan.foreign_issuer}"))
    if plan.review_on:
        found.append(("Пересмотр", ru_date(plan.review_on)))
    if plan.approved_on:
        who = f", {plan.approved_by.name}" if plan.approved_by else ""
        found.append(("Утверждён", f"{ru_date(plan.approved_on)}{who}"))
    found.append(("Выпускник согласен", ru_date(plan.agreed_on)))
    found.append(("Куратор", plan.curator))
    if plan.state in (PlanState.APPROVED, PlanState.CLOSED):
        found.append(("Исполнение", progress_text(progress.counts(db.session(), plan.id))))
    return {
        "subtitle": f"{labels.label('agency', plan.agency_id)}, {plan.kind.label}",
        "chips": plan_chips(plan, today),
        "alerts": [*_alerts(plan)],
        "facts": found,
    }


def _alerts(plan: Plan) -> Iterable[tuple[str, str]]:
    today = edge.today()
    if plan.annulled_on is None and plan.state is not PlanState.CLOSED:
        for sentence in drafts.warnings(db.session(), plan=plan, on=today):
            yield "warning", sentence
    if plan.comments and plan.comments[-1].is_return and plan.state is PlanState.DRAFT:
        yield "warning", f"План возвращён с замечанием: {plan.comments[-1].text}"
    if plan.is_in_force and plan.ends_on < today:
        yield "warning", f"Срок плана истёк {ru_date(plan.ends_on)}: завершите его или сделайте новую редакцию."
    late = sum(plan.is_in_force and is_overdue(measure, today) for measure in plan.measures)
    if late:
        yield "error", f"Просрочено мероприятий: {late}."


def blocks(plan: Plan, *, may_write: bool) -> Iterable[Block]:
    is_draft = may_write and plan.state is PlanState.DRAFT
    yield _purpose(plan)
    yield _person(plan)
    yield _situation(plan)
    yield from _measures(plan, is_draft)
    yield from _refusals(plan)
    if plan.partners:
        yield _partners(plan)
    if plan.comments:
        yield _rounds(plan)
    if plan.number is not None:
        yield _changes(plan)
        yield _monitoring(plan)
        yield _results(plan)
    yield from _editions(plan)


def _block(title: str, id: str, columns: list[str], rows: list[list[Any]], empty: str, **more: Any) -> Block:
    table = {"columns": columns, "rows": rows} if rows else None
    return {"title": title, "id": id, "items": [], "table": table, "empty": empty, **more}


def _purpose(plan: Plan) -> Block:
    items = [("Цели", plan.goals), ("Ресурсы", plan.resources)]
    if plan.edition > 1:
        items.insert(0, ("Почему новая редакция", plan.edition_reason))
    return {"title": "Цели и ресурсы", "id": "purpose", "items": items, "wide": True}


def _person(plan: Plan) -> Block:
    """Section I, read from the card as it is today."""
    graduate, desk = plan.graduate, Desk(db.session(), edge.viewer(), Declension(db.session()))
    told = facts.situation_facts(desk, graduate)
    stays, registered = (
        facts.address(graduate, kind, desk) for kind in (AddressKind.RESIDENCE, AddressKind.REGISTRATION)
    )
    items = [
        ("Дата рождения", f"{ru_date(graduate.birth_date)}, {age_text(graduate.birth_date, edge.today())}"),
        ("Правовой статус", told["legal_status"]),
        ("Устройство до выпуска", told["placements"]),
        ("Дата выпуска", told["left_on"]),
        ("Адрес регистрации", registered),
        ("Адрес проживания", stays),
        ("Телефон", graduate.current_phone),
        ("Образование", told["education"]),
        ("Занятость", told["employment"]),
        ("Семья", told["family"]),
        ("Жильё", told["housing"]),
        ("Доходы", told["incomes"]),
        *([("Здоровье", told["health"])] if told["health"] else []),
        ("Категория сопровождения", told["category"]),
        ("План составлен", "впервые" if plan.edition == 1 else f"повторно, редакция {plan.edition}"),
    ]
    note = "из карточки, на сегодня"
    return {"title": "I. Сведения о выпускнике", "id": "person", "items": items, "note": note, "wide": True}


def _situation(plan: Plan) -> Block:
    columns = ["Сфера", "Ситуация", "Проблема (фактор риска)", "Ресурсы", "Потребность в помощи"]
    rows = [[row.sphere, row.situation, row.problem, row.resources, row.need] for row in plan.spheres]
    return _block("II. Оценка ситуации и потребностей", "situation", columns, rows, "Оценка не записана.")


def by_direction(plan: Plan) -> Iterable[tuple[str, list[Measure]]]:
    """(label, its measures) in the order of the directions."""
    ordered = sorted(plan.measures, key=lambda one: (one.direction.position, one.position, one.id or 0))
    for direction, measures in groupby(ordered, key=lambda one: one.direction):
        yield direction.label, list(measures)


def _measures(plan: Plan, is_draft: bool) -> Iterable[Block]:
    columns = ["№", "Мероприятие", "Срок", "Исполнитель", "Состояние", "Отметка"]
    numbers = iter(range(1, len(plan.measures) + 1))
    tables = [
        {
            "title": label[:1].upper() + label[1:],
            "table": {"columns": columns, "rows": [_measure(one, next(numbers)) for one in measures]},
        }
        for label, measures in by_direction(plan)
    ]
    action = ("Добавить из перечня", url_for("plan.pick", id=plan.id)) if is_draft else None
    block: Block = {"title": "III. Мероприятия", "id": "measures", "items": [], "tables": tables, "action": action}
    empty = "Мероприятий пока нет. Добавьте их из перечня или впишите свои: «Изменить»."
    yield {**block, "empty": empty if is_draft else "Мероприятий нет."}


def _measure(measure: Measure, number: int) -> list[Any]:
    kind = measure.service_kind.label if measure.service_kind else ""
    return [
        number,
        lines(measure_link(measure), measure.expected, kind, measure.volume and f"объём: {measure.volume}"),
        lines(term_text(measure), measure.periodicity),
        lines(measure.executor, measure.partners),
        measure_chips(measure, edge.today()),
        mark_of(measure),
    ]


def mark_of(measure: Measure) -> Any:
    """«Отметка о выполнении» or «об отказе»."""
    if measure.status is MeasureStatus.REFUSED:
        return lines(ru_date(measure.refused_on), _reason(measure), "подпись выпускника есть")
    return lines(*(part for part in (ru_date(measure.done_on), measure.result) if part))


def _refusals(plan: Plan) -> Iterable[Block]:
    refused = [one for one in plan.measures if one.status is MeasureStatus.REFUSED]
    if plan.number is None and not refused:
        return
    rows = [
        [ru_date(one.refused_on), measure_link(one), _reason(one), "есть" if one.is_refusal_signed else "нет"]
        for one in refused
    ]
    columns = ["Дата", "Мероприятие", "Причина", "Подпись выпускника"]
    yield _block("IV. Отказы выпускника от мероприятий", "refusals", columns, rows, "Отказов нет.")


def _reason(measure: Measure) -> Any:
    return lines(measure.refusal_reason.label if measure.refusal_reason else "", measure.refusal_note)


def _changes(plan: Plan) -> Block:
    rows = [
        [ru_date(one.changed_on), _what(one), one.ground, one.author.name if one.author else "система"]
        for one in sorted(plan.changes, key=lambda one: (one.changed_on, one.id), reverse=True)
    ]
    columns = ["Дата", "Что изменено", "Основание", "Кто внёс"]
    return _block("V. Ход реализации, корректировки", "changes", columns, rows, "Изменений не было.")


def _what(change: Any) -> Any:
    return lines(measure_link(change.measure), change.what) if change.measure is not None else change.what


def _monitoring(plan: Plan) -> Block:
    query = select(MonitoringCard).where(
        MonitoringCard.graduate_id == plan.graduate_id,
        MonitoringCard.filled_on.between(plan.starts_on, plan.closed_on or plan.ends_on),
        MonitoringCard.annulled_on.is_(None),
    )
    query = query.options(selectinload(MonitoringCard.scores)).order_by(MonitoringCard.filled_on)
    found = [(card, monitoring_line(card)) for card in db.session.scalars(query)]
    rows = [[_card_link(card), told["total"], told["conclusion"]] for card, told in found]
    columns = ["Карта от", "Баллы", "Вывод"]
    return _block("VI. Результаты мониторинга", "monitoring", columns, rows, "Карт мониторинга за время плана нет.")


def _card_link(card: MonitoringCard) -> str | Markup:
    day = ru_date(card.filled_on)
    if "monitoring_card.details_view" not in current_app.view_functions:
        return day
    return Markup('<a href="{}">{}</a>').format(url_for("monitoring_card.details_view", id=card.id), day)


def _results(plan: Plan) -> Block:
    query = select(Conclusion).where(Conclusion.plan_id == plan.id, Conclusion.annulled_on.is_(None))
    found = db.session.scalars(query.order_by(Conclusion.id)).all()
    items: list[tuple[str, Any]] = [("Заключение", conclusion_link(one)) for one in found]
    items += [("Анализ исполнения", plan.closing_note)] if plan.closing_note else []
    items += [("План завершён", ru_date(plan.closed_on))] if plan.closed_on else []
    return {"title": "VII. Результаты", "id": "results", "items": items, "empty": "Заключения ещё нет."}


def _partners(plan: Plan) -> Block:
    rows = [
        [one.agency.short_name, ru_date(one.agreed_on) or chip("ещё не согласовала", "amber", "clock")]
        for one in plan.partners
    ]
    return _block("Участники совместного плана", "partners", ["Организация", "Согласовала"], rows, "")


def _rounds(plan: Plan) -> Block:
    rows = [
        [
            ru_datetime(one.written_at),
            one.author.name if one.author else "система",
            chip("возвращён", "amber", "arrow-back-up") if one.is_return else "замечание",
            one.text,
        ]
        for one in reversed(plan.comments)
    ]
    return _block("Согласование", "rounds", ["Когда", "Кто", "Итог", "Замечание"], rows, "")


def _editions(plan: Plan) -> Iterable[Block]:
    found = editions.chain(plan)
    if len(found) < 2:
        return
    rows = []
    for one in reversed(found):
        asked: dict[str, Any] = {"id": one.id, "with": one.previous_id}
        url = url_for("plan.difference", **asked) if one.previous_id else None
        link = Markup('<a href="{}">Сравнить с прежней</a>').format(url) if url else ""
        name = Markup("<strong>{}</strong>").format(plan_link(one)) if one is plan else plan_link(one)
        period = f"{ru_date(one.starts_on)} – {ru_date(one.ends_on)}"
        rows.append([one.edition, name, period, Markup(" ").join(plan_chips(one, edge.today())[:1]), link])
    columns = ["Редакция", "План", "Период", "Состояние", "Что изменилось"]
    yield _block("Редакции", "editions", columns, rows, "")
