"""The demonstration region: deterministic, plausible, consistent with the derived columns."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, scoped_session, selectinload

from models import Model, access_grants, aid, exchange, library, meetings
from models.audit import AuditEvent
from models.cases import Contract
from models.context import Actor, act_as
from models.derived import refresh
from models.graduates import Graduate
from models.journals import JournalCounter, Numbered
from models.search import matches
from models.stages import stage_of_records
from models.territory import Agency, AgencyDistrict, AgencyKind, District
from models.users import Role, User
from models.work import Consultation
from services import demo, numbering
from services.demo.book import TABLES
from services.demo.bulk import COLUMNS
from tests.conftest import NOW, TODAY, rolled_back
from tests.fresh import fresh_app
from views.extensions import db

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PEOPLE = 400
CARD = [column.key for column in Graduate.__mapper__.column_attrs]
WITH_HISTORY = [selectinload(getattr(Graduate, r.key)) for r in Graduate.__mapper__.relationships if r.uselist]
HISTORY = [table for table in COLUMNS if table != "graduate"]


def load(session: scoped_session[Session], graduates: int = 60, seed: int = 1, on: date = TODAY) -> demo.DemoResult:
    result = demo.load(session=session(), now=NOW, on=on, graduates=graduates, seed=seed, hasher=CHEAP)
    session.expire_all()
    return result


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Flask]:
    """An application whose database holds the region, loaded once for all who only look at it."""
    with fresh_app(request.param, tmp_path_factory.mktemp("demo"), f"{worker_id}_demo") as app:
        act_as(db.session(), Actor(NOW))
        loaded = demo.load(session=db.session(), now=NOW, on=TODAY, graduates=PEOPLE, seed=1, hasher=CHEAP)
        db.session.commit()
        db.session.remove()
        app.extensions["demo result"] = loaded
        yield app


@pytest.fixture
def region(filled: Flask) -> Iterator[scoped_session[Session]]:
    """A session in the loaded region; what a test changes there is rolled back."""
    with rolled_back(filled) as session:
        yield session


def people(session: scoped_session[Session]) -> list[Any]:
    columns = [Graduate.name_key, Graduate.birth_date, Graduate.search_text, Graduate.current_address, Graduate.snils]
    return [tuple(row) for row in session.execute(select(*columns).order_by(Graduate.id))]


def contents(session: scoped_session[Session]) -> dict[str, list[Any]]:
    """Every row of every history, without the numbers that a database gives."""
    told = {}
    for name in HISTORY:
        table = Model.metadata.tables[name]
        columns = [column for column in table.columns if column.name != "id" and not column.name.endswith("_id")]
        told[name] = [tuple(row) for row in session.execute(select(*columns).order_by(table.c.id))]
    return told


def test_the_same_seed_and_day_make_the_same_people(session: scoped_session[Session]) -> None:
    seen = []
    for _ in range(2):
        with session.begin_nested() as savepoint:
            load(session)
            seen.append((people(session), contents(session)))
            savepoint.rollback()
    assert seen[0] == seen[1]
    assert len(seen[0][0]) == 60


@pytest.mark.parametrize("change", [{"seed": 2}, {"on": date(2027, 3, 1)}])
def test_another_seed_or_day_makes_other_people(session: scoped_session[Session], change: dict[str, Any]) -> None:
    with session.begin_nested() as savepoint:
        load(session)
        first = people(session)
        savepoint.rollback()
    load(session, **change)
    assert people(session)[10:] != first[10:]


def test_derived_columns_are_those_of_the_models(region: scoped_session[Session]) -> None:
    assert changed_by_recomputing(region) == []


def test_every_table_of_the_card_is_filled(region: scoped_session[Session]) -> None:
    empty = [name for name in HISTORY if not region.scalar(text(f"SELECT count(*) FROM {name}"))]
    assert empty == []
    of_card = {name for name, table in Model.metadata.tables.items() if "graduate_id" in table.columns}
    of_support = {model.__tablename__ for model in TABLES}
    assert [name for name in of_support if not region.scalar(text(f"SELECT count(*) FROM {name}"))] == []
    of_exchange = ("referral_person", "access_grant", "incoming_letter", "outgoing_letter", "body_member", "decision")
    assert [name for name in of_exchange if not region.scalar(text(f"SELECT count(*) FROM {name}"))] == []
    of_shelf = ("curator_order", "enrolment", "benefit", "housing_document")
    assert [name for name in of_shelf if not region.scalar(text(f"SELECT count(*) FROM {name}"))] == []
    assert of_card - set(COLUMNS) - of_support - set(of_exchange) - set(of_shelf) == {
        "agenda_item",
        "attachment",
        "audit_event",
        "deadline",
        "discrepancy",
        "examination",
        "import_row",
        "occurrence",
        "possible_duplicate",
        "readiness_assessment",
        "submission_row",
        "success_verdict",
    }


def test_people_are_spread_over_districts_ages_and_categories(region: scoped_session[Session]) -> None:
    graduates = region.scalars(select(Graduate)).all()
    assert len(graduates) == PEOPLE
    ages = Counter(graduate.age_on(TODAY) for graduate in graduates)
    assert min(ages) >= 16
    assert max(ages) <= 25
    assert sum(ages[age] for age in range(18, 23)) > 250
    assert any(age >= 23 for age in ages)
    by_district = Counter(graduate.origin_district.code for graduate in graduates if graduate.origin_district)
    assert all(by_district[code] >= 60 for code in ("sokol", "totma", "vologda"))
    categories = Counter(graduate.category_code for graduate in graduates)
    assert 0.05 < categories["crisis"] / PEOPLE < 0.2
    assert 0.3 < categories["active"] / PEOPLE < 0.6
    assert 0.2 < categories["stable"] / PEOPLE < 0.6


def test_lives_do_not_contradict_themselves(region: scoped_session[Session]) -> None:
    for graduate in region.scalars(select(Graduate).options(*WITH_HISTORY)):
        said = f"{graduate.id} {graduate}"
        if graduate.current_employment_code == "military":
            assert graduate.sex == "male", said
            assert graduate.age_on(TODAY) >= 18, said
        if graduate.current_employment_code == "studying":
            assert any(study.status_code == "studying" and study.ends_on is None for study in graduate.studies), said
        if any(study.status_code == "expelled" for study in graduate.studies):
            assert any(p.kind_code == "study" and p.resolved_on is None for p in graduate.problems), said
        if graduate.category_code == "crisis":
            assert any(p.severity == 3 and p.resolved_on is None for p in graduate.problems), said
        assert len(graduate.dependants) == graduate.current_children, said
        assert all(child.birth_date.year - graduate.birth_date.year >= 17 for child in graduate.dependants), said
        facts = [*graduate.studies, *graduate.employments, *graduate.housings, *graduate.addresses]
        for fact in [*facts, *graduate.placements, *graduate.family_statuses, *graduate.category_decisions]:
            assert graduate.birth_date <= fact.starts_on <= TODAY, (said, fact)
        for own in (graduate.studies, graduate.employments, graduate.housings, graduate.family_statuses):
            assert sum(fact.ends_on is None for fact in own) == 1, (said, own)


def test_numbers_are_well_formed_and_belong_to_nobody(region: scoped_session[Session]) -> None:
    numbers = [snils for snils in region.scalars(select(Graduate.snils)) if snils]
    assert len(set(numbers)) == len(numbers) > 300
    for snils in numbers:
        total = sum(int(digit) * weight for digit, weight in zip(snils[:9], range(9, 0, -1), strict=True))
        assert snils[0] == "9"
        assert total % 101 % 100 == int(snils[9:])
    for agency in region.scalars(select(Agency).where(Agency.inn != "")):
        weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
        total = sum(int(digit) * weight for digit, weight in zip(agency.inn, weights, strict=False))
        assert total % 11 % 10 == int(agency.inn[9])
        assert int(agency.ogrn[:12]) % 11 % 10 == int(agency.ogrn[12])


def test_every_role_has_a_user_whose_password_opens_the_account(filled: Flask, region: scoped_session[Session]) -> None:
    result: demo.DemoResult = filled.extensions["demo result"]
    users = {user.login: user for user in region.scalars(select(User))}
    assert {user.role for user in users.values()} == set(Role)
    assert {login.login for login in result.logins} == set(users)
    assert {"opeka.sokol", "opeka.totma", "opeka.vologda", "sluzhba", "sluzhba.head", "kcson.sokol"} <= set(users)
    assert {"coordinator", "operator", "admin"} <= set(users)
    for login in result.logins:
        assert CHEAP.verify(users[login.login].password_hash, login.password)
        assert not users[login.login].must_change_password
    assert len({login.password for login in result.logins}) == len(result.logins)


def test_every_district_has_its_guardianship_body_and_sokol_comes_first(region: scoped_session[Session]) -> None:
    bodies = region.scalars(select(Agency).where(Agency.kind == AgencyKind.GUARDIANSHIP).order_by(Agency.code)).all()
    assert [body.code for body in bodies] == ["opeka-sokol", "opeka-totma", "opeka-vologda"]
    assert [[served.district.code for served in body.served] for body in bodies] == [["sokol"], ["totma"], ["vologda"]]
    districts = region.scalars(select(District.short_name).order_by(District.code)).all()
    assert districts == ["Сокольский", "Тотемский", "Вологда"]
    kinds = set(region.scalars(select(Agency.kind)))
    assert {AgencyKind.CARE_CENTRE, AgencyKind.SUPPORT_SERVICE, AgencyKind.SOCIAL_CENTRE, AgencyKind.COUNCIL} <= kinds
    assert region.scalar(select(func.count()).select_from(AgencyDistrict)) >= len(kinds)


def test_the_data_bank_is_kept_by_perekrestok(region: scoped_session[Session]) -> None:
    operator = region.scalars(select(Agency).where(Agency.is_data_bank_operator)).one()
    assert operator.short_name == "Служба «Перекресток»"
    assert operator.sees_whole_region


def test_a_database_with_anything_in_it_is_refused(region: scoped_session[Session]) -> None:
    with pytest.raises(demo.DatabaseNotEmpty, match="не пуста"):
        load(region)


def test_one_action_in_the_audit_stands_for_the_whole_load(session: scoped_session[Session]) -> None:
    before = session.scalar(select(func.count()).select_from(AuditEvent)) or 0
    load(session)
    session.commit()
    events = session.scalars(select(AuditEvent).where(AuditEvent.seq > before).order_by(AuditEvent.seq)).all()
    law = {"calendar_day", "calendar_year", "deadline_rule", "regulation", "regulation_version"}
    law |= {"deadline", "deadline_evidence", "remind"}
    law |= {"assignment", "graduate"}  # Orders appoint curators, whose names stand on the cards.
    modules = tuple(part.__name__ for part in (access_grants, aid, exchange, library, meetings))
    told = {mapper.class_.__tablename__ for mapper in Model.registry.mappers if mapper.class_.__module__ in modules}
    rest = [event for event in events if event.subject not in law | told]  # What the clock and the verbs told.
    assert {event.subject for event in rest} == {"demo"}
    (event,) = rest
    assert (event.subject, event.payload["graduates"], event.payload["seed"]) == ("demo", 60, 1)
    assert event.graduate_id is None


def test_search_finds_the_people_and_indexes_are_back(session: scoped_session[Session]) -> None:
    dialect = session.connection().dialect.name
    kept = indexes(session)
    load(session)
    assert indexes(session) == kept
    someone = session.scalars(select(Graduate).order_by(Graduate.id)).all()[30]
    query = f"{someone.first_name[:4]} {someone.last_name[1:]} {someone.birth_date.year}"
    assert someone.id in session.scalars(select(Graduate.id).where(matches(query, dialect))).all()


def test_a_new_card_gets_a_number_after_those_of_the_demonstration(region: scoped_session[Session]) -> None:
    graduate = Graduate(last_name="Сизов", first_name="Пётр", birth_date=date(2006, 3, 8))
    region.add(graduate)
    region.flush()
    assert graduate.id > PEOPLE
    dialect = region.connection().dialect.name
    assert graduate.id in region.scalars(select(Graduate.id).where(matches("сизов петр 2006", dialect))).all()


@pytest.mark.parametrize("graduates", [0, 1])
def test_very_small_regions_are_loaded_too(session: scoped_session[Session], graduates: int) -> None:
    load(session, graduates=graduates)
    assert session.scalar(select(func.count()).select_from(Graduate)) == graduates


def test_shortened_histories_keep_the_derived_columns(
    session: scoped_session[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "LIGHT_FROM", 10)
    load(session, graduates=100)
    assert changed_by_recomputing(session) == []


def changed_by_recomputing(session: scoped_session[Session]) -> list[Any]:
    """Cards whose derived columns models.derived would write otherwise; parts of the search text have no order."""
    changed = []
    with session.no_autoflush:
        for graduate in session.scalars(select(Graduate).options(*WITH_HISTORY)):
            before = {name: getattr(graduate, name) for name in CARD}
            refresh(graduate, session())
            after = {name: getattr(graduate, name) for name in CARD}
            for said in (before, after):
                said["search_text"] = sorted(said["search_text"].split(" | "))
            if before != after:
                changed.append((before, after))
        session.expire_all()
    return changed


def indexes(session: scoped_session[Session]) -> list[str]:
    if session.connection().dialect.name == "sqlite":
        found = session.scalars(text("SELECT type || name || sql FROM sqlite_master WHERE sql IS NOT NULL"))
    else:
        found = session.scalars(text("SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()"))
    return sorted(found)


def test_records_of_support_are_numbered_without_gaps_in_the_order_of_their_days(
    region: scoped_session[Session],
) -> None:
    counters = region.execute(select(JournalCounter.agency_id, JournalCounter.journal, JournalCounter.year)).all()
    assert len(counters) > 20
    for model in (model for model in TABLES if issubclass(model, Numbered)):
        query = select(model.agency_id, model.year, func.count(), func.max(model.number))
        for agency_id, year, count, highest in region.execute(query.group_by(model.agency_id, model.year)):
            if year is not None:
                assert count == highest
                assert region.get(JournalCounter, (agency_id, model.__journal__, year)).last_number == highest


def test_the_next_number_follows_those_of_the_demonstration(region: scoped_session[Session]) -> None:
    last = region.scalars(select(Contract).order_by(Contract.year.desc(), Contract.number.desc())).first()
    assert last is not None
    fresh = Consultation(agency_id=last.agency_id)
    numbering.assign(region(), record=fresh, on=date(last.year or 0, 12, 31))
    assert fresh.number == 1 + (
        region.scalar(
            select(func.max(Consultation.number)).where(
                Consultation.agency_id == last.agency_id, Consultation.year == last.year
            )
        )
        or 0
    )


def test_the_stage_of_everybody_is_that_of_the_records(region: scoped_session[Session]) -> None:
    kept = dict(region.execute(select(Graduate.id, Graduate.stage)).all())
    assert {stage for stage in kept.values() if stage} >= {"support", "removed"}
    read = dict(region.execute(select(Graduate.id, stage_of_records())).all())
    assert kept == read
