"""What people do with an obligation: fulfil it by hand, take that back, pause it, ask for it no more."""

from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.deadline_access import may_fulfil, may_waive
from models.deadlines import Closing, Deadline, DeadlineEvidence
from models.rule_terms import EvidenceKind, RuleKind
from services.errors import Refused, need

BY_HAND = "mark:"


def hold(session: Session, *, deadline_id: int) -> Deadline:
    """The obligation, held until the transaction ends: of two people acting at once the second sees what is so then."""
    query = select(Deadline).where(Deadline.id == deadline_id).with_for_update()
    deadline = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if deadline is None:
        raise Refused("Такого срока больше нет.")
    return deadline


def mark(
    session: Session,
    *,
    deadline: Deadline,
    happened_on: date,
    number: str = "",
    note: str = "",
    is_nil: bool = False,
    kind: EvidenceKind | None = None,
    by: Viewer,
    now: datetime,
) -> DeadlineEvidence:
    """Fulfil an obligation, or a part of a quota, by a mark; raises Refused.

    Sending before a window opens is a duty done only where the rule allows it; a nil return counts like any other.
    """
    need(may_fulfil(by, deadline.agency_id), "Отметить исполнение может только сама организация.")
    terms = deadline.rule.terms
    need(deadline.closing is None, "Этот срок снят: исполнение по нему не отмечается.")
    need(deadline.done_on is None or terms.at_least > 1, "Исполнение уже отмечено.")
    need(happened_on <= by.on, "Дата исполнения ещё не наступила.")
    _need_in_time(deadline, happened_on)
    evidence = DeadlineEvidence(
        deadline=deadline,
        kind=kind or terms.evidence or EvidenceKind.INFORMATION,
        reference=f"{BY_HAND}{uuid4().hex}",
        happened_on=happened_on,
        number=number.strip(),
        note=note.strip(),
        is_nil=is_nil,
        noted_at=now,
        noted_by_id=by.user_id,
    )
    session.add(evidence)
    settle(deadline)
    session.flush()
    spare_alternatives(session, deadline=deadline)
    return evidence


def _need_in_time(deadline: Deadline, happened_on: date) -> None:
    """Not before its window, its period or its event."""
    terms = deadline.rule.terms
    if happened_on < deadline.opens_on and terms.opens and not terms.early:
        raise Refused(f"Это раньше окна: срок открывается {deadline.opens_on:%d.%m.%Y}.")
    if happened_on < deadline.opens_on and terms.kind is RuleKind.QUOTA:
        raise Refused(f"Это до начала периода ({deadline.opens_on:%d.%m.%Y}): отметьте в сроке того периода.")
    if deadline.event_on and terms.amount >= 0:
        need(
            happened_on >= deadline.event_on,
            f"Это раньше события ({deadline.event_on:%d.%m.%Y}), от которого идёт срок.",
        )


def unmark(session: Session, *, evidence: DeadlineEvidence, by: Viewer) -> None:
    """Take back a mark made by hand; the history keeps both."""
    deadline = evidence.deadline
    need(may_fulfil(by, deadline.agency_id), "Снять отметку может только сама организация.")
    need(evidence.reference.startswith(BY_HAND), "Это исполнение следует из записи: исправьте саму запись.")
    deadline.evidence.remove(evidence)
    settle(deadline)
    session.flush()
    spare_alternatives(session, deadline=deadline)


def close(session: Session, *, deadline: Deadline, closing: Closing, reason: str, by: Viewer) -> None:
    """Ask for it no more: waived or not applicable, with a reason."""
    need(may_waive(by, deadline.agency_id), "Снять срок может только руководитель организации.")
    need(deadline.closing is None, "Этот срок уже снят.")
    need(deadline.done_on is None, "Срок исполнен: снимать его не нужно.")
    need(bool(reason.strip()), "Укажите причину.")
    deadline.closing, deadline.closing_reason, deadline.closed_by_id = closing, reason.strip(), by.user_id
    session.flush()


def reopen(session: Session, *, deadline: Deadline, by: Viewer) -> None:
    need(may_waive(by, deadline.agency_id), "Вернуть срок может только руководитель организации.")
    need(deadline.closing is not None, "Этот срок не снят.")
    need(
        deadline.closed_by_id is not None,
        "Этот срок снят системой: он вернётся сам, когда снова появится его основание.",
    )
    deadline.closing, deadline.closing_reason, deadline.closed_by_id = None, "", None
    session.flush()


def pause(session: Session, *, deadline: Deadline, reason: str, by: Viewer) -> None:
    """Waiting for the other side: visible, and the legal date stays where it is."""
    need(may_fulfil(by, deadline.agency_id), "Приостановить срок может только сама организация.")
    need(not deadline.is_settled, "Срок уже исполнен или снят.")
    need(deadline.paused_on is None, "Срок уже приостановлен.")
    need(bool(reason.strip()), "Укажите причину.")
    deadline.paused_on, deadline.pause_reason = by.on, reason.strip()
    session.flush()


def resume(session: Session, *, deadline: Deadline, by: Viewer) -> None:
    need(may_fulfil(by, deadline.agency_id), "Возобновить срок может только сама организация.")
    need(deadline.paused_on is not None, "Срок не приостановлен.")
    deadline.paused_on, deadline.pause_reason = None, ""
    session.flush()


def settle(deadline: Deadline) -> None:
    """Count the evidence: done on the day of the piece that completed it."""
    days = sorted(piece.happened_on for piece in deadline.evidence)
    done_on = days[deadline.required - 1] if len(days) >= deadline.required else None
    if (deadline.achieved, deadline.done_on) != (len(days), done_on):
        deadline.achieved, deadline.done_on = len(days), done_on
    if deadline.done_on is not None and deadline.paused_on is not None:
        deadline.paused_on, deadline.pause_reason = None, ""


ALTERNATIVE = "Исполнено иначе: "


def spare_alternatives(session: Session, *, deadline: Deadline) -> bool:
    """One of several outcomes of the same event is there: the others are not asked for; taken back, they are again.

    Whether that changed any of them.
    """
    is_changed = False
    regulation, _, code = deadline.rule_key.partition("/")
    mine = deadline.rule.terms.instead_of
    siblings = select(Deadline).where(
        Deadline.agency_id == deadline.agency_id,
        Deadline.subject == deadline.subject,
        Deadline.rule_key != deadline.rule_key,
        func.substr(Deadline.rule_key, 1, len(regulation) + 1) == f"{regulation}/",
    )
    for other in session.scalars(siblings) if deadline.subject else ():
        if other.rule_key.partition("/")[2] not in mine and code not in other.rule.terms.instead_of:
            continue
        if deadline.done_on is not None and not other.is_settled:
            other.closing, other.closing_reason = Closing.NOT_APPLICABLE, f"{ALTERNATIVE}{deadline.rule.title}"[:500]
            is_changed = True
        elif deadline.done_on is None and other.closed_by_id is None and other.closing_reason.startswith(ALTERNATIVE):
            other.closing, other.closing_reason = None, ""
            is_changed = True
    if is_changed:
        session.flush()
    return is_changed
