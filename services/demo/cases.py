"""Papers of the demonstration's support: from the application to the conclusion, as a year of work leaves them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Application, Conclusion, ConclusionOutcome, Contract, Refusal, RefusalKind, SupportEpisode
from models.files import PersonalFile
from models.graduates import Graduate
from models.plans import Measure, MeasureStatus, Plan, PlanKind, PlanSphere, PlanState
from models.reckoning import years_later
from models.stages import refresh
from models.territory import Agency, AgencyKind
from models.users import User
from services.demo import daily
from services.demo.book import Book
from services.demo.names import pick

SERVING = (AgencyKind.SUPPORT_SERVICE, AgencyKind.CARE_CENTRE, AgencyKind.SOCIAL_CENTRE)
DAY = timedelta(days=1)
YEAR = timedelta(days=364)
# Direction, measure, what is expected, kind of service.
MEASURES = (
    ("legal", "Восстановить паспорт", "Паспорт получен", "legal"),
    ("legal", "Оформить регистрацию по месту жительства", "Регистрация есть", "legal"),
    ("education", "Содействовать в получении места в общежитии", "Место предоставлено", "household"),
    ("education", "Следить за успеваемостью", "Задолженностей нет", "pedagogical"),
    ("employment", "Помочь составить резюме", "Резюме размещено", "labour"),
    ("employment", "Поставить на учёт в центре занятости", "Пособие назначено", "labour"),
    ("housing", "Собрать документы для включения в список на жильё", "Заявление принято", "legal"),
    ("housing", "Обустроить комнату", "Есть мебель и посуда", "household"),
    ("adaptation", "Научить вести домашний бюджет", "Ведёт записи расходов", "pedagogical"),
    ("adaptation", "Найти секцию по интересам", "Посещает занятия", "pedagogical"),
    ("difficulty", "Навещать по месту жительства", "Связь не теряется", "psychological"),
    ("health", "Пройти диспансеризацию", "Заключение получено", "medical"),
    ("family", "Помочь с местом в детском саду", "Место получено", "legal"),
    ("material", "Оформить социальную стипендию", "Стипендия назначена", "legal"),
)
SPHERES = (
    ("Учёба и работа", "учится, есть пропуски", "может не сдать сессию", "куратор группы", "помощь с учёбой"),
    ("Жильё", "живёт в общежитии", "после учёбы жить негде", "стоит в списке на жильё", "документы, очередь"),
    ("Деньги", "стипендия и подработка", "не хватает до конца месяца", "умеет экономить", "бюджет, льготы"),
)
GOALS = (
    "Хочу доучиться и найти работу рядом с домом.",
    "Хочу получить квартиру и жить отдельно.",
    "Хочу вернуть паспорт.",
)


@dataclass(frozen=True)
class Supported:
    """Somebody whom an organisation supports, and who does it there."""

    graduate: Any
    agency: Any
    specialist: str
    user_id: int | None
    head_id: int | None
    rng: Random
    on: date

    @property
    def last_day(self) -> date:
        return years_later(self.graduate.birth_date, 23)


def tell(session: Session, *, on: date, now: datetime, seed: int) -> None:
    """Applications, contracts, plans and a year of daily work of everybody who is supported."""
    book = Book(common={"created_at": now, "annulled_reason": "", "version": 1})
    people = list(_supported(session, on, seed))
    files: dict[int, int] = {}
    for who in people:
        _support(book, who, files)
    daily.group_sessions(book, people, on=on, seed=seed)
    book.write(session)
    refresh(session, graduate_ids=[who.graduate.id for who in people])


def _supported(session: Session, on: date, seed: int) -> Any:
    query = (
        select(Graduate, Agency)
        .join(Agency, Agency.id == Graduate.agency_id)
        .where(Agency.kind.in_(SERVING), Graduate.left_on <= on - timedelta(days=40))
        .order_by(Graduate.id)
    )
    users: dict[int, list[User]] = {}
    for account in session.scalars(select(User).order_by(User.id)):
        users.setdefault(account.agency_id, []).append(account)
    for graduate, agency in session.execute(query):
        rng = Random(f"{seed}/{on.isoformat()}/support/{graduate.id}")
        staff = users.get(agency.id, [])
        workers = [user for user in staff if user.role.value in ("clerk", "officer")]
        user = pick(rng, workers) if workers else None
        head = next((user for user in staff if user.role.value == "head"), None)
        name = f"{user.name}, {user.position}" if user else (graduate.curator_name or "специалист")
        yield Supported(graduate, agency, name, user.id if user else None, head.id if head else None, rng, on)


def _support(book: Book, who: Supported, files: dict[int, int]) -> None:
    rng, on = who.rng, who.on
    of_age = years_later(who.graduate.birth_date, 18)
    first = max(who.graduate.left_on + 3 * DAY, of_age, on - timedelta(days=560))
    latest = min(on - 2 * DAY, who.last_day - timedelta(days=60))
    if first >= latest:
        return
    received = _working(first + DAY * int(rng.random() * (latest - first).days), on)
    luck = rng.random()
    application = _application(book, who, received, is_registered=not (luck < 0.05 and (on - received).days < 3))
    registered = book.row(Application, application)["registered_on"]
    if registered is None or registered > on - 3 * DAY:
        return
    if luck > 0.94:
        _refuse(book, who, application, registered + 4 * DAY)
        return
    signing: date | None = _working(registered + DAY * (4 + int(rng.random() * 10)), on)
    while signing is not None and signing <= on:
        _open_file(book, who, signing, files)
        signing = _contract(book, who, application, signing)
        application = 0


def _open_file(book: Book, who: Supported, on: date, files: dict[int, int]) -> None:
    rows = book.rows[PersonalFile]
    if any(row["graduate_id"] == who.graduate.id for row in rows[-1:]):
        return
    number = files[who.agency.id] = files.get(who.agency.id, 0) + 1
    book.add(PersonalFile, agency_id=who.agency.id, graduate_id=who.graduate.id, number=number, opened_on=on, version=1)


def _application(book: Book, who: Supported, received: date, *, is_registered: bool) -> int:
    registered = _working(received + DAY, who.on) if is_registered else None
    return book.add_numbered(
        Application,
        registered,
        agency_id=who.agency.id,
        graduate_id=who.graduate.id,
        received_on=received,
        registered_on=registered,
        channel_code="in_person",
        request=pick(
            who.rng, ("Прошу помочь с жильём и документами.", "Нужна помощь с учёбой.", "Помогите найти работу.")
        ),
        documents="паспорт\nсправка о статусе",
        is_identity_shown=True,
        right_ground_code=who.graduate.exit_ground_code,
        right_document=who.graduate.exit_document,
        received_by=who.specialist,
        answer_by="по телефону",
        created_by_id=who.user_id,
    )


def _refuse(book: Book, who: Supported, application: int, on: date) -> None:
    book.add_numbered(
        Refusal,
        on,
        agency_id=who.agency.id,
        graduate_id=who.graduate.id,
        application_id=application,
        kind=RefusalKind.GRADUATE,
        refused_on=on,
        graduate_reason_code=pick(who.rng, ("no_need", "leaving", "unexplained")),
        is_return_explained=True,
        responsible=who.specialist,
        created_by_id=who.user_id,
    )


def _contract(book: Book, who: Supported, application: int, signed: date) -> date | None:
    """A contract with its plan, the work under it and its end; the day on which a new one is signed."""
    ends = min(signed + YEAR, who.last_day)
    is_over = ends < who.on
    is_concluded = is_over and who.rng.random() < 0.85
    contract = book.add_numbered(
        Contract,
        signed,
        agency_id=who.agency.id,
        graduate_id=who.graduate.id,
        application_id=application or None,
        place="г. Вологда",
        signed_on=signed,
        starts_on=signed,
        ends_on=ends,
        signatory=f"{who.agency.head_position} {who.agency.head_name}".strip(),
        signatory_basis="Устава",
        legal_status_code=who.graduate.legal_status_code,
        right_ground_code=who.graduate.exit_ground_code,
        right_document=who.graduate.exit_document,
        curator=who.graduate.curator_name,
        category_code=who.graduate.category_code,
        copies=2,
        handed_on=signed,
        ended_on=ends if is_concluded else None,
        termination_ground_code="term_expired" if is_concluded else None,
        created_by_id=who.user_id,
    )
    removal = "turned_23" if ends == who.last_day else "term_expired"
    book.add_numbered(
        SupportEpisode,
        signed,
        agency_id=who.agency.id,
        graduate_id=who.graduate.id,
        contract_id=contract,
        accepted_on=signed,
        origin="заявление выпускника",
        removed_on=ends if is_concluded else None,
        removal_ground_code=removal if is_concluded else None,
        result="план выполнен, цели достигнуты" if is_concluded else "",
        created_by_id=who.user_id,
    )
    plan = _plan(book, who, contract, signed, ends, is_closed=is_concluded)
    daily.work(book, who, since=signed, until=min(ends, who.on), plan=plan)
    if not is_concluded:
        return None
    _conclusion(book, who, contract, plan, signed, ends)
    renewed = ends + DAY
    may_renew = renewed < who.last_day - timedelta(days=30) and who.rng.random() < 0.6
    return renewed if may_renew else None


def _plan(book: Book, who: Supported, contract: int, signed: date, ends: date, *, is_closed: bool) -> int:
    plan = book.add_numbered(
        Plan,
        signed,
        agency_id=who.agency.id,
        graduate_id=who.graduate.id,
        kind=PlanKind.INDIVIDUAL,
        state=PlanState.CLOSED if is_closed else PlanState.APPROVED,
        contract_id=contract,
        starts_on=signed,
        ends_on=ends,
        edition=1,
        goals=pick(who.rng, GOALS),
        resources="целеустремлённость, поддержка куратора",
        curator=who.graduate.curator_name,
        agreed_on=signed,
        submitted_on=signed,
        approved_on=signed,
        approved_by_id=who.head_id,
        closed_on=ends if is_closed else None,
        closing_note="Основные мероприятия выполнены." if is_closed else "",
        created_by_id=who.user_id,
    )
    for place, (sphere, situation, problem, resources, need) in enumerate(SPHERES, start=1):
        book.add(
            PlanSphere, plan_id=plan, position=place, sphere=sphere, situation=situation, problem=problem,
            resources=resources, need=need,
        )  # fmt: skip
    chosen = who.rng.sample(MEASURES, 4 + int(who.rng.random() * 5))
    for place, (direction, title, expected, service_kind) in enumerate(chosen, start=1):
        due = min(signed + DAY * (30 + int(who.rng.random() * 300)), ends)
        values = _fate(who, signed, due)
        book.add(
            Measure, plan_id=plan, position=place, direction_code=direction, title=title, expected=expected,
            service_kind_code=service_kind, starts_on=signed, due_on=due, executor=who.specialist, version=1, **values,
        )  # fmt: skip
    return plan


def _fate(who: Supported, since: date, due: date) -> dict[str, Any]:
    luck = who.rng.random()
    if due >= who.on - timedelta(days=10):
        return {"status": MeasureStatus.IN_WORK if luck < 0.4 else MeasureStatus.PLANNED}
    if luck < 0.08:
        refused = {"refused_on": due, "refusal_reason_code": "no_need", "is_refusal_signed": True}
        return {"status": MeasureStatus.REFUSED, **refused}
    if luck < 0.14:
        return {"status": MeasureStatus.NOT_DONE, "result": "не удалось договориться"}
    day = since + DAY * int(who.rng.random() * max((due - since).days, 1))
    status = MeasureStatus.DONE_PARTLY if luck < 0.2 else MeasureStatus.DONE
    return {"status": status, "done_on": day, "result": "сделано вместе с куратором"}


def _conclusion(book: Book, who: Supported, contract: int, plan: int, since: date, ends: date) -> None:
    measures = [row for row in book.rows[Measure] if row["plan_id"] == plan]

    def count(*statuses: MeasureStatus) -> int:
        return sum(row["status"] in statuses for row in measures)

    book.add_numbered(
        Conclusion,
        ends,
        agency_id=who.agency.id,
        graduate_id=who.graduate.id,
        contract_id=contract,
        plan_id=plan,
        period_from=since,
        period_to=ends,
        total=len(measures),
        done=count(MeasureStatus.DONE),
        done_partly=count(MeasureStatus.DONE_PARTLY),
        not_done=count(MeasureStatus.NOT_DONE, MeasureStatus.PLANNED, MeasureStatus.IN_WORK),
        refused=count(MeasureStatus.REFUSED),
        category_to_code=who.graduate.category_code,
        results="Большая часть мероприятий выполнена.",
        achieved="Документы в порядке, учёба продолжается.",
        unresolved="Жильё ещё не предоставлено.",
        outcome=ConclusionOutcome.EXTEND if ends < who.last_day else ConclusionOutcome.STOP,
        recommendations="Поддерживать связь с куратором.",
        curator=who.graduate.curator_name,
        approved_on=ends,
        approved_by_id=who.head_id,
        graduate_signed_on=ends,
        handed_on=ends,
        created_by_id=who.user_id,
    )


def _working(day: date, on: date) -> date:
    """Offices work from Monday to Friday; never later than the day of the demonstration."""
    while day.weekday() > 4:
        day += DAY
    return min(day, on)
