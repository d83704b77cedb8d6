"""Journals of letters, notices and meetings: the rows of scenarios 2 and 4, answers, what was passed on or annulled."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.context import Actor, act_as
from models.deadlines import Deadline
from models.exchange import IncomingLetter, OutgoingLetter, Referral, ReferralStatus, ReferralUrgency, ReplyOutcome
from models.journals import Journal
from models.meetings import (
    AgendaItem,
    Body,
    BodyMember,
    Decision,
    Meeting,
    MeetingAttendee,
    MeetingKind,
    MeetingStatus,
)
from models.rule_terms import EvidenceKind
from models.support import Problem
from models.territory import Agency, AgencyKind
from models.users import Role, User
from reports.journals import JOURNALS
from reports.journals.base import Entry
from services import journals, numbering
from services.errors import Refused
from services.exchange import letters, workflow
from services.journals import book_of
from services.production_calendar import load_years
from tests.clock import make_regulation, make_rule
from tests.conftest import TODAY
from tests.exchange_factories import PLAIN, make_referral
from tests.factories import Cast, make_agency, make_graduate, make_user
from tests.journals_factories import annul, numbered

QUIET = {name: value for name, value in PLAIN.items() if name != "answer_days"}  # no calendar is needed
NOTICE = QUIET | {"code": "need-notice", "title": "Извещение о нуждаемости", "notice": True}


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


def act(session: Session, user: User, day: date, hour: int = 9, minute: int = 0) -> dict[str, Any]:
    """Who does it and when, as a verb takes them."""
    now = at(day, hour, minute)
    act_as(session, Actor(now, user.id))
    return {"by": Viewer.of(session, user, day), "now": now}


def rows(session: Session, code: str, user: User, agency: Agency | None = None, **more: Any) -> list[dict[str, Any]]:
    return [told(code, entry) for entry in entries(session, code, user, agency, **more)]


def entries(session: Session, code: str, user: User, agency: Agency | None = None, **more: Any) -> list[Entry]:
    book = replace(book_of(session, agency=agency or user.agency, year=2026, on=TODAY), **more)
    return list(JOURNALS[code].entries(session, Viewer.of(session, user, TODAY), book))


def told(code: str, entry: Entry) -> dict[str, Any]:
    return {column.key: cell for column, cell in zip(JOURNALS[code].columns, entry.cells, strict=True)}


@pytest.fixture
def centre(session: scoped_session[Session], cast: Cast) -> User:
    """A specialist of the social centre."""
    agency = make_agency(session(), "kcson", AgencyKind.SOCIAL_CENTRE, short_name="КЦСОН", name="КЦСОН округа")
    return make_user(session(), "nina", "Нина Центр", Role.OFFICER, agency)


# -- Scenarios -------------------------------------------------------------------------------------------------------


def test_scenario_4_a_letter_of_the_leave_and_its_answer(
    session: scoped_session[Session], cast: Cast, centre: User
) -> None:
    one, sent, answered = session(), date(2026, 3, 4), date(2026, 3, 26)
    load_years(one)
    numbering.begin_after(
        one, agency_id=cast.service.id, journal=Journal.OUTGOING, year=2026, last_number=40, by=_head(one, cast, sent)
    )
    numbering.begin_after(
        one, agency_id=cast.service.id, journal=Journal.INCOMING, year=2026, last_number=17, by=_head(one, cast, sent)
    )
    person = make_graduate(one, "Белова Кристина Олеговна", agency_id=cast.service.id)
    letter = make_referral(
        one, cast.service, centre.agency, person, status=ReferralStatus.DRAFT, sent_on=sent, author=cast.anna,
        terms=PLAIN | {"title": "Сведения об обучающихся в академическом отпуске с ребёнком"},
        summary="Академический отпуск с 02.03.2026 по 01.03.2027", facts=[{"label": "Кратко", "value": "отпуск"}],
    )  # fmt: skip
    letter.answer_due_on = date(2026, 4, 3)
    workflow.send(one, referral=letter, **act(one, cast.anna, sent))
    workflow.receive(one, referral=letter, **act(one, centre, date(2026, 3, 5)))
    workflow.accept(one, referral=letter, executor_id=centre.id, **act(one, centre, date(2026, 3, 5)))
    said = {"text": "Патронаж, пособие назначено", "outcome": ReplyOutcome.RESOLVED}
    workflow.answer(one, referral=letter, **said, **act(one, centre, answered))
    one.commit()
    (line,) = entries(one, "outgoing", cast.anna)
    assert line.cells == (
        41,
        sent,
        "41/2026",
        "Сведения об обучающихся в академическом отпуске с ребёнком",
        "КЦСОН округа",
        "Академический отпуск с 02.03.2026 по 01.03.2027",
        "Белова Кристина Олеговна",
        1,
        1,
        "через «Маршрут»",
        date(2026, 4, 3),
        "вх. № 18/2026 от 26.03.2026",
        "решено",
        "",
    )
    assert line.people == (person.id,)
    (came,) = rows(one, "incoming", centre)
    assert (came["registered"], came["received_on"]) == ("1/2026", date(2026, 3, 5))
    assert (came["document"], came["executor"]) == ("№ 41/2026 от 04.03.2026", "Нина Центр")
    assert (came["due_on"], came["done"]) == (date(2026, 4, 3), "исх. № 1/2026 от 26.03.2026")
    (ours,) = rows(one, "outgoing", centre)
    assert (ours["kind"], ours["recipient"]) == ("Ответ", cast.service.name)
    assert ours["summary"].startswith("На вх. № 1/2026 от 05.03.2026: Сведения об обучающихся")
    assert (ours["due_on"], ours["answer"], ours["outcome"]) == (None, "", "решено")
    (back,) = rows(one, "incoming", cast.anna)
    assert (back["registered"], back["sender"]) == ("18/2026", "КЦСОН округа")
    assert (back["document"], back["summary"].split(":")[0]) == ("№ 1/2026 от 26.03.2026", "Ответ")


def test_scenario_2_an_emergency_notice_from_the_problem_to_the_end_of_control(
    session: scoped_session[Session], cast: Cast, centre: User
) -> None:
    one, friday = session(), date(2026, 3, 6)
    person = make_graduate(one, "Морозов Артём Сергеевич", agency_id=cast.service.id)
    problem = Problem(graduate=person, description="Выселен, утрачен паспорт, нет денег", found_on=friday, severity=3)
    problem.source_code = "message"
    one.add(problem)
    one.flush()
    subject = f"problem:{problem.id}"
    _duties(one, cast.service, person.id, subject, {"N1": date(2026, 3, 10), "N2": friday})
    letter = make_referral(
        one, cast.service, centre.agency, person, status=ReferralStatus.DRAFT, sent_on=friday, author=cast.anna,
        terms=NOTICE, is_notice=True, urgency=ReferralUrgency.IMMEDIATE, subject=subject,
        facts=[{"label": "Кратко", "value": "нуждается"}], answer_due_on=date(2026, 4, 6),
    )  # fmt: skip
    workflow.send(one, referral=letter, **act(one, cast.anna, friday, 11, 5))
    workflow.acknowledge(one, referral=letter, **act(one, centre, friday, 11, 20))
    workflow.accept(one, referral=letter, **act(one, centre, friday, 11, 30))
    said = {"text": "Питание, временное жильё,\nюридическая помощь", "outcome": ReplyOutcome.RESOLVED}
    workflow.answer(one, referral=letter, **said, **act(one, centre, date(2026, 3, 10)))
    workflow.close(one, referral=letter, **act(one, cast.anna, date(2026, 4, 3)))
    one.commit()
    (line,) = entries(one, "notices", cast.anna)
    cells = told("notices", line)
    assert cells == {
        "number": 1,
        "found_on": friday,
        "source": "по сообщению органа, организации, гражданина",
        "person": "Морозов Артём Сергеевич",
        "essence": "Выселен, утрачен паспорт, нет денег",
        "urgent": "да",
        "due_on": friday,
        "recipient": "КЦСОН округа",
        "sent": "06.03.2026, № 1/2026",
        "received": "06.03.2026 14:20, вх. № 1/2026",
        "measures": "решено: Питание, временное жильё,; юридическая помощь",
        "answered_on": date(2026, 3, 10),
        "closed_on": date(2026, 4, 3),
    }
    letter.urgency = ReferralUrgency.NORMAL
    one.commit()
    assert rows(one, "notices", cast.anna)[0]["due_on"] == date(2026, 3, 10)
    assert rows(one, "notices", centre) == []


def _duties(session: Session, agency: Agency, graduate_id: int, subject: str, days: dict[str, date]) -> None:
    """Obligations about one problem: to notify by each of the days, and another that no letter closes."""
    regulation = make_regulation(session)
    terms = {"kind": "event", "triggers": ["problem.found"], "amount": 3, "obliged": {"kind": ["support_service"]}}
    evidence = dict.fromkeys(days, EvidenceKind.REFERRAL) | {"A1": EvidenceKind.ACT}
    for code, kind in evidence.items():
        rule = make_rule(session, regulation, code, terms | {"evidence": kind.value})
        made = Deadline(rule=rule, rule_key=rule.key, agency_id=agency.id, graduate_id=graduate_id, subject=subject)
        made.opens_on = made.nominal_on = made.due_on = made.control_on = made.soon_on = days.get(
            code, date(2026, 3, 12)
        )
        made.created_at = at(date(2026, 3, 6))
        session.add(made)
    session.flush()


def _head(session: Session, cast: Cast, on: date) -> Viewer:
    return Viewer.of(session, cast.galina, on)


# -- What becomes of letters -----------------------------------------------------------------------------------------


def test_a_letter_sent_again_has_two_numbers_and_the_answer_stands_at_the_last(
    session: scoped_session[Session], cast: Cast
) -> None:
    one = session()
    letter = _sent(one, cast)
    workflow.give_back(one, referral=letter, reason="нет адреса", **act(one, cast.boris, TODAY))
    workflow.send(one, referral=letter, **act(one, cast.anna, TODAY))
    workflow.accept(one, referral=letter, **act(one, cast.boris, TODAY))
    workflow.answer(one, referral=letter, text="Да", outcome=ReplyOutcome.PARTLY, **act(one, cast.boris, TODAY))
    first, second = rows(one, "outgoing", cast.anna)
    assert first["outcome"] == "возвращено, отправлено повторно: исх. № 2/2026 от 01.10.2026"
    assert (first["answer"], second["answer"]) == ("", "вх. № 1/2026 от 01.10.2026")
    assert second["outcome"] == "решено частично"
    assert rows(one, "incoming", cast.boris)[0]["document"] == "№ 2/2026 от 01.10.2026"


def test_a_letter_passed_on_tells_where_it_went_and_its_answer_comes_to_the_sender(
    session: scoped_session[Session], cast: Cast, centre: User
) -> None:
    one = session()
    letter = _sent(one, cast)
    workflow.receive(one, referral=letter, **act(one, cast.boris, TODAY))
    target = {"recipient_id": centre.agency_id, "reason": "живёт в другом округе"}
    passed = workflow.forward(one, referral=letter, **target, **act(one, cast.boris, TODAY))
    workflow.accept(one, referral=passed, **act(one, centre, TODAY))
    workflow.answer(one, referral=passed, text="Да", outcome=ReplyOutcome.RESOLVED, **act(one, centre, TODAY))
    (ours,) = rows(one, "outgoing", cast.anna)
    assert ours["outcome"] == "переадресовано: КЦСОН округа; решено"
    assert ours["answer"] == "вх. № 1/2026 от 01.10.2026"
    (theirs,) = rows(one, "incoming", cast.boris)
    assert theirs["done"] == "переадресовано: КЦСОН округа; исх. № 1/2026 от 01.10.2026"
    (last,) = rows(one, "incoming", centre)
    assert last["sender"] == f"{cast.service.name}; через: {cast.opeka.short_name}"
    assert last["document"] == "№ 1/2026 от 01.10.2026"


def test_a_revoked_letter_and_a_declined_one_say_so(session: scoped_session[Session], cast: Cast) -> None:
    one = session()
    revoked, declined = _sent(one, cast), _sent(one, cast)
    workflow.revoke(one, referral=revoked, reason="ошибка", **act(one, cast.anna, TODAY))
    workflow.receive(one, referral=declined, **act(one, cast.boris, TODAY))
    workflow.decline(one, referral=declined, reason="не наш округ", **act(one, cast.boris, TODAY))
    first, second = rows(one, "outgoing", cast.anna)
    assert (first["outcome"], second["outcome"]) == ("отозвано: ошибка", "отклонено: не наш округ")
    (came,) = rows(one, "incoming", cast.boris)
    assert came["done"] == "01.10.2026, отклонено"


def test_a_paper_letter_has_the_number_of_its_sender(session: scoped_session[Session], cast: Cast) -> None:
    one = session()
    letter = make_referral(
        one, cast.other_opeka, cast.service, cast.own, status=ReferralStatus.RECEIVED, is_on_paper=True,
        their_number="01-17/5", sent_on=date(2026, 8, 28),
    )  # fmt: skip
    told_of = {"referral": letter, "agency_id": cast.service.id, "on": TODAY, "sheets": 3}
    line = letters.register_incoming(one, **told_of, **act(one, cast.anna, TODAY))
    line.resolution, line.note = "Клерк А. О., к исполнению", "с приложением"
    one.commit()
    (row,) = rows(one, "incoming", cast.anna)
    assert (row["document"], row["sheets"]) == ("№ 01-17/5 от 28.08.2026", 3)
    assert (row["resolution"], row["delivery"]) == ("Клерк А. О., к исполнению; с приложением", "почтой")


def test_of_many_people_three_are_named_and_all_are_found(session: scoped_session[Session], cast: Cast) -> None:
    one = session()
    people = [make_graduate(one, f"Сизов Пётр {'а' * place}", agency_id=cast.service.id) for place in range(1, 6)]
    letter = _sent(one, cast, *people)
    letter.about_text, letter.about_key = "5 чел.", "сизов петр ааааа"
    one.commit()
    (line,) = entries(one, "outgoing", cast.anna)
    assert told("outgoing", line)["about"] == "Сизов Пётр а; Сизов Пётр аа; Сизов Пётр ааа и другие, всего 5 чел."
    assert line.people == tuple(person.id for person in people[:3])
    assert len(entries(one, "outgoing", cast.anna, person="сиз ааааа")) == 1
    assert entries(one, "outgoing", cast.anna, person="Ёлкин") == []


def test_an_annulled_line_is_struck_and_its_number_answers_nothing(
    session: scoped_session[Session], cast: Cast
) -> None:
    one = session()
    letter = _sent(one, cast)
    annul(one, letter.outgoing[0])
    one.commit()
    found = entries(one, "outgoing", cast.anna)
    assert found[0].annulment.startswith("Аннулировано")
    printed = list(journals.printed(JOURNALS["outgoing"], iter(found)))
    assert list(printed[0])[-1] == found[0].annulment


# -- Whose -----------------------------------------------------------------------------------------------------------


def test_an_organisation_reads_its_own_lines_only_and_an_overseer_all(
    session: scoped_session[Session], cast: Cast
) -> None:
    one = session()
    letter = _sent(one, cast)
    workflow.receive(one, referral=letter, **act(one, cast.boris, TODAY))
    one.commit()
    assert rows(one, "incoming", cast.anna) == []
    assert rows(one, "outgoing", cast.boris) == []
    assert len(rows(one, "incoming", cast.boris)) == 1
    assert len(rows(one, "outgoing", cast.kira, cast.service)) == 1


def test_a_problem_of_somebody_out_of_sight_is_told_as_the_letter_told_it(
    session: scoped_session[Session], cast: Cast
) -> None:
    """The person has moved away since: the letter is ours, the card is not."""
    one = session()
    problem = Problem(graduate=cast.own, description="Тайна карточки", found_on=TODAY)
    one.add(problem)
    one.flush()
    _sent(one, cast, is_notice=True, subject=f"problem:{problem.id}")
    one.commit()
    assert rows(one, "notices", cast.anna)[0]["essence"] == "Тайна карточки"
    cast.own.agency_id = cast.other_opeka.id
    one.commit()
    (row,) = rows(one, "notices", cast.anna)
    assert (row["essence"], row["found_on"]) == ("Как учится", None)
    assert rows(one, "notices", cast.kira, cast.service)[0]["essence"] == "Тайна карточки"


def test_a_letter_that_names_somebody_elses_problem_tells_nothing_of_it(
    session: scoped_session[Session], cast: Cast
) -> None:
    one = session()
    problem = Problem(graduate=cast.local, description="О другом", found_on=TODAY)
    one.add(problem)
    one.flush()
    _sent(one, cast, is_notice=True, subject=f"problem:{problem.id}")
    assert rows(one, "notices", cast.kira, cast.service)[0]["essence"] == "Как учится"


def test_notices_are_counted_in_their_own_order_and_take_no_numbers(
    session: scoped_session[Session], cast: Cast
) -> None:
    one = session()
    for is_notice in (True, False, True, True):
        _sent(one, cast, is_notice=is_notice)
    again = one.query(Referral).filter_by(is_notice=True).first()
    workflow.give_back(one, referral=again, reason="нет адреса", **act(one, cast.boris, TODAY))
    workflow.send(one, referral=again, **act(one, cast.anna, TODAY))
    one.commit()
    found = rows(one, "notices", cast.anna)
    assert [row["number"] for row in found] == [1, 2, 3]
    assert found[0]["sent"] == "01.10.2026, № 1/2026; 01.10.2026, № 5/2026"
    assert [row["number"] for row in rows(one, "notices", cast.anna, skip=2)] == [3]
    assert journals.summaries(one, agency_id=cast.service.id, year=2026)[Journal.NOTICES].rows == 3
    for journal in (Journal.NOTICES, Journal.SERVICES):
        with pytest.raises(Refused, match="своей нумерации"):
            numbering.begin_after(
                one, agency_id=cast.service.id, journal=journal, year=2026, last_number=3, by=_head(one, cast, TODAY)
            )


def _sent(session: Session, cast: Cast, *people: Any, **fields: Any) -> Referral:
    """From the service to the guardianship body of Sokol."""
    letter = make_referral(
        session, cast.service, cast.opeka, *(people or (cast.own,)), status=ReferralStatus.DRAFT, sent_on=TODAY,
        author=cast.anna, facts=[{"label": "Кратко", "value": "да"}], terms=QUIET, **fields,
    )  # fmt: skip
    workflow.send(session, referral=letter, **act(session, cast.anna, TODAY))
    return letter


# -- Meetings --------------------------------------------------------------------------------------------------------


def test_a_sitting_tells_who_came_out_of_how_many_and_what_was_decided(
    session: scoped_session[Session], cast: Cast
) -> None:
    one = session()
    body = Body(agency=cast.service, name="Координационный совет", quorum_part=1, quorum_of=2)
    body.starts_on = date(2026, 1, 1)
    body.members = [BodyMember(name=f"Член {place}", starts_on=date(2026, 1, 1)) for place in range(5)]
    one.add(body)
    one.flush()
    meeting = Meeting(agency_id=cast.service.id, kind=MeetingKind.SITTING, status=MeetingStatus.HELD, body=body)
    meeting.topic, meeting.held_on, meeting.place, meeting.members_total = "Сложные случаи", TODAY, "каб. 5", 5
    meeting.attendees = [
        *(MeetingAttendee(member=who, name=who.name, is_present=place < 3) for place, who in enumerate(body.members)),
        MeetingAttendee(name="Гость", is_present=True),
    ]  # fmt: skip
    item = AgendaItem(title="Жильё выпускника")
    decision = Decision(text="Предоставить комнату", due_on=date(2026, 10, 1), created_at=at(TODAY))
    decision.to = cast.opeka
    item.decisions = [decision, Decision(text="Рассмотреть ещё раз", addressee="завод", created_at=at(TODAY))]
    meeting.agenda = [item, AgendaItem(title="Отчёт службы", position=1)]
    numbered(one, meeting, TODAY)
    one.commit()
    (line,) = entries(one, "meetings", cast.anna)
    assert line.cells == (
        1,
        TODAY,
        "заседание",
        "Координационный совет. Сложные случаи",
        "каб. 5",
        "3 из 5, кворум есть, приглашённых 1",
        "1. Жильё выпускника; 2. Отчёт службы",
        "1. Предоставить комнату, Опека Сокольского округа, до 01.10.2026; 2. Рассмотреть ещё раз, завод",
        "1/2026",
    )
    meeting.attendees[0].is_present = False
    one.flush()
    assert rows(one, "meetings", cast.anna)[0]["present"] == "2 из 5, кворума нет, приглашённых 1"


# -- Statements ------------------------------------------------------------------------------------------------------


@contextmanager
def statements() -> Iterator[list[str]]:
    made: list[str] = []

    def note(*arguments: Any) -> None:
        made.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", note)
    yield made
    event.remove(Engine, "before_cursor_execute", note)


def _bulk(session: Session, cast: Cast, count: int) -> None:
    """So many notices of the service, each with its number there and at the recipient."""
    said = {"status": ReferralStatus.RECEIVED, "is_notice": True, "sent_on": TODAY}
    kept = {"year": 2026, "created_at": at(TODAY)}
    for number in range(1, count + 1):
        letter = make_referral(session, cast.service, cast.opeka, cast.own, **said)
        outgoing = OutgoingLetter(agency_id=cast.service.id, referral_id=letter.id, sent_on=TODAY, **kept)
        incoming = IncomingLetter(agency_id=cast.opeka.id, referral_id=letter.id, received_on=TODAY, **kept)
        outgoing.number = incoming.number = number
        session.add_all((outgoing, incoming))
    session.commit()


def test_two_thousand_lines_cost_a_few_statements_a_chunk(session: scoped_session[Session], cast: Cast) -> None:
    _bulk(session(), cast, 2000)
    for code, user, most in (("incoming", cast.boris, 30), ("outgoing", cast.anna, 30), ("notices", cast.anna, 45)):
        session().expire_all()
        viewer = Viewer.of(session(), user, TODAY)
        book = book_of(session(), agency=user.agency, year=2026, on=TODAY)
        with statements() as asked:
            count = sum(1 for _ in JOURNALS[code].entries(session(), viewer, book))
        assert count == 2000
        assert len(asked) <= most, (code, len(asked))
