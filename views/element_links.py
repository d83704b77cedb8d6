"""Where an element of a pack can be opened: its rule, register, report, journal, paper, document or page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_login import current_user

from models.aid import CuratorOrder
from models.cases import Application, Conclusion, Contract, ContractAmendment, Refusal, SupportEpisode
from models.exchange import OutgoingLetter, Referral
from models.graduates import Graduate
from models.journals import Journal
from models.library import LibraryKind
from models.meetings import Meeting
from models.plans import Plan
from models.work import ConsultationMinutes, HousingSurvey, UrgentAct
from reports.catalogue import REPORTS
from reports.journals import JOURNALS
from services.papers.catalogue import PAPERS
from services.regulations.checking_library import DIRECTORY, DOCUMENT_PAGES, FORM_PAGES
from services.regulations.pack import Element
from views import edge

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
    "consultation_minutes": ("consultation_minutes.index_view", "Протоколы бесед"),
    "group_session": ("group_session.index_view", "Групповые занятия"),
    "group_participant": ("group_session.index_view", "Групповые занятия"),
    "visit": ("visit.index_view", "Выезды"),
    "housing_survey": ("housing_survey.index_view", "Акты обследования ЖБУ"),
    "urgent_act": ("urgent_act.index_view", "Акты срочных услуг"),
    "service_record": ("service_record.index_view", "Услуги"),
    "monitoring_card": ("monitoring_card.index_view", "Мониторинг"),
    "monitoring_score": ("monitoring_card.index_view", "Мониторинг"),
    "readiness_assessment": ("readiness_assessment.index_view", "Готовность"),
    "examination": ("examination.index_view", "Заключения ПМПК"),
    "personal_file": ("personal_file.index_view", "Личные дела"),
    "attachment": ("attachment.index_view", "Документы личных дел"),
    "file_index": ("file_index.index_view", "Номенклатура дел"),
    "meeting": ("meeting.index_view", "Заседания и совещания"),
    "meeting_attendee": ("meeting.index_view", "Заседания и совещания"),
    "body": ("body.index_view", "Советы и комиссии"),
    "body_member": ("body.index_view", "Советы и комиссии"),
    "agenda_item": ("agenda_item.index_view", "Вопросы повесток"),
    "decision": ("decision.index_view", "Решения"),
    "library_document": ("library_document.index_view", "Библиотека"),
    "resource": ("resource.index_view", "Ресурсы и клубы"),
    "enrolment": ("enrolment.index_view", "Записи в клубы"),
    "publication": ("publication.index_view", "Публикации"),
    "training": ("training.index_view", "Обучение специалистов"),
    "curator_order": ("curator_order.index_view", "Приказы о кураторах"),
    "benefit": ("benefit.index_view", "Государственная помощь"),
    "housing_document": ("housing_document.index_view", "Бумаги на жильё"),
}
OWN_CARD = frozenset({"agency", "agency_district"})
STAFF = frozenset({"user_account"})
OF_GRADUATES = frozenset(
    {
        *("address", "assignment", "category_decision", "close_person", "consent", "contact", "dependant"),
        *("employment", "family_status", "health_record", "housing", "identity_document", "placement", "problem"),
        *("responsibility", "section_check", "situation", "study", "support_measure"),
    }
)
CARDS = ("graduate.index_view", "Карточки выпускников")
PAGES = {
    "calendar.index": "Календарь сроков",
    "compliance.index": "Соответствие регламенту",
    "graduate.index_view": "Выпускники",
    "agency.index_view": "Участники",
    "deadline.index_view": "Сроки",
    "meeting.index_view": "Заседания и совещания",
    "agenda_item.index_view": "Вопросы повесток",
    "decision.index_view": "Решения",
    "body.index_view": "Советы и комиссии",
    "regulation.index_view": "Регламенты",
    "imports.index": "Загрузка",
    "search.everything": "Поиск",
    "dictionaries.index": "Справочники",
}
WITHIN = {"route.show": CARDS}  # Pages of one record: the register from which one comes there.
# Registers on whose pages the papers are printed.
PRINTED_AT: Mapping[type[Any], str] = {
    Graduate: "graduate",
    Application: "application",
    Contract: "contract",
    ContractAmendment: "contract",
    Conclusion: "conclusion",
    Refusal: "refusal",
    SupportEpisode: "support_episode",
    Plan: "plan",
    ConsultationMinutes: "consultation_minutes",
    HousingSurvey: "housing_survey",
    UrgentAct: "urgent_act",
    Referral: "",
    OutgoingLetter: "",
    Meeting: "meeting",
    CuratorOrder: "curator_order",
}
LETTERS = ("outbox.index_view", "Исходящие письма")
ACCESS = {
    "field_groups": ("field_group.index_view", "Закрытые поля"),
    "access_log": ("access_log.index_view", "Журнал доступа"),
    "change_log": ("change_log.index_view", "Журнал изменений"),
    "data_bank_operator": ("directory.index", "Справочник участников"),
    "sees_whole_region": ("directory.index", "Справочник участников"),
}
OF_SECTIONS = {
    "categories": CARDS,
    "services": ("service_record.index_view", "Услуги"),
    "measures": ("measure.index_view", "Мероприятия планов"),
    "bodies": ("body.index_view", "Советы и комиссии"),
    "referrals": LETTERS,
    "monitoring": ("monitoring_card.index_view", "Мониторинг"),
    "monitoring.indicators": ("monitoring_card.index_view", "Мониторинг"),
}
TABS = {"roles": "roles", "profile": "about", "regulation": "about"}


@dataclass(frozen=True)
class RecordLink:
    label: str
    url: str


def element_link(element: Element, *, agency_id: int, regulation_id: int | None = None) -> RecordLink | None:
    """Where to open what an element names; None: it is only planned, or not for this user."""
    if element.is_planned:
        return None
    if element.section in TABS or element.section == "rules":
        return _of_regulation(element, regulation_id)
    if (finder := FINDERS.get(element.section)) is not None:
        return finder(element, agency_id)
    found = OF_SECTIONS.get(element.section)
    return _at(*found) if found is not None else _of_regulation(element, regulation_id)


def _of_regulation(element: Element, regulation_id: int | None) -> RecordLink | None:
    if regulation_id is None:
        return None
    if element.section == "rules":
        return RecordLink(element.title, url_for("regulation.rule", id=regulation_id, rule=element.code))
    tab = TABS.get(element.section, "about")
    return RecordLink(element.title, url_for("regulation.details_view", id=regulation_id, tab=tab))


def _at(endpoint: str, label: str, **args: Any) -> RecordLink | None:
    """A page, for those who may open it."""
    if endpoint not in current_app.view_functions or _is_shut(endpoint):
        return None
    return RecordLink(label, url_for(endpoint, **args))


def _is_shut(endpoint: str) -> bool:
    """Registers of the panel say themselves who reads them."""
    (admin,) = current_app.extensions["admin"]
    name = endpoint.partition(".")[0]
    is_somebody = bool(current_user.is_authenticated)
    return is_somebody and any(view.endpoint == name and not view.is_accessible() for view in admin._views)


def _report(element: Element, agency_id: int) -> RecordLink | None:
    report = REPORTS.get(element.code)
    return RecordLink(report.short_title, url_for("reports.show", code=element.code)) if report else None


def _journal(element: Element, agency_id: int) -> RecordLink | None:
    if element.code not in JOURNALS:
        return None
    return RecordLink(Journal(element.code).label, url_for("journals.show", code=element.code))


def _record(element: Element, agency_id: int) -> RecordLink | None:
    for name in element.binds:
        table = name.partition(".")[0]
        if table in OWN_CARD:
            return RecordLink("Карточка организации", url_for("agency.details_view", id=agency_id))
        if table in REGISTERS:
            return _at(*REGISTERS[table])
        if table in STAFF:
            return _at("user.index_view", "Пользователи")
        if table in OF_GRADUATES:
            return _at(*CARDS)
    return None


def _document(element: Element, agency_id: int) -> RecordLink | None:
    if (table := DOCUMENT_PAGES.get(element.code)) is not None:
        return _at(*REGISTERS[table])
    return _of_library(element.code)


def _of_library(code: str) -> RecordLink | None:
    """Documents of a kind, or resources of some kinds."""
    if code in DIRECTORY:
        return _at("resource.index_view", "Ресурсы и клубы", **{"f.kind": list(DIRECTORY[code])})
    if code in {kind.value for kind in LibraryKind}:
        return _at("library_document.index_view", f"Библиотека: {LibraryKind(code).label}", **{"f.kind": code})
    return None


def _form(element: Element, agency_id: int) -> RecordLink | None:
    for name in element.binds:
        if name not in PAPERS:
            return _of_library(name)
        printed_at = PRINTED_AT.get(PAPERS[name].model, "")
        return _at(*(REGISTERS[printed_at] if printed_at else LETTERS))
    if element.code in REPORTS:
        return _report(element, agency_id)
    if (table := FORM_PAGES.get(element.code)) is not None:
        return _at(*REGISTERS[table])
    return None


def _dictionary(element: Element, agency_id: int) -> RecordLink | None:
    for name in element.binds:
        return _at(f"dictionary_{name}.index_view", element.title)
    return None


def _page(element: Element, agency_id: int) -> RecordLink | None:
    for name in element.binds:
        if name in WITHIN:
            return _at(*WITHIN[name])
        if name in PAGES:
            return _at(name, PAGES[name])
    return None


def _access(element: Element, agency_id: int) -> RecordLink | None:
    for name in element.binds:
        return _at(*ACCESS.get(name, CARDS))
    return None


FINDERS: dict[str, Callable[[Element, int], RecordLink | None]] = {
    "reports": _report,
    "journals": _journal,
    "records": _record,
    "documents": _document,
    "forms": _form,
    "dictionaries": _dictionary,
    "pages": _page,
    "access": _access,
}


def own_link(element: Element, regulation_id: int | None = None) -> RecordLink | None:
    """For the user's own organisation."""
    return element_link(element, agency_id=edge.viewer().agency_id, regulation_id=regulation_id)
