"""Councils: what a regulation knows of them, who sits in them and until when, with whom the membership is agreed."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session, scoped_session

from models.exchange import ReferralStatus
from models.meeting_access import bodies_visible_to
from models.meetings import Body, MemberRole
from models.regulations import AgencyRegulation
from services.errors import Refused
from services.exchange import workflow
from services.meetings import bodies
from services.production_calendar import load_years
from services.regulations.loading import load_packs
from services.regulations.pack import Pack
from tests import regulated
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.meetings_factories import SINCE, make_body, make_member, seen_by

Db = scoped_session[Session]
COUNCIL = {
    "code": "council",
    "title": "Совет по сопровождению",
    "clause": "4",
    "quorum": "2/3",
    "members": ["представитель опеки", "представители семей"],
    "serves": ["SML-03"],
}
COMPOSITION = {
    "code": "council-composition",
    "title": "Состав совета на согласование",
    "clause": "4",
    "from": ["support_service"],
    "to": ["department"],
    "about": "none",
    "fields": ["состав", "изменения"],
    "answer_days": 10,
    "serves": ["SML-03"],
}


def follow_council(session: Session, cast: Cast) -> None:
    """The service follows a regulation that knows a council whose membership is agreed."""
    content: dict[str, Any] = deepcopy(regulated.CONTENT)
    content["bodies"], content["referrals"] = [COUNCIL], [COMPOSITION]
    load_years(session)
    load_packs(session, packs=[Pack(content)], now=NOW)
    regulation = session.scalars(regulated.select(regulated.Regulation)).one()
    session.add(AgencyRegulation(agency=cast.service, regulation=regulation, starts_on=date(2025, 1, 1)))
    session.commit()


def test_a_body_of_the_regulation_brings_its_name_and_its_quorum(session: Db, cast: Cast) -> None:
    follow_council(session(), cast)
    by = seen_by(session(), cast.anna)
    (known,) = bodies.known_bodies(session(), agency_id=cast.service.id, on=TODAY)
    assert (known.key, known.clause) == ("small/council", "п. 4, Небольшой регламент")
    assert known.categories == ("представитель опеки", "представители семей")
    made = bodies.create(session(), agency_id=cast.service.id, key="small/council", starts_on=SINCE, by=by)
    assert (made.name, made.quorum_part, made.quorum_of) == ("Совет по сопровождению", 2, 3)
    with pytest.raises(Refused, match="Такого органа в регламентах"):
        bodies.create(session(), agency_id=cast.service.id, key="other/council", starts_on=SINCE, by=by)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"quorum": (0, 2)}, "больше нуля"),
        ({"quorum": (3, 2)}, "не больше единицы"),
        ({"quorum": (1, 0)}, "Знаменатель"),
        ({"quorum": (None, 2)}, "больше нуля"),
        ({"name": "  "}, "Назовите орган"),
        ({"starts_on": None}, "Укажите день"),
        ({"starts_on": date(2031, 1, 1)}, "Так далеко вперёд"),
        ({"starts_on": date(1931, 1, 1)}, "Такой давний день"),
    ],
)
def test_a_body_without_sense_is_refused(session: Db, cast: Cast, fields: dict[str, Any], told: str) -> None:
    with pytest.raises(Refused, match=told):
        make_body(session(), cast.anna, **fields)


def test_only_the_own_organisation_keeps_a_body(session: Db, cast: Cast) -> None:
    body = make_body(session(), cast.anna)
    with pytest.raises(Refused, match="только сотрудники"):
        make_body(session(), cast.boris, agency=cast.service, name="Чужой")
    with pytest.raises(Refused, match="только сотрудники"):
        make_member(session(), cast.boris, body, "Белов Олег")
    assert make_member(session(), cast.root, body, "Белов Олег").name == "Белов Олег"


def test_members_are_those_of_the_day(session: Db, cast: Cast) -> None:
    body = make_body(session(), cast.anna, "Белов Олег Олегович", "Серова Инна Ивановна")
    member = body.members[0]
    by = seen_by(session(), cast.anna)
    bodies.unseat(session(), body=body, member_id=member.id, ends_on=date(2026, 9, 30), by=by)
    assert [one.name for one in body.members_on(date(2026, 9, 30))] == ["Белов Олег Олегович", "Серова Инна Ивановна"]
    assert [one.name for one in body.members_on(TODAY)] == ["Серова Инна Ивановна"]
    again = make_member(session(), cast.anna, body, "Белов Олег Олегович", starts_on=TODAY)
    assert again in body.members_on(TODAY)


def test_nobody_sits_twice_at_the_same_time(session: Db, cast: Cast) -> None:
    body = make_body(session(), cast.anna, "Семёнов Пётр")
    with pytest.raises(Refused, match=r"уже в составе с 12\.01\.2026"):
        make_member(session(), cast.anna, body, "семенов  пётр", starts_on=TODAY)
    make_member(session(), cast.anna, body, "Анна Клерк", user_id=cast.anna.id)
    with pytest.raises(Refused, match="уже в составе"):
        make_member(session(), cast.anna, body, "А. Клерк", user_id=cast.anna.id)


def test_a_user_brings_name_and_organisation(session: Db, cast: Cast) -> None:
    body = make_body(session(), cast.anna)
    made = make_member(session(), cast.anna, body, "", user_id=cast.boris.id, role=MemberRole.CHAIR)
    assert (made.name, made.agency) == ("Борис Опекин", cast.opeka)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": ""}, "Укажите фамилию"),
        ({"starts_on": None}, "Укажите день"),
        ({"starts_on": date(2025, 1, 1)}, "Орган действует с"),
        ({"starts_on": date(2031, 5, 1)}, "Так далеко вперёд"),
        ({"ends_on": date(2026, 1, 1)}, "Последний день раньше первого"),
        ({"user_id": 10**6}, "Такого пользователя нет"),
        ({"agency_id": 10**6}, "Такой организации"),
    ],
)
def test_a_member_without_sense_is_refused(session: Db, cast: Cast, fields: dict[str, Any], told: str) -> None:
    body = make_body(session(), cast.anna)
    with pytest.raises(Refused, match=told):
        make_member(session(), cast.anna, body, **{"name": "Белов Олег", **fields})
    assert body.members == []


def test_a_member_does_not_leave_before_coming_or_twice(session: Db, cast: Cast) -> None:
    body = make_body(session(), cast.anna, "Белов Олег")
    by, number = seen_by(session(), cast.anna), body.members[0].id
    with pytest.raises(Refused, match="Последний день раньше первого"):
        bodies.unseat(session(), body=body, member_id=number, ends_on=date(2026, 1, 11), by=by)
    bodies.unseat(session(), body=body, member_id=number, ends_on=TODAY, by=by)
    with pytest.raises(Refused, match="уже не в составе"):
        bodies.unseat(session(), body=body, member_id=number, ends_on=TODAY, by=by)
    other = make_body(session(), cast.anna, "Серова Инна", name="Другой совет")
    with pytest.raises(Refused, match="Такого члена в составе нет"):
        bodies.unseat(session(), body=body, member_id=other.members[0].id, ends_on=TODAY, by=by)


def test_the_membership_is_sent_agreed_and_has_to_be_agreed_anew_when_it_changes(session: Db, cast: Cast) -> None:
    follow_council(session(), cast)
    body = make_body(session(), cast.anna, "Белов Олег", key="small/council")
    anna, galina = seen_by(session(), cast.anna), seen_by(session(), cast.galina)
    sent = {"body": body, "recipient_id": cast.department.id, "by": anna, "now": NOW}
    letter = bodies.send_composition(session(), **sent)
    assert (letter.status, letter.recipient_id) == (ReferralStatus.SENT, cast.department.id)
    assert letter.facts[0] == {"label": "состав", "value": "1. Белов Олег"}
    assert bodies.composition_letters(session(), body) == [letter]
    with pytest.raises(Refused, match="уже отправлен"):
        bodies.send_composition(session(), **sent)
    with pytest.raises(Refused, match="руководитель"):
        bodies.agree(session(), body=body, approved_on=TODAY, by=anna)
    with pytest.raises(Refused, match="в будущем"):
        bodies.agree(session(), body=body, approved_on=date(2026, 10, 2), by=galina)
    bodies.agree(session(), body=body, approved_on=TODAY, by=galina)
    assert body.approved_on == TODAY
    make_member(session(), cast.anna, body, "Серова Инна", starts_on=TODAY)
    assert body.approved_on is None
    workflow.revoke(session(), referral=letter, reason="состав изменён", by=galina, now=NOW)
    again = bodies.send_composition(session(), **sent)
    assert again.facts[1]["value"] == "вошли: Серова Инна (с 01.10.2026)"


def test_a_body_that_nobody_agrees_keeps_its_mark(session: Db, cast: Cast) -> None:
    body = make_body(session(), cast.anna, "Белов Олег")
    with pytest.raises(Refused, match="ни с кем не согласуют"):
        bodies.send_composition(
            session(), body=body, recipient_id=cast.department.id, by=seen_by(session(), cast.anna), now=NOW
        )
    bodies.agree(session(), body=body, approved_on=TODAY, by=seen_by(session(), cast.galina))
    make_member(session(), cast.anna, body, "Серова Инна")
    assert body.approved_on == TODAY


def test_a_body_ends_with_its_members(session: Db, cast: Cast) -> None:
    body = make_body(session(), cast.anna, "Белов Олег")
    ended = {"body": body, "ends_on": TODAY, "ground": "приказ № 5"}
    with pytest.raises(Refused, match="руководитель"):
        bodies.end(session(), **ended, by=seen_by(session(), cast.anna))
    bodies.end(session(), **ended, by=seen_by(session(), cast.galina))
    assert (body.ends_on, body.members[0].ends_on) == (TODAY, TODAY)
    assert body.note == "Упразднён с 01.10.2026: приказ № 5"


def test_a_body_is_seen_by_its_keeper_its_members_and_the_overseers(session: Db, cast: Cast) -> None:
    make_body(session(), cast.anna, "Белов Олег")
    mixed = make_body(session(), cast.anna, name="С опекой")
    make_member(session(), cast.anna, mixed, "Борис Опекин", user_id=cast.boris.id)

    def seen(user: Any) -> set[str]:
        query = regulated.select(Body.name).where(bodies_visible_to(seen_by(session(), user)))
        return set(session.scalars(query))

    everything = {"Координационный совет", "С опекой"}
    assert seen(cast.anna) == seen(cast.kira) == seen(cast.root) == everything
    assert seen(cast.boris) == {"С опекой"}
    assert seen(cast.vera) == set()
