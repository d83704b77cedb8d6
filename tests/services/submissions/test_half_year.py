"""The half-year list of domain §9, «Сц-5», with its dates; late, with nothing to tell, taken back, returned in part."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.circumstances import Address, Housing
from models.deadlines import State
from models.exchange import OutgoingLetter, ReferralStatus
from models.submissions import RowChange, RowState, SubmissionStatus
from services.deadlines.evidence import EvidenceKind
from services.exchange import workflow
from services.submissions import drawing, verifying
from tests.clock import run
from tests.reports.people import known_facts
from tests.services.exchange.letters import refused
from tests.submissions_factories import APPENDIX_2, OPENED, RECEIVED, SIGNED, Handing

S = SubmissionStatus


@pytest.fixture
def hand(session: scoped_session[Session], tmp_path: Path) -> Handing:
    made = Handing(session(), tmp_path)
    run(session(), date(2026, 9, 1))
    return made


def test_the_scenario_of_the_autumn_window(session: scoped_session[Session], hand: Handing) -> None:
    window = hand.window("T05")
    assert (window.opens_on, window.due_on) == (OPENED, date(2026, 10, 5))

    # February: three of them; in autumn one is new, one has another address, one has turned 23.
    too_old = hand.person("Дымов Олег Олегович", born=date(2003, 9, 18))
    newcomer = hand.people.pop()
    newcomer.deleted_at = None
    first = hand.draw(on=date(2026, 2, 3))
    hand.approve(first, on=date(2026, 2, 3))
    hand.send(first, on=date(2026, 2, 4))
    assert hand.window("T04").done_on == date(2026, 2, 4)

    lacking = hand.person("Ершова Яна Юрьевна", facts=[one for one in known_facts() if not isinstance(one, Housing)])
    moved = Address(graduate=hand.people[0], text="г. Сокол, ул. Новая, д. 7", starts_on=date(2026, 7, 1))
    session.add(moved)
    session.commit()
    draft = hand.draw(on=SIGNED)

    assert draft.period_key == "2026-09-25..2026-10-05"
    assert draft.deadline_id == window.id
    rows = hand.rows(draft)
    assert rows[too_old.full_name].state is RowState.LEFT_OUT
    assert rows[too_old.full_name].reason == "23 года исполнилось 18.09.2026"
    assert rows[too_old.full_name].change is RowChange.GONE
    assert (rows[lacking.full_name].state, rows[lacking.full_name].change) == (RowState.BLOCKED, RowChange.NEW)
    assert rows[lacking.full_name].reason == "Не заполнено: Обеспеченность жильем"
    changed = rows[hand.people[0].full_name]
    assert changed.change is RowChange.CHANGED
    assert changed.changes == [
        {
            "column": "Адрес места пребывания",
            "was": "г. Сокол, ул. Лесная, д. 1",
            "now": "г. Сокол, ул. Новая, д. 7",
        }
    ]

    assert "не хватает сведений" in refused(hand.approve, draft)
    hand.house(lacking)
    drawing.refresh(session(), submission=draft, **hand.told(hand.olga))
    session.commit()
    hand.approve(draft)
    frozen = draft.sha256
    assert verifying.is_whole(session(), submission=draft)
    (letter,) = hand.send(draft)

    assert letter.kind_key == "vologda-2022/changes-package"
    assert [file.file_name.rpartition(".")[2] for file in letter.files] == ["xlsx", "docx"]
    assert session.scalars(select(OutgoingLetter).where(OutgoingLetter.referral_id == letter.id)).one().number == 2
    session.refresh(window)
    assert (window.done_on, window.state_on(date(2026, 10, 6))) == (SIGNED, State.DONE)
    assert [piece.kind for piece in window.evidence] == [EvidenceKind.SUBMISSION]
    facts = {fact["label"]: fact["value"] for fact in letter.facts}
    assert facts["сколько строк в таблице"] == "5"
    assert facts["что изменилось"] == "новых 1, изменено 1, выбыло 1"

    # Received on the next day; what happens to the cards afterwards does not change it.
    hand.people[1].last_name = "Другая"
    session.commit()
    hand.decide("accept", draft, on=RECEIVED)
    session.refresh(draft)
    assert draft.status is S.ACCEPTED
    assert hand.recipient(draft).received_at is not None
    assert (letter.status, letter.received_on) == (ReferralStatus.CLOSED, RECEIVED)
    assert draft.sha256 == frozen
    assert verifying.is_whole(session(), submission=draft)

    # Sent again it is the second edition.
    again = drawing.next_edition(session(), submission=draft, **hand.told(hand.olga, date(2026, 10, 3)))
    session.commit()
    assert (again.edition, again.previous_id) == (2, draft.id)
    assert [row.change for row in hand.rows(again).values() if row.change is RowChange.CHANGED] == [RowChange.CHANGED]


def test_the_social_centre_hands_in_nine_columns(session: scoped_session[Session], hand: Handing) -> None:
    hand.in_care_of_centre(*hand.people[:2])
    sent = hand.sent(code=APPENDIX_2)
    assert len(sent.content["columns"]) == 9
    assert hand.window("T07").done_on == SIGNED
    assert hand.window("T05").done_on is None


def test_sent_after_the_last_day_it_is_late(session: scoped_session[Session], hand: Handing) -> None:
    window = hand.window("T05")
    assert window.state_on(date(2026, 10, 5)) is not State.OVERDUE
    assert window.state_on(date(2026, 10, 6)) is State.OVERDUE
    hand.sent(on=date(2026, 10, 7))
    session.refresh(window)
    assert window.state_on(date(2026, 10, 7)) is State.DONE_LATE


def test_a_letter_taken_back_opens_the_window_again(session: scoped_session[Session], hand: Handing) -> None:
    draft = hand.draw()
    hand.approve(draft)
    (letter,) = hand.send(draft)
    window = hand.window("T05")
    assert window.done_on == SIGNED

    workflow.revoke(session(), referral=letter, reason="не тот файл", **hand.told(hand.grigory))
    session.commit()

    session.refresh(window)
    session.refresh(draft)
    assert window.done_on is None
    assert draft.status is S.RETURNED
    assert "отозвано" in refused(hand.decide, "accept", draft) or draft.status is S.RETURNED
    again = drawing.next_edition(session(), submission=draft, **hand.told(hand.olga))
    hand.approve(again)
    hand.send(again)
    session.refresh(window)
    assert window.done_on == SIGNED


def test_nothing_to_tell_is_a_valid_return(session: scoped_session[Session], hand: Handing) -> None:
    for one in hand.people:
        one.birth_date = date(2001, 1, 1)
    session.commit()
    sent = hand.sent()
    assert sent.is_nil
    window = hand.window("T05")
    assert window.done_on == SIGNED
    assert window.evidence[0].is_nil


def test_a_report_returned_in_part_comes_again_with_the_remarks(
    session: scoped_session[Session], hand: Handing
) -> None:
    from services.submissions import receiving

    sent = hand.sent()
    bad = hand.rows(sent)[hand.people[0].full_name]
    assert "укажите" in refused(hand.decide, "accept_partly", sent, reasons={bad.id: " "})
    hand.decide("accept_partly", sent, reasons={bad.id: "адрес без дома"})
    session.refresh(sent)
    assert sent.status is S.PARTLY
    assert "Решение уже принято" in refused(hand.decide, "accept", sent)

    again = drawing.next_edition(session(), submission=sent, **hand.told(hand.olga, RECEIVED))
    said = receiving.remarks(session(), submission=again)
    assert [reason for _, reason in said[hand.people[0].id]] == ["адрес без дома"]
