"""What was approved stays as it was approved, whoever writes to the database; what moved since is told beside it."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, event, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from models.submissions import RowState, Submission, SubmissionRow, SubmissionStatus
from reports.period import Period
from services.submissions import approving, corrections, drawing, locked, verifying, wording
from tests.clock import run
from tests.services.exchange.letters import refused
from tests.submissions_factories import RECEIVED, SIGNED, Handing


@pytest.fixture
def hand(session: scoped_session[Session], tmp_path: Path) -> Handing:
    made = Handing(session(), tmp_path)
    run(session(), date(2026, 9, 1))
    return made


FROZEN = {"title": "Другое", "content": {"title": "x"}, "texts": {"a": "b"}, "sha256": "0" * 64, "is_nil": True}


@pytest.mark.parametrize("column", FROZEN)
def test_the_database_refuses_to_change_what_was_approved(
    session: scoped_session[Session], hand: Handing, column: str
) -> None:
    approved = hand.draw()
    hand.approve(approved)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(update(Submission).where(Submission.id == approved.id).values({column: FROZEN[column]}))


def test_rows_of_what_was_approved_are_neither_changed_nor_deleted(
    session: scoped_session[Session], hand: Handing
) -> None:
    approved = hand.draw()
    hand.approve(approved)
    of_it = SubmissionRow.submission_id == approved.id
    for statement in (update(SubmissionRow).where(of_it).values(name="Кто-то"), delete(SubmissionRow).where(of_it)):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(statement)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(delete(Submission).where(Submission.id == approved.id))
    hand.send(approved)
    for status in ("draft", "approved"):
        back = update(Submission).where(Submission.id == approved.id).values(status=status, sent_at=None)
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(back)


def test_a_row_slipped_in_shows_by_the_digest(session: scoped_session[Session], hand: Handing) -> None:
    approved = hand.draw()
    hand.approve(approved)
    assert verifying.is_whole(session(), submission=approved)
    session.add(SubmissionRow(submission_id=approved.id, name="Подложный", position=99))
    session.flush()
    assert not verifying.is_whole(session(), submission=approved)
    assert "контрольной суммой" in refused(hand.send, approved)


def test_cards_that_changed_since_the_draft_stop_the_approval(session: scoped_session[Session], hand: Handing) -> None:
    draft = hand.draw()
    hand.people[0].deleted_at = draft.created_at
    session.commit()
    assert "Карточки изменились" in refused(hand.approve, draft)
    drawing.refresh(session(), submission=draft, **hand.told(hand.olga))
    hand.approve(draft)
    assert draft.status is SubmissionStatus.APPROVED


def test_own_words_are_stale_when_the_card_says_something_else(session: scoped_session[Session], hand: Handing) -> None:
    draft, told = hand.draw(), hand.told(hand.olga)
    row = hand.rows(draft)[hand.people[0].full_name]
    said = {"housing": "живёт у тёти"}
    wording.reword(session(), submission=draft, row_id=row.id, words=said, **told)
    hand.people[0].housings[0].status_code = "dormitory"
    session.commit()
    drawing.refresh(session(), submission=draft, **told)
    session.refresh(row)
    assert row.wording == said
    assert (row.state, row.reason) == (
        RowState.BLOCKED,
        "Карточка изменилась, проверьте свои слова: Обеспеченность жильем",
    )
    wording.reword(session(), submission=draft, row_id=row.id, words=said, **told)
    assert row.state is RowState.INCLUDED
    wording.reword(session(), submission=draft, row_id=row.id, words={"housing": ""}, **told)
    assert row.wording == {}


def test_what_is_left_out_by_hand_stays_out_until_it_is_taken_back(
    session: scoped_session[Session], hand: Handing
) -> None:
    draft, told = hand.draw(), hand.told(hand.olga)
    row = hand.rows(draft)[hand.people[0].full_name]
    assert "Укажите" in refused(wording.leave_out, session(), submission=draft, row_id=row.id, reason=" ", **told)
    wording.leave_out(session(), submission=draft, row_id=row.id, reason="переехал", **told)
    drawing.refresh(session(), submission=draft, **told)
    session.refresh(row)
    assert (row.state, row.reason) == (RowState.LEFT_OUT, "переехал")
    wording.take_back(session(), submission=draft, row_id=row.id, **told)
    assert row.state is RowState.INCLUDED


def test_an_approval_is_taken_back_before_sending_only(session: scoped_session[Session], hand: Handing) -> None:
    draft = hand.draw()
    hand.approve(draft)
    assert "утверждена, но не отправлена" in refused(hand.draw)
    assert "руководитель" in refused(
        approving.reopen, session(), submission=draft, reason="ошибка", **hand.told(hand.olga)
    )
    approving.reopen(session(), submission=draft, reason="ошибка", **hand.told(hand.grigory))
    assert (draft.status, draft.sha256) == (SubmissionStatus.DRAFT, "")
    hand.approve(draft)
    hand.send(draft)
    told = hand.told(hand.grigory)
    assert "уже отправлен" in refused(approving.reopen, session(), submission=draft, reason="ошибка", **told)
    assert "уже утверждён" in refused(drawing.refresh, session(), submission=draft, **hand.told(hand.olga))


def test_the_draft_is_one(session: scoped_session[Session], hand: Handing) -> None:
    assert hand.draw().id == hand.draw(hand.grigory).id


def test_later_changes_show_as_corrections(session: scoped_session[Session], hand: Handing) -> None:
    sent = hand.sent()
    hand.people[0].housings[0].status_code = "dormitory"
    session.commit()
    moved = corrections.moved_rows(session(), submission=sent, today=RECEIVED)
    assert [one.graduate_id for one in moved] == [hand.people[0].id]
    assert [what.where for what in moved[0].what] == ["Обеспеченность жильем"]


def test_a_late_record_of_an_approved_period_is_a_correction(session: scoped_session[Session], hand: Handing) -> None:
    month = Period.parse("2026-09")
    made = hand.draw(hand.sergey, code="organisation-period", agency_id=hand.region.social.id, period=month)
    assert locked.told_of(session(), agency_id=hand.region.social.id, on=date(2026, 9, 14)) == []
    hand.approve(made, hand.sofia)
    (told,) = locked.told_of(session(), agency_id=hand.region.social.id, on=date(2026, 9, 14))
    assert told.endswith("за сентябрь 2026 года уже утверждён: запись войдёт как исправление.")
    assert locked.told_of(session(), agency_id=hand.region.social.id, on=date(2026, 10, 1)) == []


def test_statements_do_not_grow_with_the_rows(session: scoped_session[Session], hand: Handing) -> None:
    def counted(on: date) -> int:
        statements = 0

        def count(*_: object) -> None:
            nonlocal statements
            statements += 1

        connection = session.connection()
        event.listen(connection, "before_cursor_execute", count)
        try:
            draft = hand.draw(on=on)
            hand.approve(draft, on=on)
        finally:
            event.remove(connection, "before_cursor_execute", count)
        return statements

    few = counted(date(2026, 3, 2))
    for number in range(60):
        hand.person(f"Человек{number} Иван Иванович")
    session.commit()
    assert abs(counted(SIGNED) - few) <= 8  # It is compared with the one before.
