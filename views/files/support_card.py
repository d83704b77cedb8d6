"""The card of social support («карта социального сопровождения», kizil stage 3): a person as the records tell it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, render_template, url_for

from models.audit import AccessKind
from models.graduates import Graduate
from services.assessments import monitoring
from services.papers.catalogue import PAPERS
from services.papers.paper import Facts
from views import edge, labels
from views.assessments import cells, trend
from views.extensions import db
from views.files.route import person_or_404
from views.formats import ru_date
from views.papers.links import papers_of

pages = Blueprint("support_card", __name__, url_prefix="/graduate")
PAPER = "support-card"  # The same facts as a DOCX.
CARDS = 6  # Of monitoring: so many columns stand on a sheet.
# Kinds of documents that everybody needs (domain §4.1), the numbers kept on the card beside them.
NEEDED = ("passport", "inn", "military_id", "education", "status_certificate")
TITLE_BLOCK = (
    ("Дата рождения, возраст", ("birth_date", "age")),
    ("Документ", ("identity_document",)),
    ("СНИЛС", ("snils",)),
    ("Правовой статус", ("legal_status",)),
    ("Устройство до выпуска", ("placements",)),
    ("Дата выпуска, документ", ("left_on", "exit_document")),
    ("Договор", ("contract",)),
    ("На сопровождении с", ("accepted_on",)),
    ("Категория сопровождения", ("category",)),
    ("Куратор", ("curator",)),
    ("Адрес регистрации", ("registration_address",)),
    ("Адрес проживания", ("residence_address",)),
    ("Телефон, почта, иная связь", ("person_phone", "person_email", "other_contact")),
    ("Образование, место учёбы", ("education",)),
    ("Профессия", ("profession",)),
    ("Занятость", ("employment",)),
    ("Семейное положение", ("family",)),
    ("Состояние здоровья", ("health",)),
)
PROPERTY = (("Обеспеченность жильём", ("housing",)), ("Доходы", ("incomes",)))
RISK = (("Выявлено", "found_on"), ("В чём состоит", "text"), ("Снято", "resolved_on"))
# (title, id, name of the facts, [(heading, key)], what stands where there are none)
TABLES = (
    (
        "Родственники, значимые взрослые",
        "relatives",
        "relatives",
        (("Ф.И.О.", "name"), ("Степень", "kinship"), ("Телефон", "phone"), ("Поддерживает", "support")),
    ),
    ("Дети", "children", "children", (("Имя", "name"), ("Дата рождения", "birth_date"), ("С кем живёт", "lives_with"))),
    ("Маршрут сопровождения", "way", "route", (("Дата", "on"), ("Событие", "event"), ("Категория", "category"))),
    (
        "Факторы риска",
        "risks",
        "risks",
        (("Выявлено", "found_on"), ("В чём состоит", "text"), ("Снято", "resolved_on")),
    ),
    (
        "Оказанные меры",
        "help",
        "services",
        (
            ("Дата", "provided_on"),
            ("Вид помощи", "kind"),
            ("Содержание", "title"),
            ("Кто оказал", "specialist"),
            ("Результат", "result"),
        ),
    ),
    ("Акты обследования условий жизни", "surveys", "surveys", (("Акт", "act"), ("Вывод", "outcome"))),
)


@pages.get("/<int:graduate_id>/support-card")
def show(graduate_id: int) -> str:
    graduate = person_or_404(graduate_id)
    edge.log_access(AccessKind.PRINTED, "graduate", graduate.id, {"page": "support_card"})
    said, _ = PAPERS[PAPER].context(db.session(), edge.viewer(), graduate)
    card = url_for("graduate.details_view", id=graduate.id)
    return render_template(
        "files/support_card.html",
        page_title=f"Карта социального сопровождения: {graduate.full_name}",
        breadcrumbs=[
            ("Выпускники", url_for("graduate.index_view")),
            (graduate.full_name, card),
            ("Карта сопровождения", None),
        ],
        agency=said["agency_name"],
        today_text=ru_date(edge.today()),
        title_block=_facts(said, TITLE_BLOCK),
        property_block=_facts(said, PROPERTY),
        documents=list(_documents(graduate, edge.today())),
        tables=[_table(said, *given) for given in TABLES],
        monitoring=_monitoring(graduate),
        decisions=_decisions(graduate),
        docx_url=dict(papers_of(graduate)).get(PAPERS[PAPER].title),
        route_url=url_for("route.show", graduate_id=graduate.id),
    )


def _facts(said: Facts, block: Iterable[tuple[str, tuple[str, ...]]]) -> list[tuple[str, str]]:
    return [(label, ", ".join(said[name] for name in names if said[name])) for label, names in block]


def _table(said: Facts, title: str, name: str, key: str, columns: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    rows = [[row[column] for _, column in columns] for row in said[key]]
    return {"title": title, "id": name, "columns": [heading for heading, _ in columns], "rows": rows}


def _documents(graduate: Graduate, today: date) -> Iterable[tuple[str, str, str]]:
    """(document, «есть» or «нет», until when) of those that everybody needs, and of others that there are."""
    held = sorted(graduate.documents, key=lambda one: (one.kind_code, one.id))
    for code in dict.fromkeys((*NEEDED, *(one.kind_code for one in held))):
        own = [one for one in held if one.kind_code == code]
        until = [one.expires_on for one in own if one.expires_on]
        is_over = bool(own) and len(until) == len(own) and max(until) < today
        term = f"{'истёк ' if is_over else 'до '}{ru_date(max(until))}" if until else ""
        yield labels.label("document_kind", code), "есть" if own else "нет", term
    yield "СНИЛС", "есть" if graduate.snils else "нет", ""
    yield "Полис ОМС", "есть" if graduate.oms_policy else "нет", ""


def _monitoring(graduate: Graduate) -> dict[str, Any] | None:
    """Indicators by dates; what a field group closes is masked there."""
    cards = [card for card in monitoring.cards_of(db.session(), graduate_id=graduate.id) if card.annulled_on is None]
    if not cards:
        return None
    return trend.table(cards[:CARDS][::-1], cells.profile(graduate.agency_id or 0).monitoring)


def _decisions(graduate: Graduate) -> list[list[str]]:
    """On the category of support: day, category, ground, who decided."""
    found = sorted(graduate.category_decisions, key=lambda one: (one.starts_on, one.id))
    return [[ru_date(one.starts_on), one.category.label, one.ground, one.decided_by] for one in found]
