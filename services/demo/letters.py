"""Letters of the demonstration: half a year of requests, notices and referrals, sent and answered by the verbs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.circumstances import Study
from models.exchange import Referral, ReplyOutcome
from models.graduates import Graduate
from models.territory import Agency
from models.users import Role, User
from services.exchange import drafting, notes, workflow
from services.exchange.common import has_accounts
from services.exchange.drafting import Told
from services.exchange.kinds import kind_of

REGION = "vologda-2022"
WRITERS = (Role.CLERK, Role.OFFICER, Role.COORDINATOR)
STUDENTS = 6  # in one letter to a college
# What becomes of a letter; each step takes some days.
FATES: dict[str, tuple[str, ...]] = {
    "draft": (),
    "new": ("send",),
    "received": ("send", "receive"),
    "accepted": ("send", "accept"),
    "in_work": ("send", "accept", "start"),
    "paused": ("send", "accept", "pause"),
    "answered": ("send", "accept", "start", "answer"),
    "closed": ("send", "accept", "answer", "close"),
    "told": ("send", "accept", "close"),
    "returned": ("send", "give_back"),
    "declined": ("send", "decline"),
    "revoked": ("send", "revoke"),
    "on_paper": ("send", "receive", "answer", "close"),
    "posted": ("send",),
}


@dataclass(frozen=True)
class Letter:
    """A letter sent so many days ago. `about`: nobody, somebody in a crisis, anybody, students of the recipient."""

    days: int
    kind: str
    sender: str
    recipient: str
    about: str
    fate: str
    text: str
    reply: str = ""
    pace: int = 3  # days from step to step
    note: str = ""


NEED = "Живёт у знакомых, ночлег до конца недели. Нужна помощь с временным жильём и продуктами."
EVICTED = "Выселен сегодня, ночевать негде, паспорт утрачен."
PROGRESS = "Просим сообщить об успеваемости и посещаемости студентов за семестр."
LETTERS = (
    Letter(165, "study-progress-request", "cpd-vologda", "college-service", "students", "closed", PROGRESS,
           "Задолженностей нет, пропуски по болезни.", pace=9),
    Letter(160, "study-progress-request", "cpd-sokol", "college-remesla", "students", "on_paper", PROGRESS,
           "Успеваемость удовлетворительная, у двух студентов пропуски.", pace=10),
    Letter(120, "need-notice", "sluzhba-stupeni", "kcson-sokol", "crisis", "closed", NEED,
           "Назначены срочные услуги, подано заявление на социальную гостиницу.", pace=2),
    Letter(90, "crisis", "sluzhba-pristan", "kcson-vologda", "crisis", "closed",
           "Потеряны документы и работа, требуется сопровождение специалиста района.",
           "Закреплён участковый специалист, составлена программа.", pace=4),
    Letter(62, "change-notice", "cpd-sokol", "sluzhba-stupeni", "any", "told",
           "Сменился адрес: переезд в общежитие.", pace=2),
    Letter(55, "arrival", "opeka-totma", "kcson-totma", "any", "told", "Прибыл из другого района, живёт у брата.",
           pace=2),
    Letter(54, "arrival", "opeka-totma", "sluzhba-stupeni", "any", "told", "Прибыл из другого района, живёт у брата."),
    Letter(48, "materials", "kcson-vologda", "sluzhba-pristan", "", "told", "Материалы о бюджете семьи.", pace=2),
    Letter(41, "difficulty-notice", "sluzhba-stupeni", "opeka-sokol", "", "declined",
           "Нет доступа к реестру жилых помещений, срок запроса под угрозой."),
    Letter(40, "crisis", "sluzhba-stupeni", "kcson-sokol", "crisis", "answered",
           "Не работает, копится долг за общежитие.", "Помогаем оформить реструктуризацию долга.", pace=5,
           note="Позвонить коменданту общежития, если ответа не будет до пятницы."),
    Letter(35, "district-request", "sluzhba-stupeni", "opeka-sokol", "", "closed",
           "Просим сообщить, какие выпускники замещающих семей живут в округе.", "Список приложен, изменений два.",
           pace=6),
    Letter(35, "district-request", "sluzhba-stupeni", "opeka-totma", "", "in_work",
           "Просим сообщить, какие выпускники замещающих семей живут в округе.", pace=4),
    Letter(33, "district-request", "sluzhba-pristan", "opeka-vologda", "", "accepted",
           "Просим сообщить, какие выпускники замещающих семей живут в городе.", pace=2),
    Letter(30, "study-progress-request", "cpd-sokol", "college-severny", "students", "posted", PROGRESS),
    Letter(21, "case-conference", "opeka-vologda", "sluzhba-pristan", "crisis", "accepted",
           "Приглашаем на разбор случая: жильё, опекунство брата.", pace=2),
    Letter(18, "need-notice", "cpd-vologda", "kcson-vologda", "crisis", "paused", NEED, pace=1),
    Letter(14, "change-notice", "cpd-vologda", "sluzhba-pristan", "any", "returned", "Отчислен из колледжа."),
    Letter(12, "need-notice", "opeka-sokol", "kcson-sokol", "any", "in_work", NEED, pace=1),
    Letter(9, "arrival", "opeka-sokol", "sluzhba-stupeni", "any", "received", "Вернулся из другого района к тёте."),
    Letter(8, "crisis", "sluzhba-pristan", "kcson-totma", "crisis", "revoked", "Направлено по ошибке не в тот район."),
    Letter(6, "need-notice", "sluzhba-stupeni", "kcson-sokol", "crisis", "new", NEED),
    Letter(5, "change-notice", "cpd-sokol", "sluzhba-stupeni", "any", "new", "Изменился телефон и адрес почты."),
    Letter(4, "arrival", "opeka-vologda", "sluzhba-pristan", "any", "new", "Прибыл после службы в армии."),
    Letter(3, "case-conference", "opeka-sokol", "sluzhba-stupeni", "crisis", "new", "Разбор случая: долг за жильё."),
    Letter(2, "materials", "opeka-sokol", "kcson-sokol", "", "draft", "Памятки о правах выпускников."),
    Letter(1, "need-notice", "sluzhba-stupeni", "kcson-totma", "crisis", "draft", NEED),
)  # fmt: skip


@dataclass
class Office:
    """An organisation with whoever writes there, and its head."""

    agency: Agency
    clerk: User | None
    head: User | None

    def viewer(self, session: Session, on: date, *, head: bool = False) -> Viewer:
        user = (self.head if head else self.clerk) or self.clerk or self.head
        assert user is not None, self.agency.code
        return Viewer.of(session, user, on)


@dataclass(frozen=True)
class Step:
    at: datetime
    place: int
    do: Callable[[datetime], None]


def tell(session: Session, *, on: date, now: datetime, also: Iterable[Step] = ()) -> None:
    """Write, send and answer the letters in the order of their days, so that numbers rise with them.

    The last is an emergency that nobody has acknowledged yet.
    """
    offices = offices_of(session)
    used: set[int] = set()
    steps = [step for place, letter in enumerate(LETTERS) for step in _steps(session, letter, place, offices, used, on)]
    for step in sorted([*steps, *also], key=lambda one: (one.at, one.place)):
        step.do(step.at)
    _emergency(session, offices, used, on, now)
    session.flush()


def _emergency(session: Session, offices: dict[str, Office], used: set[int], on: date, now: datetime) -> None:
    letter = Letter(0, "urgent-need-notice", "sluzhba-stupeni", "kcson-sokol", "any", "new", EVICTED)
    at = now - timedelta(minutes=12)
    if (referral := _write(session, letter, offices, used, at)) is not None:
        workflow.send(session, referral=referral, by=offices[letter.sender].viewer(session, on), now=at)


def offices_of(session: Session) -> dict[str, Office]:
    users = list(session.scalars(select(User).order_by(User.id)))
    found = {}
    for agency in session.scalars(select(Agency).order_by(Agency.id)):
        there = [user for user in users if user.agency_id == agency.id]
        clerk = next((user for user in there if user.role in WRITERS), None)
        head = next((user for user in there if user.role is Role.HEAD), None)
        found[agency.code] = Office(agency, clerk, head)
    return found


def _steps(
    session: Session, letter: Letter, place: int, offices: dict[str, Office], used: set[int], on: date
) -> Iterator[Step]:
    started = datetime.combine(on - timedelta(days=letter.days), time(7, 10), tzinfo=UTC) + timedelta(minutes=7 * place)
    made: list[Referral] = []

    def write(at: datetime) -> None:
        referral = _write(session, letter, offices, used, at)
        if referral is not None:
            made.append(referral)

    yield Step(started, place, write)
    for number, name in enumerate(FATES[letter.fate]):
        at = started + timedelta(days=letter.pace * number, hours=1 if number else 0, minutes=20)
        if at.date() > on:
            return
        yield Step(at, place, _doing(session, letter, name, offices, made))


def _doing(
    session: Session, letter: Letter, name: str, offices: dict[str, Office], made: list[Referral]
) -> Callable[[datetime], None]:
    def do(at: datetime) -> None:
        if made:
            _take_step(session, letter, made[0], name, offices, at)

    return do


def _write(
    session: Session, letter: Letter, offices: dict[str, Office], used: set[int], at: datetime
) -> Referral | None:
    sender, recipient = offices[letter.sender], offices[letter.recipient].agency
    by = sender.viewer(session, at.date())
    key = f"{REGION}/{letter.kind}"
    if kind_of(session, key=key, agency_id=sender.agency.id, on=by.on) is None:
        return None  # The region's regulation was not followed yet.
    people = _people(session, letter, by, recipient, used)
    if letter.about and not people:
        return None
    told = Told(recipient.id, text=letter.text, graduate_ids=people)
    told = replace(told, facts=dict.fromkeys(("перечень материалов", "причина"), letter.text))
    referral = drafting.draft(session, kind_key=key, told=told, agency_id=sender.agency.id, by=by, now=at)
    if letter.note:
        notes.note(session, referral=referral, text=letter.note, by=by, now=at)
    return referral


def _people(session: Session, letter: Letter, by: Viewer, recipient: Agency, used: set[int]) -> list[int]:
    """Whom the sender sees; nobody twice, so that letters tell of many."""
    if not letter.about:
        return []
    query = select(Graduate.id).where(visible_to(by), Graduate.left_on <= by.on).order_by(Graduate.id)
    if letter.about == "students":
        studying = select(Study.graduate_id).where(Study.agency_id == recipient.id, Study.status_code == "studying")
        return list(session.scalars(query.where(Graduate.id.in_(studying)).limit(STUDENTS)))
    if letter.about == "crisis":
        query = query.where(Graduate.category_code == "crisis")
    found = session.scalars(query.where(Graduate.id.not_in(used)).limit(1)).first()
    if found is None:
        return []
    used.add(found)
    return [found]


def _take_step(
    session: Session, letter: Letter, referral: Referral, name: str, offices: dict[str, Office], at: datetime
) -> None:
    ours, theirs = offices[letter.sender], offices[letter.recipient]
    they_answer = has_accounts(session, theirs.agency.id)
    sender = ours.viewer(session, at.date())
    recipient = theirs.viewer(session, at.date()) if they_answer else sender
    if name == "send":
        workflow.send(session, referral=referral, by=sender, now=at)
    elif name == "close":
        by = sender if referral.answered_on or referral.is_on_paper else recipient
        workflow.close(session, referral=referral, note="контроль снят", by=by, now=at)
    elif name == "revoke":
        workflow.revoke(session, referral=referral, reason="Адресат выбран ошибочно", by=sender, now=at)
    elif name == "answer":
        number = "" if they_answer else "214-р"
        workflow.answer(
            session,
            referral=referral,
            text=letter.reply,
            outcome=ReplyOutcome.RESOLVED,
            their_number=number,
            by=recipient,
            now=at,
        )
    elif name in REASONS:
        REASONS[name][0](session, referral=referral, reason=REASONS[name][1], by=recipient, now=at)
    else:
        PLAIN[name](session, referral=referral, by=recipient, now=at)


REASONS: dict[str, tuple[Callable[..., None], str]] = {
    "pause": (workflow.pause, "Уточните адрес: по указанному дому квартира не названа."),
    "give_back": (workflow.give_back, "Не указан день приказа об отчислении."),
    "decline": (workflow.decline, "Вопрос не в ведении опеки, обратитесь в жилищный отдел."),
}
PLAIN: dict[str, Callable[..., None]] = {
    "receive": workflow.receive,
    "accept": workflow.accept,
    "start": workflow.start,
}
