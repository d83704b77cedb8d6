"""What a meeting decided, for whom and until when; how it was sent, and whether it was carried out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import ColumnElement, case, func, literal, or_, select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.base import LabelledEnum
from models.exchange import Referral, ReferralReading, ReferralStatus
from models.meetings import AgendaItem, Decision, DecisionKind, Meeting, MeetingStatus
from models.text import normalise
from services.errors import Refused, need
from services.exchange import drafting, workflow
from services.meetings.common import EARLIEST, agency_or_none, held, letter_kind, need_day, need_keeper, need_writable

KINDS = ("decision-notice", "decision", "letter")
FAILED = (ReferralStatus.REVOKED, ReferralStatus.DECLINED)
SENT = "Решение уже отправлено: его не меняют. Отзовите письмо или запишите новое решение."


class DecisionState(LabelledEnum):
    """Where a decision stands on a day."""

    DRAFT = "draft", "протокол не закончен"
    UNSENT = "unsent", "не отправлено"
    WAITING = "waiting", "исполняется"
    LATE = "late", "просрочено"
    DONE = "done", "исполнено"
    DONE_LATE = "done_late", "исполнено с опозданием"


@dataclass(frozen=True)
class Said:
    """A decision as its form gives it."""

    text: str
    kind: DecisionKind = DecisionKind.RECOMMENDATION
    addressee_id: int | None = None
    addressee: str = ""
    due_on: date | None = None


def decide(session: Session, *, item: AgendaItem, said: Said, by: Viewer, now: datetime) -> Decision:
    """A decision on an item of the agenda. Raises Refused."""
    meeting = held(session, item.meeting)
    need_writable(by, meeting)
    decision = Decision(created_at=now)
    _fill(session, decision, said, meeting, by)
    item.decisions.append(decision)
    session.flush()
    return decision


def change(session: Session, *, decision: Decision, said: Said, by: Viewer) -> None:
    """Other words, addressee or term of what has not been sent. Raises Refused."""
    meeting = held(session, decision.item.meeting)
    need_writable(by, meeting)
    session.refresh(decision)
    need(not is_sent(decision), SENT)
    need(decision.done_on is None, "Решение уже исполнено.")
    _fill(session, decision, said, meeting, by)
    session.flush()


def drop(session: Session, *, decision: Decision, by: Viewer) -> None:
    """Take a decision out of minutes that are still being written. Raises Refused."""
    meeting = held(session, decision.item.meeting)
    need_writable(by, meeting)
    need(meeting.status is MeetingStatus.PLANNED, "Протокол подписан: решение из него не удаляют.")
    decision.item.decisions.remove(decision)
    session.flush()


def _fill(session: Session, decision: Decision, said: Said, meeting: Meeting, by: Viewer) -> None:
    need(said.text.strip(), "Напишите решение.", field="text")
    to = agency_or_none(session, said.addressee_id, field="addressee_id")
    need(to is not None or said.addressee.strip(), "Укажите, кому решение.", field="addressee_id")
    if said.due_on is not None:
        need_day(said.due_on, by.on, field="due_on")
        need(said.due_on >= meeting.held_on, "Срок раньше самой встречи.", field="due_on")
    decision.kind, decision.text, decision.due_on = said.kind, said.text.strip(), said.due_on
    decision.to, decision.addressee = to, "" if to is not None else said.addressee.strip()


# -- Sending ---------------------------------------------------------------------------------------------------------


def is_sent(decision: Decision) -> bool:
    """A letter carries it that was neither taken back nor declined."""
    return decision.referral is not None and decision.referral.status not in FAILED


def unsent(meeting: Meeting) -> list[Decision]:
    """Decisions for others that no letter carries; those of the organisation to itself need none."""
    return [
        one
        for item in meeting.agenda
        for one in item.decisions
        if one.addressee_id != meeting.agency_id and one.done_on is None and not is_sent(one)
    ]


def send(session: Session, *, meeting: Meeting, by: Viewer, now: datetime) -> list[Referral]:
    """Send every decision that waits for it, one letter to an addressee. Raises Refused."""
    meeting = held(session, meeting)
    need_keeper(by, meeting.agency_id)
    need(meeting.status is MeetingStatus.HELD, "Решения отправляют, когда встреча проведена.")
    need(meeting.annulled_on is None, "Запись аннулирована.")
    for item in meeting.agenda:
        session.expire(item, ["decisions"])
        for one in item.decisions:
            session.refresh(one)
    waiting = unsent(meeting)
    need(waiting, "Отправлять нечего: все решения уже отправлены.")
    letters = []
    for _, group in groupby(sorted(waiting, key=_addressee), key=_addressee):
        decisions = list(group)
        letter = _letter(session, meeting, decisions, by, now)
        for one in decisions:
            one.referral = letter
        letters.append(letter)
    session.flush()
    return letters


def _addressee(decision: Decision) -> tuple[int, str]:
    return decision.addressee_id or 0, "" if decision.addressee_id else normalise(decision.addressee)


def _letter(session: Session, meeting: Meeting, decisions: list[Decision], by: Viewer, now: datetime) -> Referral:
    to = decisions[0].to
    key = letter_kind(session, agency=meeting.agency, codes=KINDS, to=to.kind if to else None, on=by.on)
    text = "\n\n".join(_told(number, one) for number, one in enumerate(decisions, start=1))
    days = [one.due_on for one in decisions if one.due_on is not None]
    told = drafting.Told(
        recipient_id=to.id if to else None,
        recipient_text=decisions[0].addressee,
        summary=f"Решения: {minutes_of(meeting)}"[:500],
        text=f"{minutes_of(meeting).capitalize()}, {meeting.topic}.\n\n{text}",
        subject=f"minutes:{meeting.id}",
        answer_due_on=max(days) if days and max(days) >= by.on else None,
    )
    letter = drafting.draft(session, kind_key=key, told=told, agency_id=meeting.agency_id, by=by, now=now)
    if letter.facts:  # The fields of the kind tell it, else the text.
        until = f"{max(days):%d.%m.%Y}" if days else ""
        values = [f"{minutes_of(meeting)}, {meeting.topic}", text.replace("\n\n", " "), until]
        labels = [fact["label"] for fact in letter.facts]
        filled = zip(labels, [*values, *[""] * len(labels)], strict=False)
        letter.facts, letter.text = [{"label": label, "value": value} for label, value in filled], ""
    return workflow.send(session, referral=letter, by=by, now=now)


def _told(number: int, decision: Decision) -> str:
    until = f" Срок: до {decision.due_on:%d.%m.%Y}." if decision.due_on else ""
    return f"{number}. {decision.kind.label.capitalize()}: {decision.text.rstrip('.')}.{until}"


def minutes_of(meeting: Meeting) -> str:
    return f"протокол № {meeting.number_text} от {meeting.held_on:%d.%m.%Y}"


# -- Execution -------------------------------------------------------------------------------------------------------


def carry_out(session: Session, *, decision: Decision, done_on: date | None, result: str, by: Viewer) -> None:
    """Note that a decision is carried out, and how. Raises Refused."""
    meeting = held(session, decision.item.meeting)
    need_keeper(by, meeting.agency_id)
    need(meeting.status is MeetingStatus.HELD and meeting.annulled_on is None, "Встреча ещё не проведена.")
    session.refresh(decision)
    need(decision.done_on is None, "Исполнение уже отмечено.")
    if done_on is None:
        raise Refused("Укажите день исполнения.", field="done_on")
    need(EARLIEST <= done_on <= by.on, "Исполнение не может быть в будущем.", field="done_on")
    need(done_on >= meeting.held_on, "Исполнение раньше самого решения.", field="done_on")
    need(result.strip(), "Напишите, что сделано.", field="result")
    decision.done_on, decision.result = done_on, result.strip()
    session.flush()


def reopen(session: Session, *, decision: Decision, by: Viewer) -> None:
    """The mark was a mistake: the decision is under control again. Raises Refused."""
    need_keeper(by, decision.item.meeting.agency_id)
    need(decision.done_on is not None, "Исполнение не отмечено.")
    decision.done_on, decision.result = None, ""
    session.flush()


def state_of(decision: Decision, on: date) -> DecisionState:
    """The same as the SQL expression `state_on`."""
    if decision.done_on is not None:
        is_late = decision.due_on is not None and decision.done_on > decision.due_on
        return DecisionState.DONE_LATE if is_late else DecisionState.DONE
    meeting = decision.item.meeting
    if meeting.status is not MeetingStatus.HELD:
        return DecisionState.DRAFT
    if decision.due_on is not None and decision.due_on < on:
        return DecisionState.LATE
    is_own = decision.addressee_id == meeting.agency_id
    return DecisionState.WAITING if is_own or is_sent(decision) else DecisionState.UNSENT


def state_on(on: date) -> ColumnElement[str]:
    """The state of a decision on a day, in SQL, where its item and its meeting are joined."""
    d, m, r = Decision, Meeting, Referral
    failed = select(r.id).where(r.id == d.referral_id, r.status.in_(FAILED)).correlate(d).exists()
    return case(
        ((d.done_on.is_not(None) & (d.done_on > d.due_on)), literal(DecisionState.DONE_LATE.value)),
        (d.done_on.is_not(None), literal(DecisionState.DONE.value)),
        (m.status != MeetingStatus.HELD, literal(DecisionState.DRAFT.value)),
        (d.due_on < on, literal(DecisionState.LATE.value)),
        (d.addressee_id == m.agency_id, literal(DecisionState.WAITING.value)),
        (or_(d.referral_id.is_(None), failed), literal(DecisionState.UNSENT.value)),
        else_=literal(DecisionState.WAITING.value),
    )


def read_receipts(session: Session, letters: Iterable[int]) -> dict[int, datetime]:
    """letter → when somebody of its recipient first opened it."""
    read = ReferralReading
    query = select(read.referral_id, func.min(read.at)).join(Referral, Referral.id == read.referral_id)
    query = query.where(read.referral_id.in_(set(letters)), read.agency_id == Referral.recipient_id)
    return {row[0]: row[1] for row in session.execute(query.group_by(read.referral_id))}
