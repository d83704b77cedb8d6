"""Entries of daily work: numbers, days, rights, terms, what an annulled one takes with it."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.plans import Measure, Plan, PlanKind, PlanState
from models.support import Assignment, AssignmentKind, CategoryDecision, Responsibility
from models.work import Consultation, ConsultationKind, ServiceRecord, Urgency
from services.errors import Refused
from services.production_calendar import load_years
from services.work import annulment, appeals, consultations, service_records
from tests import work_factories as make
from tests.conftest import NOW, TODAY
from tests.factories import Cast, make_graduate

Db = scoped_session[Session]
ENTRIES: dict[str, tuple[Callable[..., Any], str]] = {
    "appeal": (make.appeal, "received_on"),
    "talk": (make.talk, "held_on"),
    "visit": (make.visit, "visited_on"),
    "survey": (make.survey, "surveyed_on"),
    "act": (make.act, "provided_on"),
    "service": (make.service, "provided_on"),
}
NUMBERED = [name for name in ENTRIES if name != "service"]


def refusal(make_it: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        make_it()
    return refused.value.field, str(refused.value)


# -- Every kind of entry ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NUMBERED)
def test_numbers_run_in_the_year_of_the_day(session: Db, cast: Cast, name: str) -> None:
    entry, day = ENTRIES[name]
    made = [entry(session(), cast.anna, cast.own, **{day: on}) for on in (TODAY, date(2025, 12, 31), TODAY)]
    session.commit()
    assert [one.number_text for one in made] == ["1/2026", "1/2025", "2/2026"]
    assert {one.created_by_id for one in made} == {cast.anna.id}
    if hasattr(made[0], "specialist"):
        assert (made[0].specialist, made[0].specialist_id) == ("Анна Клерк", cast.anna.id)


@pytest.mark.parametrize("name", ENTRIES)
def test_tomorrow_is_refused_at_its_field(session: Db, cast: Cast, name: str) -> None:
    entry, day = ENTRIES[name]
    told = refusal(lambda: entry(session(), cast.anna, cast.own, **{day: date(2026, 10, 2)}))
    assert told == (day, "Этот день ещё не наступил.")
    told = refusal(lambda: entry(session(), cast.anna, cast.own, **{day: date(2005, 8, 13)}))
    assert told == (day, "Этот день раньше дня рождения.")


@pytest.mark.parametrize("name", ENTRIES)
def test_a_person_out_of_sight_is_refused(session: Db, cast: Cast, name: str) -> None:
    entry, _ = ENTRIES[name]
    field, told = refusal(lambda: entry(session(), cast.anna, cast.foreign))
    assert (field, told) == ("graduate_id", "Такой карточки нет среди тех, кого вы видите.")


@pytest.mark.parametrize("name", ENTRIES)
def test_only_the_organisations_own_people_record_its_work(session: Db, cast: Cast, name: str) -> None:
    entry, _ = ENTRIES[name]
    assert (
        refusal(lambda: entry(session(), cast.kira, cast.own))[1] == "Работу записывают сотрудники самой организации."
    )
    told = refusal(lambda: entry(session(), cast.anna, cast.own, agency_id=cast.opeka.id))[1]
    assert told == "Работу записывают сотрудники самой организации."
    cast.centre.is_data_bank_operator = True
    session.flush()
    assert entry(session(), cast.kira, cast.own).agency_id == cast.centre.id
    assert entry(session(), cast.root, cast.own, agency_id=cast.service.id).agency_id == cast.service.id


def test_a_former_organisation_only_reads(session: Db, cast: Cast) -> None:
    left = make_graduate(session(), "Ушедший Иван Ильич", agency_id=cast.opeka.id)
    session.add(Responsibility(graduate=left, agency_id=cast.service.id, starts_on=date(2024, 1, 1), ends_on=TODAY))
    session.flush()
    field, told = refusal(lambda: make.talk(session(), cast.anna, left))
    assert (field, told[:34]) == ("graduate_id", "Карточки только для чтения, их вед")
    order = Assignment(graduate=left, user=cast.anna, name="Анна Клерк", kind=AssignmentKind.CURATOR, starts_on=TODAY)
    session.add(order)
    session.flush()
    assert make.talk(session(), cast.anna, left).number == 1


def test_another_name_than_the_users_own_is_kept_as_it_is(session: Db, cast: Cast) -> None:
    cast.anna.position = "психолог"
    session.flush()
    assert make.talk(session(), cast.anna, cast.own).specialist == "Анна Клерк, психолог"
    made = make.talk(session(), cast.anna, cast.own, specialist=" Ольга Приглашённая, юрист ")
    assert (made.specialist, made.specialist_id) == ("Ольга Приглашённая, юрист", None)


@pytest.mark.parametrize(
    ("name", "fields", "field"),
    [
        ("talk", {"topic": " "}, "topic"),
        ("appeal", {"content": ""}, "content"),
        ("visit", {"purpose": ""}, "purpose"),
        ("visit", {"next_on": TODAY}, "next_on"),
        ("survey", {"seen": {"area_total": 20, "area_living": 30}}, "area_living"),
        ("survey", {"recommended_until": date(2026, 9, 30)}, "recommended_until"),
        ("act", {"reason": ""}, "reason"),
        ("act", {"services": []}, "services"),
        ("service", {"kind_code": None}, "kind_code"),
        ("service", {"title": ""}, "title"),
        ("service", {"quantity": 0}, "quantity"),
    ],
)
def test_what_is_missing_or_impossible_is_told_at_its_field(
    session: Db, cast: Cast, name: str, fields: dict[str, Any], field: str
) -> None:
    assert refusal(lambda: ENTRIES[name][0](session(), cast.anna, cast.own, **fields))[0] == field


# -- Appeals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("urgency", "due"), [("ordinary", None), ("urgent", date(2026, 3, 10)), ("at_once", date(2026, 3, 6))]
)
def test_the_term_of_an_appeal_follows_its_urgency(session: Db, cast: Cast, urgency: Urgency, due: date | None) -> None:
    """Scenario 2: three days from Friday 06.03.2026 end on a day off and roll to Tuesday."""
    load_years(session())
    made = make.appeal(
        session(),
        cast.anna,
        cast.own,
        received_on=date(2026, 3, 6),
        received_time=time(11, 20),
        urgency=Urgency(urgency),
    )
    session.commit()
    assert (made.due_on, made.received_time) == (due, time(11, 20))


def test_an_urgent_appeal_beyond_the_calendar_is_refused_with_the_reason(session: Db, cast: Cast) -> None:
    field, told = refusal(lambda: make.appeal(session(), cast.anna, cast.own, urgency=Urgency.URGENT))
    assert field == "urgency"
    assert told.startswith("Срок не посчитать. Производственного календаря на 2026 год нет")


def test_an_appeal_is_decided_then_closed_and_not_opened_again(session: Db, cast: Cast) -> None:
    by = make.seeing(session(), cast.anna)
    made = make.appeal(session(), cast.anna, cast.own, received_on=make.days_ago(3))

    def close(done_on: date, **more: Any) -> None:
        appeals.close(session(), appeal=made, by=by, **({"outcome_code": "solved"} | more), done_on=done_on)

    assert refusal(lambda: close(TODAY))[0] == "decision"
    appeals.decide(session(), appeal=made, decision="Направлен в кризисный центр", by=by)
    assert refusal(lambda: close(make.days_ago(4))) == ("done_on", "Исполнить раньше, чем поступило обращение, нельзя.")
    assert refusal(lambda: close(date(2026, 10, 2)))[0] == "done_on"
    assert refusal(lambda: close(TODAY, outcome_code=None))[0] == "outcome_code"
    close(TODAY)
    session.commit()
    assert (made.done_on, made.outcome_code, made.decision) == (TODAY, "solved", "Направлен в кризисный центр")
    assert refusal(lambda: close(TODAY))[1] == "Обращение уже исполнено."
    assert (
        refusal(lambda: appeals.decide(session(), appeal=made, decision="Иное", by=by))[1] == "Обращение уже исполнено."
    )


# -- Minutes ---------------------------------------------------------------------------------------------------------


def test_a_talk_has_one_minutes_with_a_number_of_its_own(session: Db, cast: Cast) -> None:
    make.talk(session(), cast.anna, cast.own)
    talk = make.talk(session(), cast.anna, cast.own, held_on=make.days_ago(1))
    made = make.minutes(session(), cast.anna, talk, drawn_on=TODAY, time_from=time(10), time_to=time(10, 40))
    session.commit()
    assert (talk.number_text, made.number_text, talk.minutes) == ("2/2026", "1/2026", made)
    told = refusal(lambda: make.minutes(session(), cast.anna, talk))
    assert told == ("", "Протокол этой беседы уже есть: № 1/2026.")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"drawn_on": make.days_ago(6)}, "drawn_on"),
        ({"drawn_on": date(2026, 10, 2)}, "drawn_on"),
        ({"time_from": time(11), "time_to": time(10)}, "time_to"),
        ({"next_on": make.days_ago(5)}, "next_on"),
    ],
)
def test_minutes_follow_their_talk(session: Db, cast: Cast, fields: dict[str, Any], field: str) -> None:
    talk = make.talk(session(), cast.anna, cast.own, held_on=make.days_ago(5))
    assert refusal(lambda: make.minutes(session(), cast.anna, talk, **fields))[0] == field


def test_the_body_of_minutes_is_for_the_author_and_the_heads(session: Db, cast: Cast) -> None:
    made = make.minutes(session(), cast.anna, make.talk(session(), cast.anna, cast.own))
    session.commit()
    readers = set()
    for who in ("anna", "boris", "vera", "galina", "kira", "root"):
        viewer = make.seeing(session(), getattr(cast, who))
        by_rows = session.scalar(select(consultations.body_readable(viewer)).where(type(made).id == made.id))
        assert bool(by_rows) == consultations.may_read_body(session(), viewer=viewer, minutes=made), who
        readers |= {who} if by_rows else set()
    assert readers == {"anna", "galina"}


# -- Visits ----------------------------------------------------------------------------------------------------------


def test_a_visit_takes_the_category_of_its_day(session: Db, cast: Cast) -> None:
    for code, start, end in (("crisis", date(2026, 3, 6), date(2026, 4, 2)), ("active", date(2026, 4, 3), None)):
        session.add(CategoryDecision(graduate=cast.own, category_code=code, starts_on=start, ends_on=end))
    session.flush()
    days = (date(2026, 3, 5), date(2026, 3, 6), date(2026, 4, 2), date(2026, 4, 3), TODAY)
    found = [make.visit(session(), cast.anna, cast.own, visited_on=day).category_code for day in days]
    assert found == [None, "crisis", "crisis", "active", "active"]


def test_a_survey_rests_on_a_visit_to_the_same_person(session: Db, cast: Cast) -> None:
    visit = make.visit(session(), cast.anna, cast.own, address="г. Сокол, ул. Мира, 1")
    made = make.survey(session(), cast.anna, cast.own, visit=visit)
    assert (made.visit_id, made.address, visit.surveys) == (visit.id, "г. Сокол, ул. Мира, 1", [made])
    other = make_graduate(session(), "Другой Пётр Ильич", agency_id=cast.service.id)
    assert refusal(lambda: make.survey(session(), cast.anna, other, visit=visit))[0] == "visit_id"
    early = make.days_ago(1)
    assert (
        refusal(lambda: make.survey(session(), cast.anna, cast.own, visit=visit, surveyed_on=early))[0] == "surveyed_on"
    )


# -- Services --------------------------------------------------------------------------------------------------------


def test_an_act_makes_a_service_of_each_line(session: Db, cast: Cast) -> None:
    made = make.act(session(), cast.anna, cast.own)
    session.commit()
    told = [(s.title, s.quantity, s.kind_code, s.form_code, s.specialist) for s in made.services]
    assert told == [
        ("набор продуктов", 2, "urgent", None, "Анна Клерк"),
        ("помощь с временным жильём", 1, "urgent", None, "Анна Клерк"),
    ]


def _plan(session: Session, cast: Cast, person_id: int, **fields: Any) -> Measure:
    plan = Plan(agency_id=cast.service.id, graduate_id=person_id, kind=PlanKind.INDIVIDUAL, created_at=NOW)
    plan.starts_on, plan.ends_on = date(2026, 9, 1), date(2027, 8, 31)
    plan.state, plan.number, plan.year, plan.approved_on = PlanState.APPROVED, person_id, 2026, date(2026, 9, 1)
    for name, value in fields.items():
        setattr(plan, name, value)
    measure = Measure(plan=plan, direction_code="legal", title="Восстановить паспорт")
    session.add(measure)
    session.flush()
    return measure


def test_a_service_fulfils_a_measure_of_the_persons_own_plan_while_it_lasts(session: Db, cast: Cast) -> None:
    own = _plan(session(), cast, cast.own.id)
    other = _plan(session(), cast, cast.local.id)
    made = make.service(session(), cast.anna, cast.own, measure_id=own.id)
    assert made.measure is own
    for fields in (
        {"measure_id": other.id},
        {"measure_id": 0},
        {"measure_id": own.id, "provided_on": date(2026, 8, 1)},
    ):
        assert refusal(lambda fields=fields: make.service(session(), cast.anna, cast.own, **fields))[0] == "measure_id"


def test_a_service_rests_on_an_entry_about_the_same_person(session: Db, cast: Cast) -> None:
    talk = make.talk(session(), cast.anna, cast.own)
    assert make.service(session(), cast.anna, cast.own, ground=talk).consultation_id == talk.id
    other = make_graduate(session(), "Другой Пётр Ильич", agency_id=cast.service.id)
    assert "не об этом человеке" in refusal(lambda: make.service(session(), cast.anna, other, ground=talk))[1]
    annulment.annul(session(), record=talk, reason="Ошибка", by=make.seeing(session(), cast.galina))
    assert "аннулирована" in refusal(lambda: make.service(session(), cast.anna, cast.own, ground=talk))[1]


# -- Annulment -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["appeal", "talk", "visit"])
def test_an_annulled_entry_takes_its_services_with_it(session: Db, cast: Cast, name: str) -> None:
    made = ENTRIES[name][0](session(), cast.anna, cast.own)
    resting = make.service(session(), cast.anna, cast.own, ground=made)
    untouched = make.service(session(), cast.anna, cast.own)
    by = make.seeing(session(), cast.galina)
    assert annulment.annul(session(), record=made, reason="Записано не тому", by=by).services == 1
    session.commit()
    assert (made.annulled_on, made.number) == (TODAY, 1)
    assert (resting.annulled_on, resting.annulled_reason) == (TODAY, "Аннулировано основание: Записано не тому")
    assert untouched.annulled_on is None


def test_an_annulled_act_takes_all_its_services_and_a_talk_its_minutes(session: Db, cast: Cast) -> None:
    by = make.seeing(session(), cast.galina)
    act = make.act(session(), cast.anna, cast.own)
    assert annulment.annul(session(), record=act, reason="Ошибка", by=by).services == 2
    talk = make.talk(session(), cast.anna, cast.own, kind=ConsultationKind.LEGAL)
    kept = make.minutes(session(), cast.anna, talk)
    annulment.annul(session(), record=talk, reason="Ошибка", by=by)
    session.commit()
    assert (kept.annulled_on, kept.annulled_by_id, kept.number) == (TODAY, cast.galina.id, 1)
    left = select(func.count()).where(ServiceRecord.annulled_on.is_(None))
    assert session.scalar(left) == 0
    assert "протокол к ней не составляют" in refusal(lambda: make.minutes(session(), cast.anna, talk))[1]


def test_only_the_head_annuls_and_only_once_with_a_reason(session: Db, cast: Cast) -> None:
    talk = make.talk(session(), cast.anna, cast.own)
    clerk, head = make.seeing(session(), cast.anna), make.seeing(session(), cast.galina)
    assert "руководитель" in refusal(lambda: annulment.annul(session(), record=talk, reason="Ошибка", by=clerk))[1]
    assert refusal(lambda: annulment.annul(session(), record=talk, reason=" ", by=head))[0] == "reason"
    annulment.annul(session(), record=talk, reason="Ошибка", by=head)
    assert "уже аннулирована" in refusal(lambda: annulment.annul(session(), record=talk, reason="Ещё", by=head))[1]
    assert session.scalar(select(func.count()).select_from(Consultation)) == 1


def test_grounds_name_every_link_of_a_service() -> None:
    links = {column.key for column in ServiceRecord.__table__.columns if column.key.endswith("_id")}
    others = {"agency_id", "graduate_id", "specialist_id", "measure_id", "created_by_id"}
    assert links - others == set(service_records.GROUNDS.values())
