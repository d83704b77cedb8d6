"""Decisions: recorded, sent one letter to an addressee, read, answered, carried out, late."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.exchange import ReferralReading, ReferralStatus
from models.meeting_access import decisions_visible_to
from models.meetings import AgendaItem, Decision, DecisionKind, Meeting
from services.errors import Refused
from services.exchange import workflow
from services.meetings import decisions, holding
from services.meetings.decisions import DecisionState
from services.production_calendar import load_years
from services.regulations.loading import load_shipped
from tests.clock import follow
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.meetings_factories import come, make_body, make_decision, make_item, make_meeting, seen_by

Db = scoped_session[Session]
DUE = date(2026, 11, 2)


def planned(session: Session, cast: Cast) -> Meeting:
    load_years(session)
    load_shipped(session, now=NOW, on=TODAY)
    meeting = make_meeting(session, cast.anna, make_body(session, cast.anna, "Белов Олег"))
    make_item(session, cast.anna, meeting)
    come(session, cast.anna, meeting)
    return meeting


def hold(session: Session, cast: Cast, meeting: Meeting) -> None:
    holding.hold(session, meeting=meeting, chair="Белов", by=seen_by(session, cast.anna))


def send(session: Session, cast: Cast, meeting: Meeting) -> list[Any]:
    return decisions.send(session, meeting=meeting, by=seen_by(session, cast.anna), now=NOW)


def test_decisions_go_as_one_letter_to_each_addressee(session: Db, cast: Cast) -> None:
    meeting = planned(session(), cast)
    (item,) = meeting.agenda
    first = make_decision(session(), cast.anna, item, cast.opeka, text="Сверить списки", due_on=DUE)
    second = make_decision(session(), cast.anna, item, cast.opeka, text="Доложить", kind=DecisionKind.ASSIGNMENT)
    words = make_decision(session(), cast.anna, item, addressee="Совет директоров колледжей")
    own = make_decision(session(), cast.anna, item, cast.service, text="Памятка")
    with pytest.raises(Refused, match="когда встреча проведена"):
        send(session(), cast, meeting)
    hold(session(), cast, meeting)
    letters = send(session(), cast, meeting)
    assert first.referral is second.referral
    assert {one.recipient_name for one in letters} == {"Совет директоров колледжей", "opeka-sokol"}
    assert first.referral.status is ReferralStatus.SENT  # type: ignore[union-attr]
    told = [fact["value"] for fact in first.referral.facts]  # type: ignore[union-attr]
    assert "1. Рекомендация: Сверить списки. Срок: до 02.11.2026. 2. Поручение: Доложить." in told
    assert words.referral.is_on_paper  # type: ignore[union-attr]
    assert own.referral is None
    with pytest.raises(Refused, match="Отправлять нечего"):
        send(session(), cast, meeting)


def test_the_regulations_own_kind_carries_the_decision_with_its_term(session: Db, cast: Cast) -> None:
    load_years(session())
    load_shipped(session(), now=NOW, on=TODAY)
    follow(session(), cast.centre, "krasnoyarsk-centre")
    meeting = make_meeting(session(), cast.kira, make_body(session(), cast.kira, "Белов Олег"))
    make_decision(session(), cast.kira, make_item(session(), cast.kira, meeting), cast.service, due_on=DUE)
    come(session(), cast.kira, meeting)
    by = seen_by(session(), cast.kira)
    holding.hold(session(), meeting=meeting, chair="Белов", by=by)
    (letter,) = decisions.send(session(), meeting=meeting, by=by, now=NOW)
    assert letter.kind_key.endswith("/decision-notice")
    assert letter.answer_due_on == DUE
    told = {fact["label"]: fact["value"] for fact in letter.facts}
    assert told["решение"].startswith("протокол № 1/2026")
    assert told["что рекомендуется"] == "1. Рекомендация: Принять к сведению и доложить. Срок: до 02.11.2026."
    assert (told["к какому дню"], letter.text) == ("02.11.2026", "")


def test_without_a_kind_of_ones_own_the_common_one_carries_the_decision(session: Db, cast: Cast) -> None:
    load_years(session())
    load_shipped(session(), now=NOW, on=TODAY)
    follow(session(), cast.service, "vologda-2022")
    meeting = planned(session(), cast)
    make_decision(session(), cast.anna, meeting.agenda[0], cast.opeka, due_on=DUE)
    hold(session(), cast, meeting)
    (letter,) = send(session(), cast, meeting)
    assert (letter.kind_key, letter.answer_due_on) == ("common/decision", DUE)


def test_what_was_declined_or_taken_back_may_be_sent_again(session: Db, cast: Cast) -> None:
    meeting = planned(session(), cast)
    decision = make_decision(session(), cast.anna, meeting.agenda[0], cast.opeka)
    hold(session(), cast, meeting)
    (letter,) = send(session(), cast, meeting)
    said = decisions.Said(text="Другое", addressee_id=cast.opeka.id)
    with pytest.raises(Refused, match="уже отправлено"):
        decisions.change(session(), decision=decision, said=said, by=seen_by(session(), cast.galina))
    workflow.decline(session(), referral=letter, reason="не к нам", by=seen_by(session(), cast.boris), now=NOW)
    assert decisions.state_of(decision, TODAY) is DecisionState.UNSENT
    decisions.change(session(), decision=decision, said=said, by=seen_by(session(), cast.galina))
    (again,) = send(session(), cast, meeting)
    assert decision.referral is again
    assert again is not letter


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"text": " "}, "Напишите решение"),
        ({"addressee": ""}, "кому решение"),
        ({"addressee_id": 10**6}, "Такой организации"),
        ({"due_on": date(2026, 9, 30)}, "Срок раньше самой встречи"),
        ({"due_on": date(2031, 1, 1)}, "Так далеко вперёд"),
    ],
)
def test_a_decision_without_sense_is_refused(session: Db, cast: Cast, fields: dict[str, Any], told: str) -> None:
    meeting = planned(session(), cast)
    with pytest.raises(Refused, match=told):
        make_decision(session(), cast.anna, meeting.agenda[0], **fields)
    assert meeting.agenda[0].decisions == []


def test_a_decision_is_dropped_while_the_minutes_are_written(session: Db, cast: Cast) -> None:
    meeting = planned(session(), cast)
    gone, kept = (make_decision(session(), cast.anna, meeting.agenda[0], cast.opeka, text=one) for one in ("А", "Б"))
    decisions.drop(session(), decision=gone, by=seen_by(session(), cast.anna))
    assert meeting.agenda[0].decisions == [kept]
    hold(session(), cast, meeting)
    with pytest.raises(Refused, match="Протокол подписан"):
        decisions.drop(session(), decision=kept, by=seen_by(session(), cast.galina))
    with pytest.raises(Refused, match="только руководитель"):
        make_decision(session(), cast.anna, meeting.agenda[0], cast.opeka)


def test_a_decision_is_carried_out_once_with_its_result(session: Db, cast: Cast) -> None:
    meeting = planned(session(), cast)
    decision = make_decision(session(), cast.anna, meeting.agenda[0], cast.opeka, due_on=DUE)
    by = seen_by(session(), cast.anna)
    done = {"decision": decision, "done_on": TODAY, "result": "Сверено", "by": by}
    with pytest.raises(Refused, match="ещё не проведена"):
        decisions.carry_out(session(), **done)
    hold(session(), cast, meeting)
    for wrong, told in (
        ({"done_on": None}, "Укажите день"),
        ({"done_on": TODAY + timedelta(1)}, "в будущем"),
        ({"done_on": TODAY - timedelta(1)}, "раньше самого решения"),
        ({"result": ""}, "что сделано"),
        ({"by": seen_by(session(), cast.boris)}, "только сотрудники"),
    ):
        with pytest.raises(Refused, match=told):
            decisions.carry_out(session(), **{**done, **wrong})
    decisions.carry_out(session(), **done)
    with pytest.raises(Refused, match="уже отмечено"):
        decisions.carry_out(session(), **done)
    decisions.reopen(session(), decision=decision, by=by)
    assert (decision.done_on, decision.result) == (None, "")


def test_states_in_words_and_in_sql_agree(session: Db, cast: Cast) -> None:
    meeting = planned(session(), cast)
    (item,) = meeting.agenda
    by = seen_by(session(), cast.anna)
    made = [
        make_decision(session(), cast.anna, item, cast.opeka, due_on=DUE),
        make_decision(session(), cast.anna, item, cast.other_opeka),
        make_decision(session(), cast.anna, item, cast.service, due_on=DUE),
        make_decision(session(), cast.anna, item, cast.service),
        make_decision(session(), cast.anna, item),
    ]
    on_days = (TODAY, DUE, DUE + timedelta(1))

    def compare() -> None:
        session.flush()
        for day in on_days:
            query = select(Decision.id, decisions.state_on(day)).join(AgendaItem).join(Meeting)
            told = {number: DecisionState(state) for number, state in session.execute(query)}
            assert told == {one.id: decisions.state_of(one, day) for one in made}

    compare()
    hold(session(), cast, meeting)
    compare()
    send(session(), cast, meeting)
    compare()
    late = DUE + timedelta(1)
    assert [decisions.state_of(one, late).value for one in made] == ["late", "waiting", "late", "waiting", "waiting"]
    decisions.carry_out(session(), decision=made[0], done_on=TODAY, result="да", by=by)
    made[2].done_on, made[2].result = late, "поздно"
    session.flush()
    compare()
    assert [decisions.state_of(made[n], late).value for n in (0, 2)] == ["done", "done_late"]


def test_a_receipt_is_the_first_reading_by_the_addressee(session: Db, cast: Cast) -> None:
    meeting = planned(session(), cast)
    make_decision(session(), cast.anna, meeting.agenda[0], cast.opeka)
    hold(session(), cast, meeting)
    (letter,) = send(session(), cast, meeting)
    own = ReferralReading(referral_id=letter.id, user_id=cast.anna.id, agency_id=cast.service.id, who="Анна", at=NOW)
    session.add(own)
    session.flush()
    assert decisions.read_receipts(session(), [letter.id]) == {}
    theirs = {"referral_id": letter.id, "user_id": cast.boris.id, "agency_id": cast.opeka.id, "who": "Борис"}
    session.add(ReferralReading(**theirs, at=NOW + timedelta(hours=2)))
    session.flush()
    assert decisions.read_receipts(session(), [letter.id]) == {letter.id: NOW + timedelta(hours=2)}


def test_a_decision_is_seen_with_its_meeting_and_by_whoever_got_it(session: Db, cast: Cast) -> None:
    meeting = planned(session(), cast)
    make_decision(session(), cast.anna, meeting.agenda[0], cast.opeka)

    def seen() -> list[int]:
        users = (cast.anna, cast.boris, cast.vera, cast.kira)
        rules = [decisions_visible_to(seen_by(session(), user)) for user in users]
        return [len(list(session.scalars(select(Decision.id).where(rule)))) for rule in rules]

    assert seen() == [1, 0, 0, 1]
    hold(session(), cast, meeting)
    send(session(), cast, meeting)
    assert seen() == [1, 1, 0, 1]
