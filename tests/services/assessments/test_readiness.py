"""Readiness for independent life, and conclusions of the commission."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.assessments import Examination
from models.graduates import Graduate
from models.support import Assignment, AssignmentKind, FieldGroup, FieldGroupMember, HealthRecord
from services import field_groups
from services.assessments import examinations, readiness, recording
from services.deadlines.people import load_people, scope_of
from services.errors import Refused
from tests.assessments_factories import READINESS, assess, examine, spheres, viewer
from tests.conftest import TODAY
from tests.factories import Cast

DAY = timedelta(days=1)
ROLES = ("anna", "boris", "vera", "galina", "kira", "root")


@pytest.mark.parametrize(
    ("values", "points", "band"),
    [
        ((2,) * 10, 20, "готов"),
        ((2, 2, 2, 2, 2, 1, 1, 1, 1, 1), 15, "готов"),
        ((2, 2, 2, 2, 1, 1, 1, 1, 1, 1), 14, "частично готов"),
        ((1,) * 8 + (0, 0), 8, "частично готов"),
        ((1,) * 7 + (0, 0, 0), 7, "не готов"),
        ((0,) * 10, 0, "не готов"),
    ],
)
def test_the_sum_of_ten_spheres_and_its_band(
    session: scoped_session[Session], cast: Cast, values: tuple[int, ...], points: int, band: str
) -> None:
    made = assess(session(), cast.anna, cast.own, TODAY, values)
    assert readiness.total_of(made) == points
    told = READINESS.band_of(points)
    assert told
    assert told.title == band
    assert len(made.scores) == 10


def test_a_sphere_may_not_be_passed_over_nor_overrated(session: scoped_session[Session], cast: Cast) -> None:
    told = spheres((2,) * 10)
    with pytest.raises(Refused, match="Сфера «Быт и уход за собой»: такой оценки в шкале нет"):
        assess(session(), cast.anna, cast.own, TODAY, marks={**told, "household": readiness.Mark(3)})
    del told["money"]
    with pytest.raises(Refused, match="Оцените сферу «Деньги и бюджет»"):
        assess(session(), cast.anna, cast.own, TODAY, marks=told)


def test_what_was_sent_is_no_longer_corrected(session: scoped_session[Session], cast: Cast) -> None:
    made = assess(session(), cast.anna, cast.own, TODAY - DAY, examination="№ 7")
    by = viewer(session(), cast.anna, TODAY)
    change = {"assessed_on": TODAY, "marks": spheres((1,) * 10), "scale": READINESS, "is_final": True}
    readiness.correct(session(), assessment=made, by=by, **change)
    assert (made.examination, made.is_final, readiness.total_of(made)) == ("№ 7", True, 10)
    for on, told in ((TODAY + DAY, "ещё не наступил"), (TODAY - DAY, "Раньше самой оценки (01.10.2026)")):
        with pytest.raises(Refused) as refused:
            readiness.send(session(), assessment=made, sent_to="Центр «Надежда»", sent_on=on, by=by)
        assert told in str(refused.value)
        assert refused.value.field == "sent_on"
    with pytest.raises(Refused, match="куда направлен"):
        readiness.send(session(), assessment=made, sent_to=" ", sent_on=TODAY, by=by)
    readiness.send(session(), assessment=made, sent_to="Центр «Надежда», исх. 15", sent_on=TODAY, by=by)
    with pytest.raises(Refused, match="Результат уже направлен"):
        readiness.correct(session(), assessment=made, by=by, **change)
    recording.annul(session(), record=made, reason="ошибка", by=by)
    with pytest.raises(Refused, match="аннулирована"):
        readiness.send(session(), assessment=made, sent_to="опека", sent_on=TODAY, by=by)


def test_a_conclusion_is_in_order(session: scoped_session[Session], cast: Cast) -> None:
    for on, more, told in (
        (TODAY, {"number": " "}, "Заполните номер"),
        (TODAY, {"valid_until": TODAY - DAY}, "не может истечь раньше"),
    ):
        with pytest.raises(Refused, match=told):
            examine(session(), cast.anna, cast.own, on, **more)
    made = examine(session(), cast.anna, cast.own, TODAY, commission="ПМПК Сокольского округа")
    by = viewer(session(), cast.galina, TODAY)
    examinations.correct(session(), examination=made, held_on=TODAY - DAY, number="13-К", valid_until=TODAY, by=by)
    assert (made.number, made.held_on, made.commission) == ("13-К", TODAY - DAY, "")
    with pytest.raises(Refused, match="не может истечь раньше"):
        examinations.correct(session(), examination=made, held_on=TODAY, number="13", valid_until=TODAY - DAY, by=by)


@pytest.mark.parametrize(
    ("valid_until", "on", "is_valid"),
    [
        (None, TODAY, True),
        (TODAY, TODAY, True),
        (TODAY, TODAY + DAY, False),
        (None, TODAY - DAY, False),  # not held yet
    ],
)
def test_a_duty_asks_whether_a_conclusion_holds(
    session: scoped_session[Session], cast: Cast, valid_until: date | None, on: date, is_valid: bool
) -> None:
    made = examine(session(), cast.anna, cast.own, TODAY, valid_until=valid_until)
    session.commit()

    def seen(person: Graduate = cast.own) -> bool:
        return load_people(session(), scope=scope_of([person.id]), on=on)[person.id].has_valid_examination

    assert seen() is is_valid
    assert seen(cast.local) is False
    assert (examinations.valid_on(session(), graduate_id=cast.own.id, on=on) is made) is is_valid
    recording.annul(session(), record=made, reason="ошибка", by=viewer(session(), cast.anna, TODAY))
    session.commit()
    assert seen() is False
    assert examinations.has_any(session(), graduate_id=cast.own.id) is False


def test_a_conclusion_told_in_the_health_record_still_counts(session: scoped_session[Session], cast: Cast) -> None:
    cast.own.health_records = [HealthRecord(recorded_on=TODAY, text="Заключение ПМПК № 3", valid_until=TODAY + DAY)]
    session.commit()
    found = load_people(session(), scope=scope_of([cast.own.id]), on=TODAY)
    assert found[cast.own.id].has_valid_examination


@pytest.mark.parametrize("group", list(FieldGroup))
def test_who_may_read_a_group_is_the_same_in_a_query(
    session: scoped_session[Session], cast: Cast, group: FieldGroup
) -> None:
    cast.own.created_by_id = cast.boris.id
    cast.local.created_by_id = cast.root.id
    session.add(FieldGroupMember(user=cast.kira, field_group=FieldGroup.HEALTH))
    cast.local.assignments = [
        Assignment(kind=AssignmentKind.CURATOR, name="Анна", user_id=cast.anna.id, starts_on=TODAY - DAY),
        Assignment(kind=AssignmentKind.MENTOR, name="Вера", user_id=cast.vera.id, starts_on=TODAY - DAY),
        Assignment(
            kind=AssignmentKind.CURATOR, name="Борис", user_id=cast.boris.id, starts_on=TODAY - DAY, ends_on=TODAY - DAY
        ),
    ]
    session.commit()
    for who in ROLES:
        by = viewer(session(), getattr(cast, who), TODAY)
        found = set(session.scalars(select(Graduate.id).where(field_groups.readable_people(by, group))))
        told = {
            person.id
            for person in (cast.own, cast.local, cast.foreign)
            if field_groups.may_read(session(), viewer=by, graduate=person, group=group)
        }
        assert found == told, who


def test_that_there_is_a_conclusion_is_told_to_readers_of_health_and_its_author(
    session: scoped_session[Session], cast: Cast
) -> None:
    made = examine(session(), cast.anna, cast.own, TODAY)
    session.commit()
    seen = {
        who: session.scalars(
            select(Examination.id).where(examinations.readable_by(viewer(session(), getattr(cast, who), TODAY)))
        ).all()
        for who in ROLES
    }
    assert seen == {who: [made.id] if who in ("anna", "galina") else [] for who in ROLES}
