"""What letters tell of people: each source as of the day, nothing closed, a few statements for everybody."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, scoped_session

from models.circumstances import Address, Employment, Housing, Study
from models.graduates import Graduate
from models.people import Contact
from models.support import Assignment, CategoryDecision, HealthRecord, OffenceRecord, Problem
from services.exchange.fact_sources import SOURCES
from services.exchange.kinds import KindField, ReferralKind
from services.exchange.people_facts import facts_of, short_name
from tests.assessments_factories import assess
from tests.exchange_factories import PLAIN
from tests.factories import Cast, make_graduate
from tests.lives import live
from tests.plans_factories import make_approved, make_measure

ON = date(2026, 8, 20)
SCHEMA = json.loads((Path(__file__).parents[3] / "regulations" / "schema.json").read_text(encoding="utf-8"))


def kind(*sources: str) -> ReferralKind:
    fields = [{"label": source, "source": source} for source in sources]
    return ReferralKind.of({**PLAIN, "fields": fields})


def told(session: Session, graduate: Graduate, *sources: str, on: date = ON) -> Any:
    """The text of one source, or of several by name."""
    found = dict(facts_of(session, kind=kind(*sources), graduates=[graduate], on=on)[graduate.id])
    return found[sources[0]] if len(sources) == 1 else found


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_every_source_that_a_pack_may_name_has_a_teller() -> None:
    entry = SCHEMA["properties"]["referrals"]["items"]["properties"]["fields"]["items"]
    assert set(entry["properties"]["source"]["enum"]) == set(SOURCES)


def test_a_full_life_is_told_source_by_source(session: scoped_session[Session], cast: Cast) -> None:
    person = live(session(), cast)
    person.contacts.append(Contact(kind_code="phone", value="+7 921 000-00-01"))
    person.exit_ground_code, person.legal_status_code = "came_of_age", "former_orphan"
    session.flush()
    assert told(session(), person, *(source for source in SOURCES if source not in ("readiness", "needs"))) == {
        "name": "Ёлкина Дарья Игоревна",
        "birth_date": "14.08.2005",
        "location": "г. Сокол, ул. Мира, 1",
        "address": "г. Сокол, ул. Мира, 1",
        "phone": "+7 921 000-00-01",
        "district": "",
        "category": "активное",
        "problems": "",
        "study": "",
        "study_organisation": "",
        "profession": "",
        "course": "",
        "admitted_on": "",
        "finished_on": "30.06.2026",
        "leave": "",
        "education": "",
        "employment": "работает: Столовая № 3, повар",
        "children": "20.07.2026 г. р.",
        "family": "замужем, 1 ребенок",
        "housing": "состоит на учете в качестве нуждающихся в жилых помещениях (ул. Мира, 1)",
        "dormitory": "нет",
        "placement": "приёмная семья, Семья Лебедевых, 01.09.2015 г-30.06.2023",
        "foster_family": "приёмная семья, Семья Лебедевых, 01.09.2015 г-30.06.2023",
        "left_on": "30.06.2023",
        "exit_ground": "достижение 18 лет (прекращение попечительства)",
        "legal_status": "лицо из числа детей-сирот и детей, оставшихся без попечения родителей (18–23)",
        "curator": "Анна Клерк",
        "done": "помогли",
        "change": "работа: работает: Столовая № 3, повар (с 01.08.2026)",
        "arrived_on": "",
    }


def test_facts_are_those_of_the_day_of_the_letter(session: scoped_session[Session], cast: Cast) -> None:
    person = live(session(), cast)
    before = told(session(), person, "study", "course", "category", "employment", on=date(2026, 3, 1))
    assert before == {
        "study": "обучается Сокольский колледж",
        "course": "",
        "category": "активное",
        "employment": "",
    }
    assert told(session(), person, "category", on=date(2026, 1, 31)) == ""
    assert told(session(), person, "profession", on=date(2026, 3, 1)) == "повар"
    assert told(session(), person, "problems", on=date(2026, 6, 1)) == "Долг за квартиру"


def test_a_student_on_leave_with_a_child(session: scoped_session[Session], cast: Cast) -> None:
    session.add_all(
        [
            Study(
                graduate=cast.own,
                status_code="studying",
                organisation="Колледж",
                course=1,
                starts_on=date(2024, 9, 1),
            ),
            Study(
                graduate=cast.own,
                status_code="leave",
                organisation="Колледж",
                course=2,
                starts_on=date(2026, 3, 2),
                leave_code="academic",
                leave_ends_on=date(2027, 3, 1),
            ),
        ]
    )
    session.flush()
    assert told(session(), cast.own, "leave") == "академический отпуск с 02.03.2026 по 01.03.2027"
    assert told(session(), cast.own, "admitted_on") == "01.09.2024"
    assert told(session(), cast.own, "study") == "в академическом отпуске, Колледж, 2 курс"


@pytest.mark.parametrize(
    ("code", "text"), [("medical", "академический отпуск с 02.03.2026"), ("maternity", "отпуск с 02.03.2026")]
)
def test_the_medical_reason_of_a_leave_is_not_told(
    session: scoped_session[Session], cast: Cast, code: str, text: str
) -> None:
    session.add(Study(graduate=cast.own, status_code="leave", starts_on=date(2026, 3, 2), leave_code=code))
    session.flush()
    assert told(session(), cast.own, "leave") == text


def test_health_and_offences_are_told_by_no_source(session: scoped_session[Session], cast: Cast) -> None:
    person = cast.own
    secret = "тайное"
    session.add_all(
        [
            *(
                Problem(graduate=person, kind_code=code, description=f"{secret} {code}", found_on=date(2026, 5, 1))
                for code in ("health", "addiction", "mental", "offence", "released", "violence", "early_parenthood")
            ),
            Problem(graduate=person, kind_code="housing", description="негде жить", found_on=date(2026, 5, 1)),
            HealthRecord(graduate=person, text=secret, recorded_on=date(2026, 5, 1)),
            OffenceRecord(graduate=person, text=secret, recorded_on=date(2026, 5, 1)),
            Employment(graduate=person, status_code="imprisoned", starts_on=date(2026, 8, 10)),
        ]
    )
    person.exit_ground_code = "released"
    make_approved(session(), person, cast.service, "Оформить прописку")
    plan = make_approved(session(), person, cast.service, "Найти работу")
    plan.measures += [
        make_measure(secret, direction_code="health"),
        make_measure(secret, service_kind_code="psychological"),
    ]
    session.flush()
    everything = told(session(), person, *SOURCES, on=date(2026, 9, 20))
    assert not [source for source, text in everything.items() if secret in text or "лишения свободы" in text]
    assert everything["problems"] == "негде жить"
    assert everything["needs"] == "Оформить прописку; Найти работу"
    assert everything["employment"] == everything["exit_ground"] == everything["change"] == ""


def test_the_place_of_whoever_has_no_address_is_the_district(session: scoped_session[Session], cast: Cast) -> None:
    cast.local.district = cast.sokol
    assert told(session(), cast.local, "location") == "Сокольский"
    session.add(Address(graduate=cast.local, text="с. Тотьма", starts_on=date(2026, 8, 1), district=cast.totma))
    session.flush()
    assert told(session(), cast.local, "location", "district", "arrived_on", "change") == {
        "location": "с. Тотьма",
        "district": "Тотемский",
        "arrived_on": "01.08.2026",
        "change": "адрес: с. Тотьма (с 01.08.2026)",
    }


def test_the_newest_assessment_is_told_in_points(session: scoped_session[Session], cast: Cast) -> None:
    assess(session(), cast.anna, cast.own, date(2026, 8, 1))
    text = told(session(), cast.own, "readiness")
    assert text.startswith("баллов ")
    assert text.endswith("из 20, оценка от 01.08.2026")


def test_three_hundred_people_cost_as_many_statements_as_two(session: scoped_session[Session], cast: Cast) -> None:
    people = [make_graduate(session(), f"Иванов Пётр{number}", agency_id=cast.service.id) for number in range(300)]
    for person in people:
        session.add_all(
            [
                Study(graduate=person, status_code="studying", level_code="basic", starts_on=date(2025, 9, 1)),
                Housing(graduate=person, status_code="dormitory", starts_on=date(2025, 9, 1)),
                CategoryDecision(graduate=person, category_code="active", starts_on=date(2025, 9, 1)),
                Assignment(graduate=person, kind="curator", name="Анна", starts_on=date(2025, 9, 1)),
                Address(graduate=person, text="г. Сокол", district=cast.sokol, starts_on=date(2025, 9, 1)),
                Employment(graduate=person, status_code="studying", starts_on=date(2025, 9, 1)),
            ]
        )
    session.commit()
    numbers = [person.id for person in people]
    costs = []
    for some in (numbers[:2], numbers):
        session.expunge_all()
        graduates = [session.get_one(Graduate, number) for number in some]
        with statements() as seen:
            found = facts_of(session(), kind=kind(*SOURCES), graduates=graduates, on=ON)
        assert {dict(facts)["dormitory"] for facts in found.values()} == {"да"}
        costs.append(len(seen))
    assert costs[0] == costs[1] < 25


def test_a_field_without_a_source_is_left_to_whoever_writes(session: scoped_session[Session], cast: Cast) -> None:
    plain = ReferralKind.of({**PLAIN, "fields": ["суть", {"label": "ФИО", "source": "name"}]})
    assert plain.fields == (KindField("суть"), KindField("ФИО", "name"))
    found = facts_of(session(), kind=plain, graduates=[cast.own], on=ON)
    assert found == {cast.own.id: [("суть", ""), ("ФИО", "Ёлкина Дарья Игоревна")]}


def test_a_short_name() -> None:
    assert short_name("Ёлкина Дарья Игоревна") == "Ёлкина Д. И."
    assert short_name("Тихонов Марк") == "Тихонов М."
    assert short_name("Каримов Тимур Фарид оглы") == "Каримов Т. Ф."
