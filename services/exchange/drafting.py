"""Writing a letter: its kind, its recipient, whom it is about and what it tells; nothing of it has been sent yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.exchange import Referral, ReferralPerson, ReferralStatus, ReferralStep
from models.graduates import Graduate
from models.regulations import COMMON
from models.support import Consent
from models.territory import Agency
from models.text import fold_spaces, normalise
from services.errors import Refused, need
from services.exchange import people_facts
from services.exchange.common import LONGEST, agency_or_refuse, answer_day, has_accounts, note_step
from services.exchange.kinds import ABOUT_NONE, ABOUT_PERSON, ReferralKind, kind_of
from services.profiles import own_packs

MANY = 1000  # People in one letter.
LONGEST_NAME = 200
BIRTH_DATE = "birth_date"
NAME = "name"  # The source of the field that names the person.
TRANSFER_PURPOSE = "transfer"  # Of a consent: data may pass to other bodies.
OTHER_RECIPIENT = "Возвращённое письмо отправляют тому же получателю. Другому напишите новое."
NO_CONSENT = "Это согласие не действует, не о передаче сведений или другого человека: выберите из предложенных."
NOT_OF_OTHERS = "Согласие одного человека не позволяет передать сведения о других: для списка укажите норму."
UNSEEN = "О человеке, чью карточку вы не видите, писать нельзя."
NOT_FOR = "«{}» по {} не отправляют: {}. Выберите другого получателя или вид."
OVER = (
    "Регламент, по которому написано письмо, для вашей организации больше не действует: напишите письмо другого вида."
)
UNKNOWN_KIND = "Такого вида направления ваша организация не отправляет."


@dataclass(frozen=True)
class Told:
    """What a letter says, as its form gives it. `facts` of a person replace what the card tells, by label."""

    recipient_id: int | None
    recipient_text: str = ""  # A correspondent outside the directory.
    summary: str = ""
    text: str = ""
    graduate_ids: Sequence[int] = ()
    unknown_name: str = ""  # Somebody of whom the sender has no card, where accepting begins one (vologda 4.3 в).
    unknown_birth_date: date | None = None
    person_facts: Mapping[int, Mapping[str, str]] = field(default_factory=dict)  # graduate → label → value
    facts: Mapping[str, str] = field(default_factory=dict)  # Of a kind that is about nobody, or of somebody unknown.
    consent_id: int | None = None
    ground: str = ""
    answer_due_on: date | None = None  # Another last day than the kind's own.
    subject: str = ""
    deadline_id: int | None = None
    batch: str | None = None


def draft(session: Session, *, kind_key: str, told: Told, agency_id: int, by: Viewer, now: datetime) -> Referral:
    """A draft of the organisation. Raises Refused.

    Refused: a kind that the organisation may not send, a recipient that may not get it, a person out of sight.
    """
    need(by.is_administrator or by.agency_id == agency_id, "Письма пишут сотрудники самой организации.")
    sender = agency_or_refuse(session, agency_id, field="agency_id", otherwise="Такой организации нет.")
    kind = kind_of(session, key=kind_key, agency_id=agency_id, on=by.on)
    if kind is None or sender.kind not in kind.from_kinds:
        raise Refused(UNKNOWN_KIND, field="kind_key")
    referral = Referral(
        **columns_of(kind),
        sender=sender,
        sender_name=sender.name,
        author_id=by.user_id,
        created_at=now,
    )
    _fill(session, referral, kind, told, sender, by)
    session.add(referral)
    session.flush()
    note_step(session, referral=referral, step=ReferralStep.WRITTEN, before=None, by=by, now=now)
    return referral


def columns_of(kind: ReferralKind) -> dict[str, Any]:
    """What a letter keeps of its kind."""
    return {
        "kind_key": kind.key,
        "kind_title": kind.title,
        "clause_text": kind.ground,
        "terms": dict(kind.terms),
        "is_notice": kind.is_notice,
        "urgency": kind.urgency,
    }


def edit(session: Session, *, referral: Referral, told: Told, by: Viewer) -> None:
    """Change a draft, or what was returned to be completed. Raises Refused."""
    need(by.is_administrator or by.agency_id == referral.sender_id, "Письмо правят сотрудники отправителя.")
    need(
        referral.status in (ReferralStatus.DRAFT, ReferralStatus.RETURNED),
        "Письмо уже отправлено: его текст не меняется. Можно написать сообщение или отозвать письмо.",
    )
    is_same = told.recipient_id == referral.recipient_id
    need(referral.status is ReferralStatus.DRAFT or is_same, OTHER_RECIPIENT, field="recipient_id")
    kind = ReferralKind.of(referral.terms)
    assert referral.sender
    with session.no_autoflush:
        _fill(session, referral, kind, told, referral.sender, by)
        if referral.status is ReferralStatus.RETURNED:  # What was sent once never stands without a ground.
            referral.ground = ground_of(session, referral, on=by.on)
    session.flush()


def discard(session: Session, *, referral: Referral, by: Viewer) -> None:
    """Throw away a draft that was never sent."""
    need(by.is_administrator or by.agency_id == referral.sender_id, "Черновик удаляет сам отправитель.")
    need(referral.status is ReferralStatus.DRAFT, "Отправленное письмо не удаляют, его отзывают.")
    session.delete(referral)
    session.flush()


def _fill(session: Session, referral: Referral, kind: ReferralKind, told: Told, sender: Agency, by: Viewer) -> None:
    recipient = _recipient(session, kind, told, sender)
    need(recipient is not None or told.recipient_text.strip(), "Укажите, кому письмо.", field="recipient_id")
    referral.recipient = recipient
    referral.recipient_name = recipient.name if recipient else told.recipient_text.strip()
    referral.is_on_paper = not has_accounts(session, recipient.id if recipient else None)
    referral.summary = told.summary.strip() or kind.title
    referral.text = told.text.strip()
    referral.subject, referral.deadline_id, referral.batch = told.subject, told.deadline_id, told.batch
    referral.consent_id, referral.ground = told.consent_id, told.ground.strip()
    _put_people(session, referral, kind, told, by)
    referral.facts = _facts_of_nobody(kind, told)
    referral.answer_due_on = _another_day(session, kind, told, by.on)


def _another_day(session: Session, kind: ReferralKind, told: Told, on: date) -> date | None:
    """The last day for an answer where it is not the kind's own: that one is counted when the letter is sent."""
    usual = answer_day(session, kind, on)
    if usual is None or told.answer_due_on in (None, usual):
        return None
    assert told.answer_due_on is not None
    need(told.answer_due_on >= on, "Срок ответа уже прошёл.", field="answer_due_on")
    need(told.answer_due_on <= on + LONGEST, "Срок ответа дальше двух лет.", field="answer_due_on")
    return told.answer_due_on


def due_if_sent(session: Session, referral: Referral, *, on: date) -> date | None:
    """The last day for an answer if the draft is sent on a day; None: no answer is asked for."""
    usual = answer_day(session, ReferralKind.of(referral.terms), on)
    chosen = referral.answer_due_on
    return chosen if usual is not None and chosen is not None and chosen >= on else usual


def _recipient(session: Session, kind: ReferralKind, told: Told, sender: Agency) -> Agency | None:
    if told.recipient_id is None:
        return None
    found = agency_or_refuse(
        session, told.recipient_id, field="recipient_id", otherwise="Такой организации в справочнике нет."
    )
    need(found.id != sender.id, "Самим себе письма не пишут.", field="recipient_id")
    need(
        kind.may_go(sender.kind, found.kind),
        NOT_FOR.format(kind.title, kind.ground, found.kind.label),
        field="recipient_id",
    )
    return found


def _put_people(session: Session, referral: Referral, kind: ReferralKind, told: Told, by: Viewer) -> None:
    wanted = list(dict.fromkeys(told.graduate_ids))
    unknown = _unknown(kind, told)
    count = len(wanted) + len(unknown)
    need(kind.about != ABOUT_NONE or not count, "Письмо этого вида не о людях.", field="graduate_ids")
    need(kind.about != ABOUT_PERSON or count == 1, "Укажите, о ком письмо.", field="graduate_ids")
    need(len(wanted) <= MANY, f"В одном письме не больше {MANY} человек.", field="graduate_ids")
    found = {one.id: one for one in session.scalars(select(Graduate).where(Graduate.id.in_(wanted), visible_to(by)))}
    need(len(found) == len(wanted), UNSEEN, field="graduate_ids")
    told_of = people_facts.facts_of(session, kind=kind, graduates=list(found.values()), on=by.on)
    kept = {person.graduate_id: person for person in referral.people}
    referral.people = [
        _person(kept.get(number), kind, found[number], place, told_of[number], told.person_facts.get(number, {}))
        for place, number in enumerate(wanted)
    ] + unknown
    referral.about_text = _about(referral.people)
    referral.about_key = normalise(" ".join(person.name for person in referral.people))[:500]


def _unknown(kind: ReferralKind, told: Told) -> list[ReferralPerson]:
    """Of whom the sender has no card."""
    name = fold_spaces(told.unknown_name)
    if not name:
        return []
    need("card" in kind.accepting, "Выберите человека из списка: о ком нет карточки, не пишут.", field="unknown_name")
    need(len(name) <= LONGEST_NAME, f"Имя длиннее {LONGEST_NAME} знаков.", field="unknown_name")
    facts = [
        {"label": one.label, "value": name if one.source == NAME else told.facts.get(one.label, "").strip()}
        for one in kind.fields
    ]
    return [ReferralPerson(name=name, birth_date=told.unknown_birth_date, facts=facts)]


def need_allowed(session: Session, referral: Referral, *, kind: ReferralKind, on: date) -> None:
    """What was allowed when a letter was written is asked again on the day of sending."""
    code, sender, recipient = kind.key.partition("/")[0], referral.sender, referral.recipient
    if referral.status is ReferralStatus.DRAFT and sender is not None:
        followed = {COMMON, *(pack.code for pack in own_packs(session, agency_id=sender.id, on=on))}
        need(code in followed, OVER)
    if recipient is not None:
        need(recipient.is_active, "Получатель больше не работает: выберите другого.", field="recipient_id")
        is_fit = sender is None or kind.may_go(sender.kind, recipient.kind)
        need(is_fit, NOT_FOR.format(kind.title, kind.ground, recipient.kind.label), field="recipient_id")


def need_in_sight(session: Session, referral: Referral, *, by: Viewer) -> None:
    """Whoever sends sees everybody of whom the letter tells, on the day of sending too."""
    wanted = {person.graduate_id for person in referral.people if person.graduate_id is not None}
    seen = session.scalars(select(Graduate.id).where(Graduate.id.in_(wanted), visible_to(by)))
    need(wanted == set(seen), UNSEEN, field="graduate_ids")


def _person(
    kept: ReferralPerson | None,
    kind: ReferralKind,
    graduate: Graduate,
    place: int,
    told: Sequence[tuple[str, str]],
    typed: Mapping[str, str],
) -> ReferralPerson:
    person = kept or ReferralPerson(graduate_id=graduate.id)
    person.position, person.name = place, graduate.full_name
    tells_birth = any(one.source == BIRTH_DATE for one in kind.fields)  # The least that is needed (vologda 4.6).
    person.birth_date = graduate.birth_date if tells_birth else None
    person.facts = [{"label": label, "value": typed.get(label, value).strip()} for label, value in told]
    return person


def _about(people: Sequence[ReferralPerson]) -> str:
    if not people:
        return ""
    return people_facts.short_name(people[0].name) if len(people) == 1 else f"{len(people)} чел."


def _facts_of_nobody(kind: ReferralKind, told: Told) -> list[dict[str, str]]:
    if kind.about != ABOUT_NONE:
        return []
    return [{"label": one.label, "value": told.facts.get(one.label, "").strip()} for one in kind.fields]


def consents_for(session: Session, *, graduate_id: int, on: date) -> list[Consent]:
    """Consents under which data of a person may pass to other bodies on a day (152-ФЗ)."""
    c = Consent
    query = select(c).where(c.graduate_id == graduate_id, c.purpose_code == TRANSFER_PURPOSE, c.given_on <= on)
    query = query.where(
        or_(c.valid_until.is_(None), c.valid_until >= on), or_(c.withdrawn_on.is_(None), c.withdrawn_on > on)
    )
    return list(session.scalars(query.order_by(c.given_on.desc())))


def consent_of(session: Session, *, consent_id: int, graduate_ids: Sequence[int | None], on: date) -> Consent:
    """The consent of the one person of a letter. Raises Refused: it is not valid, not hers, or there are others."""
    is_alone = len(graduate_ids) == 1 and graduate_ids[0] is not None
    need(is_alone, NOT_OF_OTHERS, field="consent_id")
    valid = consents_for(session, graduate_id=graduate_ids[0] or 0, on=on)
    found = next((consent for consent in valid if consent.id == consent_id), None)
    if found is None:
        raise Refused(NO_CONSENT, field="consent_id")
    return found


def ground_of(session: Session, referral: Referral, *, on: date) -> str:
    """By what right the data of a letter pass: a valid consent, the clause of its kind, or a norm typed by hand.

    Raises Refused where there is none.
    """
    kind = ReferralKind.of(referral.terms)
    if referral.consent_id is not None:
        people = [person.graduate_id for person in referral.people]
        consent = consent_of(session, consent_id=referral.consent_id, graduate_ids=people, on=on)
        return f"согласие от {consent.given_on:%d.%m.%Y} {consent.document}".strip()
    if kind.about == ABOUT_NONE or not referral.people or not kind.needs_consent:
        return referral.ground or kind.ground
    need(
        referral.ground,
        "Укажите основание передачи: согласие человека или норму закона.",
        field="ground",
    )
    return referral.ground


def values_of(people: Sequence[ReferralPerson]) -> dict[int, dict[str, str]]:
    """graduate → label → value, as a form shows it again."""
    return {
        person.graduate_id: {fact["label"]: fact["value"] for fact in person.facts}
        for person in people
        if person.graduate_id is not None
    }


def told_of(referral: Referral) -> Told:
    """What a letter says now, ready to be edited."""
    unknown = next((person for person in referral.people if person.graduate_id is None), None)
    typed: dict[str, Any] = {fact["label"]: fact["value"] for fact in (unknown or referral).facts}
    return Told(
        recipient_id=referral.recipient_id,
        recipient_text="" if referral.recipient_id else referral.recipient_name,
        summary=referral.summary,
        text=referral.text,
        graduate_ids=[person.graduate_id for person in referral.people if person.graduate_id is not None],
        unknown_name=unknown.name if unknown else "",
        unknown_birth_date=unknown.birth_date if unknown else None,
        person_facts=values_of(referral.people),
        facts=typed,
        consent_id=referral.consent_id,
        ground=referral.ground,
        answer_due_on=referral.answer_due_on,
        subject=referral.subject,
        deadline_id=referral.deadline_id,
        batch=referral.batch,
    )
