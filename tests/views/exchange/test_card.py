"""The page of a letter: what each side reads of it, what it offers, who was faster."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.access_grants import AccessGrant
from models.audit import AccessEvent, AccessKind
from models.exchange import Referral, ReferralMessage, ReferralReading, ReferralStatus, ReferralUrgency, ReplyOutcome
from models.plans import Measure, Plan
from models.support import Assignment, AssignmentKind, Problem
from services.production_calendar import load_years
from tests.conftest import NOW, TODAY
from tests.exchange_factories import PLAIN
from tests.factories import Cast
from tests.letters import CONTACTS, OPENING, act, letter, page
from tests.plans_factories import make_plan
from tests.signing import sign_in
from views import edge
from views.database import ACCESS
from views.extensions import db

Page = scoped_session[Session]
S = ReferralStatus
FOLLOWED = {**OPENING, "accepting": ["problem", "card", "measure"]}
TRANSFER = {**OPENING, "accepting": ["transfer"], "about": "person"}


def events(kind: AccessKind, subject: str) -> list[AccessEvent]:
    with Session(db.engines[ACCESS]) as session:
        query = select(AccessEvent).where(AccessEvent.kind == kind, AccessEvent.subject == subject)
        return list(session.scalars(query.order_by(AccessEvent.seq)))


@pytest.fixture(autouse=True)
def _noon(session: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request comes at twelve o'clock of the same day, and its year is decreed."""
    monkeypatch.setattr(edge, "clock", lambda: NOW)
    load_years(session())


# -- What is read ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", list(S))
def test_the_page_stands_in_every_status(client: FlaskClient, session: Page, cast: Cast, status: S) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own, status=status, answer_due_on=TODAY)
    assert status.label in page(client, cast.anna, made)
    if status is not S.DRAFT:
        assert status.label in page(client, cast.boris, made)


def test_the_clock_tells_the_last_day_and_the_days_left(client: FlaskClient, session: Page, cast: Cast) -> None:
    due = TODAY + timedelta(days=5)
    made = letter(session(), cast.service, cast.opeka, answer_due_on=due)
    assert "Ответ до 06.10.2026, осталось 5 дней" in page(client, cast.boris, made)
    made.answer_due_on = TODAY - timedelta(days=2)
    session.commit()
    text = page(client, cast.boris, made)
    assert "Ответ до 29.09.2026, просрочено на 2 дня" in text


def test_an_emergency_tells_the_minutes_until_and_since(client: FlaskClient, session: Page, cast: Cast) -> None:
    ahead = NOW + timedelta(minutes=12)
    made = letter(
        session(), cast.service, cast.opeka, urgency=ReferralUrgency.IMMEDIATE, acknowledge_by=ahead, sent_on=TODAY
    )
    assert "подтвердить получение до 01.10.2026 12:12, осталось 12 минут" in page(client, cast.boris, made)
    made.acknowledge_by = NOW - timedelta(minutes=61)
    session.commit()
    assert "просрочено на 1 час 1 минута" in page(client, cast.anna, made)
    assert act(client, cast.boris, made, "acknowledge").status_code == 302
    session.expire_all()
    assert "Получение подтверждено 01.10.2026 12:00" in page(client, cast.boris, made)


def test_each_side_reads_its_own_incoming_number_and_both_the_outgoing_one(
    client: FlaskClient, session: Page, cast: Cast
) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own, status=S.DRAFT, answer_due_on=TODAY)
    assert act(client, cast.anna, made, "send").status_code == 302
    assert act(client, cast.boris, made, "receive").status_code == 302
    ours, theirs = page(client, cast.anna, made), page(client, cast.boris, made)
    assert "№ 1/2026 от 01.10.2026" in ours
    assert "Входящий" not in ours
    assert "Входящий" in theirs
    assert "Исходящий" in theirs


def test_a_name_is_a_link_only_for_whoever_sees_the_card(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own)
    link = f"/graduate/details/?id={cast.own.id}"
    assert link in page(client, cast.anna, made)
    text = page(client, cast.boris, made)
    assert cast.own.full_name in text
    assert link not in text


def test_opening_is_logged_and_leaves_one_receipt(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own)
    page(client, cast.anna, made)
    assert session.scalars(select(ReferralReading)).all() == []  # Its own letter has nothing to be receipted.
    page(client, cast.boris, made)
    page(client, cast.boris, made)
    receipt = session.scalars(select(ReferralReading)).one()
    assert (receipt.user_id, receipt.agency_id) == (cast.boris.id, cast.opeka.id)
    assert [one.user_id for one in events(AccessKind.OPENED, "referral")][-3:] == [
        cast.anna.id,
        cast.boris.id,
        cast.boris.id,
    ]
    assert f"{cast.boris.name}, {cast.opeka.short_name}, 01.10.2026 12:00" in page(client, cast.anna, made)


def test_an_overseer_leaves_no_receipt(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own)
    page(client, cast.kira, made)
    assert session.scalars(select(ReferralReading)).all() == []


def test_notes_stay_in_the_organisation_that_wrote_them(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own)
    assert act(client, cast.anna, made, "note", text="Позвонить мастеру", form_token="t1").status_code == 302
    assert "Позвонить мастеру" in page(client, cast.galina, made)
    for other in (cast.boris, cast.kira, cast.root):
        assert "Позвонить мастеру" not in page(client, other, made)


def test_what_was_changed_in_the_draft_is_not_told_to_the_recipient(
    client: FlaskClient, session: Page, cast: Cast
) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own, status=S.DRAFT, text="Черновая мысль")
    made.text = "Просим сообщить"
    session.commit()
    act(client, cast.anna, made, "send")
    assert "Черновая мысль" in page(client, cast.anna, made)
    assert "Черновая мысль" not in page(client, cast.boris, made)


def test_letters_sent_together_are_shown_to_the_sender_only(client: FlaskClient, session: Page, cast: Cast) -> None:
    one = letter(session(), cast.service, cast.opeka, batch="b1")
    other = letter(session(), cast.service, cast.other_opeka, batch="b1")
    assert f"/referral/details/?id={other.id}" in page(client, cast.anna, one)
    assert f"/referral/details/?id={other.id}" not in page(client, cast.boris, one)


def test_a_forwarded_letter_leads_to_the_one_that_was_made_of_it(
    client: FlaskClient, session: Page, cast: Cast
) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own, answer_due_on=TODAY)
    target = cast.other_opeka.id
    answer = act(client, cast.boris, made, "forward", recipient_id=target, reason="живёт в Тотьме")
    assert answer.status_code == 302
    passed = session.scalars(select(Referral).where(Referral.origin_id == made.id)).one()
    assert f"/referral/details/?id={passed.id}" in page(client, cast.anna, made)
    assert f"/referral/details/?id={made.id}" in page(client, cast.boris, passed)
    assert f"/referral/details/?id={made.id}" not in page(client, cast.vera, passed)


# -- Who may -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["accept", "receive", "answer", "decline", "return", "start", "pause", "assign"])
def test_the_sender_does_nothing_of_the_recipient(client: FlaskClient, session: Page, cast: Cast, verb: str) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own)
    assert act(client, cast.anna, made, verb, reason="нет").status_code == 403
    assert act(client, cast.vera, made, verb, reason="нет").status_code == 404
    assert act(client, cast.kira, made, verb, reason="нет").status_code == 403
    session.expire_all()
    assert made.status is S.SENT


@pytest.mark.parametrize("verb", ["send", "revoke", "discard"])
def test_the_recipient_does_nothing_of_the_sender(client: FlaskClient, session: Page, cast: Cast, verb: str) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own)
    assert act(client, cast.boris, made, verb, reason="нет").status_code == 403


def test_the_page_offers_only_what_makes_sense(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own, answer_due_on=TODAY, author=cast.anna)
    theirs, ours = page(client, cast.boris, made), page(client, cast.anna, made)
    assert "/act/accept/" in theirs
    assert "/act/answer/" not in theirs
    assert "/act/revoke/" in ours
    assert "/act/accept/" not in ours
    assert act(client, cast.boris, made, "accept").status_code == 302
    theirs = page(client, cast.boris, made)
    assert "/act/accept/" not in theirs
    assert "/act/answer/" in theirs
    assert "/act/" not in page(client, cast.kira, made)


def test_a_verb_that_is_none_is_not_there(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka)
    assert act(client, cast.boris, made, "nothing").status_code == 404


# -- Who was faster ----------------------------------------------------------------------------------------------------


def test_of_two_acceptances_the_second_reads_who_accepted(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.opeka, cast.service, cast.local)
    seen = made.version
    assert act(client, cast.anna, made, "accept").status_code == 302
    late = act(client, cast.galina, made, "accept", version=seen)
    assert late.status_code == 422
    assert f"Не выполнено: с письмом уже сделано другое – принято ({cast.anna.name}" in late.text
    assert "Пока страница была открыта" not in late.text
    assert "/act/answer/" in late.text  # The page shows the letter as it is now.
    session.expire_all()
    assert made.accepted_by_id == cast.anna.id


def test_an_answer_after_the_revocation_is_told_why(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own, status=S.ACCEPTED, answer_due_on=TODAY)
    seen = made.version
    assert act(client, cast.galina, made, "revoke", reason="написано по ошибке").status_code == 302
    late = act(client, cast.boris, made, "answer", version=seen, text="Учится", outcome="resolved")
    assert late.status_code == 422
    assert "Письмо отозвано отправителем: написано по ошибке." in late.text
    empty = act(client, cast.boris, made, "answer", version=seen)
    assert "Письмо отозвано отправителем: написано по ошибке." in empty.text
    assert session.scalars(select(ReferralMessage)).all() == []


def test_an_acceptance_of_a_letter_that_was_rewritten_meanwhile_is_not_kept(
    client: FlaskClient, session: Page, cast: Cast
) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own)
    seen = made.version
    assert act(client, cast.boris, made, "return", reason="нет адреса").status_code == 302
    assert act(client, cast.anna, made, "send").status_code == 302
    late = act(client, cast.boris, made, "accept", version=seen)
    assert late.status_code == 422
    assert "запись изменилась" in late.text
    session.expire_all()
    assert made.status is S.SENT


def test_a_double_click_is_done_once_and_told_as_done(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own, status=S.DRAFT)
    seen = made.version
    assert [act(client, cast.anna, made, "send", version=seen).status_code for _ in range(2)] == [302, 302]
    session.expire_all()
    assert len(made.outgoing) == 1
    for verb, typed in (
        ("message", {"text": "Когда ждать?"}),
        ("note", {"text": "Перезвонить"}),
    ):
        for _ in range(2):
            assert act(client, cast.anna, made, verb, form_token=f"t{verb}", **typed).status_code == 302
    session.expire_all()
    assert (len(made.messages), len(made.notes)) == (1, 1)
    made.status = S.RECEIVED
    session.commit()
    seen = made.version
    for _ in range(2):
        typed = {"text": "Учится", "outcome": "resolved", "form_token": "a1"}
        assert act(client, cast.boris, made, "answer", version=seen, **typed).status_code == 302
    session.expire_all()
    assert len(made.messages) == 2


# -- The whole way -----------------------------------------------------------------------------------------------------


def test_a_letter_goes_its_way_across_both_sides(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own, status=S.DRAFT, terms=OPENING, author=cast.anna)
    steps = (
        (cast.anna, "send", {}, S.SENT),
        (cast.boris, "accept", {"executor_id": cast.boris.id}, S.ACCEPTED),
        (cast.boris, "start", {}, S.IN_WORK),
        (cast.boris, "pause", {"reason": "Какой адрес?"}, S.IN_WORK),
        (cast.anna, "message", {"text": "Сокол, Луговая, 1", "form_token": "m1"}, S.IN_WORK),
        (cast.boris, "answer", {"text": "Помогли", "outcome": "partly", "form_token": "a1"}, S.ANSWERED),
        (cast.anna, "reopen", {"reason": "а жильё?"}, S.IN_WORK),
        (cast.boris, "answer", {"text": "Жильё есть", "outcome": "resolved", "form_token": "a2"}, S.ANSWERED),
        (cast.anna, "close", {}, S.CLOSED),
    )
    for user, verb, typed, becomes in steps:
        answer = act(client, user, made, verb, **typed)
        assert answer.status_code == 302, (verb, answer.text[:2000])
        session.expire_all()
        assert made.status is becomes, verb
    assert made.paused_on is None  # The message of the sender made it clear.
    text = page(client, cast.anna, made)
    order = [text.index(words) for words in ("Какой адрес?", "Сокол, Луговая, 1", "Помогли", "Жильё есть")]
    assert order == sorted(order)
    assert made.outcome is ReplyOutcome.RESOLVED
    assert "с 01.10.2026 по 31.10.2026" in text


def test_an_answer_about_several_has_a_field_for_each(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own, cast.local, status=S.ACCEPTED, answer_due_on=TODAY)
    first, second = made.people
    assert f'name="answer-person_{first.id}"' in page(client, cast.boris, made)
    typed = {f"person_{first.id}": "учится", f"person_{second.id}": "отчислен", "outcome": "resolved"}
    assert act(client, cast.boris, made, "answer", **typed).status_code == 302
    session.expire_all()
    assert [one.answer for one in made.people] == ["учится", "отчислен"]
    assert "отчислен" in page(client, cast.anna, made)


def test_what_the_other_side_does_on_paper_is_written_down_by_ours(
    client: FlaskClient, session: Page, cast: Cast
) -> None:
    made = letter(session(), cast.service, cast.centre, cast.own, is_on_paper=True, answer_due_on=TODAY)
    text = page(client, cast.anna, made)
    assert "Отметить: получено адресатом" in text
    assert act(client, cast.anna, made, "receive").status_code == 302
    assert "Внести ответ адресата" in page(client, cast.anna, made)
    typed = {"text": "Справка выдана", "outcome": "resolved", "written_on": "30.09.2026", "their_number": "17-к"}
    assert act(client, cast.anna, made, "answer", **typed).status_code == 302
    assert "исх. № 17-к от 30.09.2026" in page(client, cast.anna, made)


def test_a_draft_is_thrown_away_by_its_own_organisation(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own, status=S.DRAFT)
    assert act(client, cast.boris, made, "discard").status_code == 404  # It does not exist for the recipient.
    assert act(client, cast.anna, made, "discard").location == "/exchange/drafts/"
    assert session.scalars(select(Referral)).all() == []


def test_a_transfer_is_accepted_by_the_head_with_a_curator(client: FlaskClient, session: Page, cast: Cast) -> None:
    cast.local.agency_id = cast.opeka.id
    made = letter(session(), cast.opeka, cast.service, cast.local, terms=TRANSFER)
    assert act(client, cast.anna, made, "accept-transfer", curator_id=cast.anna.id).status_code == 403
    assert act(client, cast.anna, made, "accept").status_code == 422
    typed = {"curator_id": cast.anna.id, "order_number": "12-о"}
    assert act(client, cast.galina, made, "accept-transfer", **typed).status_code == 302
    session.expire_all()
    assert cast.local.agency_id == cast.service.id
    curator = next(one for one in cast.local.assignments if one.kind is AssignmentKind.CURATOR)
    assert (curator.user_id, curator.order_number) == (cast.anna.id, "12-о")


@pytest.mark.parametrize("kinds", [["guardianship"], ["college"]])
def test_a_letter_is_passed_on_only_to_kinds_that_may_get_it(
    client: FlaskClient, session: Page, cast: Cast, kinds: list[str]
) -> None:
    made = letter(session(), cast.service, cast.opeka, terms={**PLAIN, "to": kinds})
    option = f'<option value="{cast.other_opeka.id}">{cast.other_opeka.short_name}'
    assert (option in page(client, cast.boris, made)) is (kinds == ["guardianship"])
    answer = act(client, cast.boris, made, "forward", recipient_id=cast.other_opeka.id, reason="не наш район")
    assert answer.status_code == (302 if kinds == ["guardianship"] else 422)


# -- What follows ------------------------------------------------------------------------------------------------------


def test_a_need_is_opened_on_the_card_once_it_is_accepted(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own, terms=FOLLOWED)
    typed = {"person_id": made.people[0].id, "kind_code": "housing", "severity": "2", "description": "негде ночевать"}
    assert act(client, cast.boris, made, "need", **typed).status_code == 422
    assert act(client, cast.boris, made, "accept").status_code == 302
    session.expire_all()
    seen = made.version
    assert "Завести нуждаемость" in page(client, cast.boris, made)
    assert act(client, cast.boris, made, "need", **typed).status_code == 302
    assert act(client, cast.boris, made, "need", version=seen, **typed).status_code == 422
    problem = session.scalars(select(Problem)).one()
    assert (problem.graduate_id, problem.source_code, problem.severity) == (cast.own.id, "message", 2)
    assert act(client, cast.anna, made, "need", **typed).status_code == 403


def test_a_need_goes_into_no_card_out_of_reach(client: FlaskClient, session: Page, cast: Cast) -> None:
    terms = {**FOLLOWED, "opens_access": False}
    made = letter(session(), cast.service, cast.opeka, cast.own, terms=terms, status=S.ACCEPTED)
    assert "Завести нуждаемость" not in page(client, cast.boris, made)
    typed = {"person_id": made.people[0].id, "kind_code": "housing", "description": "негде ночевать"}
    answer = act(client, cast.boris, made, "need", **typed)
    assert answer.status_code == 422
    assert session.scalars(select(Problem)).all() == []


def test_a_card_is_started_for_somebody_without_one(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.opeka, cast.service, terms=FOLLOWED, status=S.ACCEPTED)
    made.people = [_stranger("Ёлкина Дарья Игоревна")]
    session.commit()
    number = made.people[0].id
    assert 'value="Ёлкина Дарья Игоревна"' in page(client, cast.anna, made)
    told = act(client, cast.anna, made, "card", person_id=number, name="Ёлкина Дарья Игоревна")
    assert "Укажите дату рождения." in told.text
    born = f"{cast.own.birth_date:%d.%m.%Y}"
    twin = act(client, cast.anna, made, "card", person_id=number, name=cast.own.full_name, birth_date=born)
    assert twin.status_code == 422
    assert f"карточка № {cast.own.id}" in twin.text
    typed = {"person_id": number, "name": "Ёлкина Дарья Игоревна", "birth_date": "02.03.2007"}
    assert act(client, cast.anna, made, "card", **typed).status_code == 302
    session.expire_all()
    graduate = made.people[0].graduate
    assert graduate is not None
    assert (graduate.last_name, graduate.birth_date, graduate.agency_id) == (
        "Ёлкина",
        date(2007, 3, 2),
        cast.service.id,
    )


def _stranger(name: str):  # type: ignore[no-untyped-def]
    from models.exchange import ReferralPerson

    return ReferralPerson(name=name)


def test_a_card_that_is_there_is_named_instead_of_another(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.opeka, cast.service, terms=FOLLOWED, status=S.ACCEPTED)
    made.people = [_stranger("Дарья")]
    session.commit()
    number = made.people[0].id
    out_of_sight = act(client, cast.anna, made, "card", person_id=number, existing_id=cast.local.id)
    assert out_of_sight.status_code == 422
    assert act(client, cast.anna, made, "card", person_id=number, existing_id=cast.own.id).status_code == 302
    session.expire_all()
    assert made.people[0].graduate_id == cast.own.id


def test_a_measure_is_put_into_the_draft_of_the_own_plan(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.opeka, cast.service, cast.own, terms=FOLLOWED, status=S.ACCEPTED)
    assert f"/plan/new/?graduate={cast.own.id}" in page(client, cast.anna, made)
    plan = make_plan(session(), cast.own, cast.service)
    session.commit()
    text = page(client, cast.anna, made)
    assert "Предложить мероприятие в план" in text
    direction = session.scalars(select(Measure.direction_code)).first() or "education"
    typed = {"plan_id": plan.id, "title": "Записать на курсы", "direction_code": direction}
    answer = act(client, cast.anna, made, "measure", **typed)
    assert answer.status_code == 302, answer.text[:3000]
    titles = session.scalars(select(Measure.title).join(Plan).where(Plan.id == plan.id)).all()
    assert "Записать на курсы" in titles
    other = make_plan(session(), cast.local, cast.opeka)
    session.commit()
    session.expire_all()
    assert act(client, cast.anna, made, "measure", **(typed | {"plan_id": other.id})).status_code == 422


# -- Access ------------------------------------------------------------------------------------------------------------


def test_a_card_is_open_while_the_grant_lasts_and_closes_by_itself(
    client: FlaskClient, session: Page, cast: Cast
) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own, terms=OPENING)
    card = f"/graduate/details/?id={cast.own.id}"
    assert sign_in(client, cast.boris).get(card).status_code == 404
    assert act(client, cast.boris, made, "accept").status_code == 302
    assert client.get(card).status_code == 200
    assert f"{cast.opeka.short_name}" in page(client, cast.anna, made)
    grant = session.scalars(select(AccessGrant)).one()
    grant.starts_on, grant.ends_on = TODAY - timedelta(days=40), TODAY
    session.commit()
    assert sign_in(client, cast.boris).get(card).status_code == 200
    grant.ends_on = TODAY - timedelta(days=1)
    session.commit()
    assert sign_in(client, cast.boris).get(card).status_code == 404
    assert "закрыт" in page(client, cast.boris, made)


def test_contacts_are_open_by_a_grant_of_contacts_only(client: FlaskClient, session: Page, cast: Cast) -> None:
    cast.own.assignments.append(
        Assignment(kind=AssignmentKind.CURATOR, name="Анна Клерк", phone="8-900", starts_on=date(2026, 1, 1))
    )
    cast.own.current_phone = "8-921-000-00-00"
    made = letter(session(), cast.service, cast.opeka, cast.own, terms=CONTACTS)
    url = f"/exchange/person/{made.people[0].id}"
    assert sign_in(client, cast.boris).get(url).status_code == 404
    assert act(client, cast.boris, made, "accept").status_code == 302
    assert url in page(client, cast.boris, made)
    text = client.get(url).text
    for told in (cast.own.full_name, "8-900", cast.service.name, "Контакты открыты с 01.10.2026"):
        assert told in text
    assert client.get(f"/graduate/details/?id={cast.own.id}").status_code == 404
    logged = events(AccessKind.OPENED, "graduate")[-1]
    assert (logged.user_id, logged.subject_id, (logged.payload or {})["page"]) == (
        cast.boris.id,
        cast.own.id,
        "contacts",
    )
    for stranger in (cast.vera, cast.anna, cast.kira):
        assert sign_in(client, stranger).get(url).status_code == 404
    grant = session.scalars(select(AccessGrant)).one()
    grant.starts_on, grant.ends_on = TODAY - timedelta(days=40), TODAY - timedelta(days=1)
    session.commit()
    assert sign_in(client, cast.boris).get(url).status_code == 404


def test_a_revoked_letter_closes_what_it_opened_at_once(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own, terms=OPENING, author=cast.anna)
    card = f"/graduate/details/?id={cast.own.id}"
    assert sign_in(client, cast.boris).get(card).status_code == 404
    act(client, cast.boris, made, "accept")
    assert sign_in(client, cast.boris).get(card).status_code == 200
    session.expire_all()
    assert act(client, cast.anna, made, "revoke", reason="ошибка").status_code == 302
    assert sign_in(client, cast.boris).get(card).status_code == 404


# -- The tab of a card -------------------------------------------------------------------------------------------------


def test_the_tab_of_a_card_lists_letters_within_sight(client: FlaskClient, session: Page, cast: Cast) -> None:
    one = letter(session(), cast.service, cast.opeka, cast.own, answer_due_on=TODAY - timedelta(days=1))
    draft = letter(session(), cast.service, cast.opeka, cast.own, status=S.DRAFT)
    foreign = letter(session(), cast.opeka, cast.other_opeka, cast.own)
    text = sign_in(client, cast.anna).get(f"/graduate/details/?id={cast.own.id}&tab=exchange").text
    assert f"/referral/details/?id={one.id}" in text
    assert f"/referral/details/?id={draft.id}" in text
    assert f"/referral/details/?id={foreign.id}" not in text
    assert "просрочено на 1 день" in text
    assert f"/referral/new/?graduate={cast.own.id}" in text


def test_no_form_shows_a_field_that_is_nobody_s(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own, status=S.ACCEPTED, terms=FOLLOWED)
    text = page(client, cast.boris, made)
    assert "Form Token" not in text
    assert 'name="answer-form_token"' in text
