"""Records for papers: one of each with everything known, and one with next to nothing; made from the models alone."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

from sqlalchemy.orm import Session

from models.aid import CuratorOrder
from models.assessments import MonitoringCard, MonitoringScore
from models.cases import (
    Application,
    Conclusion,
    ConclusionOutcome,
    Contract,
    ContractAmendment,
    Refusal,
    RefusalKind,
    SupportEpisode,
)
from models.circumstances import (
    Address,
    AddressKind,
    Employment,
    FamilyStatus,
    Housing,
    Income,
    Placement,
    Study,
)
from models.exchange import (
    MessageKind,
    OutgoingLetter,
    Referral,
    ReferralFile,
    ReferralMessage,
    ReferralPerson,
    ReferralStatus,
    ReplyOutcome,
)
from models.files import FileIndex
from models.graduates import Graduate, Sex
from models.journals import Journal
from models.meetings import (
    AgendaItem,
    Body,
    BodyMember,
    Decision,
    Meeting,
    MeetingAttendee,
    MeetingKind,
    MeetingStatus,
)
from models.people import ClosePerson, Contact, Dependant, IdentityDocument
from models.plans import (
    Measure,
    MeasureStatus,
    Plan,
    PlanChange,
    PlanKind,
    PlanPartner,
    PlanSphere,
    PlanState,
)
from models.support import Assignment, AssignmentKind, CategoryDecision, HealthRecord, Problem
from models.work import (
    Consultation,
    ConsultationKind,
    ConsultationMinutes,
    HousingSurvey,
    ServiceRecord,
    SurveyOutcome,
    UrgentAct,
)
from tests.conftest import NOW
from tests.exchange_factories import PLAIN, make_referral
from tests.factories import Cast
from tests.library_factories import make_order

HOSTILE = "ООО «Рога & копыта» <b>{{ 7*7 }}</b> {% for x in y %}"
LONG = "Прошу помочь с учёбой и жильём.\nСобрать документы & восстановить паспорт <срочно>."


def _add(session: Session, record: Any) -> Any:
    if hasattr(record, "created_at") and record.created_at is None:
        record.created_at = NOW
    session.add(record)
    session.flush()
    return record


def fill_agency(session: Session, cast: Cast) -> None:
    agency = cast.service
    agency.name = "Муниципальное бюджетное учреждение «Служба сопровождения выпускников «Перекрёсток»"
    agency.inn, agency.ogrn = "3525123456", "1233500001234"
    agency.address, agency.phone = "160000, г. Вологда, ул. Мира, д. 1", "(8172) 12-34-56"
    agency.email = "perekrestok@example.ru"
    agency.head_name, agency.head_position = "Петрова Анна Ивановна", "директор"
    agency.responsible_name = "Сидоров Олег Петрович"
    agency.responsible_position = "заместитель директора по воспитательной работе"
    session.flush()


def fill_person(session: Session, cast: Cast) -> Graduate:
    """The own graduate, with everything that a card can hold."""
    person = cast.own
    person.sex, person.snils, person.legal_status_code = Sex.FEMALE, "11223344595", "former_orphan"
    person.left_on, person.exit_document = date(2025, 6, 20), "приказ № 14 от 20.06.2025"
    person.category_code = "active"
    passport = {"series": "19 20", "number": "123456", "issued_on": date(2025, 9, 1), "issued_by": "УМВД по Вологде"}
    person.documents = [
        IdentityDocument(kind_code="inn", number="352512345678"),
        IdentityDocument(kind_code="passport", **passport, division_code="350-001"),
    ]
    person.contacts = [
        Contact(kind_code="phone", value="+7 900 111-22-33"),
        Contact(kind_code="email", value="dasha@example.ru"),
    ]
    person.close_persons = [ClosePerson(name="Ёлкин Игорь Сергеевич", kinship_code="father", phone="+7 900 000-00-00")]
    person.dependants = [Dependant(name="Ёлкин Артём", birth_date=date(2025, 3, 1), lives_with="с матерью")]
    person.placements = [
        Placement(form_code="foster_family", starts_on=date(2012, 5, 1), ends_on=date(2025, 6, 20), place="Орловы")
    ]
    person.addresses = [
        Address(kind=AddressKind.RESIDENCE, text="г. Вологда, ул. Ленина, д. 5, общежитие, ком. 12", starts_on=START),
        Address(kind=AddressKind.REGISTRATION, text="г. Сокол, ул. Советская, д. 3, кв. 8", starts_on=START),
    ]
    person.studies = [
        Study(
            starts_on=START, level_code="basic", status_code="studying", organisation="Колледж «Связь»", course=2,
            profession="повар",
        )
    ]  # fmt: skip
    person.employments = [Employment(starts_on=START, status_code="studying")]
    person.incomes = [Income(starts_on=START, source="стипендия", amount=12_345)]
    person.family_statuses = [FamilyStatus(starts_on=START, status_code="single", children=1)]
    person.housings = [Housing(starts_on=START, status_code="dormitory")]
    person.problems = [Problem(description=HOSTILE, found_on=START, severity=2)]
    person.category_decisions = [CategoryDecision(category_code="active", starts_on=START, ground="первые полгода")]
    person.assignments = [
        Assignment(
            kind=AssignmentKind.CURATOR, name="Клерк Анна Олеговна", position="социальный педагог", starts_on=START,
            order_number="7-к", order_on=START, phone="12-34-57",
        )
    ]  # fmt: skip
    person.health_records = [HealthRecord(recorded_on=START, text="инвалидность III группы")]
    session.flush()
    return person


START = date(2026, 2, 2)


def application(session: Session, cast: Cast, full: bool) -> Application:
    made = Application(graduate=cast.own, agency=cast.service, received_on=START)
    if full:
        made.channel_code, made.request, made.directions = "in_person", f"{LONG}\n{HOSTILE}", "education housing"
        made.documents = "копия паспорта\nсправка о статусе"
        made.right_ground_code, made.right_document = "came_of_age", "акт опеки № 5 от 14.08.2023"
        made.received_by, made.answer_by = "Клерк А.О., специалист", "по телефону"
        made.registered_on, made.year, made.number = date(2026, 2, 3), 2026, 12
    return _add(session, made)


def contract(session: Session, cast: Cast, full: bool) -> Contract:
    made = Contract(graduate=cast.own, agency=cast.service, starts_on=START, ends_on=date(2027, 2, 1))
    if full:
        made.application = application(session, cast, True)
        made.signed_on, made.year, made.number = START, 2026, 5
        made.place, made.copies = "г. Вологда", 2
        made.legal_status_code, made.right_ground_code = "former_orphan", "came_of_age"
        made.right_document, made.category_code = "акт опеки № 5 от 14.08.2023", "active"
        made.curator = "Клерк Анна Олеговна, социальный педагог, 12-34-57"
        made.curator_order, made.guardianship = "№ 7-к от 02.02.2026", cast.opeka
        made.amendments = [
            ContractAmendment(number=1, signed_on=date(2026, 9, 1), subject=LONG, new_ends_on=date(2027, 6, 30))
        ]
    return _add(session, made)


def ended_contract(session: Session, cast: Cast, full: bool) -> Contract:
    made = contract(session, cast, True)
    if full:
        made.ended_on, made.termination_ground_code = date(2026, 9, 30), "mutual_agreement"
        made.termination_note = "переезд в другой город"
        session.flush()
    return made


def conclusion(session: Session, cast: Cast, full: bool) -> Conclusion:
    made = Conclusion(
        graduate=cast.own, agency=cast.service, period_from=START, period_to=date(2026, 9, 30),
        outcome=ConclusionOutcome.EXTEND,
    )  # fmt: skip
    if full:
        made.contract = contract(session, cast, True)
        made.approved_on, made.year, made.number = date(2026, 9, 30), 2026, 3
        made.total, made.done, made.done_partly, made.not_done, made.refused = 8, 5, 1, 1, 1
        made.category_from_code, made.category_to_code, made.score_from, made.score_to = "crisis", "active", 9, 14
        made.results, made.achieved, made.unresolved = LONG, "окончен 2 курс", "очередь на жильё"
        made.recommendations, made.own_opinion = "не пропускать занятия", "спасибо"
        made.curator, made.graduate_signed_on = "Клерк Анна Олеговна, социальный педагог", date(2026, 9, 30)
    return _add(session, made)


def refusal(session: Session, cast: Cast, full: bool, kind: RefusalKind = RefusalKind.AGENCY) -> Refusal:
    made = Refusal(graduate=cast.own, agency=cast.service, kind=kind, refused_on=date(2026, 2, 10), year=2026, number=4)
    made.reason_code = "not_category" if kind is RefusalKind.AGENCY else None
    if full:
        made.application, made.details, made.clause = application(session, cast, True), LONG, "пункт 10"
        made.notified_on, made.notified_how, made.responsible = date(2026, 2, 11), "вручено лично", "Клерк А.О."
    return _add(session, made)


def episode(session: Session, cast: Cast, full: bool) -> SupportEpisode:
    made = SupportEpisode(graduate=cast.own, agency=cast.service, accepted_on=START, year=2026, number=5)
    made.contract = contract(session, cast, full)
    made.origin = "замещающая семья Орловых" if full else ""
    return _add(session, made)


def plan(session: Session, cast: Cast, full: bool, kind: PlanKind = PlanKind.INDIVIDUAL) -> Plan:
    made = Plan(graduate=cast.own, agency=cast.service, kind=kind, starts_on=START, ends_on=date(2027, 2, 1))
    if full:
        made.contract = contract(session, cast, True)
        made.state, made.year, made.number, made.approved_on = PlanState.APPROVED, 2026, 9, date(2026, 2, 12)
        made.curator, made.goals = "Клерк Анна Олеговна, социальный педагог", "Хочу доучиться и получить квартиру."
        made.resources, made.agreed_on = "сестра, мастер группы", date(2026, 2, 11)
        made.spheres = [
            PlanSphere(sphere="Жильё", situation="общежитие", problem=HOSTILE, resources="сестра", need=LONG)
        ]
        made.measures = list(_measures())
        made.partners = [PlanPartner(agency=cast.opeka, agreed_on=START)]
        made.changes = [PlanChange(changed_on=date(2026, 6, 1), what="срок перенесён на 01.12.2026", ground="болезнь")]
    _add(session, made)
    if full:
        card = MonitoringCard(graduate=cast.own, agency=cast.service, filled_on=date(2026, 6, 1), conclusion="лучше")
        card.scores = [MonitoringScore(indicator=f"i{place}", title="…", value=place or None) for place in range(4)]
        _add(session, card)
    return made


def _measures() -> list[Measure]:
    done = {"status": MeasureStatus.DONE, "done_on": date(2026, 3, 1), "result": "полис получен"}
    refused = {
        "status": MeasureStatus.REFUSED,
        "refused_on": date(2026, 4, 2),
        "refusal_reason_code": "no_need",
        "is_refusal_signed": True,
    }
    rows: list[dict[str, Any]] = [
        {"direction_code": "education", "title": "Помощь в подготовке к сессии", "executor": "Клерк А.О."},
        {"direction_code": "education", "title": "Ходатайство об академической стипендии", "partners": HOSTILE},
        {"direction_code": "housing", "title": "Запрос о постановке в список", **done},
        {"direction_code": "adaptation", "title": "Практикум по бюджету", **refused},
    ]
    more = {"expected": "понимает, что делать дальше", "starts_on": START, "due_on": date(2026, 12, 1)}
    return [
        Measure(position=place, volume="1 раз", periodicity="ежемесячно", **more, **row)
        for place, row in enumerate(rows)
    ]


def minutes(session: Session, cast: Cast, full: bool) -> ConsultationMinutes:
    talk = Consultation(
        graduate=cast.own, agency=cast.service, held_on=START, topic="учёба", year=2026, number=8,
        kind=ConsultationKind.PSYCHOLOGICAL, specialist="Клерк Анна Олеговна, психолог", specialist_id=cast.anna.id,
    )  # fmt: skip
    made = ConsultationMinutes(graduate=cast.own, agency=cast.service, drawn_on=START, year=2026, number=2)
    made.consultation, made.created_by_id = _add(session, talk), cast.anna.id
    if full:
        made.time_from, made.time_to, made.place = time(10, 0), time(10, 45), "кабинет 3"
        made.present, made.initiative, made.problem = "сестра", "выпускницы", "тайна беседы"
        made.course, made.explained, made.recommendations = LONG, HOSTILE, "прийти через неделю"
        made.agreements, made.referred_to, made.next_on = "справка / Дарья / до 10.02.2026\nзвонок", "юрист", START
    return _add(session, made)


def survey(session: Session, cast: Cast, full: bool) -> HousingSurvey:
    made = HousingSurvey(graduate=cast.own, agency=cast.service, surveyed_on=START, year=2026, number=6)
    made.specialist = "Клерк Анна Олеговна, социальный педагог"
    if full:
        made.commission = "Клерк Анна Олеговна, социальный педагог\nИ.И. Иванов, юрист"
        for name in ("ground", "address", "dwelling", "title_right", "amenities", "utility_debt", "income"):
            setattr(made, name, f"{name}: сведения & <данные>")
        for name in ("cohabitants", "sanitary", "belongings", "relations", "children", "risks", "own_words"):
            setattr(made, name, LONG)
        made.area_total, made.area_living, made.rooms = 34, 18, 1
        made.outcome, made.recommendations = SurveyOutcome.NEEDS_WORK, "оплатить долг"
        made.recommended_until = date(2026, 4, 1)
    return _add(session, made)


def urgent(session: Session, cast: Cast, full: bool) -> UrgentAct:
    made = UrgentAct(graduate=cast.own, agency=cast.service, provided_on=START, reason="нет еды", year=2026, number=1)
    _add(session, made)
    if full:
        made.source, made.specialist = "заявление выпускницы", "Клерк Анна Олеговна, социальный педагог"
        row = {"graduate": cast.own, "agency": cast.service, "provided_on": START, "kind_code": "urgent"}
        _add(session, ServiceRecord(**row, title="Набор продуктов", quantity=2, result=HOSTILE, urgent_act=made))
    return made


def card(session: Session, cast: Cast, full: bool) -> Graduate:
    if full:
        episode(session, cast, True)
        survey(session, cast, True)
        urgent(session, cast, True)
    return cast.own


def agency(session: Session, cast: Cast, full: bool) -> Any:
    if full:
        index = FileIndex(agency=cast.service, code="05-12", title="Журнал договоров", journal=Journal.CONTRACTS)
        _add(session, index)
    return cast.service


TELLING = PLAIN | {"title": "Запрос сведений об учёбе", "letter": "Просим сообщить, как учатся выпускники."}


def referral(session: Session, cast: Cast, full: bool, people: int = 2) -> Referral:
    """From the service to the guardianship body; a bare one is a draft about nobody."""
    if not full:
        return make_referral(session, cast.service, cast.opeka, status=ReferralStatus.DRAFT, summary="Запрос")
    cast.opeka.head_position, cast.opeka.head_name = "начальник отдела", "Воронцова Мария Сергеевна"
    made = make_referral(
        session, cast.service, cast.opeka, terms=TELLING, summary=HOSTILE, text=LONG, author=cast.anna,
        answer_due_on=date(2026, 10, 2),
    )  # fmt: skip
    facts = [{"label": "Место учёбы", "value": "Колледж «Связь», 2 курс"}, {"label": "Телефон", "value": ""}]
    made.people = [
        ReferralPerson(position=place, name=f"Ёлкина-Задунайская Дарья Игоревна {place}", facts=facts)
        for place in range(people)
    ]
    made.files = [_file(cast, "Копия приказа"), _file(cast, "Снятый", removed_on=START, removed_reason="ошибка")]
    _add(
        session, OutgoingLetter(referral=made, agency_id=cast.service.id, sent_on=START, year=2026, number=41 + people)
    )
    session.expire(made, ["outgoing"])
    return made


def _file(cast: Cast, title: str, **fields: Any) -> ReferralFile:
    made = ReferralFile(title=title, agency_id=cast.service.id, file_name="копия.pdf", media_type="application/pdf")
    made.size, made.sha256, made.added_at = 10, "0" * 64, NOW
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def answer(session: Session, cast: Cast, full: bool) -> OutgoingLetter:
    """Of the service, to a letter of the guardianship body."""
    letter = make_referral(session, cast.opeka, cast.service, cast.own, status=ReferralStatus.ANSWERED)
    message = ReferralMessage(referral=letter, kind=MessageKind.ANSWER, who="Анна Клерк", text="Учится.", at=NOW)
    message.written_on, message.outcome = START, ReplyOutcome.RESOLVED
    _add(session, message)
    if full:
        cast.opeka.head_position, cast.opeka.head_name = "начальник отдела", "Воронцова Мария Сергеевна"
        message.text, message.author_id, letter.people[0].answer = LONG, cast.anna.id, HOSTILE
        letter.files = [_file(cast, "Справка")]
        letter.files[0].message_id = message.id
        _add(session, OutgoingLetter(referral=letter, agency_id=cast.opeka.id, sent_on=START, year=2026, number=7))
    made = OutgoingLetter(referral=letter, message=message, agency_id=cast.service.id, sent_on=START)
    made.year, made.number = 2026, 42
    return _add(session, made)


def meeting(session: Session, cast: Cast, full: bool, status: MeetingStatus = MeetingStatus.HELD) -> Meeting:
    made = Meeting(agency_id=cast.service.id, kind=MeetingKind.WORKING, status=status, topic="Учёба", held_on=START)
    if status is MeetingStatus.HELD:
        made.year, made.number = 2026, 3
    if full:
        body = Body(agency=cast.service, name="Координационный совет", starts_on=START)
        body.members = [BodyMember(name=f"Член {place}", starts_on=START) for place in range(5)]
        made.body, made.kind, made.members_total = _add(session, body), MeetingKind.SITTING, 5
        made.starts_at, made.place, made.summary = time(14, 30), "каб. 5", LONG
        made.chair, made.secretary = "Петрова Анна Ивановна, директор", "Клерк Анна Олеговна"
        made.attendees = [
            MeetingAttendee(member=who, name=who.name, post="опека", is_present=place < 3, position=place)
            for place, who in enumerate(body.members)
        ]
        made.attendees[0].stand_in = "Сидоров О. П."
        made.attendees += [MeetingAttendee(name="Гость совета", is_present=True, position=9)]
        made.agenda = [*_agenda(cast)]
    return _add(session, made)


def _agenda(cast: Cast) -> list[AgendaItem]:
    first = AgendaItem(title="Жильё выпускника", speaker="куратор", discussed=LONG, votes_for=3)
    first.graduate_id = cast.own.id
    first.decisions = [
        Decision(text=HOSTILE, to=cast.opeka, due_on=date(2026, 10, 1), created_at=NOW),
        Decision(text="Просить о комнате", addressee="администрация завода", created_at=NOW),
    ]
    return [first, AgendaItem(title="Отчёт службы", position=1)]


Maker = Callable[[Session, Cast, bool], Any]


def order(session: Session, cast: Cast, full: bool) -> CuratorOrder:
    told = {"position": "социальный педагог", "ground": "договор № 5/2026"} if full else {}
    return make_order(session, cast.galina, cast.own, **told)


RECORDS: dict[str, Maker] = {
    "application": application,
    "contract": contract,
    "amendment": lambda session, cast, full: contract(session, cast, True).amendments[0],
    "contract-end-notice": lambda session, cast, full: contract(session, cast, True),
    "termination-agreement": ended_contract,
    "conclusion": conclusion,
    "refusal-decision": refusal,
    "refusal-notice": refusal,
    "refusal-statement": lambda session, cast, full: refusal(session, cast, full, RefusalKind.GRADUATE),
    "acceptance-decision": episode,
    "plan": plan,
    "consultation-minutes": minutes,
    "housing-survey": survey,
    "urgent-act": urgent,
    "support-card": card,
    "consent": card,
    "curator-order": card,
    "letter": card,
    "journal-cover": agency,
    "referral-letter": referral,
    "answer-letter": answer,
    "meeting-minutes": meeting,
    "attendance-sheet": meeting,
    "meeting-invitation": lambda session, cast, full: meeting(session, cast, full, MeetingStatus.PLANNED),
    "need-sheet": card,
    "notice-of-right": card,
    "release-plan": card,
    "plan-analysis": plan,
    "appointment-order": order,
}
OPTIONS = {"journal-cover": {"journal": "contracts", "year": "2026", "volume": "1", "started_on": "12.01.2026"}}


def make(session: Session, cast: Cast, code: str, *, full: bool) -> Any:
    if full:
        fill_agency(session, cast)
        fill_person(session, cast)
    made = RECORDS[code](session, cast, full)
    session.commit()
    return made
