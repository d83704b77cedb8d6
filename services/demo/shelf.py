"""The library, resources, publications, trainings of the demonstration; orders and aid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.aid import PaperState
from models.graduates import Graduate
from models.library import Audience, DocumentStage, LibraryDocument, LibraryKind, Medium, Resource, ResourceKind
from services.aid import benefits, housing, orders
from services.demo.letters import Office, offices_of
from services.errors import Refused
from services.files.attachments import Upload, examine
from services.library import approvals, documents, publications, resources, trainings

CENTRE, SERVICE = "resource-centre", "sluzhba-stupeni"
PEOPLE = 8
TEXT_LIMIT = 1024 * 1024


@dataclass(frozen=True)
class Doc:
    """A document: whose, how many days ago, of which kind."""

    keeper: str
    days: int
    kind: LibraryKind
    title: str
    summary: str = ""
    result: str = ""
    participants: str = ""
    stage: DocumentStage = DocumentStage.IN_FORCE
    audience: Audience = Audience.EVERYBODY
    is_mandatory: bool = False
    about: str = ""


DOCUMENTS = (
    Doc(CENTRE, 300, LibraryKind.LEGAL_BASE, "О дополнительных гарантиях по социальной поддержке детей-сирот"),
    Doc(CENTRE, 260, LibraryKind.UNIFIED_FORM, "Индивидуальный план: единая форма", is_mandatory=True),
    Doc(CENTRE, 240, LibraryKind.METHOD, "Как оценить готовность к самостоятельной жизни"),
    Doc(
        SERVICE,
        200,
        LibraryKind.PRACTICE,
        "Наставник первого года",
        summary="Взрослый из волонтёров звонит и встречается с выпускником каждую неделю первого года.",
        result="Из двенадцати выпускников учёбу бросил один.",
    ),
    Doc(CENTRE, 150, LibraryKind.BOOKLET, "Как получить жильё: памятка выпускнику"),
    Doc("cpd-sokol", 140, LibraryKind.LOCAL_REGULATION, "Положение о сопровождении", audience=Audience.AGENCY),
    Doc(
        "cpd-sokol",
        120,
        LibraryKind.PROJECT,
        "Первая квартира",
        summary="Курс бытовых навыков и месяц жизни в учебной квартире.",
        participants="Центр помощи детям\nСлужба «Ступени»",
        stage=DocumentStage.DRAFT,
    ),
    Doc(CENTRE, 90, LibraryKind.STATE_PROGRAMME, "Социальная поддержка граждан"),
    Doc(
        CENTRE,
        30,
        LibraryKind.DRAFT_ACT,
        "Порядок временного проживания выпускников в общежитиях",
        stage=DocumentStage.DRAFT,
        audience=Audience.PARTICIPANTS,
    ),
    Doc(
        "opeka-sokol",
        45,
        LibraryKind.CONTROL_ACT,
        "Проверка ведения личных дел",
        result="В двух делах нет согласий на обработку данных.",
        audience=Audience.PARTICIPANTS,
        about=SERVICE,
    ),
)
RESOURCES = (
    (ResourceKind.CLUB, "Клуб «Старт»", "Молодёжный центр", "Пн, чт, 17:00", 12),
    (ResourceKind.CAMP, "Летняя смена «Маяк»", "Загородный лагерь «Бригантина»", "июль", 20),
    (ResourceKind.MENTORING, "Наставники из волонтёров", "Добровольческий центр", "раз в неделю", None),
    (ResourceKind.PRACTICE, "Стажировка в автосервисе", "Автосервис «Колесо»", "будни", 2),
    (ResourceKind.HOUSING, "Комната на время каникул", "Колледж сервиса", "июль, август", 4),
)
PUBLICATIONS = (
    (SERVICE, 110, Medium.SOCIAL, "Как служба помогает выпускникам", "Страница службы"),
    ("cpd-sokol", 80, Medium.PRESS, "Дом там, где помогут", "Районная газета"),
    (SERVICE, 25, Medium.STAND, "Обновлены контакты службы", "Стенд в приёмной"),
)
TRAININGS = ((SERVICE, 130, "Кризисная помощь подросткам", 36), ("cpd-sokol", 70, "Медиация", 16))


def tell(session: Session, *, on: date, folder: Path | None) -> None:
    """Rows of every register; texts of documents where there is a place for files."""
    offices = offices_of(session)
    for doc in DOCUMENTS:
        made = _document(session, doc, offices, on)
        if folder is not None:
            _text(session, made, offices[doc.keeper], on - timedelta(days=doc.days), folder)
            if doc.kind is LibraryKind.DRAFT_ACT:
                _ask(session, made, offices, on)
    for keeper, days, medium, title, source in PUBLICATIONS:
        day = on - timedelta(days=days)
        publications.record(
            session,
            agency_id=offices[keeper].agency.id,
            published_on=day,
            medium=medium,
            title=title,
            source=source,
            by=offices[keeper].viewer(session, day),
            now=_at(day),
        )
    _trained(session, offices, on)
    _helped(session, offices, _clubs(session, offices, on), on)
    session.flush()


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), tzinfo=UTC)


def _document(session: Session, doc: Doc, offices: dict[str, Office], on: date) -> LibraryDocument:
    day, office = on - timedelta(days=doc.days), offices[doc.keeper]
    about = offices[doc.about].agency.id if doc.about else None
    card = documents.Card(
        kind=doc.kind,
        title=doc.title,
        document_on=day,
        author=office.agency.short_name,
        summary=doc.summary,
        result=doc.result,
        participants=doc.participants,
        audience=doc.audience,
        starts_on=day if doc.stage is DocumentStage.IN_FORCE else None,
        is_mandatory=doc.is_mandatory,
        about_agency_id=about,
        remarks_due_on=on + timedelta(days=15) if about else None,
    )
    by = office.viewer(session, day)
    return documents.create(session, agency_id=office.agency.id, card=card, stage=doc.stage, by=by, now=_at(day))


def _text(session: Session, document: LibraryDocument, office: Office, day: date, folder: Path) -> None:
    told = f"{document.title}\n\n{document.summary or 'Текст документа для демонстрации.'}\n"
    file = examine(Upload(f"{document.kind.value}.txt", told.encode()), max_bytes=TEXT_LIMIT)
    by = office.viewer(session, day)
    documents.add_edition(session, document=document, file=file, note="", folder=folder, by=by, now=_at(day))


def _ask(session: Session, document: LibraryDocument, offices: dict[str, Office], on: date) -> None:
    """Three are asked, one has agreed, one has remarks, one is still silent."""
    day = on - timedelta(days=20)
    asked = {code: offices[code] for code in ("opeka-sokol", SERVICE, "opeka-totma")}
    approvals.ask(
        session,
        document=document,
        agency_ids=[office.agency.id for office in asked.values()],
        due_on=on + timedelta(days=5),
        by=offices[CENTRE].viewer(session, day),
        now=_at(day),
    )
    answers = {"opeka-sokol": "", SERVICE: "Добавить срок, на который предоставляют комнату."}
    for line in list(document.approvals):
        code = next(code for code, office in asked.items() if office.agency.id == line.agency_id)
        if code in answers:
            answered = on - timedelta(days=12)
            by = asked[code].viewer(session, answered, head=True)
            told = answers[code]
            approvals.answer(session, line=line, is_agreed=not told, remarks=told, by=by, now=_at(answered))


def _trained(session: Session, offices: dict[str, Office], on: date) -> None:
    for code, days, title, hours in TRAININGS:
        office, last = offices[code], on - timedelta(days=days)
        course = trainings.Course(
            title=title,
            organiser="Институт развития образования",
            starts_on=last - timedelta(days=4),
            ends_on=last,
            user_id=office.clerk.id if office.clerk else None,
            employee="" if office.clerk else "специалист",
            hours=hours,
            document="удостоверение",
        )
        by = office.viewer(session, last)
        trainings.record(session, agency_id=office.agency.id, course=course, by=by, now=_at(last))


def _clubs(session: Session, offices: dict[str, Office], on: date) -> list[Resource]:
    day, office = on - timedelta(days=180), offices[CENTRE]
    made = []
    for kind, title, owner, schedule, capacity in RESOURCES:
        offer = resources.Offer(kind=kind, title=title, owner_name=owner, schedule=schedule, capacity=capacity)
        by = office.viewer(session, day)
        made.append(resources.create(session, agency_id=office.agency.id, offer=offer, by=by, now=_at(day)))
    return made


def _helped(session: Session, offices: dict[str, Office], clubs: list[Resource], on: date) -> None:
    """Orders, clubs, assistance and papers of some people of one service."""
    office = offices[SERVICE]
    query = select(Graduate).where(Graduate.agency_id == office.agency.id, Graduate.deleted_at.is_(None))
    people = list(session.scalars(query.order_by(Graduate.id).limit(PEOPLE)))
    for place, graduate in enumerate(people):
        day = on - timedelta(days=90 - 10 * place)
        try:
            _help(session, office, graduate, clubs[place % 3], place, day, on)
        except Refused:  # Life has gone another way: somebody was appointed later, or is too young.
            continue


def _help(
    session: Session, office: Office, graduate: Graduate, club: Resource, place: int, day: date, on: date
) -> None:
    agency_id, head, clerk = office.agency.id, office.viewer(session, day, head=True), office.viewer(session, day)
    resources.enrol(
        session,
        agency_id=agency_id,
        resource_id=club.id,
        graduate_id=graduate.id,
        starts_on=day,
        by=clerk,
        now=_at(day),
    )
    if place % 2 == 0:
        course = benefits.Course(
            "Социальный контракт",
            applied_on=day,
            recognised_on=day,
            decision=f"№ {place + 1}, орган социальной защиты",
            granted_on=day if place % 4 == 0 else None,
            amount=15_000 if place % 4 == 0 else None,
        )
        benefits.record(session, agency_id=agency_id, graduate_id=graduate.id, course=course, by=clerk, now=_at(day))
    if place < 3:
        for title, state in (("Паспорт", PaperState.COLLECTED), ("Выписка из ЕГРН", PaperState.REQUESTED)):
            got = day if state is PaperState.COLLECTED else None
            line = housing.Line(title, state, got_on=got)
            housing.add(session, agency_id=agency_id, graduate_id=graduate.id, line=line, by=clerk)
    if place < 3 and office.clerk is not None:
        orders.appoint(
            session,
            agency_id=agency_id,
            graduate_id=graduate.id,
            user_id=office.clerk.id,
            ordered_on=day,
            starts_on=day,
            ground="договор о сопровождении",
            by=head,
            now=_at(day),
        )
