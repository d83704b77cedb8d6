"""Two sides of a letter: cards that it opens, notes that never cross, paper, receipts, transfers."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.access import visible_to
from models.access_grants import AccessProfile
from models.exchange import ReferralStatus
from models.graduates import Graduate
from models.support import Assignment, AssignmentKind, Responsibility
from models.territory import Agency, AgencyKind
from models.users import User
from services.exchange import notes, paper, transfers, workflow
from services.exchange.common import StaleReferral
from services.exchange.workflow.common import NOT_RECIPIENT
from tests.clock import follow, load_law
from tests.conftest import NOW, TODAY
from tests.exchange_factories import PLAIN
from tests.factories import Cast, make_agency, make_graduate
from tests.services.exchange.letters import CASE, KNOWING, TRANSFER, Desk, refused

S = ReferralStatus
MONTH = timedelta(days=30)


@pytest.fixture
def desk(session: scoped_session[Session], cast: Cast) -> Desk:
    return Desk(session(), cast)


def sees(desk: Desk, user: User, on: date = TODAY) -> bool:
    query = select(Graduate.id).where(visible_to(desk.by(user, on)), Graduate.id == desk.cast.own.id)
    return desk.session.scalar(query) is not None


# -- Cards that a letter opens ---------------------------------------------------------------------------------------


def test_acceptance_opens_the_card_until_thirty_days_after_the_end(desk: Desk) -> None:
    letter = desk.send()
    assert not sees(desk, desk.cast.boris)
    desk.do(workflow.receive, letter, desk.cast.boris)
    assert not sees(desk, desk.cast.boris)
    desk.do(workflow.accept, letter, desk.cast.boris)
    (grant,) = desk.grants(letter)
    assert (grant.agency_id, grant.profile, grant.starts_on, grant.ends_on) == (
        desk.cast.opeka.id,
        AccessProfile.CARD,
        TODAY,
        None,
    )
    assert sees(desk, desk.cast.boris, TODAY + timedelta(days=1000))
    assert not sees(desk, desk.cast.vera)
    desk.answer(letter)
    assert grant.ends_on is None
    desk.do(workflow.close, letter, desk.cast.anna)
    assert grant.ends_on == TODAY + MONTH
    assert sees(desk, desk.cast.boris, TODAY + MONTH)
    assert not sees(desk, desk.cast.boris, TODAY + MONTH + timedelta(days=1))


def test_a_revoked_letter_closes_its_cards_at_once(desk: Desk) -> None:
    letter = desk.send()
    desk.do(workflow.accept, letter, desk.cast.boris)
    later = TODAY + timedelta(days=4)
    desk.do(workflow.revoke, letter, desk.cast.anna, on=later, reason="ошибка")
    (grant,) = desk.grants(letter)
    assert grant.ends_on == later - timedelta(days=1)
    assert sees(desk, desk.cast.boris, grant.ends_on)
    assert not sees(desk, desk.cast.boris, later)


def test_what_was_opened_and_revoked_on_one_day_is_closed_on_that_day(desk: Desk) -> None:
    letter = desk.send()
    desk.do(workflow.accept, letter, desk.cast.boris)
    assert sees(desk, desk.cast.boris)
    desk.do(workflow.revoke, letter, desk.cast.anna, reason="ошибка")
    assert not sees(desk, desk.cast.boris)
    assert desk.grants(letter) == []


def test_a_letter_that_only_tells_makes_nobody_visible(desk: Desk) -> None:
    letter = desk.send(KNOWING)
    desk.do(workflow.accept, letter, desk.cast.boris)
    assert [grant.profile for grant in desk.grants(letter)] == [AccessProfile.CONTACTS]
    assert not sees(desk, desk.cast.boris)
    plain = desk.send(PLAIN)
    desk.do(workflow.accept, plain, desk.cast.boris)
    assert desk.grants(plain) == []


def test_two_letters_about_one_person_open_and_close_by_themselves(desk: Desk) -> None:
    first, second = desk.send(), desk.send()
    for letter in (first, second):
        desk.do(workflow.accept, letter, desk.cast.boris)
    desk.do(workflow.revoke, first, desk.cast.anna, reason="ошибка")
    assert sees(desk, desk.cast.boris, TODAY + MONTH)


def test_nobody_sends_about_whom_he_does_not_see_any_more(desk: Desk) -> None:
    draft = desk.draft()
    desk.cast.own.agency = desk.cast.opeka
    desk.session.execute(Responsibility.__table__.delete())  # type: ignore[attr-defined]
    desk.session.flush()
    said = refused(desk.do, workflow.send, draft, desk.cast.anna)
    assert said == "О человеке, чью карточку вы не видите, писать нельзя."


# -- Notes and receipts ----------------------------------------------------------------------------------------------


def test_internal_notes_never_cross(desk: Desk) -> None:
    letter = desk.send()
    desk.do(notes.note, letter, desk.cast.anna, text="позвонить ещё раз")
    desk.do(notes.note, letter, desk.cast.boris, text=" знаем её ")
    read = {
        user.login: [one.text for one in notes.notes_of(desk.session, referral=letter, by=desk.by(user))]
        for user in (desk.cast.anna, desk.cast.galina, desk.cast.boris, desk.cast.kira, desk.cast.root)
    }
    assert read == {
        "anna": ["позвонить ещё раз"],
        "galina": ["позвонить ещё раз"],
        "boris": ["знаем её"],
        "kira": [],
        "root": [],
    }
    assert refused(desk.do, notes.note, letter, desk.cast.anna, text=" ") == "Напишите заметку."


def test_a_letter_that_is_passed_on_takes_no_notes_along(desk: Desk) -> None:
    letter = desk.send()
    desk.do(notes.note, letter, desk.cast.boris, text="не наш")
    where = desk.cast.other_opeka.id
    passed = desk.do(workflow.forward, letter, desk.cast.boris, recipient_id=where, reason="не наш район")
    for user in (desk.cast.vera, desk.cast.boris, desk.cast.anna):
        assert notes.notes_of(desk.session, referral=passed, by=desk.by(user)) == []


def test_the_first_opening_by_the_recipient_is_its_receipt(desk: Desk) -> None:
    letter = desk.send()
    assert not desk.do(notes.read, letter, desk.cast.anna)
    assert not desk.do(notes.read, letter, desk.cast.kira)
    assert desk.do(notes.read, letter, desk.cast.boris)
    assert not desk.do(notes.read, letter, desk.cast.boris)
    assert desk.do(notes.read, letter, desk.grigory)
    assert [one.who for one in notes.readings_of(desk.session, referral=letter)] == [
        "Борис Опекин, Опека Сокольского округа",
        "Григорий Главный, Опека Сокольского округа",
    ]
    assert letter.status is S.SENT
    assert not desk.do(notes.read, desk.draft(), desk.cast.boris)


# -- Paper -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def college(desk: Desk) -> Agency:
    """Nobody of it can sign in."""
    return make_agency(desk.session, "college", AgencyKind.COLLEGE, name="Колледж")


def test_what_those_without_accounts_do_is_entered_by_the_sender(desk: Desk, college: Agency) -> None:
    letter = desk.send(recipient=college)
    assert letter.is_on_paper
    message = desk.answer(letter, desk.cast.anna, their_number="17/3", text="Учится хорошо.")
    assert (letter.status, message.who, message.their_number, message.agency_id) == (
        S.ANSWERED,
        "Колледж",
        "17/3",
        college.id,
    )
    assert [one.agency_id for one in letter.outgoing] == [desk.cast.service.id]
    assert [(one.agency_id, one.message_id) for one in letter.incoming] == [(desk.cast.service.id, message.id)]
    desk.do(workflow.close, letter, desk.cast.anna)
    assert letter.status is S.CLOSED


def test_each_step_of_those_without_accounts_may_be_entered(desk: Desk, college: Agency) -> None:
    letter = desk.send(recipient=college)
    desk.do(workflow.receive, letter, desk.cast.anna)
    assert letter.incoming == []
    desk.do(workflow.accept, letter, desk.cast.galina)
    assert letter.status is S.ACCEPTED
    assert refused(desk.do, workflow.receive, letter, desk.cast.boris) == NOT_RECIPIENT
    returned = desk.send(recipient=college)
    said = refused(desk.do, workflow.give_back, returned, desk.cast.anna, reason="мало")
    assert said == "Бумажное письмо возвращают почтой: отклоните его и напишите ответ."


def register(desk: Desk, **said: Any) -> Any:
    said = {
        "kind_key": "common/request",
        "agency_id": desk.cast.service.id,
        "sender_text": "Прокуратура района",
        "their_number": "5-12",
        "written_on": date(2026, 9, 25),
        "received_on": TODAY,
        "summary": "Как живёт выпускник",
        "answer_due_on": date(2026, 10, 30),
        "sheets": 2,
    } | said
    return paper.register(desk.session, by=desk.by(said.pop("user", desk.cast.anna)), now=NOW, **said)


@pytest.fixture
def lawful(session: scoped_session[Session], cast: Cast) -> Desk:
    load_law(session())
    follow(session(), cast.service, "vologda-2022")
    found = Desk.__new__(Desk)
    found.session, found.cast = session(), cast
    return found


def test_a_paper_letter_is_registered_and_answered(lawful: Desk) -> None:
    letter = register(lawful, graduate_ids=[lawful.cast.own.id])
    assert (letter.status, letter.sender_id, letter.sender_name) == (S.RECEIVED, None, "Прокуратура района")
    (incoming,) = letter.incoming
    assert (incoming.agency_id, incoming.number, incoming.sheets) == (lawful.cast.service.id, 1, 2)
    message = lawful.answer(letter, lawful.cast.anna, text="Живёт в Соколе.")
    assert [(one.agency_id, one.message_id) for one in letter.outgoing] == [(lawful.cast.service.id, message.id)]
    assert len(letter.incoming) == 1
    lawful.do(workflow.close, letter, lawful.cast.anna)
    assert letter.status is S.CLOSED


def test_a_paper_message_may_name_somebody_without_a_card(lawful: Desk) -> None:
    letter = register(lawful, kind_key="vologda-2022/need-message", person_names=["Новикова  Анна", ""])
    (person,) = letter.people
    assert (person.graduate_id, person.name) == (None, "Новикова Анна")
    lawful.do(workflow.accept, letter, lawful.cast.anna)
    assert lawful.grants(letter) == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"sender_text": ""}, "Укажите, от кого письмо."),
        ({"summary": " "}, "Кратко запишите содержание."),
        ({"written_on": date(2026, 10, 2)}, "Письмо не может прийти раньше своей даты."),
        ({"received_on": date(2026, 10, 2)}, "Этот день ещё не наступил."),
        ({"sheets": 0}, "Укажите число листов."),
        ({"answer_due_on": date(2026, 9, 30)}, "Срок ответа раньше письма."),
        ({"kind_key": "common/nothing"}, "Выберите вид письма."),
    ],
)
def test_a_paper_letter_that_cannot_be_is_refused(lawful: Desk, said: dict[str, Any], sentence: str) -> None:
    assert refused(register, lawful, **said) == sentence


def test_a_paper_letter_is_of_somebody_else_and_about_people_in_sight(lawful: Desk) -> None:
    cast = lawful.cast
    assert refused(register, lawful, sender_id=cast.service.id) == "Письмо самим себе не регистрируют."
    said = refused(register, lawful, sender_id=cast.opeka.id)
    assert said == "Эта организация работает в «Маршруте»: её письма приходят сами."
    said = refused(register, lawful, graduate_ids=[cast.foreign.id])
    assert said == "О человеке, чью карточку вы не видите, писать нельзя."
    assert refused(register, lawful, user=cast.boris) == "Письма регистрирует сама организация."


# -- Transfers -------------------------------------------------------------------------------------------------------


@pytest.fixture
def offered(desk: Desk) -> Callable[..., Any]:
    letter = desk.send(TRANSFER)

    def accept(user: User, curator: User | None) -> Any:
        curator_id = curator.id if curator else None
        return desk.do(transfers.accept, letter, user, curator_id=curator_id, order_number="12")

    accept.letter = letter  # type: ignore[attr-defined]
    return accept


def test_a_person_passes_over_with_responsibility_and_curator_together(desk: Desk, offered: Callable[..., Any]) -> None:
    person, cast = desk.cast.own, desk.cast
    old = Assignment(
        graduate=person, kind=AssignmentKind.CURATOR, user_id=cast.anna.id, name="Анна", starts_on=date(2026, 1, 1)
    )
    desk.session.add_all([old, Responsibility(graduate=person, agency=cast.service, starts_on=date(2025, 1, 1))])
    desk.session.flush()
    assert offered(desk.grigory, cast.boris) == [person]
    assert (offered.letter.status, offered.letter.executor_id) == (S.ACCEPTED, cast.boris.id)  # type: ignore[attr-defined]
    assert person.agency_id == cast.opeka.id
    assert old.ends_on == TODAY - timedelta(days=1)
    current = [one for one in person.assignments if one.ends_on is None]
    assert [(one.user_id, one.name, one.order_number) for one in current] == [(cast.boris.id, "Борис Опекин", "12")]
    assert sees(desk, cast.boris)
    assert sees(desk, cast.galina)  # The former organisation goes on reading.
    last = person.responsibilities[-1]
    assert (last.agency_id, last.ground) == (cast.opeka.id, "передача: service")


def test_a_transfer_is_accepted_by_the_head_with_a_curator_of_its_own(desk: Desk, offered: Callable[..., Any]) -> None:
    cast = desk.cast
    by_head = "Передачу принимает руководитель получателя."
    for user in (cast.boris, cast.galina, cast.kira):
        assert refused(offered, user, cast.boris) == by_head
    own = "Выберите куратора из сотрудников вашей организации."
    for curator in (None, cast.anna):
        assert refused(offered, desk.grigory, curator) == own
    letter = offered.letter  # type: ignore[attr-defined]
    said = refused(desk.do, workflow.accept, letter, desk.grigory)
    assert said == "Передачу принимает руководитель, с назначением куратора."
    ordinary = desk.send()
    said = refused(desk.do, transfers.accept, ordinary, desk.grigory, curator_id=cast.boris.id)
    assert said == "Это письмо не о передаче выпускника."
    assert cast.own.agency_id == cast.service.id


def test_whoever_was_passed_on_meanwhile_is_not_taken_over(desk: Desk, offered: Callable[..., Any]) -> None:
    desk.cast.own.agency_id = desk.cast.other_opeka.id
    desk.session.flush()
    said = refused(offered, desk.grigory, desk.cast.boris)
    assert said == "Пока письмо шло, выпускника передали другой организации. Отклоните передачу."


def test_a_transfer_is_accepted_once(desk: Desk, offered: Callable[..., Any]) -> None:
    offered(desk.grigory, desk.cast.boris)
    with pytest.raises(StaleReferral, match="принято"):
        offered(desk.grigory, desk.cast.boris)


def test_only_own_people_are_offered(desk: Desk) -> None:
    stranger = make_graduate(desk.session, "Чужой Пётр", agency_id=desk.cast.opeka.id)
    desk.session.add(
        Responsibility(graduate=stranger, agency=desk.cast.service, starts_on=date(2025, 1, 1), ends_on=TODAY)
    )
    desk.session.flush()
    draft = desk.draft(TRANSFER | CASE, people=(stranger,))
    draft.terms = TRANSFER
    desk.session.flush()
    said = refused(desk.do, workflow.send, draft, desk.cast.anna)
    assert said == "Передать можно только того, кого сопровождает ваша организация."
