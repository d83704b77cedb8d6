"""All papers by their codes."""

from __future__ import annotations

from typing import Any

from models.aid import CuratorOrder
from models.cases import Application, Conclusion, Contract, ContractAmendment, Refusal, RefusalKind, SupportEpisode
from models.exchange import OutgoingLetter, Referral
from models.graduates import Graduate
from models.meetings import Meeting
from models.plans import Plan
from models.territory import Agency
from models.work import ConsultationMinutes, HousingSurvey, UrgentAct
from services.papers import consents, of_cases, of_letters, of_meetings, of_needs, of_people, of_plans, of_work
from services.papers.paper import Paper, numbered_name
from services.papers.shipped import cases, contract, letters, meetings, needs, people, plan, work


def _named(title: str) -> Any:
    return lambda record: numbered_name(title, record)


def _of_person(title: str) -> Any:
    return lambda graduate: f"{title} {graduate.full_name}"


def _amendment_name(record: ContractAmendment) -> str:
    return f"{numbered_name('Договор', record.contract)}, соглашение {record.number}"


def _by(kind: RefusalKind) -> Any:
    return lambda record: record.kind is kind


def _is_signed(record: Contract) -> bool:
    return record.number is not None


_ALL = (
    Paper(
        "application",
        "Заявление о сопровождении",
        Application,
        of_cases.APPLICATION,
        of_cases.application,
        cases.application,
        _named("Заявление"),
    ),
    Paper(
        "contract",
        "Договор о сопровождении",
        Contract,
        of_cases.CONTRACT,
        of_cases.contract,
        contract.contract,
        _named("Договор"),
    ),
    Paper(
        "amendment",
        "Дополнительное соглашение",
        ContractAmendment,
        of_cases.AMENDMENT,
        of_cases.amendment,
        cases.amendment,
        _amendment_name,
    ),
    Paper(
        "contract-end-notice",
        "Уведомление об окончании срока",
        Contract,
        of_cases.NOTICE,
        of_cases.end_notice,
        cases.end_notice,
        _named("Уведомление о сроке договора"),
        _is_signed,
    ),
    Paper(
        "termination-agreement",
        "Соглашение о расторжении",
        Contract,
        of_cases.TERMINATION,
        of_cases.termination,
        cases.termination,
        _named("Расторжение договора"),
        _is_signed,
    ),
    Paper(
        "conclusion",
        "Заключение о результатах",
        Conclusion,
        of_cases.CONCLUSION,
        of_cases.conclusion,
        cases.conclusion,
        _named("Заключение"),
    ),
    Paper(
        "refusal-decision",
        "Решение об отказе",
        Refusal,
        of_cases.REFUSAL,
        of_cases.refusal,
        cases.refusal_decision,
        _named("Решение об отказе"),
        _by(RefusalKind.AGENCY),
    ),
    Paper(
        "refusal-notice",
        "Уведомление об отказе",
        Refusal,
        of_cases.REFUSAL,
        of_cases.refusal,
        cases.refusal_notice,
        _named("Уведомление об отказе"),
        _by(RefusalKind.AGENCY),
    ),
    Paper(
        "refusal-statement",
        "Заявление выпускника об отказе",
        Refusal,
        of_cases.REFUSAL,
        of_cases.refusal,
        cases.refusal_statement,
        _named("Отказ выпускника"),
        _by(RefusalKind.GRADUATE),
    ),
    Paper(
        "acceptance-decision",
        "Решение о принятии на сопровождение",
        SupportEpisode,
        of_cases.ACCEPTANCE,
        of_cases.acceptance,
        cases.acceptance_decision,
        _named("Решение о принятии"),
    ),
    Paper("plan", "План сопровождения", Plan, of_plans.PLAN, of_plans.plan, plan.plan, _named("План")),
    Paper(
        "consultation-minutes",
        "Протокол беседы, консультации",
        ConsultationMinutes,
        of_work.MINUTES,
        of_work.minutes,
        work.minutes,
        _named("Протокол"),
    ),
    Paper(
        "housing-survey",
        "Акт обследования жилищно-бытовых условий",
        HousingSurvey,
        of_work.SURVEY,
        of_work.survey,
        work.survey,
        _named("Акт обследования"),
    ),
    Paper(
        "urgent-act",
        "Акт о срочных социальных услугах",
        UrgentAct,
        of_work.URGENT,
        of_work.urgent,
        work.urgent,
        _named("Акт о срочных услугах"),
    ),
    Paper(
        "support-card",
        "Карта социального сопровождения",
        Graduate,
        of_people.SUPPORT_CARD,
        of_people.support_card,
        people.support_card,
        _of_person("Карта сопровождения"),
    ),
    Paper(
        "consent",
        "Согласие на обработку персональных данных",
        Graduate,
        consents.CONSENT,
        consents.consent,
        people.consent,
        _of_person("Согласие"),
    ),
    Paper(
        "curator-order",
        "Приказ о назначении куратора",
        Graduate,
        of_people.CURATOR_ORDER,
        of_people.curator_order,
        people.curator_order,
        _of_person("Приказ о кураторе"),
    ),
    Paper(
        "letter",
        "Письмо, ходатайство",
        Graduate,
        of_people.LETTER,
        of_people.letter,
        people.letter,
        _of_person("Письмо"),
    ),
    Paper(
        "journal-cover",
        "Обложка журнала",
        Agency,
        of_people.COVER,
        of_people.journal_cover,
        people.journal_cover,
        lambda agency: f"Обложка журнала {agency.short_name}",
    ),
    Paper(
        "referral-letter",
        "Письмо",
        Referral,
        of_letters.REFERRAL,
        of_letters.referral,
        letters.referral,
        of_letters.letter_name,
        of_letters.is_ours,
    ),
    Paper(
        "answer-letter",
        "Ответ на письмо",
        OutgoingLetter,
        of_letters.ANSWER,
        of_letters.answer,
        letters.answer,
        of_letters.answer_name,
        of_letters.is_answer,
    ),
    Paper(
        "meeting-minutes",
        "Протокол заседания, совещания",
        Meeting,
        of_meetings.MINUTES,
        of_meetings.minutes,
        meetings.minutes,
        of_meetings.minutes_name,
        of_meetings.is_held,
    ),
    Paper(
        "attendance-sheet",
        "Лист регистрации участников",
        Meeting,
        of_meetings.SHEET,
        of_meetings.sheet,
        meetings.attendance,
        lambda meeting: f"Лист регистрации {meeting.held_on:%d.%m.%Y}",
        of_meetings.is_not_cancelled,
    ),
    Paper(
        "meeting-invitation",
        "Приглашение на заседание, совещание",
        Meeting,
        of_meetings.INVITATION,
        of_meetings.invitation,
        meetings.invitation,
        lambda meeting: f"Приглашение {meeting.held_on:%d.%m.%Y}",
        of_meetings.is_planned,
    ),
    Paper(
        "need-sheet",
        "Лист индивидуальной нуждаемости",
        Graduate,
        of_needs.NEEDS,
        of_needs.needs,
        needs.need_sheet,
        _of_person("Лист нуждаемости"),
    ),
    Paper(
        "notice-of-right",
        "Уведомление о праве на сопровождение",
        Graduate,
        of_needs.RIGHT,
        of_needs.right,
        needs.notice_of_right,
        _of_person("Уведомление о праве"),
    ),
    Paper(
        "release-plan",
        "План помощи вернувшемуся из заключения",
        Graduate,
        of_needs.RELEASE_PLAN,
        of_needs.release_plan,
        needs.release_plan,
        _of_person("План помощи"),
    ),
    Paper(
        "plan-analysis",
        "Анализ выполнения плана",
        Plan,
        of_needs.ANALYSIS,
        of_needs.analysis,
        needs.plan_analysis,
        _named("Анализ плана"),
        of_needs.is_numbered,
    ),
    Paper(
        "appointment-order",
        "Приказ о назначении",
        CuratorOrder,
        of_needs.ORDER,
        of_needs.order,
        needs.appointment_order,
        _named("Приказ"),
    ),
)
PAPERS: dict[str, Paper] = {paper.code: paper for paper in _ALL}
