"""Group sessions: one entry, a line and a service for each participant, both in step ever after."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.case_access import sessions_visible_to
from models.graduates import Graduate
from models.work import GroupParticipant, GroupSession, ServiceRecord, SessionKind
from services.errors import Refused
from services.work import annulment, sessions, warnings
from tests import work_factories as make
from tests.conftest import TODAY
from tests.factories import Cast, make_graduate

Db = scoped_session[Session]
MANY = 300
STATEMENTS = 40  # However many take part: a few for the entry, its lines, the stages and the history.


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    said: list[str] = []
    engine = session.get_bind().engine

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def crowd(session: Session, cast: Cast, number: int) -> list[Graduate]:
    people = [make_graduate(session, f"Участник{n} Иван Ильич", agency_id=cast.service.id) for n in range(number)]
    session.commit()
    return people


def services(session: Session, group: GroupSession) -> dict[int, list[ServiceRecord]]:
    found: dict[int, list[ServiceRecord]] = {}
    for row in session.scalars(select(ServiceRecord).where(ServiceRecord.session_id == group.id)):
        found.setdefault(row.graduate_id, []).append(row)
    return found


def test_everybody_gets_a_line_and_a_service_once(session: Db, cast: Cast) -> None:
    one, two, _ = crowd(session(), cast, 3)
    made = make.group(session(), cast.anna, [one, two, one])
    session.commit()
    assert (made.number_text, [part.graduate_id for part in made.participants]) == ("1/2026", [one.id, two.id])
    rendered = services(session(), made)
    assert rendered.keys() == {one.id, two.id}
    (service,) = rendered[one.id]
    told = (service.title, service.kind_code, service.form_code, service.quantity, service.specialist)
    assert told == ("Бюджет на месяц", "pedagogical", "semi_stationary", 1, "Анна Клерк")


def test_without_a_kind_of_service_nobody_got_one(session: Db, cast: Cast) -> None:
    made = make.group(session(), cast.anna, [cast.own], service_kind_code=None)
    assert services(session(), made) == {}


def test_three_hundred_take_a_bounded_number_of_statements(session: Db, cast: Cast) -> None:
    people = crowd(session(), cast, MANY)
    by = make.seeing(session(), cast.anna)
    ids = [person.id for person in people]
    with counted(session()) as said:
        made = make.group(session(), cast.anna, people, by=by, graduate_ids=ids + ids)
        session.commit()
    assert len(said) < STATEMENTS, len(said)
    assert session.scalar(select(func.count()).select_from(GroupParticipant)) == MANY
    assert len(services(session(), made)) == MANY
    session.expire_all()
    with counted(session()) as said:
        told = warnings.about(session(), record=made, by=by)
    assert len(said) < STATEMENTS / 2, len(said)
    assert told == ["Услуга без действующего договора: Участник0 Иван Ильич, Участник1 Иван Ильич, "
                    "Участник2 Иван Ильич и ещё 297."]  # fmt: skip


def test_a_participant_added_later_gets_a_service_and_one_removed_loses_it(session: Db, cast: Cast) -> None:
    one, two, three = crowd(session(), cast, 3)
    by = make.seeing(session(), cast.anna)
    made = make.group(session(), cast.anna, [one, two])
    session.commit()
    version = made.version
    assert sessions.add_participants(session(), group=made, graduate_ids=[two.id, three.id, three.id], by=by) == 1
    session.commit()
    assert made.version > version
    assert sessions.remove_participants(session(), group=made, graduate_ids=[one.id], by=by) == 1
    session.commit()
    assert [part.graduate_id for part in made.participants] == [two.id, three.id]
    rendered = services(session(), made)
    assert [service.annulled_on for service in rendered[one.id]] == [TODAY]
    assert rendered[one.id][0].annulled_reason == "Исключён из участников занятия."
    assert [service.annulled_on for service in (*rendered[two.id], *rendered[three.id])] == [None, None]
    sessions.add_participants(session(), group=made, graduate_ids=[one.id], by=by)
    session.commit()
    assert [service.annulled_on for service in services(session(), made)[one.id]] == [TODAY, None]


def test_a_list_of_participants_is_not_left_empty_nor_changed_after_annulment(session: Db, cast: Cast) -> None:
    made = make.group(session(), cast.anna, [cast.own])
    by = make.seeing(session(), cast.anna)
    for change, ids, told in (
        (sessions.add_participants, [cast.own.id], "Все выбранные уже в списке участников."),
        (sessions.add_participants, [cast.foreign.id], "Такой карточки нет среди тех, кого вы видите."),
        (sessions.remove_participants, [cast.local.id], "Выберите, кого убрать из участников."),
        (sessions.remove_participants, [cast.own.id], "Хотя бы один участник должен остаться."),
    ):
        with pytest.raises(Refused, match=told) as refused:
            change(session(), group=made, graduate_ids=ids, by=by)
        assert refused.value.field == "participants"
    head = make.seeing(session(), cast.galina)
    assert annulment.annul(session(), record=made, reason="Не состоялось", by=head).services == 1
    with pytest.raises(Refused, match="Занятие аннулировано"):
        sessions.add_participants(session(), group=made, graduate_ids=[cast.local.id], by=by)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"topic": " "}, "topic"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"kind": SessionKind.PROGRAMME}, "programme"),
        ({"graduate_ids": [0]}, "participants"),
        ({"held_on": TODAY.replace(day=2)}, "held_on"),
    ],
)
def test_what_is_missing_or_impossible_is_told_at_its_field(
    session: Db, cast: Cast, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        make.group(session(), cast.anna, [cast.own], **fields)
    assert refused.value.field == field


def test_a_session_is_visible_to_its_organisation_and_to_those_who_see_a_participant(session: Db, cast: Cast) -> None:
    made = make.group(session(), cast.root, [cast.own, cast.local], by=make.seeing(session(), cast.root))

    def sees(viewer: Viewer) -> bool:
        return bool(session.scalar(select(sessions_visible_to(viewer)).where(GroupSession.id == made.id)))

    who = ("anna", "boris", "vera", "kira", "root")
    assert [sees(make.seeing(session(), getattr(cast, name))) for name in who] == [True, True, False, True, True]
