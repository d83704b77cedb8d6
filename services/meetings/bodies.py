"""Councils and commissions: what the packs know, who sits in them, since when and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import OVER, Referral, ReferralStatus
from models.meeting_access import may_settle
from models.meetings import Body, BodyMember, MemberRole
from models.territory import Agency
from models.text import normalise
from models.users import User
from services.errors import Refused, need
from services.exchange import drafting, workflow
from services.exchange.kinds import own_kinds
from services.meetings.common import EARLIEST, agency_or_none, held, letters_about, need_day, need_keeper
from services.profiles import own_packs
from services.regulations.pack import ClauseRef, Pack

COMPOSITION = "council-composition"  # The kind of letters by which a membership is agreed.
LARGEST_PART = 100


@dataclass(frozen=True)
class KnownBody:
    """A body as a regulation describes it."""

    key: str
    title: str
    clause: str
    quorum: tuple[int, int]
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Seat:
    """A member as the form gives it."""

    name: str
    starts_on: date | None
    role: MemberRole = MemberRole.MEMBER
    category: str = ""
    position: str = ""
    agency_id: int | None = None
    user_id: int | None = None
    ends_on: date | None = None


def known_bodies(session: Session, *, agency_id: int, on: date) -> list[KnownBody]:
    """What the regulations of an organisation say of its councils."""
    packs = own_packs(session, agency_id=agency_id, on=on)
    return [_known(pack, entry) for pack in packs for entry in pack.section("bodies")]


def _known(pack: Pack, entry: dict[str, Any]) -> KnownBody:
    clause = f"п. {ClauseRef.of(entry['clause']).number}, " if "clause" in entry else ""
    part, _, of = str(entry.get("quorum", "1/2")).partition("/")
    return KnownBody(
        key=f"{pack.code}/{entry['code']}",
        title=entry["title"],
        clause=f"{clause}{pack.regulation['short_title']}",
        quorum=(int(part), int(of or 1)),
        categories=tuple(entry.get("members", ())),
    )


def known_body(session: Session, body: Body, *, on: date) -> KnownBody | None:
    return next((one for one in known_bodies(session, agency_id=body.agency_id, on=on) if one.key == body.key), None)


def create(
    session: Session,
    *,
    agency_id: int,
    key: str = "",
    name: str = "",
    quorum: tuple[int | None, int | None] | None = None,
    starts_on: date | None,
    note: str = "",
    by: Viewer,
) -> Body:
    """A body of an organisation: one that its regulations know, by the key, or any other. Raises Refused."""
    need_keeper(by, agency_id)
    known = {one.key: one for one in known_bodies(session, agency_id=agency_id, on=by.on)}
    need(not key or key in known, "Такого органа в регламентах вашей организации нет.", field="key")
    told = known.get(key)
    title = name.strip() or (told.title if told else "")
    need(title, "Назовите орган.", field="name")
    part, of = quorum or (told.quorum if told else (1, 2))
    part, of = check_quorum(part, of)
    day = need_day(starts_on, by.on, field="starts_on")
    body = Body(
        agency_id=agency_id,
        key=key,
        name=title[:200],
        quorum_part=part,
        quorum_of=of,
        starts_on=day,
        note=note.strip(),
    )
    session.add(body)
    session.flush()
    return body


def change(
    session: Session, *, body: Body, name: str, quorum: tuple[int | None, int | None], note: str = "", by: Viewer
) -> None:
    """Another name or quorum; minutes of what was held keep their own count of members. Raises Refused."""
    need_keeper(by, body.agency_id)
    body = held(session, body)
    need(name.strip(), "Назовите орган.", field="name")
    body.quorum_part, body.quorum_of = check_quorum(*quorum)
    body.name, body.note = name.strip()[:200], note.strip()
    session.flush()


def end(session: Session, *, body: Body, ends_on: date | None, ground: str, by: Viewer) -> None:
    """The last day of a body, and of everybody who sits in it. Raises Refused."""
    need(may_settle(by, body.agency_id), "Упраздняет орган руководитель организации.")
    body = held(session, body)
    need(body.ends_on is None, "Орган уже упразднён.")
    day = need_day(ends_on, by.on, field="ends_on")
    need(day >= body.starts_on, "Последний день раньше первого.", field="ends_on")
    need(ground.strip(), "Укажите основание.", field="note")
    body.ends_on = day
    body.note = "\n".join(filter(None, (body.note, f"Упразднён с {day:%d.%m.%Y}: {ground.strip()}")))
    for one in body.members:
        if one.ends_on is None and one.starts_on <= day:
            one.ends_on = day
    session.flush()


def check_quorum(part: int | None, of: int | None) -> tuple[int, int]:
    """A part of the whole that is more than nothing. Raises Refused."""
    if of is None or not 1 <= of <= LARGEST_PART:
        raise Refused("Знаменатель кворума: от 1 до 100.", field="quorum_of")
    if part is None or not 1 <= part <= of:
        raise Refused("Кворум – доля членов больше нуля и не больше единицы, например 1/2.", field="quorum_part")
    return part, of


# -- Members ---------------------------------------------------------------------------------------------------------


def seat(session: Session, *, body: Body, member: Seat, by: Viewer) -> BodyMember:
    """A new member. Raises Refused: somebody sits there already, days out of order."""
    need_keeper(by, body.agency_id)
    body = held(session, body)
    need(body.ends_on is None or body.ends_on >= by.on, "Орган упразднён: состав не меняют.")
    starts_on = need_day(member.starts_on, by.on, field="starts_on")
    need(starts_on >= body.starts_on, f"Орган действует с {body.starts_on:%d.%m.%Y}.", field="starts_on")
    _need_order(starts_on, member.ends_on)
    user = _user(session, member.user_id)
    agency = agency_or_none(session, member.agency_id)
    name = member.name.strip() or (user.name if user else "")
    need(name, "Укажите фамилию, имя и отчество.", field="name")
    _need_free_seat(body, name, user, starts_on, member.ends_on)
    made = BodyMember(
        role=member.role,
        category=member.category.strip(),
        name=name[:200],
        position=member.position.strip() or (user.position if user else ""),
        agency=agency or (user.agency if user else None),
        user=user,
        position_in_list=1 + max((one.position_in_list for one in body.members), default=0),
        starts_on=starts_on,
        ends_on=member.ends_on,
    )
    body.members.append(made)
    _changed(session, body, by)
    return made


def _need_order(starts_on: date, ends_on: date | None) -> None:
    need(ends_on is None or ends_on >= starts_on, "Последний день раньше первого.", field="ends_on")


def _user(session: Session, user_id: int | None) -> User | None:
    if user_id is None:
        return None
    found = session.get(User, user_id)
    need(found is not None and not found.is_locked, "Такого пользователя нет.", field="user_id")
    return found


def _need_free_seat(body: Body, name: str, user: User | None, starts_on: date, ends_on: date | None) -> None:
    """Nobody is a member twice at the same time; there is one chair."""
    key = normalise(name)
    for one in body.members:
        overlaps = (ends_on is None or one.starts_on <= ends_on) and (one.ends_on is None or one.ends_on >= starts_on)
        is_same = normalise(one.name) == key or (user is not None and one.user_id == user.id)
        need(not (overlaps and is_same), f"{one.name} уже в составе с {one.starts_on:%d.%m.%Y}.", field="name")


def unseat(session: Session, *, body: Body, member_id: int | None, ends_on: date | None, by: Viewer) -> BodyMember:
    """The last day of a member. Raises Refused."""
    need_keeper(by, body.agency_id)
    body = held(session, body)
    member = next((one for one in body.members if one.id == member_id), None)
    if member is None:
        raise Refused("Такого члена в составе нет.", field="member_id")
    need(member.ends_on is None or member.ends_on > by.on, f"{member.name} уже не в составе.", field="member_id")
    day = need_day(ends_on, by.on, field="ends_on")
    need(day >= member.starts_on, f"Последний день раньше первого: {member.starts_on:%d.%m.%Y}.", field="ends_on")
    member.ends_on = day
    _changed(session, body, by)
    return member


def _changed(session: Session, body: Body, by: Viewer) -> None:
    """What was agreed is another membership; where nobody agrees it, nothing is lost."""
    if body.approved_on is not None and needs_agreement(session, body, on=by.on):
        body.approved_on = None
    session.flush()


# -- Agreement -------------------------------------------------------------------------------------------------------


def needs_agreement(session: Session, body: Body, *, on: date) -> bool:
    """Whether a regulation of the organisation asks to have the membership agreed (vologda 4.12)."""
    return bool(body.key) and any(
        kind.code == COMPOSITION and kind.key.partition("/")[0] == body.key.partition("/")[0]
        for kind in own_kinds(session, agency_id=body.agency_id, on=on)
    )


def composition_letters(session: Session, body: Body) -> list[Referral]:
    return letters_about(session, f"body:{body.id}")


def send_composition(session: Session, *, body: Body, recipient_id: int | None, by: Viewer, now: datetime) -> Referral:
    """Send the membership of today to be agreed. Raises Refused."""
    need_keeper(by, body.agency_id)
    body = held(session, body)
    need(needs_agreement(session, body, on=by.on), "Состав этого органа ни с кем не согласуют.")
    members = body.members_on(by.on)
    need(members, "В составе никого нет: сначала введите членов.")
    waiting = [one for one in composition_letters(session, body) if one.status not in OVER]
    unanswered = [one for one in waiting if one.status is not ReferralStatus.ANSWERED]
    need(not unanswered, "Состав уже отправлен: дождитесь ответа или отзовите письмо.")
    agency = session.get_one(Agency, body.agency_id)
    wanted = f"{body.key.partition('/')[0]}/{COMPOSITION}"
    kind = next(one for one in own_kinds(session, agency_id=agency.id, on=by.on) if one.key == wanted)
    lines = "\n".join(_line(number, one) for number, one in enumerate(members, start=1))
    values = [lines, changes_text(body, by.on)]
    told = drafting.Told(
        recipient_id=recipient_id,
        summary=f"Состав: {body.name}"[:500],
        text=lines,
        facts={field.label: value for field, value in zip(kind.fields, values, strict=False)},
        subject=f"body:{body.id}",
    )
    letter = drafting.draft(session, kind_key=kind.key, told=told, agency_id=agency.id, by=by, now=now)
    workflow.send(session, referral=letter, by=by, now=now)
    return letter


def _line(number: int, member: BodyMember) -> str:
    role = "" if member.role is MemberRole.MEMBER else member.role.label
    told = [member.name, member.position, member.agency.short_name if member.agency else "", member.category, role]
    return f"{number}. {', '.join(filter(None, told))}"


def changes_text(body: Body, on: date) -> str:
    """Who came and who left within a year."""
    since = max(body.starts_on, on.replace(year=on.year - 1, day=min(on.day, 28)))
    came = [one for one in body.members if since < one.starts_on <= on]
    left = [one for one in body.members if one.ends_on is not None and since <= one.ends_on <= on]
    told = ["вошли: " + ", ".join(f"{one.name} (с {one.starts_on:%d.%m.%Y})" for one in came)] if came else []
    told += ["вышли: " + ", ".join(f"{one.name} (по {one.ends_on:%d.%m.%Y})" for one in left)] if left else []
    return "; ".join(told) or "изменений нет"


def agree(session: Session, *, body: Body, approved_on: date | None, by: Viewer) -> None:
    """Note that the membership is agreed. Raises Refused."""
    need(may_settle(by, body.agency_id), "Согласование состава отмечает руководитель организации.")
    body = held(session, body)
    if approved_on is None:
        raise Refused("Укажите день согласования.", field="approved_on")
    need(EARLIEST <= approved_on <= by.on, "Согласование не может быть в будущем.", field="approved_on")
    need(approved_on >= body.starts_on, "Согласование раньше, чем создан орган.", field="approved_on")
    need(body.members_on(by.on), "В составе никого нет.")
    body.approved_on = approved_on
    session.flush()
