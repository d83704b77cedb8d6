"""Where the records lie that show a duty without a date."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import current_app, url_for

from models.journals import Journal
from reports.catalogue import REPORTS
from reports.journals import JOURNALS
from services.regulations.pack import Element, Pack

# Registers that everybody may open, by the table that a pack names; other tables are parts of a graduate's card.
REGISTERS = {
    "agreement": ("agreement.index_view", "Соглашения"),
    "agreement_party": ("agreement.index_view", "Соглашения"),
    "occurrence": ("occurrence.index_view", "События"),
    "deadline": ("deadline.index_view", "Сроки"),
    "graduate": ("graduate.index_view", "Выпускники"),
    "application": ("application.index_view", "Заявления"),
    "contract": ("contract.index_view", "Договоры"),
    "refusal": ("refusal.index_view", "Отказы"),
    "conclusion": ("conclusion.index_view", "Заключения"),
    "support_episode": ("support_episode.index_view", "Принятые на сопровождение"),
    "plan": ("plan.index_view", "Планы"),
    "measure": ("measure.index_view", "Мероприятия планов"),
    "appeal": ("appeal.index_view", "Обращения"),
    "consultation": ("consultation.index_view", "Беседы, консультации"),
    "group_session": ("group_session.index_view", "Групповые занятия"),
    "group_participant": ("group_session.index_view", "Групповые занятия"),
    "visit": ("visit.index_view", "Выезды"),
    "housing_survey": ("housing_survey.index_view", "Акты обследования ЖБУ"),
    "urgent_act": ("urgent_act.index_view", "Акты срочных услуг"),
    "service_record": ("service_record.index_view", "Услуги"),
    "monitoring_card": ("monitoring_card.index_view", "Мониторинг"),
    "readiness_assessment": ("readiness_assessment.index_view", "Готовность"),
    "personal_file": ("personal_file.index_view", "Личные дела"),
    "file_index": ("file_index.index_view", "Номенклатура дел"),
}
OWN_CARD = frozenset({"agency", "agency_district"})
OF_GRADUATES = frozenset(
    {
        *("address", "assignment", "category_decision", "consent", "contact", "dependant", "employment"),
        *("family_status", "housing", "identity_document", "placement", "problem", "section_check", "situation"),
        *("study", "support_measure", "responsibility"),
    }
)
PAGES = {
    "calendar.index": "Календарь сроков",
    "compliance.index": "Соответствие регламенту",
    "graduate.index_view": "Выпускники",
    "agency.index_view": "Участники",
    "deadline.index_view": "Сроки",
}


@dataclass(frozen=True)
class RecordLink:
    label: str
    url: str


def record_link(pack: Pack | None, rows: Collection[str], agency_id: int) -> RecordLink | None:
    """The register, page or report of the pack that serves the same requirements; None where there is none."""
    if pack is None:
        return None
    serving = [e for e in pack.elements if not e.is_planned and e.section != "rules" and set(e.serves) & set(rows)]
    for section in ("records", "journals", "reports", "pages"):
        for element in serving:
            if element.section == section and (found := _of(element, agency_id)):
                return found
    return None


def _of(element: Element, agency_id: int) -> RecordLink | None:
    if element.section == "reports" and element.code in REPORTS:
        return RecordLink(REPORTS[element.code].short_title, url_for("reports.show", code=element.code))
    if element.section == "journals" and element.code in JOURNALS:
        return RecordLink(Journal(element.code).label, url_for("journals.show", code=element.code))
    for name in element.binds:
        if element.section == "pages" and name in PAGES and name in current_app.view_functions:
            return RecordLink(PAGES[name], url_for(name))
        table = name.partition(".")[0]
        if element.section == "records" and table in OWN_CARD:
            return RecordLink("Карточка организации", url_for("agency.details_view", id=agency_id))
        if element.section == "records" and table in REGISTERS:
            endpoint, label = REGISTERS[table]
            return RecordLink(label, url_for(endpoint))
        if element.section == "records" and table in OF_GRADUATES:
            return RecordLink("Карточки выпускников", url_for("graduate.index_view"))
    return None
