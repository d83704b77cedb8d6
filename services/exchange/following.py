"""What follows from an accepted letter: an open problem, a card, a measure of the plan (vologda 4.3, 4.4)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.case_access import may_register, recordable_by
from models.exchange import Referral, ReferralPerson, ReferralStatus
from models.exchange_access import acts_for_recipient
from models.graduates import Graduate
from models.plans import Measure, Plan, PlanState
from models.support import Problem
from models.text import fold_spaces, name_key
from services import graduates
from services.errors import Refused, need
from services.exchange.common import CHANGED, kind_as_written
from services.exchange.workflow.common import NOT_RECIPIENT
from services.plans import drafts, holding

S = ReferralStatus
TAKEN_ON = (S.ACCEPTED, S.IN_WORK, S.ANSWERED, S.CLOSED)
MESSAGE_CHANNEL = "message"  # «По сообщению органа, организации, гражданина»
TWINS = (
    "Такая карточка уже есть: {names}. Выберите её в поле «Имеющаяся карточка» или отметьте, что это другой человек."
)


def follows(referral: Referral, what: str) -> bool:
    """Whether a letter of this kind, once accepted, is followed by a problem, a card, a measure."""
    return referral.status in TAKEN_ON and what in kind_as_written(referral).accepting


# -- An open problem -------------------------------------------------------------------------------------------------


def start_need(
    session: Session,
    *,
    referral: Referral,
    person_id: int | None,
    kind_code: str | None,
    description: str,
    severity: int | None = None,
    by: Viewer,
) -> Problem:
    """Open a problem on the card of a person of the letter, learnt by message. Raises Refused."""
    _need_followed(referral, "problem", by)
    graduate = _recordable(session, _person(referral, person_id), by)
    need(kind_code, "Выберите вид.", field="kind_code")
    need(description.strip(), "Опишите, в чём нуждается человек.", field="description")
    open_already = any(one.kind_code == kind_code and one.is_open_on(by.on) for one in graduate.problems)
    need(not open_already, "Такая нуждаемость в карточке уже открыта.", field="kind_code")
    problem = Problem(
        kind_code=kind_code,
        description=description.strip(),
        severity=severity,
        found_on=by.on,
        source_code=MESSAGE_CHANNEL,
    )
    graduate.problems.append(problem)
    _touch(session, referral)
    return problem


def may_be_recorded(session: Session, *, referral: Referral, by: Viewer) -> list[ReferralPerson]:
    """People of a letter whose cards the viewer may write into."""
    ids = [one.graduate_id for one in referral.people if one.graduate_id is not None]
    query = select(Graduate.id).where(Graduate.id.in_(ids), visible_to(by), recordable_by(by))
    known = set(session.scalars(query)) if ids else set()
    return [one for one in referral.people if one.graduate_id in known]


def _recordable(session: Session, person: ReferralPerson, by: Viewer) -> Graduate:
    query = select(Graduate).where(Graduate.id == person.graduate_id, visible_to(by), recordable_by(by))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise Refused("В карточку этого человека вы не записываете.", field="person_id")
    return found


# -- A card ----------------------------------------------------------------------------------------------------------


def start_card(
    session: Session,
    *,
    referral: Referral,
    person_id: int | None,
    name: str,
    birth_date: date | None,
    district_id: int | None = None,
    existing_id: int | None = None,
    is_other_person: bool = False,
    by: Viewer,
    now: datetime,
) -> Graduate:
    """Make a card for a person of the letter who has none, or name the card that is there. Raises Refused."""
    _need_followed(referral, "card", by)
    need(may_register(by, by.agency_id), "Карточки заводят сотрудники организации.")
    person = _person(referral, person_id)
    need(person.graduate_id is None, "Карточка этого человека уже есть.", field="person_id")
    if existing_id is not None:
        graduate = _seen(session, existing_id, by)
    else:
        graduate = _new_card(session, name, birth_date, district_id, is_other_person, by, now)
    taken = any(one.graduate_id == graduate.id for one in referral.people)
    need(not taken, "Эта карточка уже указана в письме.", field="existing_id")
    person.graduate_id = graduate.id
    _touch(session, referral)
    return graduate


def names_of(text: str) -> tuple[str, str, str]:
    """Last name, first name, patronymic of «Ёлкина Дарья Игоревна»."""
    last, first, rest = [*fold_spaces(text).split(" ", 2), "", "", ""][:3]
    return last, first, rest


def _new_card(
    session: Session,
    name: str,
    birth_date: date | None,
    district_id: int | None,
    is_other_person: bool,
    by: Viewer,
    now: datetime,
) -> Graduate:
    last, first, patronymic = names_of(name)
    need(last and first, "Укажите фамилию и имя.", field="name")
    if birth_date is None:
        raise Refused("Укажите дату рождения.", field="birth_date")
    is_likely = date(1980, 1, 1) <= birth_date <= by.on
    need(is_likely, "Дата рождения должна быть не раньше 1980 года и не в будущем.", field="birth_date")
    graduates.wait_for_twin(session, key=name_key(last, first, patronymic))
    twins = _twins(session, last, first, patronymic, birth_date, by)
    told = ", ".join(f"{one.full_name}, карточка № {one.id}" for one in twins)
    need(not twins or is_other_person, TWINS.format(names=told), field="is_other_person")
    made = Graduate(
        last_name=last,
        first_name=first,
        patronymic=patronymic,
        birth_date=birth_date,
        origin_district_id=district_id,
        citizenship="Российская Федерация",
    )
    graduates.start_card(session, graduate=made, viewer=by)
    graduates.complete(session, graduate=made, viewer=by, on=by.on)
    need(graduates.within(made, by), "Укажите район: без него карточка была бы вам не видна.", field="district_id")
    graduates.note_twins(session, graduate=made, viewer=by, now=now)
    session.add(made)
    session.flush()
    return made


def _twins(
    session: Session, last: str, first: str, patronymic: str, birth_date: date, by: Viewer
) -> Collection[Graduate]:
    """Cards within sight that may be the same person."""
    key = name_key(last, first, patronymic)
    query = select(Graduate).where(Graduate.name_key == key, Graduate.birth_date == birth_date, visible_to(by))
    return list(session.scalars(query.order_by(Graduate.id).limit(5)))


def _seen(session: Session, graduate_id: int, by: Viewer) -> Graduate:
    found = session.scalars(select(Graduate).where(Graduate.id == graduate_id, visible_to(by))).one_or_none()
    if found is None:
        raise Refused("Выберите человека из списка.", field="existing_id")
    return found


# -- A measure -------------------------------------------------------------------------------------------------------


def draft_plans(session: Session, *, referral: Referral, by: Viewer) -> list[Plan]:
    """Drafts of plans of the viewer's organisation for people of a letter."""
    return [plan for plan in own_plans(session, referral=referral, by=by) if plan.state is PlanState.DRAFT]


def own_plans(session: Session, *, referral: Referral, by: Viewer) -> list[Plan]:
    """Plans of the viewer's organisation for people of a letter that are neither closed nor annulled."""
    ids = [one.graduate_id for one in referral.people if one.graduate_id is not None]
    if not ids:
        return []
    query = (
        select(Plan)
        .join(Graduate, Graduate.id == Plan.graduate_id)
        .where(Plan.graduate_id.in_(ids), Plan.agency_id == by.agency_id, visible_to(by))
        .where(Plan.state != PlanState.CLOSED, Plan.annulled_on.is_(None))
    )
    return list(session.scalars(query.order_by(Plan.id.desc())))


def propose_measure(
    session: Session,
    *,
    referral: Referral,
    plan_id: int | None,
    title: str,
    direction_code: str | None,
    due_on: date | None = None,
    by: Viewer,
) -> Measure:
    """Put a measure into a draft of the person's plan. Raises Refused."""
    _need_followed(referral, "measure", by)
    plan = next((one for one in draft_plans(session, referral=referral, by=by) if one.id == plan_id), None)
    if plan is None:
        raise Refused("Выберите черновик плана этого человека.", field="plan_id")
    need(may_register(by, plan.agency_id), drafts.OWN_ONLY)
    holding.hold(session, plan=plan)
    holding.need_draft(plan)
    need(title.strip(), "Назовите мероприятие.", field="title")
    need(direction_code, "Выберите направление.", field="direction_code")
    fault = drafts.outside(plan.starts_on, plan.ends_on, None, due_on)
    need(fault is None, fault[1] if fault else "", field="due_on")
    measure = Measure(
        plan=plan,
        title=title.strip(),
        direction_code=direction_code,
        due_on=due_on,
        executor=plan.curator,
        partners=referral.sender_name[:500],
        position=1 + max((one.position for one in plan.measures if one.position), default=0),
    )
    session.add(measure)
    holding.touch(session, plan=plan)
    _touch(session, referral)
    return measure


# -- What all of them need -------------------------------------------------------------------------------------------


def _need_followed(referral: Referral, what: str, by: Viewer) -> None:
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    need(follows(referral, what), "Сначала примите письмо.")


def _person(referral: Referral, person_id: int | None) -> ReferralPerson:
    found = next((one for one in referral.people if one.id == person_id), None)
    if found is None:
        raise Refused("Выберите человека из письма.", field="person_id")
    return found


def _touch(session: Session, referral: Referral) -> None:
    """The letter's version rises, so that a second click on the same form is told that it is done."""
    session.flush()
    r = Referral
    risen = update(r).where(r.id == referral.id, r.version == referral.version).values(version=r.version + 1)
    changed = session.execute(risen.execution_options(synchronize_session=False))
    need(changed.rowcount == 1, CHANGED)  # type: ignore[attr-defined]
    session.refresh(referral, ["version"])
