"""The terms of a deadline rule: who must do what for whom, and when; packs, editor and engine share them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from models.base import LabelledEnum
from models.reckoning import Roll, Unit


class RuleKind(LabelledEnum):
    WINDOW = "window", "в период от даты до даты"
    PERIOD = "period", "раз в период"
    QUOTA = "quota", "не реже нескольких раз за период"
    EVENT = "event", "со дня события"
    STANDING = "standing", "постоянно"


class Period(LabelledEnum):
    MONTH = "month", "месяц"
    QUARTER = "quarter", "квартал"
    HALF_YEAR = "half_year", "полугодие"
    YEAR = "year", "год"

    @property
    def months(self) -> int:
        return {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[self.value]


class Per(LabelledEnum):
    """One obligation for each what."""

    AGENCY = "agency", "на организацию"
    GRADUATE = "graduate", "на каждого выпускника"
    USER = "user", "на каждого специалиста"
    RECORD = "record", "на каждое событие"


class Who(LabelledEnum):
    """Of which graduates a rule «on each graduate» speaks."""

    ALL = "all", "все до предельного возраста"
    STUDENTS = "students", "студенты"
    SCHOOL_LEAVERS = "school_leavers", "выпускники школ, не поступившие"
    MINORS = "minors", "несовершеннолетние"
    CRISIS = "crisis", "на кризисном сопровождении"
    WITH_CHILDREN = "with_children", "имеющие детей"


class Condition(LabelledEnum):
    """A duty that vanishes while its condition does not hold (requirements: conditional duty)."""

    NO_VALID_EXAMINATION = "no_valid_examination", "нет действующего заключения ПМПК"
    MENTOR_MISSING = "mentor_missing", "наставник не закреплён"
    HAS_CHILDREN = "has_children", "есть дети"
    AGED_14_18 = "aged_14_18", "от 14 до 18 лет"
    FROM_FAMILY = "from_family", "из замещающей семьи"
    FROM_INSTITUTION = "from_institution", "из организации для детей-сирот"


class By(LabelledEnum):
    """Which organisation of a kind stands for a person (or, as a recipient, for an organisation's districts)."""

    RESPONSIBLE = "responsible", "ведущая сопровождение"
    GRADUATING = "graduating", "организация выпуска"
    ORIGIN_DISTRICT = "origin_district", "по району происхождения"
    RESIDENCE_DISTRICT = "residence_district", "по району проживания"
    COLLEGE = "college", "по месту обучения"
    PLACEMENT = "placement", "по месту устройства"
    RECORDER = "recorder", "записавшая событие"
    SERVED_DISTRICTS = "served_districts", "по закреплённым районам"


class Trigger(LabelledEnum):
    """Facts from whose day a term runs."""

    PLACEMENT_ENDED = "placement.ended", "завершилось пребывание в семье или организации"
    PLACEMENT_ENDS = "placement.planned_end", "планируемое завершение пребывания"
    LEFT = "graduate.left", "выпуск"
    BIRTHDAY_16 = "birthday.16", "16 лет"
    BIRTHDAY_18 = "birthday.18", "18 лет"
    BIRTHDAY_23 = "birthday.23", "23 года"
    CRISIS = "category.crisis", "переведён на кризисное сопровождение"
    ACTIVE = "category.active", "переведён на активное сопровождение"
    STABLE = "category.stable", "переведён на стабильное сопровождение"
    CATEGORY = "category.decided", "решение о категории"
    PROBLEM = "problem.found", "выявлена нуждаемость"
    URGENT_PROBLEM = "problem.urgent", "выявлена нуждаемость, экстренно"
    ADMITTED = "study.admitted", "зачисление"
    STUDY_ENDED = "study.finished", "окончание обучения"
    LEAVE_STARTED = "study.leave_started", "начало академического отпуска"
    LEAVE_ENDS = "study.leave_ends", "конец академического отпуска"
    CHANGED = "card.changed", "изменились сведения, важные для сопровождения"
    ARRIVED = "graduate.arrived", "прибытие в район"
    LEASE_ENDS = "housing.lease_ends", "конец договора специализированного найма"
    SECTION_CHECKED = "section.checked", "сведения проверены"
    AGREEMENT_ENDS = "agreement.ends", "конец соглашения"
    CONSENT_ENDS = "consent.ends", "конец согласия"
    DOCUMENT_EXPIRES = "document.expires", "конец срока документа"
    # Read from the records of support; events recorded by hand before these were kept are still read.
    APPLICATION_RECEIVED = "application.received", "поступило заявление"
    APPLICATION_REGISTERED = "application.registered", "заявление зарегистрировано"
    CONTRACT_STARTED = "contract.started", "начал действовать договор"
    CONTRACT_ENDS = "contract.ends", "конец договора"
    READINESS = "readiness.assessed", "проведена оценка готовности"
    CONTACT = "contact.made", "состоялся контакт"
    SUPPORT_STARTED = "support.started", "принят на сопровождение"
    # Recorded as events (models.deadlines.Occurrence); some are told by letters and meetings too.
    REQUEST_RECEIVED = "request.received", "поступил запрос"
    SERVICE_APPLIED = "service.applied", "заявление на социальное обслуживание"
    INTAKE = "intake.received", "поступило сообщение о выпускнике"
    DECISION = "decision.adopted", "принято решение"
    COUNCIL_CHANGED = "council.changed", "изменился состав совета"
    DIFFICULTY = "difficulty.arose", "возникло затруднение"
    BREACH = "obligation.breached", "нарушено обязательство"
    LEAVING_LIST = "leaving_list.formed", "сформирован список выпускников"
    REFERRAL_SENT = "referral.sent", "отправлено направление или запрос"


RECORDED_BY_HAND = tuple(Trigger)[tuple(Trigger).index(Trigger.REQUEST_RECEIVED) :]
ONCE_BY_HAND = tuple(Trigger)[tuple(Trigger).index(Trigger.APPLICATION_RECEIVED) : -len(RECORDED_BY_HAND)]


class EvidenceKind(LabelledEnum):
    """What fulfils a duty."""

    SUBMISSION = "submission", "сведения отправлены"
    REFERRAL = "referral", "направление отправлено"
    NOTICE = "notice", "извещение отправлено"
    REPLY = "reply", "ответ отправлен"
    CONTRACT = "contract", "договор подписан"
    PLAN = "plan", "план утверждён"
    REGISTRATION = "registration", "зарегистрировано"
    REFUSAL = "refusal", "решение об отказе принято"
    MEETING = "meeting", "заседание проведено"
    SESSION = "session", "встреча проведена"
    REPORT = "report", "отчёт составлен"
    SERVICE = "service", "услуга оказана"
    ORDER = "order", "приказ издан"
    PUBLICATION = "publication", "сведения опубликованы"
    MATERIAL = "material", "материал подготовлен"
    ASSIGNMENT = "assignment", "специалист закреплён"
    REVIEW = "review", "категория пересмотрена"
    MENTOR = "mentor", "наставник закреплён"
    CONSENT = "consent", "согласие получено"
    SECTION_CHECK = "section_check", "сведения проверены"
    EXAMINATION = "examination", "заключение ПМПК получено"
    ASSESSMENT = "assessment", "оценка проведена"
    MONITORING = "monitoring", "лист мониторинга заполнен"
    CONTACT = "contact", "контакт состоялся"
    ACT = "act", "акт подписан"
    CONCLUSION = "conclusion", "заключение подписано"
    ANALYSIS = "analysis", "анализ проведён"
    AGREEMENT = "agreement", "соглашение заключено"
    APPROVAL = "approval", "согласовано"
    ACKNOWLEDGEMENT = "acknowledgement", "ознакомление подтверждено"
    INFORMATION = "information", "информирование проведено"
    RATING = "rating", "рейтинг составлен"
    REMEDY = "remedy", "меры приняты"


OF_LETTERS = frozenset({EvidenceKind.REFERRAL, EvidenceKind.NOTICE, EvidenceKind.REPLY})  # What letters fulfil.


class RecordKind(LabelledEnum):
    """Which records of its kind of evidence a rule means (`evidence_of`); without it, the usual ones."""

    VISIT = "visit", "выезд к выпускнику"
    CONSULTATION = "consultation", "беседа или консультация"
    APPEAL = "appeal", "обращение выпускника"
    INFORMING = "informing", "информирование о праве на сопровождение"
    INDIVIDUAL = "individual", "индивидуальный план"
    SOCIAL_SERVICES = "social_services", "программа социальных услуг"
    JOINT = "joint", "совместный план"
    NEW_EDITION = "new_edition", "новая редакция плана"
    READINESS = "readiness", "оценка готовности"
    MONITORING_CARD = "monitoring_card", "лист мониторинга"
    SIGNED_CONCLUSION = "signed_conclusion", "заключение о результатах"
    ANY_SERVICE = "any_service", "любая услуга"
    URGENT_SERVICES = "urgent_services", "срочные социальные услуги"
    THEMATIC = "thematic", "тематическая встреча с организациями"
    EMPLOYMENT_CENTRE = "employment_centre", "встреча с центром занятости"
    SITTING = "sitting", "заседание"
    METHODICAL = "methodical", "методическое совещание"
    SEMINAR = "seminar", "семинар"
    CASE_CONFERENCE = "case_conference", "разбор случая"


@dataclass(frozen=True)
class Party:
    """Who stands on a side of a duty: agencies of some kinds, a named role, the person, or somebody in words."""

    kinds: tuple[str, ...] = ()
    role: str = ""
    by: By | None = None
    is_graduate: bool = False
    text: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        kinds = data.get("kind", ())
        return cls(
            kinds=(kinds,) if isinstance(kinds, str) else tuple(kinds),
            role=data.get("role", ""),
            by=By(data["by"]) if data.get("by") else None,
            is_graduate=bool(data.get("graduate")),
            text=data.get("text", ""),
        )

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"kind": list(self.kinds), "role": self.role, "by": self.by and self.by.value}
        data |= {"graduate": self.is_graduate, "text": self.text}
        return {key: value for key, value in data.items() if value}


def full_key(pack_code: str, word: str) -> str:
    """The key of a kind of letters: a code alone is one of the rule's own pack."""
    return word if "/" in word else f"{pack_code}/{word}"


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    date(2024, int(month), int(day))  # A leap year: 29 February is a day of windows too.
    return int(month), int(day)


@dataclass(frozen=True)
class RuleTerms:
    """What a version of a rule says; `to_data` gives the JSON that packs and the database keep."""

    kind: RuleKind
    obliged: Party
    recipients: tuple[Party, ...] = ()
    per: Per = Per.AGENCY
    evidence: EvidenceKind | None = None
    # Words of RecordKind, measures (primer-2027/2.1), kinds of letters (primer-2027/need-notice), councils.
    evidence_of: tuple[str, ...] = ()
    opens: tuple[int, int] | None = None  # window: month and day
    closes: tuple[int, int] | None = None
    period: Period | None = None  # period, quota
    offset: int = 0  # period: days after its end
    at_least: int = 1  # quota
    recommended: tuple[tuple[int, int], ...] = ()
    triggers: tuple[Trigger, ...] = ()  # event
    trigger_of: tuple[
        str, ...
    ] = ()  # event: which kinds of letters tell it; without it, those that no other rule names
    term_of_fact: bool = False  # event: the last day that the fact itself names goes before the amount
    amount: int = 0  # event; negative: before the fact
    amount_to: int | None = None  # event: a range
    unit: Unit = Unit.CALENDAR  # of the amount or the offset
    roll: Roll = Roll.NEXT
    early: bool = False
    soon: int = 5  # working days before the legal date
    who: Who = Who.ALL
    condition: Condition | None = None
    instead_of: tuple[str, ...] = ()  # codes of rules of the same pack: one of them done, the others are not asked for
    replaces: tuple[str, ...] = ()  # codes of common rules that do not bind whoever follows this one
    report: str = ""
    shown_by: str = ""  # standing
    default_term: bool = False  # the number is ours
    unit_is_ours: bool = False
    note: str = ""

    @property
    def is_repeating(self) -> bool:
        """What fulfils it asks for it again: the next contact."""
        return Trigger.CONTACT in self.triggers and self.evidence is EvidenceKind.CONTACT

    @property
    def is_by_letter(self) -> bool:
        """A letter to another organisation fulfils it."""
        return self.evidence in (EvidenceKind.REFERRAL, EvidenceKind.NOTICE)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """From a rule of a pack or a stored one; KeyError or ValueError where it is not one."""
        kind = RuleKind(data["kind"])
        return cls(
            kind=kind,
            obliged=Party.of(data["obliged"]),
            recipients=tuple(Party.of(party) for party in data.get("recipients", ())),
            per=Per(data.get("per", "agency")),
            evidence=EvidenceKind(data["evidence"]) if data.get("evidence") else None,
            evidence_of=tuple(data.get("evidence_of", ())),
            opens=_month_day(data["opens"]) if kind is RuleKind.WINDOW else None,
            closes=_month_day(data["closes"]) if kind is RuleKind.WINDOW else None,
            period=Period(data["period"]) if kind in (RuleKind.PERIOD, RuleKind.QUOTA) else None,
            offset=int(data.get("offset", 0)),
            at_least=int(data.get("at_least", 1)),
            recommended=tuple(_month_day(text) for text in data.get("recommended", ())),
            triggers=tuple(Trigger(text) for text in data.get("triggers", ())),
            trigger_of=tuple(data.get("trigger_of", ())),
            term_of_fact=bool(data.get("term_of_fact", False)),
            amount=int(data.get("amount", 0)),
            amount_to=data.get("amount_to"),
            unit=Unit(data.get("unit", "calendar")),
            roll=Roll(data.get("roll", "next")),
            early=bool(data.get("early", False)),
            soon=int(data.get("soon", 5)),
            who=Who(data.get("who", "all")),
            condition=Condition(data["condition"]) if data.get("condition") else None,
            instead_of=tuple(data.get("instead_of", ())),
            replaces=tuple(data.get("replaces", ())),
            report=data.get("report", ""),
            shown_by=data.get("shown_by", ""),
            default_term=bool(data.get("default_term", False)),
            unit_is_ours=bool(data.get("unit_is_ours", False)),
            note=data.get("note", ""),
        )

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "kind": self.kind.value,
            "obliged": self.obliged.to_data(),
            "recipients": [party.to_data() for party in self.recipients],
            "per": self.per.value,
            "evidence": self.evidence and self.evidence.value,
            "evidence_of": list(self.evidence_of),
            "opens": self.opens and "{:02d}-{:02d}".format(*self.opens),
            "closes": self.closes and "{:02d}-{:02d}".format(*self.closes),
            "period": self.period and self.period.value,
            "offset": self.offset,
            "at_least": self.at_least,
            "recommended": ["{:02d}-{:02d}".format(*day) for day in self.recommended],
            "triggers": [trigger.value for trigger in self.triggers],
            "trigger_of": list(self.trigger_of),
            "term_of_fact": self.term_of_fact,
            "amount": self.amount,
            "amount_to": self.amount_to,
            "unit": self.unit.value,
            "roll": self.roll.value,
            "early": self.early,
            "soon": self.soon,
            "who": self.who.value,
            "condition": self.condition and self.condition.value,
            "instead_of": list(self.instead_of),
            "replaces": list(self.replaces),
            "report": self.report,
            "shown_by": self.shown_by,
            "default_term": self.default_term,
            "unit_is_ours": self.unit_is_ours,
            "note": self.note,
        }
        return {key: value for key, value in data.items() if value not in (None, "", [], False)}
