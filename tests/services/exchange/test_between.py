"""What happens to a letter between two steps: somebody edits, locks, closes, moves; the next step looks again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, scoped_session

from models.exchange import Referral, ReferralStatus
from models.notifications import Notification
from models.territory import Agency, AgencyKind
from models.users import Role
from services.exchange import drafting, paper, transfers, workflow, writing
from services.exchange.common import StaleReferral
from services.exchange.drafting import Told
from tests.clock import follow, load_law
from tests.conftest import NOW, TODAY
from tests.factories import Cast, make_agency, make_user
from tests.services.exchange.letters import CASE, TRANSFER, Desk, refused

S = ReferralStatus
LATER = TODAY + timedelta(days=9)


@pytest.fixture
def desk(session: scoped_session[Session], cast: Cast) -> Desk:
    return Desk(session(), cast)


@pytest.fixture
def college(desk: Desk) -> Agency:
    """Nobody of it can sign in."""
    return make_agency(desk.session, "college", AgencyKind.COLLEGE, name="Колледж")


def meanwhile(desk: Desk, letter: Referral, **values: Any) -> None:
    """Somebody else's transaction changes a letter that this one has read already."""
    statement = update(Referral).where(Referral.id == letter.id).values(**values, version=Referral.version + 1)
    desk.session.execute(statement.execution_options(synchronize_session=False))


# -- Somebody was faster ---------------------------------------------------------------------------------------------


def test_what_was_edited_meanwhile_is_not_sent(desk: Desk) -> None:
    draft = desk.draft()
    meanwhile(desk, draft, recipient_id=desk.cast.other_opeka.id, text="другое письмо")
    with pytest.raises(StaleReferral, match="Письмо тем временем изменилось"):
        desk.do(workflow.send, draft, desk.cast.anna)
    assert (draft.status, draft.outgoing) == (S.DRAFT, [])


def test_an_answer_that_was_returned_meanwhile_is_not_closed(desk: Desk) -> None:
    letter = desk.send()
    desk.do(workflow.accept, letter, desk.cast.boris)
    desk.answer(letter)
    meanwhile(desk, letter, status=S.IN_WORK, answered_on=None, outcome=None)
    with pytest.raises(StaleReferral):
        desk.do(workflow.close, letter, desk.cast.anna)
    assert letter.status is S.IN_WORK


def test_a_letter_waits_for_one_clarification(desk: Desk) -> None:
    letter = desk.send()
    desk.do(workflow.accept, letter, desk.cast.boris)
    meanwhile(desk, letter, paused_on=TODAY, pause_reason="где живёт")
    with pytest.raises(StaleReferral):
        desk.do(workflow.pause, letter, desk.cast.boris, reason="где учится")
    assert (letter.pause_reason, letter.messages) == ("где живёт", [])


# -- From draft to sending -------------------------------------------------------------------------------------------


def test_nothing_is_sent_to_an_organisation_that_was_closed_meanwhile(desk: Desk) -> None:
    draft = desk.draft()
    desk.cast.opeka.is_active = False
    said = refused(desk.do, workflow.send, draft, desk.cast.anna)
    assert said == "Получатель больше не работает: выберите другого."
    assert (draft.status, draft.outgoing) == (S.DRAFT, [])


def test_nothing_is_sent_where_the_kind_may_not_go_any_more(desk: Desk) -> None:
    draft = desk.draft(CASE | {"to": ["guardianship"]})
    desk.cast.opeka.kind = AgencyKind.COLLEGE
    desk.session.flush()
    assert "не отправляют" in refused(desk.do, workflow.send, draft, desk.cast.anna)


def test_nothing_is_sent_by_a_clause_that_holds_no_more(session: scoped_session[Session], cast: Cast) -> None:
    load_law(session())
    desk = Desk.__new__(Desk)
    desk.session, desk.cast = session(), cast
    draft = desk.draft(CASE | {"regulation": "vologda-2022"})
    assert refused(desk.do, workflow.send, draft, cast.anna) == drafting.OVER
    follow(session(), cast.service, "vologda-2022")
    assert desk.do(workflow.send, draft, cast.anna).status is S.SENT


# -- A returned letter -----------------------------------------------------------------------------------------------


def test_what_is_sent_again_is_received_again(desk: Desk) -> None:
    letter = desk.send()
    desk.do(workflow.receive, letter, desk.cast.boris)
    desk.do(workflow.give_back, letter, desk.cast.boris, reason="мало")
    desk.do(workflow.send, letter, desk.cast.anna, on=LATER)
    assert letter.received_on is None
    desk.do(workflow.accept, letter, desk.cast.boris, on=LATER)
    assert (letter.sent_on, letter.received_on) == (LATER, LATER)


def test_a_returned_letter_stays_with_its_recipient(desk: Desk) -> None:
    """Whoever had it would lose a letter that stands in its journal, and another would read what was said to it."""
    letter = desk.send()
    desk.do(workflow.give_back, letter, desk.cast.boris, reason="мало")
    told = Told(desk.cast.other_opeka.id, text="Вам", graduate_ids=[desk.cast.own.id])
    said = refused(drafting.edit, desk.session, referral=letter, told=told, by=desk.by(desk.cast.anna))
    assert said == "Возвращённое письмо отправляют тому же получателю. Другому напишите новое."


def test_a_returned_letter_is_not_taken_for_the_drafts_of_its_dispatch(desk: Desk) -> None:
    returned = desk.send(batch="b")
    desk.draft(batch="b")
    desk.do(workflow.give_back, returned, desk.cast.boris, reason="мало")
    assert writing.of_batch(desk.session, referral=returned) == [returned]


# -- Which side is on paper ------------------------------------------------------------------------------------------


def test_a_recipient_that_gets_an_account_does_not_act_for_the_sender(desk: Desk, college: Agency) -> None:
    letter = desk.send(recipient=college)
    head = make_user(desk.session, "head", "Новый Директор", Role.HEAD, college)
    said = refused(desk.do, workflow.revoke, letter, head, reason="не хотим")
    assert said == "Отозвать письмо может его автор или руководитель отправителя."
    desk.do(workflow.receive, letter, head)
    desk.answer(letter, head)
    for verb, more in ((workflow.close, {}), (workflow.reopen, {"reason": "мало"})):
        assert refused(desk.do, verb, letter, head, **more) == "Это может только отправитель письма."


def test_a_sender_that_gets_an_account_does_not_answer_itself(lawful: Desk, college: Agency) -> None:
    letter = register(lawful, college)
    clerk = make_user(lawful.session, "zoya", "Зоя Учебная", Role.CLERK, college)
    assert refused(lawful.answer, letter, clerk) == "Это может только получатель письма."


@pytest.fixture
def lawful(session: scoped_session[Session], cast: Cast) -> Desk:
    load_law(session())
    follow(session(), cast.service, "vologda-2022")
    found = Desk.__new__(Desk)
    found.session, found.cast = session(), cast
    return found


def register(desk: Desk, sender: Agency, **said: Any) -> Referral:
    said = {"written_on": TODAY, "received_on": TODAY, "answer_due_on": LATER} | said
    return paper.register(
        desk.session,
        kind_key="common/request",
        agency_id=desk.cast.service.id,
        sender_id=sender.id,
        summary="Как живёт выпускник",
        by=desk.by(desk.cast.anna),
        now=NOW,
        **said,
    )


def test_a_paper_letter_that_is_passed_on_is_answered_and_closed_by_whoever_got_it(
    lawful: Desk, college: Agency
) -> None:
    """Its sender has no account: else nobody could ever close it."""
    boris = lawful.cast.boris
    letter = register(lawful, college)
    where = lawful.cast.opeka.id
    passed = lawful.do(workflow.forward, letter, lawful.cast.anna, recipient_id=where, reason="не наше")
    lawful.do(workflow.accept, passed, boris)
    assert [one.agency_id for one in passed.incoming] == [where]
    lawful.answer(passed, boris)
    assert [one.agency_id for one in passed.outgoing] == [lawful.cast.service.id, where]
    lawful.do(workflow.close, passed, boris)
    assert passed.status is S.CLOSED


def test_a_paper_letter_is_not_of_another_century(lawful: Desk, college: Agency) -> None:
    old = TODAY.replace(year=226)
    assert refused(register, lawful, college, written_on=old, received_on=old) == "Проверьте год."


# -- Whoever is told -------------------------------------------------------------------------------------------------


def test_where_the_executor_has_left_everybody_who_works_there_is_told(desk: Desk) -> None:
    letter = desk.send()
    desk.do(workflow.accept, letter, desk.grigory, executor_id=desk.grigory.id)
    desk.grigory.is_locked = True
    desk.session.flush()
    desk.do(workflow.say, letter, desk.cast.anna, text="Когда ждать?")
    assert desk.told(letter)[-1][0] == "boris"


def test_a_long_name_of_an_organisation_is_told_in_part(desk: Desk) -> None:
    desk.cast.service.name = "Очень длинное название " * 21
    letter = desk.send()
    texts = desk.session.scalars(select(Notification.text).where(Notification.referral_id == letter.id)).all()
    assert texts
    assert all(len(text) <= 500 for text in texts)


# -- Transfers -------------------------------------------------------------------------------------------------------


def test_whoever_was_removed_meanwhile_is_not_taken_over(desk: Desk) -> None:
    letter = desk.send(TRANSFER)
    desk.cast.own.deleted_at = NOW
    desk.session.flush()
    with pytest.raises(Exception, match="удалена"):
        desk.do(transfers.accept, letter, desk.grigory, curator_id=desk.cast.boris.id)
