"""Journals over the records: the columns as printed, the rows of a small story, annulled rows, who is named to whom."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.cases import RefusalKind
from models.circumstances import Employment, Study
from models.context import Actor, act_as
from models.deadlines import Deadline
from models.graduates import Graduate
from models.rule_terms import EvidenceKind
from models.support import Assignment, AssignmentKind, CategoryDecision, FieldGroup, FieldGroupMember
from models.territory import Agency
from models.users import User
from models.work import BODY_OF_MINUTES
from reports.journals import JOURNALS
from reports.journals.base import MASKED, Book, Entry
from services import journals, numbering
from services.cases import applications
from tests import journals_factories as make
from tests.clock import at, follow, load_law, make_regulation, make_rule
from tests.conftest import NOW, TODAY
from tests.factories import Cast, make_graduate

# A journal a line: its code and its columns as they are printed on paper.
PRINTED = Path(__file__).parent.parent / "data" / "journals.txt"
COLUMNS = dict(line.split(": ", 1) for line in PRINTED.read_text(encoding="utf-8").splitlines())


def book(agency: Agency, **more: object) -> Book:
    return Book(agency.id, agency.name, 2026, TODAY, **more)  # type: ignore[arg-type]


def rows(session: Session, code: str, user: User, agency: Agency | None = None, **more: object) -> list[Entry]:
    viewer = Viewer.of(session, user, TODAY)
    return list(JOURNALS[code].entries(session, viewer, book(agency or user.agency, **more)))


def told(code: str, entry: Entry) -> dict[str, object]:
    """{key of the column: cell}."""
    return {column.key: cell for column, cell in zip(JOURNALS[code].columns, entry.cells, strict=True)}


@pytest.fixture
def alina(session: scoped_session[Session], cast: Cast) -> Graduate:
    """Of scenario 3."""
    person = make_graduate(
        session(), "Ахметова Алина Ринатовна", birth_date=date(2008, 2, 2), agency_id=cast.service.id
    )
    person.current_address, person.current_phone = "г. Сокол, ул. Мира, 1", "+7 900 000-00-00"
    return person


@pytest.mark.parametrize("code", sorted(COLUMNS))
def test_the_columns_are_those_of_the_paper_journal(code: str) -> None:
    assert " · ".join(column.heading for column in JOURNALS[code].columns) == COLUMNS[code]


def test_every_journal_is_there() -> None:
    assert set(JOURNALS) == set(COLUMNS)


# -- A small story ---------------------------------------------------------------------------------------------------


def test_scenario_3_stands_in_the_four_journals(session: scoped_session[Session], cast: Cast, alina: Graduate) -> None:
    one, service = session(), cast.service
    numbering.begin_after(
        one, agency_id=service.id, journal=JOURNALS["applications"].journal, year=2026, last_number=11, by=_head(cast)
    )
    numbering.begin_after(
        one, agency_id=service.id, journal=JOURNALS["contracts"].journal, year=2026, last_number=6, by=_head(cast)
    )
    asked = make.make_application(one, service, alina, received_on=date(2026, 4, 23), received_by="Анна Клерк")
    _term(one, service, asked.id, alina, date(2026, 5, 12))
    contract = make.make_contract(one, service, alina, application_id=asked.id, ends_on=date(2027, 5, 11))
    make.make_plan(one, contract)
    make.make_episode(one, contract, origin="детский дом № 1")
    (application,) = rows(one, "applications", cast.anna)
    assert application.cells == (
        12,
        date(2026, 4, 23),
        "12/2026",
        date(2026, 4, 24),
        "Ахметова Алина Ринатовна",
        date(2008, 2, 2),
        "г. Сокол, ул. Мира, 1; +7 900 000-00-00",
        "лично",
        "паспорт; справка",
        "Анна Клерк",
        date(2026, 5, 12),
        "договор № 7/2026 от 12.05.2026",
        None,
        "",
    )
    signed = told("contracts", rows(one, "contracts", cast.anna)[0])
    assert signed["number"] == 7
    assert signed["application"] == "№ 12/2026 от 24.04.2026"
    assert signed["term"] == "с 12.05.2026 по 11.05.2027"
    assert signed["plan"] == "№ 1/2026 от 12.05.2026"
    assert signed["signature"] is None
    accepted = told("accepted", rows(one, "accepted", cast.anna)[0])
    assert (accepted["number"], accepted["contract"]) == (1, "№ 7/2026 от 12.05.2026")
    assert (accepted["origin"], accepted["removed"]) == ("детский дом № 1", "")


def _head(cast: Cast) -> Viewer:
    g = cast.galina
    return Viewer(g.id, g.role, g.agency_id, cast.service.kind, False, False, (), TODAY)


def _term(session: Session, agency: Agency, application_id: int, person: Graduate, due_on: date) -> None:
    """Obligations that an application made: of the contract, and of something else."""
    regulation = make_regulation(session)
    terms = {"kind": "event", "triggers": ["application.registered"], "amount": 15, "per": "record"}
    terms["obliged"] = {"kind": ["support_service"]}
    for code, evidence, day in (("A01", EvidenceKind.CONTRACT, due_on), ("A02", EvidenceKind.NOTICE, TODAY)):
        rule = make_rule(session, regulation, code, terms | {"evidence": evidence.value})
        made = Deadline(rule=rule, rule_key=rule.key, agency_id=agency.id, graduate_id=person.id, created_at=NOW)
        made.subject, made.opens_on, made.event_on = f"application:{application_id}", day, day
        made.nominal_on = made.due_on = made.control_on = made.soon_on = day
        session.add(made)
    session.flush()


def test_a_refusal_of_each_kind_stands_in_one_journal(
    session: scoped_session[Session], cast: Cast, alina: Graduate
) -> None:
    asked = make.make_application(session(), cast.service, alina)
    fields = {"clause": "п. 10", "notified_on": date(2026, 4, 27), "notified_how": "лично", "application_id": asked.id}
    make.make_refusal(session(), cast.service, alina, RefusalKind.AGENCY, **fields)
    make.make_refusal(
        session(), cast.service, alina, RefusalKind.GRADUATE, graduate_reason_code="no_need", is_return_explained=True
    )
    first, second = (told("refusals", row) for row in rows(session(), "refusals", cast.anna))
    assert first["kind"] == "решение организации"
    assert first["reason"] == "нет права: старше 23 лет; п. 10"
    assert first["decision"] == "решение № 1/2026 от 24.04.2026; заявление № 1/2026 от 24.04.2026"
    assert (first["notified"], first["explained"]) == ("27.04.2026, лично", "нет")
    assert (second["kind"], second["reason"], second["explained"]) == ("отказ выпускника", "не нуждается", "да")
    result = told("applications", rows(session(), "applications", cast.anna)[0])
    assert (result["result"], result["notified_on"]) == ("отказ № 1/2026 от 24.04.2026", date(2026, 4, 27))


def test_the_contract_tells_what_became_of_it(session: scoped_session[Session], cast: Cast, alina: Graduate) -> None:
    contract = make.make_contract(session(), cast.service, alina, ends_on=date(2026, 8, 31))
    make.amend(session(), contract, date(2026, 8, 1), date(2026, 12, 31))
    make.make_conclusion(session(), contract, date(2026, 9, 1))
    contract.ended_on, contract.termination_ground_code = date(2026, 9, 2), "moved"
    session.commit()
    row = told("contracts", rows(session(), "contracts", cast.anna)[0])
    assert row["term"] == "с 12.05.2026 по 31.08.2026"
    assert row["amendments"] == "№ 1 от 01.08.2026, срок по 31.12.2026"
    assert row["ended"] == "02.09.2026, переезд, передача другой службе"
    assert row["conclusion"] == "№ 1/2026 от 01.09.2026"


def test_whoever_reaches_23_is_taken_off_the_day_after_the_last_one(
    session: scoped_session[Session], cast: Cast, alina: Graduate
) -> None:
    make.make_episode(session(), make.make_contract(session(), cast.service, alina))
    for born, removed in ((date(2003, 9, 30), "01.10.2026, достижение 23 лет"), (date(2003, 10, 1), "")):
        alina.birth_date = born
        session.flush()
        assert told("accepted", rows(session(), "accepted", cast.anna)[0])["removed"] == removed
    eve = {"last_day": lambda born: date(2026, 9, 30), "last_age": 24}
    assert told("accepted", rows(session(), "accepted", cast.anna, **eve)[0])["removed"] == (
        "01.10.2026, достижение 24 лет"
    )


def test_whoever_was_taken_on_is_told_of_as_the_card_knows_it(
    session: scoped_session[Session], cast: Cast, alina: Graduate
) -> None:
    make.make_episode(
        session(),
        make.make_contract(session(), cast.service, alina),
        removed_on=date(2026, 9, 1),
        removal_ground_code="moved",
        result="переехала",
    )
    alina.studies = [Study(starts_on=date(2025, 9, 1), status_code="studying", organisation="Колледж", course=2)]
    alina.employments = [Employment(starts_on=date(2026, 9, 20), status_code="employed", organisation="ООО «Мир»")]
    alina.category_decisions = [
        CategoryDecision(starts_on=date(2026, 5, 1), category_code="active"),
        CategoryDecision(starts_on=date(2026, 8, 1), category_code="stable"),
        CategoryDecision(starts_on=date(2026, 9, 15), category_code="crisis"),
    ]
    alina.assignments = [Assignment(kind=AssignmentKind.CURATOR, name="Борис Куратор", starts_on=date(2026, 5, 12))]
    session.flush()
    row = told("accepted", rows(session(), "accepted", cast.anna)[0])
    assert row["occupation"] == "обучается Колледж, 2 курс"
    assert row["category"] == "активное; с 01.08.2026 стабильное"
    assert (row["curator"], row["removed"]) == ("Борис Куратор", "01.09.2026, переезд, передача другой службе")


def test_daily_work_stands_in_its_journals(session: scoped_session[Session], cast: Cast, alina: Graduate) -> None:
    one, service = session(), cast.service
    make.make_appeal(one, service, alina, due_on=date(2026, 3, 10), done_on=date(2026, 3, 7), outcome_code="solved")
    talk = make.make_consultation(one, service, alina)
    make.make_minutes(one, talk)
    meeting = make.make_session(one, service, alina, cast.own, programme="Ты не один")
    visit = make.make_visit(one, service, alina, is_opened=False, companions="участковый")
    make.make_survey(one, visit)
    make.make_service(one, service, alina, consultation_id=talk.id)
    make.make_service(one, service, cast.own, date(2026, 6, 2), session_id=meeting.id)
    make.make_service(one, service, alina, date(2025, 12, 31))
    appeal = told("appeals", rows(one, "appeals", cast.anna)[0])
    assert (appeal["received"], appeal["urgency"], appeal["outcome"]) == ("06.03.2026 11:20", "обычная", "решено")
    assert told("consultations", rows(one, "consultations", cast.anna)[0])["minutes"] == "1/2026"
    group = told("group-sessions", rows(one, "group-sessions", cast.anna)[0])
    assert group["people"] == "Ахметова Алина Ринатовна; Ёлкина Дарья Игоревна"
    assert (group["count"], group["time"]) == (2, "14:00, 60 мин")
    assert group["topic"] == "Бюджет семьи; программа «Ты не один»"
    seen = told("visits", rows(one, "visits", cast.anna)[0])
    assert (seen["result"], seen["survey"]) == ("дверь не открыта", "1/2026")
    assert seen["specialists"] == "Анна Клерк, участковый"
    services = [told("services", row) for row in rows(one, "services", cast.anna)]
    assert [row["ground"] for row in services] == ["журнал бесед, № 1/2026", "журнал групповых занятий, № 1/2026"]


# -- Annulled rows, parts, searches ----------------------------------------------------------------------------------


def test_an_annulled_row_keeps_its_place_and_says_why(
    session: scoped_session[Session], cast: Cast, alina: Graduate
) -> None:
    first = make.make_appeal(session(), cast.service, alina)
    make.make_appeal(session(), cast.service, alina)
    make.annul(session(), first)
    found = rows(session(), "appeals", cast.anna)
    assert [told("appeals", row)["number"] for row in found] == [1, 2]
    assert [row.annulment for row in found] == ["Аннулировано 01.09.2026: записано дважды.", ""]
    printed = list(journals.printed(JOURNALS["appeals"], iter(found)))
    assert printed[0][-1] == "Аннулировано 01.09.2026: записано дважды."
    assert printed[1] == found[1].cells


def test_an_annulled_contract_is_no_result_of_the_application(
    session: scoped_session[Session], cast: Cast, alina: Graduate
) -> None:
    asked = make.make_application(session(), cast.service, alina)
    make.annul(session(), make.make_contract(session(), cast.service, alina, application_id=asked.id))
    assert told("applications", rows(session(), "applications", cast.anna)[0])["result"] == ""


def test_drafts_other_years_and_other_organisations_are_not_in_the_journal(
    session: scoped_session[Session], cast: Cast, alina: Graduate
) -> None:
    make.make_appeal(session(), cast.service, alina, date(2025, 12, 31))
    make.make_appeal(session(), cast.opeka, cast.local)
    assert rows(session(), "appeals", cast.anna) == []


def test_a_part_is_found_by_rows_by_days_and_by_name(
    session: scoped_session[Session], cast: Cast, alina: Graduate
) -> None:
    for number, person in enumerate((alina, cast.own, alina), start=1):
        make.make_appeal(session(), cast.service, person, date(2026, number, 10))

    def numbers(**more: object) -> list[object]:
        return [row.cells[0] for row in rows(session(), "appeals", cast.anna, **more)]

    assert numbers(skip=1, take=1) == [2]
    assert numbers(skip=2) == [3]
    assert numbers(since=date(2026, 2, 1), until=date(2026, 2, 28)) == [2]
    assert numbers(person="али АХМЕТ") == [1, 3]
    assert numbers(person="%") == []
    assert numbers(person="елкина") == [2]


# -- Who is named ----------------------------------------------------------------------------------------------------


def test_of_somebody_out_of_sight_only_the_number_of_the_card_is_told(
    session: scoped_session[Session], cast: Cast
) -> None:
    make.make_appeal(session(), cast.service, cast.foreign)
    make.make_session(session(), cast.service, cast.own, cast.foreign)
    hidden = rows(session(), "appeals", cast.anna)[0]
    row = told("appeals", hidden)
    assert not hidden.is_readable
    assert row["person"] == f"карточка № {cast.foreign.id}"
    assert (row["address"], row["content"], row["decision"]) == (MASKED, MASKED, MASKED)
    assert (row["number"], row["received"]) == (1, "06.03.2026 11:20")
    people = told("group-sessions", rows(session(), "group-sessions", cast.anna)[0])["people"]
    assert people == f"Ёлкина Дарья Игоревна; карточка № {cast.foreign.id}"
    assert rows(session(), "appeals", cast.anna, person="Тихонов") == []
    assert rows(session(), "group-sessions", cast.anna, person="Тихонов") == []
    overseen = rows(session(), "appeals", cast.kira, cast.service)
    assert told("appeals", overseen[0])["person"] == "Тихонов Марк"


def test_the_body_of_minutes_is_read_by_the_author_the_head_and_those_named(
    session: scoped_session[Session], cast: Cast, alina: Graduate
) -> None:
    talk = make.make_consultation(session(), cast.service, alina, specialist_id=cast.anna.id)
    make.make_minutes(session(), talk, created_by_id=cast.anna.id)

    def problem(user: User) -> object:
        return told("consultation-minutes", rows(session(), "consultation-minutes", user, cast.service)[0])["problem"]

    assert [problem(user) for user in (cast.anna, cast.galina)] == ["Долги", "Долги"]
    assert [problem(user) for user in (cast.kira, cast.root)] == [MASKED, MASKED]
    session.add(FieldGroupMember(user_id=cast.kira.id, field_group=FieldGroup.PSYCHOLOGY))
    session.flush()
    assert problem(cast.kira) == "Долги"


def test_the_columns_of_the_body_are_those_of_the_field_group() -> None:
    keys = [column.key for column in JOURNALS["consultation-minutes"].columns]
    assert keys[5:13] == list(BODY_OF_MINUTES)


# -- Statements ------------------------------------------------------------------------------------------------------

Maker = Callable[[Session, Agency, Graduate], object]
MAKERS: dict[str, Maker] = {
    "applications": make.make_application,
    "contracts": make.make_contract,
    "refusals": lambda s, agency, person: make.make_refusal(s, agency, person, RefusalKind.GRADUATE),
    "accepted": lambda s, agency, person: make.make_episode(s, make.make_contract(s, agency, person)),
    "group-sessions": make.make_session,
    "consultations": make.make_consultation,
    "consultation-minutes": lambda s, agency, p: make.make_minutes(s, make.make_consultation(s, agency, p)),
    "appeals": make.make_appeal,
    "visits": make.make_visit,
    "services": make.make_service,
}


@contextmanager
def statements() -> Iterator[list[str]]:
    made: list[str] = []

    def note(*arguments: Any) -> None:
        made.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", note)
    yield made
    event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("code", sorted(MAKERS))
def test_no_row_costs_a_statement(session: scoped_session[Session], cast: Cast, code: str) -> None:
    counts = []
    for more in (5, 45):
        for number in range(more):
            person = make_graduate(session(), f"Сизов Пётр {'а' * number}", agency_id=cast.service.id)
            MAKERS[code](session(), cast.service, person)
        session.commit()
        viewer, whose = Viewer.of(session(), cast.anna, TODAY), book(cast.service)
        with statements() as asked:
            found = list(JOURNALS[code].entries(session(), viewer, whose))
        counts.append(len(asked))
        assert len(found) == (5 if more == 5 else 50)
    assert counts[0] == counts[1]


# -- With the services and the law -----------------------------------------------------------------------------------


def test_the_term_of_the_contract_is_the_one_of_the_regulation(session: scoped_session[Session], cast: Cast) -> None:
    """Scenario 3: registered on 24.04.2026, to be signed by 12.05.2026, past the holidays."""
    on = date(2026, 4, 24)
    load_law(session(), on)
    follow(session(), cast.service, "aistenok")
    person = make_graduate(session(), birth_date=date(2008, 2, 2), agency_id=cast.service.id)
    session.commit()
    act_as(session(), Actor(at(on)))
    clerk = Viewer.of(session(), cast.anna, on)
    asked = applications.receive(
        session(),
        graduate_id=person.id,
        agency_id=cast.service.id,
        received_on=date(2026, 4, 23),
        by=clerk,
        now=at(on),
    )
    applications.register(session(), application=asked, registered_on=on, by=clerk)
    session.commit()
    assert told("applications", rows(session(), "applications", cast.anna)[0])["due_on"] == date(2026, 5, 12)
