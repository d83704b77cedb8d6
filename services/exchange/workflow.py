"""What happens to a letter: sent, received, accepted, answered, closed; returned, declined, revoked, passed on.

Every verb is a claim (services.exchange.common): of two people at once one does it, the other is told who did. With
it go its line of history, numbers of the journals, notifications, and the cards that it opens or closes; obligations
follow in the same transaction (services.deadlines).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import (
    Delivery,
    MessageKind,
    Referral,
    ReferralMessage,
    ReferralStatus,
    ReferralStep,
    ReferralUrgency,
    ReplyOutcome,
)
from models.exchange_access import acts_for_recipient, acts_for_sender, may_revoke
from models.notifications import NoticeKind
from models.users import User
from services.deadlines import letter_pauses
from services.errors import need
from services.exchange import drafting, grants, letters
from services.exchange.common import (
    agency_or_refuse,
    claim,
    has_accounts,
    kind_as_written,
    note_step,
    who,
)
from services.exchange.kinds import ReferralKind
from services.exchange.telling import forget_ahead, tell

S, Step = ReferralStatus, ReferralStep
USUAL_MINUTES = 60  # An emergency is acknowledged within an hour where nobody says otherwise.
_MINUTES = "urgent_minutes"  # In session.info: what the installation says.
_RUNNING: dict[str, Any] = {"paused_on": None, "pause_reason": ""}
NOT_SENDER = "Это может только отправитель письма."
NOT_RECIPIENT = "Это может только получатель письма."


# -- The sender ------------------------------------------------------------------------------------------------------


def send(
    session: Session,
    *,
    referral: Referral,
    sheets: int = 1,
    delivery: Delivery | None = None,
    minutes: int | None = None,
    by: Viewer,
    now: datetime,
) -> Referral:
    """Send a draft, or again what was returned: it gets its outgoing number, and what it says is frozen.

    `minutes`: until when an emergency notice has to be acknowledged, where its kind does not say. Raises Refused.
    """
    need(by.is_administrator or by.agency_id == referral.sender_id, NOT_SENDER)
    kind = kind_as_written(referral)
    _need_told(referral)
    drafting.need_in_sight(session, referral, by=by)
    ground = drafting.ground_of(session, referral, on=by.on)
    if "transfer" in kind.accepting:
        _need_own_people(referral)
    again = referral.status is S.RETURNED
    claim(
        session,
        referral=referral,
        step=Step.SENT,
        expected=(S.DRAFT, S.RETURNED),
        becomes=S.SENT,
        by=by,
        now=now,
        note="повторно" if again else "",
        sent_at=now,
        sent_on=by.on,
        ground=ground,
        answer_due_on=drafting.due_if_sent(session, referral, on=by.on),
        acknowledge_by=_acknowledge_by(kind, minutes or session.info.get(_MINUTES, USUAL_MINUTES), now),
        acknowledged_at=None,
        is_on_paper=not has_accounts(session, referral.recipient_id),
        **_names_now(referral),
    )
    assert referral.sender_id is not None
    letters.register_outgoing(
        session,
        referral=referral,
        agency_id=referral.sender_id,
        on=by.on,
        sheets=sheets,
        delivery=delivery,
        by=by,
        now=now,
    )
    _tell_of_arrival(session, referral, now)
    return referral


def allow_minutes(session: Session, minutes: int) -> None:
    """Within how many minutes emergencies sent by this session are to be acknowledged, where nobody says otherwise."""
    session.info[_MINUTES] = minutes


def _acknowledge_by(kind: ReferralKind, minutes: int, now: datetime) -> datetime | None:
    """Until when an emergency is to be acknowledged: as its kind says, else the installation; None: it is none."""
    if kind.acknowledge_minutes is None and kind.urgency is not ReferralUrgency.IMMEDIATE:
        return None
    return now + timedelta(minutes=kind.acknowledge_minutes or minutes)


def _need_told(referral: Referral) -> None:
    """Nothing is sent that says nothing, or about somebody whose name is not there."""
    says = any(fact["value"] for fact in referral.facts) or any(person.name for person in referral.people)
    need(says or referral.text, "Письмо пустое: напишите, о чём оно.", field="text")


def _need_own_people(referral: Referral) -> None:
    is_own = all(one.graduate and one.graduate.agency_id == referral.sender_id for one in referral.people)
    need(is_own, "Передать можно только того, кого сопровождает ваша организация.", field="graduate_ids")


def _names_now(referral: Referral) -> dict[str, str]:
    names = {"sender_name": referral.sender.name} if referral.sender else {}
    return names | ({"recipient_name": referral.recipient.name} if referral.recipient else {})


def _tell_of_arrival(session: Session, referral: Referral, now: datetime) -> None:
    is_urgent = referral.acknowledge_by is not None
    kind = NoticeKind.EMERGENCY if is_urgent else NoticeKind.LETTER
    key = f"letter:sent:{now:%Y%m%d%H%M%S}"
    what = f"пришло от: {referral.sender_name}"
    tell(session, referral=referral, agency_id=referral.recipient_id, what=what, key=key, kind=kind, at=now)
    if referral.acknowledge_by is None:
        return
    what = "получение до сих пор не подтверждено"
    for agency_id in (referral.recipient_id, referral.sender_id):
        tell(
            session,
            referral=referral,
            agency_id=agency_id,
            what=what,
            key=f"letter:late:{agency_id}:{now:%Y%m%d%H%M%S}",
            kind=NoticeKind.EMERGENCY,
            at=referral.acknowledge_by,
            to_heads=True,
        )


def revoke(session: Session, *, referral: Referral, reason: str, by: Viewer, now: datetime) -> None:
    """Take a letter back that is not answered yet; whatever it had opened closes with the day."""
    need(may_revoke(by, referral), "Отозвать письмо может его автор или руководитель отправителя.")
    _over(session, referral, Step.REVOKED, S.REVOKED, _REVOCABLE, reason, by, now)
    tell(
        session,
        referral=referral,
        agency_id=referral.recipient_id,
        what=f"отозвано отправителем ({referral.sender_name})",
        key="letter:revoked",
        at=now,
    )


_REVOCABLE = (S.SENT, S.RECEIVED, S.ACCEPTED, S.IN_WORK, S.RETURNED)


def close(session: Session, *, referral: Referral, note: str = "", by: Viewer, now: datetime) -> None:
    """The matter is settled: the sender after an answer; where none is asked for, the recipient («контроль снят»)."""
    if referral.status is S.ANSWERED or (referral.is_on_paper and referral.answer_due_on is None):
        need(acts_for_sender(by, referral), NOT_SENDER)
        expected: tuple[ReferralStatus, ...] = (S.ANSWERED, S.SENT, S.RECEIVED, S.ACCEPTED, S.IN_WORK)
    else:
        need(referral.answer_due_on is None, "На это письмо нужен ответ: закрыть его без ответа нельзя.")
        need(acts_for_recipient(by, referral), NOT_RECIPIENT)
        expected = (S.RECEIVED, S.ACCEPTED, S.IN_WORK)
    claim(
        session,
        referral=referral,
        step=Step.CLOSED,
        expected=expected,
        becomes=S.CLOSED,
        by=by,
        now=now,
        note=note,
        closed_at=now,
        **_RUNNING,
    )
    forget_ahead(session, referral=referral, now=now)
    grants.end_cards(session, referral=referral, on=by.on)


def reopen(session: Session, *, referral: Referral, reason: str, by: Viewer, now: datetime) -> None:
    """The answer does not settle the matter: the recipient is asked for another one."""
    need(acts_for_sender(by, referral), NOT_SENDER)
    need(reason.strip(), "Напишите, чего не хватает в ответе.", field="reason")
    claim(
        session,
        referral=referral,
        step=Step.REOPENED,
        expected=(S.ANSWERED,),
        becomes=S.IN_WORK,
        by=by,
        now=now,
        note=reason,
        answered_on=None,
        outcome=None,
    )
    what = "ответ возвращён, нужен новый"
    key = f"letter:reopened:{now:%Y%m%d%H%M%S}"
    tell(
        session,
        referral=referral,
        agency_id=referral.recipient_id,
        what=what,
        key=key,
        at=now,
        only=[referral.executor_id],
    )


# -- The recipient ---------------------------------------------------------------------------------------------------


def acknowledge(session: Session, *, referral: Referral, by: Viewer, now: datetime) -> None:
    """«Получил»: stops the clock of an emergency notice; the letter is registered with it."""
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    if referral.status is S.SENT:
        receive(session, referral=referral, by=by, now=now)


def receive(session: Session, *, referral: Referral, sheets: int = 1, by: Viewer, now: datetime) -> None:
    """Register a letter that came: it gets its incoming number."""
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    claim(
        session,
        referral=referral,
        step=Step.RECEIVED,
        expected=(S.SENT,),
        becomes=S.RECEIVED,
        by=by,
        now=now,
        received_on=by.on,
        acknowledged_at=now,
    )
    _register(session, referral, by, now, sheets)


def _register(session: Session, referral: Referral, by: Viewer, now: datetime, sheets: int = 1) -> None:
    forget_ahead(session, referral=referral, now=now)
    recipient_id = referral.recipient_id
    if recipient_id is None or referral.is_on_paper or letters.is_registered(referral, recipient_id):
        return
    letters.register_incoming(
        session, referral=referral, agency_id=recipient_id, on=by.on, sheets=sheets, by=by, now=now
    )


def accept(session: Session, *, referral: Referral, executor_id: int | None = None, by: Viewer, now: datetime) -> None:
    """Take a letter on: registers it if nobody has, opens the cards of its people as its kind says.

    A transfer of responsibility is accepted by services.exchange.transfers. Raises Refused, StaleReferral.
    """
    kind = kind_as_written(referral)
    need("transfer" not in kind.accepting, "Передачу принимает руководитель, с назначением куратора.")
    take(session, referral=referral, executor_id=executor_id, by=by, now=now)


def take(session: Session, *, referral: Referral, executor_id: int | None = None, by: Viewer, now: datetime) -> None:
    """What every acceptance does."""
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    executor = _executor(session, referral, executor_id)
    kind = kind_as_written(referral)
    claim(
        session,
        referral=referral,
        step=Step.ACCEPTED,
        expected=(S.SENT, S.RECEIVED),
        becomes=S.ACCEPTED,
        by=by,
        now=now,
        accepted_at=now,
        accepted_by_id=by.user_id,
        executor_id=executor.id if executor else referral.executor_id,
        received_on=referral.received_on or by.on,
        acknowledged_at=referral.acknowledged_at or now,
    )
    _register(session, referral, by, now)
    grants.open_cards(session, referral=referral, kind=kind, on=by.on)
    _tell_sender(session, referral, f"принято ({referral.recipient_name})", "accepted", now)


def assign(session: Session, *, referral: Referral, executor_id: int | None, by: Viewer, now: datetime) -> None:
    """Name who deals with a letter; an accepted one is in work from then on."""
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    executor = _executor(session, referral, executor_id)
    need(executor is not None, "Выберите исполнителя.", field="executor_id")
    assert executor
    if referral.status is S.SENT:
        receive(session, referral=referral, by=by, now=now)
    claim(
        session,
        referral=referral,
        step=Step.ASSIGNED,
        expected=_as_read(referral),
        becomes=referral.status,
        by=by,
        now=now,
        note=executor.name,
        executor_id=executor.id,
    )
    if executor.id != by.user_id:
        key = f"letter:assigned:{executor.id}:{now:%Y%m%d%H%M%S}"
        what = "вы назначены исполнителем"
        tell(session, referral=referral, agency_id=executor.agency_id, what=what, key=key, at=now, only=[executor.id])


def _as_read(referral: Referral) -> tuple[ReferralStatus, ...]:
    """The status stays, if it still is what was read: an acceptance in between is not undone."""
    return (referral.status,) if referral.status in (S.RECEIVED, S.ACCEPTED, S.IN_WORK) else ()


def _executor(session: Session, referral: Referral, executor_id: int | None) -> User | None:
    """A specialist of whoever deals with the letter."""
    if executor_id is None:
        return None
    found = session.get(User, executor_id)
    place = referral.sender_id if referral.is_on_paper and referral.recipient_id is None else referral.recipient_id
    is_own = found is not None and not found.is_locked and found.agency_id == place
    need(is_own, "Исполнителем может быть только сотрудник организации-получателя.", field="executor_id")
    return found


def start(session: Session, *, referral: Referral, by: Viewer, now: datetime) -> None:
    """Work on an accepted letter has begun."""
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    executor = referral.executor_id or (by.user_id if by.agency_id == referral.recipient_id else None)
    claim(
        session,
        referral=referral,
        step=Step.STARTED,
        expected=(S.ACCEPTED,),
        becomes=S.IN_WORK,
        by=by,
        now=now,
        executor_id=executor,
    )


def answer(
    session: Session,
    *,
    referral: Referral,
    text: str,
    outcome: ReplyOutcome | None,
    about_people: Mapping[int, str] | None = None,
    written_on: date | None = None,
    their_number: str = "",
    form_token: str = "",
    by: Viewer,
    now: datetime,
) -> ReferralMessage:
    """Answer a letter; `about_people`: by the number of a line of its people, what is told of each.

    It gets an outgoing number of whoever answers and an incoming one of the sender; for a side without an account the
    other enters it, with the day and number of the paper. Raises Refused, StaleReferral.
    """
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    need(outcome is not None, "Укажите результат.", field="outcome")
    on = written_on or by.on
    need(on <= by.on, "Этот день ещё не наступил.", field="written_on")
    need(referral.sent_on is None or on >= referral.sent_on, "Ответ не может быть раньше письма.", field="written_on")
    told = {number: words.strip() for number, words in (about_people or {}).items() if words.strip()}
    need(text.strip() or told, "Напишите ответ.", field="text")
    claim(
        session,
        referral=referral,
        step=Step.ANSWERED,
        expected=(S.RECEIVED, S.ACCEPTED, S.IN_WORK, *((S.SENT,) if referral.is_on_paper else ())),
        becomes=S.ANSWERED,
        by=by,
        now=now,
        answered_on=on,
        outcome=outcome,
        **_RUNNING,
    )
    for person in referral.people:
        person.answer = told.get(person.id, person.answer)
    message = ReferralMessage(
        kind=MessageKind.ANSWER,
        agency_id=referral.recipient_id,
        author_id=by.user_id,
        who=who(session, by) if not _is_entered_for(by, referral.recipient_id) else referral.recipient_name,
        text=text.strip() or "Сведения указаны по каждому человеку.",
        outcome=outcome,
        written_on=on,
        their_number=their_number.strip(),
        at=now,
        form_token=form_token or None,
    )
    referral.messages.append(message)
    session.flush()
    _number_answer(session, referral, message, by, now)
    _tell_sender(session, referral, f"есть ответ ({referral.recipient_name})", f"answered:{message.id}", now)
    return message


def _is_entered_for(by: Viewer, agency_id: int | None) -> bool:
    return agency_id is None or by.agency_id != agency_id


def _number_answer(session: Session, referral: Referral, message: ReferralMessage, by: Viewer, now: datetime) -> None:
    answers_on_paper = referral.is_on_paper and _is_entered_for(by, referral.recipient_id)
    if referral.recipient_id is not None and not answers_on_paper:
        letters.register_outgoing(
            session, referral=referral, agency_id=referral.recipient_id, message=message, on=by.on, by=by, now=now
        )
    if referral.sender_id is not None and has_accounts(session, referral.sender_id):
        letters.register_incoming(
            session, referral=referral, agency_id=referral.sender_id, message=message, on=by.on, by=by, now=now
        )


def give_back(session: Session, *, referral: Referral, reason: str, by: Viewer, now: datetime) -> None:
    """Return a letter to be completed; the sender corrects it and sends it again."""
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    need(not referral.is_on_paper, "Бумажное письмо возвращают почтой: отклоните его и напишите ответ.")
    need(reason.strip(), "Напишите, чего не хватает.", field="reason")
    claim(
        session,
        referral=referral,
        step=Step.RETURNED,
        expected=(S.SENT, S.RECEIVED),
        becomes=S.RETURNED,
        by=by,
        now=now,
        note=reason,
        reason=reason.strip(),
        acknowledged_at=referral.acknowledged_at or now,
    )
    forget_ahead(session, referral=referral, now=now)
    _tell_sender(session, referral, "возвращено на доработку", f"returned:{now:%Y%m%d%H%M%S}", now)


def decline(session: Session, *, referral: Referral, reason: str, by: Viewer, now: datetime) -> None:
    """Refuse a letter: it is not for the recipient to deal with."""
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    _over(session, referral, Step.DECLINED, S.DECLINED, (S.SENT, S.RECEIVED), reason, by, now)
    _tell_sender(session, referral, "отклонено получателем", "declined", now)


def _over(
    session: Session,
    referral: Referral,
    step: ReferralStep,
    becomes: ReferralStatus,
    expected: tuple[ReferralStatus, ...],
    reason: str,
    by: Viewer,
    now: datetime,
) -> None:
    need(reason.strip(), "Укажите причину.", field="reason")
    claim(
        session,
        referral=referral,
        step=step,
        expected=expected,
        becomes=becomes,
        by=by,
        now=now,
        note=reason,
        reason=reason.strip(),
        closed_at=now,
        **_RUNNING,
    )
    forget_ahead(session, referral=referral, now=now)
    grants.end_cards(session, referral=referral, on=by.on, at_once=True)


def forward(
    session: Session, *, referral: Referral, recipient_id: int | None, reason: str, by: Viewer, now: datetime
) -> Referral:
    """Pass a letter on to whom it concerns: a new one from the same sender, with the same last day. Raises Refused.

    The first one ends, its sender is told where it went and waits for the answer to the new one.
    """
    need(by.is_administrator or by.agency_id == referral.recipient_id, NOT_RECIPIENT)
    kind = kind_as_written(referral)
    target = agency_or_refuse(session, recipient_id, field="recipient_id", otherwise="Выберите, кому переслать.")
    need(
        target.id not in (referral.recipient_id, referral.sender_id),
        "Выберите другую организацию.",
        field="recipient_id",
    )
    need(target.kind in kind.to_kinds, f"«{kind.title}» не отправляют: {target.kind.label}.", field="recipient_id")
    need("transfer" not in kind.accepting, "Передачу выпускника не пересылают: отклоните её.")
    _over(session, referral, Step.FORWARDED, S.FORWARDED, (S.SENT, S.RECEIVED, S.ACCEPTED), reason, by, now)
    passed = _copy(session, referral, target.id, target.name, by, now)
    note_step(session, referral=passed, step=Step.SENT, before=None, by=by, now=now, note="переадресовано")
    assert referral.recipient_id is not None
    letters.register_outgoing(session, referral=passed, agency_id=referral.recipient_id, on=by.on, by=by, now=now)
    _tell_sender(session, referral, f"переадресовано: {target.short_name}", "forwarded", now)
    _tell_of_arrival(session, passed, now)
    return passed


# What a letter that is passed on keeps.
COPIED = (
    *("kind_key", "kind_title", "clause_text", "terms", "is_notice", "urgency", "sender_id", "sender_name", "summary"),
    *("text", "facts", "about_text", "about_key", "ground", "consent_id", "their_number", "subject", "author_id"),
    "answer_due_on",
)


def _copy(session: Session, referral: Referral, recipient_id: int, name: str, by: Viewer, now: datetime) -> Referral:
    passed = Referral(
        **{column: getattr(referral, column) for column in COPIED},
        status=S.SENT,
        recipient_id=recipient_id,
        recipient_name=name,
        is_on_paper=not has_accounts(session, recipient_id),
        origin_id=referral.id,
        forwarded_by_id=referral.recipient_id,
        created_at=now,
        sent_at=now,
        sent_on=by.on,
    )
    if referral.acknowledge_by and referral.sent_at:
        passed.acknowledge_by = now + (referral.acknowledge_by - referral.sent_at)
    for person in referral.people:
        columns = ("graduate_id", "position", "name", "birth_date", "facts")
        passed.people.append(type(person)(**{column: getattr(person, column) for column in columns}))
    session.add(passed)
    session.flush()
    return passed


# -- Waiting for a clarification -------------------------------------------------------------------------------------


def pause(session: Session, *, referral: Referral, reason: str, by: Viewer, now: datetime) -> None:
    """Wait for what the sender has to make clear: visible to both, with the question; the last day stays."""
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    need(reason.strip(), "Напишите, что нужно уточнить.", field="reason")
    need(referral.paused_on is None, "Письмо уже ждёт уточнения.")
    claim(
        session,
        referral=referral,
        step=Step.PAUSED,
        expected=_as_read(referral),
        becomes=referral.status,
        by=by,
        now=now,
        note=reason,
        paused_on=by.on,
        pause_reason=reason.strip(),
    )
    letter_pauses.pause_for(session, referral=referral, reason=reason, on=by.on)
    _say(session, referral, MessageKind.QUESTION, reason, by, now)
    _tell_sender(session, referral, "нужно уточнение", f"paused:{now:%Y%m%d%H%M%S}", now)


def resume(session: Session, *, referral: Referral, by: Viewer, now: datetime) -> None:
    """What was unclear is clear; the clock goes on."""
    need(acts_for_recipient(by, referral) or acts_for_sender(by, referral), NOT_RECIPIENT)
    need(referral.paused_on is not None, "Письмо не приостановлено.")
    claim(
        session,
        referral=referral,
        step=Step.RESUMED,
        expected=_as_read(referral),
        becomes=referral.status,
        by=by,
        now=now,
        **_RUNNING,
    )
    letter_pauses.resume_for(session, referral=referral)


def say(
    session: Session, *, referral: Referral, text: str, form_token: str = "", by: Viewer, now: datetime
) -> ReferralMessage:
    """A message to the other side; from the sender it ends the waiting for a clarification. Raises Refused."""
    is_side = by.is_administrator or by.agency_id in (referral.sender_id, referral.recipient_id)
    need(is_side, "Писать могут отправитель и получатель.")
    need(referral.sent_at is not None, "Черновик ещё не отправлен.")
    need(referral.status is not S.REVOKED, "Письмо отозвано: переписка по нему закончена.")
    need(text.strip(), "Напишите сообщение.", field="text")
    message = _say(session, referral, MessageKind.MESSAGE, text, by, now, form_token)
    if referral.paused_on is not None and by.agency_id == referral.sender_id:
        resume(session, referral=referral, by=by, now=now)
    other = referral.recipient_id if by.agency_id == referral.sender_id else referral.sender_id
    only = [referral.executor_id if other == referral.recipient_id else referral.author_id]
    tell(
        session,
        referral=referral,
        agency_id=other,
        what="новое сообщение",
        key=f"letter:said:{message.id}",
        at=now,
        only=only,
    )
    return message


def _say(
    session: Session,
    referral: Referral,
    kind: MessageKind,
    text: str,
    by: Viewer,
    now: datetime,
    form_token: str = "",
) -> ReferralMessage:
    message = ReferralMessage(
        kind=kind,
        agency_id=by.agency_id,
        author_id=by.user_id,
        who=who(session, by),
        text=text.strip(),
        written_on=by.on,
        at=now,
        form_token=form_token or None,
    )
    referral.messages.append(message)
    session.flush()
    return message


def _tell_sender(session: Session, referral: Referral, what: str, key: str, now: datetime) -> None:
    """Whoever wrote the letter; where that is nobody of the sender any more, all who work there."""
    author = session.get(User, referral.author_id) if referral.author_id is not None else None
    is_there = author is not None and not author.is_locked and author.agency_id == referral.sender_id
    only = [author.id] if author and is_there else []
    tell(session, referral=referral, agency_id=referral.sender_id, what=what, key=f"letter:{key}", at=now, only=only)
