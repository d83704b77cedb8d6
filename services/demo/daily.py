"""Daily work of the demonstration: talks, appeals, visits, sessions, services, monitoring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from models.assessments import MonitoringCard, MonitoringScore
from models.plans import Measure
from models.work import (
    Appeal,
    Consultation,
    ConsultationKind,
    ConsultationMinutes,
    GroupParticipant,
    GroupSession,
    HousingSurvey,
    ServiceRecord,
    SessionKind,
    SurveyOutcome,
    Urgency,
    UrgentAct,
    Visit,
)
from services.demo.book import Book
from services.demo.names import pick

if TYPE_CHECKING:
    from services.demo.cases import Supported

DAY = timedelta(days=1)
# What it is, its topic, what was advised, kind of service.
TALKS = (
    (ConsultationKind.TALK, "Как идут дела на учёбе", "Договорились закрыть долг по предмету", "pedagogical"),
    (ConsultationKind.SOCIAL, "Льготы по оплате коммунальных услуг", "Рассказали, куда подать заявление", "legal"),
    (ConsultationKind.LEGAL, "Восстановление паспорта", "Составили заявление вместе", "legal"),
    (ConsultationKind.PSYCHOLOGICAL, "Ссоры в общежитии", "Разобрали, как договариваться", "psychological"),
    (ConsultationKind.EMPLOYMENT, "Поиск работы на лето", "Подобрали три вакансии", "labour"),
    (ConsultationKind.PEDAGOGICAL, "Как вести домашний бюджет", "Завели тетрадь расходов", "pedagogical"),
)
APPEALS = (
    ("Просит помочь с документами на жильё", "legal", "Записали на приём в администрацию"),
    ("Нечем платить за комнату", "household", "Помогли оформить рассрочку"),
    ("Потерял работу", "labour", "Направили в центр занятости"),
)
SESSIONS = (
    (SessionKind.PRACTICE, "Деньги до стипендии", "Каждый составил свой бюджет"),
    (SessionKind.TRAINING, "Первый день на работе", "Разыграли разговор с начальником"),
    (SessionKind.THEMATIC, "Жильё: очередь и документы", "Ответили на вопросы о списке"),
    (SessionKind.LEISURE, "Поездка в музей", "Понравилось, хотят ещё"),
)
INDICATORS = (
    ("social-position", "Учёба и работа"),
    ("means-of-living", "Доходы"),
    ("family", "Семья и обстановка в ней"),
    ("law-abidingness", "Закон и вредные привычки"),
    ("housing", "Жильё и быт"),
    ("kin", "Отношения с родными"),
    ("circle", "Круг общения"),
)
CONTACT_EVERY = {"crisis": 9, "active": 24, "stable": 45}
POINTS = {"crisis": (0, 1, 1, 2), "active": (1, 2, 2, 3), "stable": (2, 3, 3, 3)}


def work(book: Book, who: Supported, *, since: date, until: date, plan: int) -> None:
    """What a contract's time leaves in the journals."""
    rng = who.rng
    every = CONTACT_EVERY.get(who.graduate.category_code or "", 40)
    day = since + DAY * (1 + int(rng.random() * 10))
    while day <= until:
        day = _weekday(day)
        if day > until:
            break
        luck = rng.random()
        if luck < 0.62:
            _talk(book, who, day)
        elif luck < 0.82:
            _visit(book, who, day)
        else:
            _appeal(book, who, day)
        day += DAY * int(every * (0.7 + 0.6 * rng.random()))
    if who.graduate.category_code == "crisis" and until == who.on:
        _urgent(book, who, _weekday(max(since, who.on - timedelta(days=25))))
    for measure in (row for row in book.rows[Measure] if row["plan_id"] == plan and row["done_on"]):
        _service(
            book, who, measure["done_on"], measure["service_kind_code"], measure["title"], measure_id=measure["id"]
        )
    day = since + timedelta(days=60)
    while day <= until:
        _monitoring(book, who, _weekday(day))
        day += timedelta(days=170)


def _by(who: Supported) -> dict[str, Any]:
    return {
        "agency_id": who.agency.id,
        "graduate_id": who.graduate.id,
        "specialist": who.specialist,
        "specialist_id": who.user_id,
        "created_by_id": who.user_id,
    }


def _talk(book: Book, who: Supported, day: date) -> None:
    kind, topic, advised, service_kind = pick(who.rng, TALKS)
    channel = pick(who.rng, ("in_person", "phone", "in_person", "online"))
    talk = book.add_numbered(
        Consultation, day, held_on=day, kind=kind, channel_code=channel, topic=topic, content=advised,
        outcome_code="solved", **_by(who),
    )  # fmt: skip
    _service(book, who, day, service_kind, f"{kind.label}: {topic}"[:200], consultation_id=talk)
    if who.rng.random() < 0.15:
        book.add_numbered(
            ConsultationMinutes, day, agency_id=who.agency.id, graduate_id=who.graduate.id, consultation_id=talk,
            drawn_on=day, time_from=time(11, 0), time_to=time(11, 40), place="кабинет службы", present="",
            initiative="по инициативе выпускника", problem=topic, course="Рассказал о том, что мешает.",
            explained="Порядок и сроки.", recommendations=advised,
            agreements="собрать справки / выпускник / две недели", is_signed=True, created_by_id=who.user_id,
        )  # fmt: skip


def _appeal(book: Book, who: Supported, day: date) -> None:
    content, wanted, decision = pick(who.rng, APPEALS)
    done = min(day + DAY * int(who.rng.random() * 6), who.on)
    appeal = book.add_numbered(
        Appeal, day, received_on=day, received_time=time(10 + int(who.rng.random() * 7), 15), channel_code="phone",
        content=content, wanted_kind_code=wanted, urgency=Urgency.ORDINARY, decision=decision, done_on=done,
        outcome_code="solved", **_by(who),
    )  # fmt: skip
    _service(book, who, done, wanted, decision, appeal_id=appeal)


def _visit(book: Book, who: Supported, day: date) -> None:
    is_opened = who.rng.random() < 0.9
    visit = book.add_numbered(
        Visit, day, visited_on=day, address=who.graduate.current_address, purpose="патронаж, условия жизни",
        category_code=who.graduate.category_code, is_opened=is_opened,
        result="Дома порядок, продукты есть." if is_opened else "Дверь не открыли, оставлена записка.",
        next_on=day + timedelta(days=60), **_by(who),
    )  # fmt: skip
    if not is_opened:
        return
    _service(book, who, day, "psychological", "социально-психологический патронаж", visit_id=visit)
    if who.rng.random() < 0.35:
        book.add_numbered(
            HousingSurvey, day, visit_id=visit, surveyed_on=day, ground="плановое", commission=who.specialist,
            address=who.graduate.current_address, dwelling="комната", area_total=14, rooms=1, title_right="общежитие",
            amenities="вода, отопление, электричество", sanitary="чисто", belongings="есть всё необходимое",
            utility_debt="нет", outcome=SurveyOutcome.FIT, is_agreed=True, **_by(who),
        )  # fmt: skip


def _urgent(book: Book, who: Supported, day: date) -> None:
    if day > who.on:
        return
    act = book.add_numbered(
        UrgentAct, day, provided_on=day, reason="остался без денег и продуктов", source="обращение выпускника",
        is_signed=True, **_by(who),
    )  # fmt: skip
    _service(book, who, day, "urgent", "набор продуктов", urgent_act_id=act)


def _service(book: Book, who: Supported, day: date, kind: str, title: str, **source: int) -> None:
    book.add(
        ServiceRecord, provided_on=day, kind_code=kind, form_code="semi_stationary", title=title, quantity=1,
        annulled_reason="", version=1, **_by(who), **source,
    )  # fmt: skip


def _monitoring(book: Book, who: Supported, day: date) -> None:
    if day > who.on:
        return
    card = book.add(
        MonitoringCard, filled_on=day, conclusion="", annulled_reason="", created_at=book.common["created_at"],
        version=1, **_by(who),
    )  # fmt: skip
    points = POINTS.get(who.graduate.category_code or "", (1, 2, 2, 3))
    for place, (code, title) in enumerate(INDICATORS, start=1):
        book.add(
            MonitoringScore, card_id=card, indicator=code, title=title, position=place, value=pick(who.rng, points),
            note="",
        )  # fmt: skip


def group_sessions(book: Book, people: Sequence[Supported], *, on: date, seed: int) -> None:
    """One session a month in every organisation that has somebody to invite."""
    by_agency: dict[int, list[Supported]] = defaultdict(list)
    for who in people:
        by_agency[who.agency.id].append(who)
    for agency_id, invited in by_agency.items():
        rng = Random(f"{seed}/{on.isoformat()}/sessions/{agency_id}")
        for back in range(11, -1, -1):
            day = _weekday(on - timedelta(days=30 * back + 9))
            _session(book, rng, day, rng.sample(invited, min(len(invited), 4 + int(rng.random() * 7))))


def _session(book: Book, rng: Random, day: date, present: Sequence[Supported]) -> None:
    kind, topic, outcome = pick(rng, SESSIONS)
    by = {name: value for name, value in _by(present[0]).items() if name != "graduate_id"}
    session = book.add_numbered(
        GroupSession, day, held_on=day, starts_at=time(15, 0), minutes=90, topic=topic, kind=kind, place="зал службы",
        outcome=outcome, service_kind_code="pedagogical", **by,
    )  # fmt: skip
    for who in present:
        book.add(GroupParticipant, session_id=session, graduate_id=who.graduate.id, note="")
        _service(book, who, day, "pedagogical", f"групповое занятие: {topic}", session_id=session)


def _weekday(day: date) -> date:
    while day.weekday() > 4:
        day += DAY
    return day
