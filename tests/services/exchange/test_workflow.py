"""What happens to a letter: every verb, who may do it, what it leaves behind."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session, scoped_session

from models.exchange import MessageKind, Referral, ReferralStatus, ReferralStep, ReplyOutcome
from models.support import Consent
from models.territory import AgencyKind
from models.users import Role
from services.exchange import drafting, workflow
from services.exchange.common import StaleReferral, find
from services.exchange.workflow.common import NOT_RECIPIENT, NOT_SENDER
from tests.conftest import NOW, TODAY
from tests.exchange_factories import PLAIN
from tests.factories import Cast, make_agency, make_user
from tests.services.exchange.letters import CASE, SILENT, TRANSFER, URGENT, Desk, refused

S, Step = ReferralStatus, ReferralStep


@pytest.fixture
def desk(session: scoped_session[Session], cast: Cast) -> Desk:
    return Desk(session(), cast)


def steps(letter: Referral) -> list[tuple[ReferralStep, ReferralStatus]]:
    return [(event.step, event.status_after) for event in letter.events]


def test_a_letter_goes_from_draft_to_closed_and_leaves_its_history(desk: Desk) -> None:
    a, cast = desk, desk.cast
    letter = a.send()
    assert (letter.sent_on, letter.answer_due_on) == (TODAY, date(2026, 11, 2))  # 31 October is a Saturday.
    a.do(workflow.receive, letter, cast.boris)
    a.do(workflow.accept, letter, cast.boris, executor_id=a.grigory.id)
    a.do(workflow.start, letter, a.grigory)
    message = a.answer(letter, a.grigory)
    assert (letter.answered_on, letter.outcome) == (TODAY, ReplyOutcome.RESOLVED)
    a.do(workflow.close, letter, cast.anna, note="спасибо")
    assert steps(letter) == [
        (Step.SENT, S.SENT),
        (Step.RECEIVED, S.RECEIVED),
        (Step.ACCEPTED, S.ACCEPTED),
        (Step.STARTED, S.IN_WORK),
        (Step.ANSWERED, S.ANSWERED),
        (Step.CLOSED, S.CLOSED),
    ]
    assert [event.who for event in letter.events][:2] == [
        "Анна Клерк, Служба «Перекрёсток»",
        "Борис Опекин, Опека Сокольского округа",
    ]
    assert (letter.executor_id, letter.closed_at, letter.is_over) == (a.grigory.id, NOW, True)
    outgoing = [(one.agency_id, one.message_id) for one in letter.outgoing]
    incoming = [(one.agency_id, one.message_id) for one in letter.incoming]
    assert outgoing == [(cast.service.id, None), (cast.opeka.id, message.id)]
    assert incoming == [(cast.opeka.id, None), (cast.service.id, message.id)]


def test_numbers_of_a_journal_go_on(desk: Desk) -> None:
    letters = [desk.send() for _ in range(3)]
    for letter in reversed(letters):
        desk.do(workflow.receive, letter, desk.cast.boris)
    assert [[one.number for one in letter.outgoing] for letter in letters] == [[1], [2], [3]]
    assert [[one.number for one in letter.incoming] for letter in letters] == [[3], [2], [1]]


def test_acceptance_registers_what_nobody_has_registered_and_only_once(desk: Desk) -> None:
    letter = desk.send()
    desk.do(workflow.accept, letter, desk.cast.boris)
    assert letter.received_on == TODAY
    assert len(letter.incoming) == 1
    assert letter.acknowledged_at == NOW
    other = desk.send()
    desk.do(workflow.receive, other, desk.cast.boris)
    desk.do(workflow.accept, other, desk.cast.boris)
    assert len(other.incoming) == 1


@pytest.mark.parametrize(
    ("verb", "said", "sentence"),
    [
        (workflow.receive, {}, NOT_RECIPIENT),
        (workflow.acknowledge, {}, NOT_RECIPIENT),
        (workflow.accept, {}, NOT_RECIPIENT),
        (workflow.assign, {"executor_id": None}, NOT_RECIPIENT),
        (workflow.start, {}, NOT_RECIPIENT),
        (workflow.answer, {"text": "да", "outcome": ReplyOutcome.RESOLVED}, NOT_RECIPIENT),
        (workflow.give_back, {"reason": "нет адреса"}, NOT_RECIPIENT),
        (workflow.decline, {"reason": "не наш район"}, NOT_RECIPIENT),
        (workflow.forward, {"reason": "не наш район", "recipient_id": 1}, NOT_RECIPIENT),
        (workflow.pause, {"reason": "какой адрес?"}, NOT_RECIPIENT),
        (workflow.revoke, {"reason": "ошибка"}, "Отозвать письмо может его автор или руководитель отправителя."),
        (workflow.reopen, {"reason": "мало"}, NOT_SENDER),
        (workflow.say, {"text": "здравствуйте"}, "Писать могут отправитель и получатель."),
        (workflow.send, {}, NOT_SENDER),
    ],
)
def test_a_stranger_does_nothing_with_a_letter(
    desk: Desk, verb: Callable[..., Any], said: dict[str, Any], sentence: str
) -> None:
    letter = desk.send()
    assert find(desk.session, referral_id=letter.id, by=desk.by(desk.cast.vera)) is None
    assert refused(desk.do, verb, letter, desk.cast.vera, **said) == sentence
    assert letter.status is S.SENT


@pytest.mark.parametrize("verb", [workflow.receive, workflow.accept, workflow.start])
def test_the_sender_does_not_answer_for_a_recipient_with_accounts(desk: Desk, verb: Callable[..., Any]) -> None:
    assert refused(desk.do, verb, desk.send(), desk.cast.galina) == NOT_RECIPIENT


# -- Returned, declined, revoked -------------------------------------------------------------------------------------


def test_a_returned_letter_is_completed_and_sent_again_with_a_new_number(desk: Desk) -> None:
    letter = desk.send()
    desk.do(workflow.receive, letter, desk.cast.boris)
    assert refused(desk.do, workflow.give_back, letter, desk.cast.boris, reason=" ") == "Напишите, чего не хватает."
    desk.do(workflow.give_back, letter, desk.cast.boris, reason="нет адреса")
    assert (letter.status, letter.reason) == (S.RETURNED, "нет адреса")
    desk.do(workflow.send, letter, desk.cast.anna)
    assert letter.status is S.SENT
    assert letter.events[-1].note == "повторно"
    assert [one.number for one in letter.outgoing] == [1, 2]
    desk.do(workflow.accept, letter, desk.cast.boris)
    assert len([one for one in letter.incoming if one.message_id is None]) == 1
    assert ("anna", "Извещение: возвращено на доработку", True) in desk.told(letter)
    assert len([1 for login, text, _ in desk.told(letter) if login == "boris" and "пришло" in text]) >= 1


def test_what_was_accepted_is_not_returned_any_more(desk: Desk) -> None:
    letter = desk.send()
    desk.do(workflow.accept, letter, desk.cast.boris)
    with pytest.raises(StaleReferral) as caught:
        desk.do(workflow.give_back, letter, desk.grigory, reason="нет адреса")
    assert str(caught.value) == (
        "Не выполнено: с письмом уже сделано другое – принято "
        "(Борис Опекин, Опека Сокольского округа, 01.10.2026). Сейчас оно «принято»."
    )


def test_a_letter_is_declined_with_a_reason_and_ends(desk: Desk) -> None:
    letter = desk.send()
    assert refused(desk.do, workflow.decline, letter, desk.cast.boris, reason="") == "Укажите причину."
    desk.do(workflow.decline, letter, desk.cast.boris, reason="не наш район")
    assert (letter.status, letter.reason, letter.is_over) == (S.DECLINED, "не наш район", True)
    with pytest.raises(StaleReferral):
        desk.do(workflow.accept, letter, desk.grigory)
    assert desk.grants(letter) == []


@pytest.mark.parametrize("who", ["anna", "galina", "root"])
def test_the_author_the_head_and_the_administrator_revoke(desk: Desk, who: str) -> None:
    letter = desk.send()
    desk.do(workflow.accept, letter, desk.cast.boris)
    desk.do(workflow.revoke, letter, getattr(desk.cast, who), reason="ошибка")
    assert letter.status is S.REVOKED
    assert ("boris", "Извещение: отозвано отправителем (service)", True) in desk.told(letter)


def test_a_colleague_of_the_author_does_not_revoke(desk: Desk) -> None:
    other = make_user(desk.session, "olga", "Ольга Вторая", Role.CLERK, desk.cast.service)
    sentence = "Отозвать письмо может его автор или руководитель отправителя."
    letter = desk.send()
    for user in (other, desk.cast.boris, desk.grigory):
        assert refused(desk.do, workflow.revoke, letter, user, reason="ошибка") == sentence


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        (workflow.receive, {}),
        (workflow.accept, {}),
        (workflow.answer, {"text": "да", "outcome": ReplyOutcome.RESOLVED}),
        (workflow.decline, {"reason": "поздно"}),
        (workflow.pause, {"reason": "что это?"}),
    ],
)
def test_nothing_is_done_with_a_revoked_letter(desk: Desk, verb: Callable[..., Any], said: dict[str, Any]) -> None:
    letter = desk.send()
    desk.do(workflow.revoke, letter, desk.cast.anna, reason="ошибка.")
    sentence = "Письмо отозвано отправителем: ошибка. Ответ и другие действия невозможны."
    assert refused(desk.do, verb, letter, desk.cast.boris, **said) == sentence
    said_later = refused(desk.do, workflow.say, letter, desk.cast.boris, text="как же так")
    assert said_later == "Письмо отозвано: переписка по нему закончена."


def test_an_answered_letter_is_not_revoked(desk: Desk) -> None:
    letter = desk.send()
    desk.do(workflow.accept, letter, desk.cast.boris)
    desk.answer(letter)
    with pytest.raises(StaleReferral, match="дан ответ"):
        desk.do(workflow.revoke, letter, desk.cast.anna, reason="ошибка")


# -- Passed on -------------------------------------------------------------------------------------------------------


def test_a_letter_is_passed_on_with_its_last_day_and_its_sender(desk: Desk) -> None:
    cast = desk.cast
    letter = desk.send()
    due = letter.answer_due_on
    desk.do(workflow.accept, letter, cast.boris)
    on = TODAY + timedelta(days=3)
    passed = desk.do(
        workflow.forward, letter, cast.boris, on=on, recipient_id=cast.other_opeka.id, reason="живёт в Тотьме"
    )
    assert (letter.status, letter.reason) == (S.FORWARDED, "живёт в Тотьме")
    assert (passed.status, passed.origin_id, passed.forwarded_by_id) == (S.SENT, letter.id, cast.opeka.id)
    assert (passed.sender_id, passed.recipient_id, passed.answer_due_on) == (cast.service.id, cast.other_opeka.id, due)
    assert [person.name for person in passed.people] == ["Ёлкина Дарья Игоревна"]
    assert [one.agency_id for one in passed.outgoing] == [cast.opeka.id]
    assert [grant.ends_on for grant in desk.grants(letter)] == [on - timedelta(days=1)]
    assert ("anna", f"Извещение: переадресовано: {cast.other_opeka.short_name}", True) in desk.told(letter)
    for user in (cast.anna, cast.boris, cast.vera):
        assert find(desk.session, referral_id=passed.id, by=desk.by(user)) is passed
    desk.do(workflow.accept, passed, cast.vera)
    assert refused(desk.answer, passed, cast.boris) == NOT_RECIPIENT
    desk.answer(passed, cast.vera, on=on)
    assert [one.agency_id for one in passed.incoming] == [cast.other_opeka.id, cast.service.id]


@pytest.mark.parametrize(("place", "sentence"), [("opeka", "другую"), ("service", "другую"), (None, "кому переслать")])
def test_a_letter_is_passed_on_to_somebody_else(desk: Desk, place: str | None, sentence: str) -> None:
    where = getattr(desk.cast, place).id if place else None
    said = refused(desk.do, workflow.forward, desk.send(), desk.cast.boris, recipient_id=where, reason="не наш")
    assert sentence in said


def test_a_letter_is_passed_on_only_where_its_kind_may_go(desk: Desk) -> None:
    letter = desk.send(CASE | {"to": ["guardianship"]})
    said = refused(
        desk.do, workflow.forward, letter, desk.cast.boris, recipient_id=desk.cast.centre.id, reason="не наш"
    )
    assert said == "«Извещение» не отправляют: координационный (ресурсный) центр."
    transfer = desk.send(TRANSFER)
    where = desk.cast.other_opeka.id
    said = refused(desk.do, workflow.forward, transfer, desk.cast.boris, recipient_id=where, reason="не наш")
    assert said == "Передачу выпускника не пересылают: отклоните её."
    assert transfer.status is S.SENT


# -- Waiting for a clarification -------------------------------------------------------------------------------------


def test_a_letter_waits_for_a_clarification_in_sight_of_both_sides(desk: Desk) -> None:
    letter = desk.send()
    due = letter.answer_due_on
    desk.do(workflow.accept, letter, desk.cast.boris)
    assert refused(desk.do, workflow.pause, letter, desk.cast.boris, reason="") == "Напишите, что нужно уточнить."
    desk.do(workflow.pause, letter, desk.cast.boris, reason="какой адрес?")
    assert (letter.status, letter.paused_on, letter.pause_reason) == (S.ACCEPTED, TODAY, "какой адрес?")
    assert [(one.kind, one.text) for one in letter.messages] == [(MessageKind.QUESTION, "какой адрес?")]
    again = refused(desk.do, workflow.pause, letter, desk.cast.boris, reason="и ещё")
    assert again == "Письмо уже ждёт уточнения."
    desk.do(workflow.say, letter, desk.cast.boris, text="ждём")
    assert letter.paused_on == TODAY
    desk.do(workflow.say, letter, desk.cast.anna, text="ул. Мира, 1")
    assert (letter.paused_on, letter.pause_reason, letter.answer_due_on) == (None, "", due)
    assert [step for step, _ in steps(letter)][-1] is Step.RESUMED
    assert refused(desk.do, workflow.resume, letter, desk.cast.boris) == "Письмо не приостановлено."


def test_the_recipient_resumes_a_letter_by_itself(desk: Desk) -> None:
    letter = desk.send()
    desk.do(workflow.receive, letter, desk.cast.boris)
    desk.do(workflow.pause, letter, desk.cast.boris, reason="какой адрес?")
    assert refused(desk.do, workflow.resume, letter, desk.cast.vera) == NOT_RECIPIENT
    desk.do(workflow.resume, letter, desk.grigory)
    assert letter.paused_on is None


def test_an_answer_ends_the_waiting(desk: Desk) -> None:
    letter = desk.send()
    desk.do(workflow.receive, letter, desk.cast.boris)
    desk.do(workflow.pause, letter, desk.cast.boris, reason="какой адрес?")
    desk.answer(letter)
    assert (letter.status, letter.paused_on) == (S.ANSWERED, None)


# -- Answers ---------------------------------------------------------------------------------------------------------


def test_an_answer_tells_of_each_person(desk: Desk) -> None:
    letter = desk.send(PLAIN, people=(desk.cast.own,))
    desk.do(workflow.accept, letter, desk.cast.boris)
    (person,) = letter.people
    desk.answer(letter, text="", about_people={person.id: " учится ", 10**6: "чужое"})
    assert person.answer == "учится"
    assert letter.messages[-1].text == "Сведения указаны по каждому человеку."


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"outcome": None}, "Укажите результат."),
        ({"text": " "}, "Напишите ответ."),
        ({"written_on": TODAY + timedelta(days=1)}, "Этот день ещё не наступил."),
        ({"written_on": TODAY - timedelta(days=1)}, "Ответ не может быть раньше письма."),
    ],
)
def test_an_answer_that_says_nothing_is_refused(desk: Desk, said: dict[str, Any], sentence: str) -> None:
    letter = desk.send()
    desk.do(workflow.accept, letter, desk.cast.boris)
    assert refused(desk.answer, letter, **said) == sentence
    assert letter.status is S.ACCEPTED


def test_what_has_not_been_received_is_not_answered(desk: Desk) -> None:
    with pytest.raises(StaleReferral):
        desk.answer(desk.send())


def test_an_answer_that_settles_nothing_is_asked_for_again(desk: Desk) -> None:
    letter = desk.send()
    desk.do(workflow.accept, letter, desk.cast.boris)
    with pytest.raises(StaleReferral):
        desk.do(workflow.reopen, letter, desk.cast.anna, reason="рано")
    desk.answer(letter)
    assert refused(desk.do, workflow.reopen, letter, desk.cast.boris, reason="мало") == NOT_SENDER
    missing = refused(desk.do, workflow.reopen, letter, desk.cast.anna, reason="")
    assert missing == "Напишите, чего не хватает в ответе."
    desk.do(workflow.reopen, letter, desk.cast.anna, reason="что с жильём?")
    assert (letter.status, letter.answered_on, letter.outcome) == (S.IN_WORK, None, None)
    desk.answer(letter, outcome=ReplyOutcome.PARTLY)
    assert letter.outcome is ReplyOutcome.PARTLY
    assert len(letter.messages) == 2


def test_a_letter_that_asks_for_an_answer_is_not_closed_without_one(desk: Desk) -> None:
    letter = desk.send()
    desk.do(workflow.accept, letter, desk.cast.boris)
    for user in (desk.cast.boris, desk.cast.anna):
        said = refused(desk.do, workflow.close, letter, user)
        assert said == "На это письмо нужен ответ: закрыть его без ответа нельзя."
    desk.answer(letter)
    assert refused(desk.do, workflow.close, letter, desk.cast.boris) == NOT_SENDER


def test_a_letter_that_asks_for_none_is_closed_by_whoever_got_it(desk: Desk) -> None:
    letter = desk.send(SILENT)
    desk.do(workflow.receive, letter, desk.cast.boris)
    assert refused(desk.do, workflow.close, letter, desk.cast.anna) == NOT_RECIPIENT
    desk.do(workflow.close, letter, desk.cast.boris)
    assert letter.status is S.CLOSED


# -- Who deals with it -----------------------------------------------------------------------------------------------


def test_the_executor_is_somebody_of_the_recipient_and_is_told(desk: Desk) -> None:
    letter = desk.send()
    sentence = "Исполнителем может быть только сотрудник организации-получателя."
    for stranger in (desk.cast.anna, desk.cast.vera):
        assert refused(desk.do, workflow.assign, letter, desk.cast.boris, executor_id=stranger.id) == sentence
        assert refused(desk.do, workflow.accept, letter, desk.cast.boris, executor_id=stranger.id) == sentence
    assert refused(desk.do, workflow.assign, letter, desk.cast.boris, executor_id=None) == "Выберите исполнителя."
    desk.do(workflow.assign, letter, desk.cast.boris, executor_id=desk.grigory.id)
    assert (letter.status, letter.executor_id, len(letter.incoming)) == (S.RECEIVED, desk.grigory.id, 1)
    assert ("grigory", "Извещение: вы назначены исполнителем", True) in desk.told(letter)
    desk.grigory.is_locked = True
    desk.session.flush()
    assert refused(desk.do, workflow.assign, letter, desk.cast.boris, executor_id=desk.grigory.id) == sentence


# -- Drafts ----------------------------------------------------------------------------------------------------------


def told(desk: Desk, letter: Referral, **other: Any) -> drafting.Told:
    return replace(drafting.told_of(letter), **other)


def test_what_was_sent_is_not_edited_and_not_thrown_away(desk: Desk) -> None:
    letter = desk.draft()
    by = desk.by(desk.cast.anna)
    drafting.edit(desk.session, referral=letter, told=told(desk, letter, text="Просим помочь"), by=by)
    assert letter.text == "Просим помочь"
    desk.do(workflow.send, letter, desk.cast.anna)
    changed = told(desk, letter, text="другое")
    said = refused(drafting.edit, desk.session, referral=letter, told=changed, by=by)
    assert said.startswith("Письмо уже отправлено: его текст не меняется.")
    assert refused(drafting.discard, desk.session, referral=letter, by=by).startswith("Отправленное письмо не удаляют")
    desk.do(workflow.give_back, letter, desk.cast.boris, reason="мало")
    drafting.edit(desk.session, referral=letter, told=changed, by=by)
    assert letter.text == "другое"


def test_only_the_sender_edits_and_throws_away(desk: Desk) -> None:
    letter = desk.draft()
    by = desk.by(desk.cast.boris)
    assert find(desk.session, referral_id=letter.id, by=by) is None
    said = refused(drafting.edit, desk.session, referral=letter, told=told(desk, letter), by=by)
    assert said == "Письмо правят сотрудники отправителя."
    assert refused(drafting.discard, desk.session, referral=letter, by=by) == "Черновик удаляет сам отправитель."
    drafting.discard(desk.session, referral=letter, by=desk.by(desk.cast.anna))
    assert desk.session.get(Referral, letter.id) is None


def test_an_empty_letter_is_not_sent(desk: Desk) -> None:
    letter = desk.draft(PLAIN, people=())
    assert refused(desk.do, workflow.send, letter, desk.cast.anna) == "Письмо пустое: напишите, о чём оно."


def test_names_of_organisations_stay_as_they_were_at_sending(desk: Desk) -> None:
    letter = desk.draft()
    desk.cast.opeka.name = "Опека, новое имя"
    desk.do(workflow.send, letter, desk.cast.anna)
    assert letter.recipient_name == "Опека, новое имя"
    desk.cast.opeka.name = "Опека, ещё новее"
    desk.session.flush()
    assert letter.recipient_name == "Опека, новое имя"


def test_data_pass_by_a_consent_that_holds(desk: Desk) -> None:
    terms = CASE | {"ground": "consent"}
    consent = Consent(graduate=desk.cast.own, purpose_code="transfer", given_on=date(2026, 9, 1), document="№ 5")
    other = Consent(graduate=desk.cast.own, purpose_code="support", given_on=date(2026, 9, 1))
    desk.session.add_all([consent, other])
    desk.session.flush()
    groundless = desk.draft(terms)
    groundless.ground = ""
    said = refused(desk.do, workflow.send, groundless, desk.cast.anna)
    assert said == "Укажите основание передачи: согласие человека или норму закона."
    letter = desk.draft(terms, consent_id=consent.id)
    desk.do(workflow.send, letter, desk.cast.anna)
    assert letter.ground == "согласие от 01.09.2026 № 5"
    wrong = desk.draft(terms, consent_id=other.id)
    sentence = "Это согласие не действует, не о передаче сведений или другого человека: выберите из предложенных."
    assert refused(desk.do, workflow.send, wrong, desk.cast.anna) == sentence
    consent.withdrawn_on = TODAY
    late = desk.draft(terms, consent_id=consent.id)
    assert refused(desk.do, workflow.send, late, desk.cast.anna) == sentence


def test_of_whom_there_is_no_card_only_a_message_of_need_tells(desk: Desk) -> None:
    message = desk.draft(CASE | {"accepting": ["card"], "fields": [{"label": "ФИО", "source": "name"}, "суть"]})
    by = desk.by(desk.cast.anna)
    said = told(desk, message, graduate_ids=[], unknown_name=" Новикова  Анна ", facts={"суть": "негде жить"})
    drafting.edit(desk.session, referral=message, told=said, by=by)
    (person,) = message.people
    assert (person.graduate_id, person.name, message.about_text) == (None, "Новикова Анна", "Новикова А.")
    assert person.facts == [{"label": "ФИО", "value": "Новикова Анна"}, {"label": "суть", "value": "негде жить"}]
    assert drafting.told_of(message).unknown_name == "Новикова Анна"
    desk.do(workflow.send, message, desk.cast.anna)
    desk.do(workflow.accept, message, desk.cast.boris)
    assert desk.grants(message) == []
    ordinary = desk.draft()
    assert "нет карточки" in refused(drafting.edit, desk.session, referral=ordinary, told=said, by=by)


# -- Urgent ----------------------------------------------------------------------------------------------------------


def test_an_emergency_is_shown_to_the_heads_only_when_its_minutes_have_passed(desk: Desk) -> None:
    letter = desk.send(URGENT)
    assert letter.acknowledge_by == NOW + timedelta(minutes=60)
    late = "Извещение: получение до сих пор не подтверждено"
    assert {(login, shown) for login, text, shown in desk.told(letter) if text == late} == {
        ("grigory", False),
        ("galina", False),
    }
    desk.do(workflow.acknowledge, letter, desk.cast.boris)
    assert (letter.status, letter.acknowledged_at) == (S.RECEIVED, NOW)
    assert not [text for _, text, _ in desk.told(letter) if text == late]
    desk.do(workflow.acknowledge, letter, desk.cast.boris)  # A second click changes nothing.
    assert len(letter.incoming) == 1


@pytest.mark.parametrize("verb", [workflow.decline, workflow.give_back, workflow.revoke])
def test_nobody_is_called_about_an_emergency_that_is_over(desk: Desk, verb: Callable[..., Any]) -> None:
    letter = desk.send(URGENT)
    desk.do(verb, letter, desk.cast.anna if verb is workflow.revoke else desk.cast.boris, reason="не то")
    assert all(shown for _, _, shown in desk.told(letter))


def test_no_notification_names_a_person(desk: Desk) -> None:
    letter = desk.send(URGENT)
    desk.do(workflow.accept, letter, desk.cast.boris)
    desk.do(workflow.say, letter, desk.cast.boris, text="Ёлкина у нас")
    desk.answer(letter)
    texts = [text for _, text, _ in desk.told(letter)]
    assert len(texts) >= 4
    assert not [text for text in texts if "Ёлкин" in text]


def test_whoever_works_at_the_recipient_hears_of_a_letter_and_its_author_of_the_answer(desk: Desk) -> None:
    letter = desk.send()
    assert {login for login, text, _ in desk.told(letter) if "пришло от" in text} == {"boris"}
    desk.do(workflow.accept, letter, desk.cast.boris)
    desk.answer(letter)
    assert {login for login, text, _ in desk.told(letter) if "есть ответ" in text} == {"anna"}
    desk.cast.anna.is_locked = True
    other = desk.send()
    desk.do(workflow.accept, other, desk.cast.boris)
    assert {login for login, text, _ in desk.told(other) if "принято" in text} == {"galina"}


def test_a_letter_to_those_who_have_no_account_goes_by_post(desk: Desk) -> None:
    council = make_agency(desk.session, "council", AgencyKind.COUNCIL)
    letter = desk.send(recipient=council)
    assert letter.is_on_paper
    assert [one.delivery.value for one in letter.outgoing] == ["post"]
