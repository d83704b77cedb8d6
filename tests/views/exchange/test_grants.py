"""«Открытый доступ»: which cards letters have opened, for a side of the letter and those who oversee the region."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from models.access_grants import AccessGrant, AccessProfile
from models.context import Actor, act_as
from models.exchange import ReferralStatus
from models.graduates import Graduate
from models.territory import Agency
from models.users import Role
from services.exchange import grants
from services.exchange.kinds import ReferralKind
from tests.conftest import NOW, TODAY
from tests.exchange_factories import PLAIN, make_referral
from tests.factories import Cast, make_user
from tests.signing import sign_in

Db = scoped_session[Session]


def grant(session: Db, sender: Agency, recipient: Agency, person: Graduate) -> AccessGrant:
    letter = make_referral(session(), sender, recipient, person, status=ReferralStatus.ACCEPTED)
    made = AccessGrant(
        referral_id=letter.id,
        graduate_id=person.id,
        agency_id=recipient.id,
        profile=AccessProfile.CARD,
        starts_on=TODAY - timedelta(days=3),
    )
    session.add(made)
    session.commit()
    return made


def test_each_side_sees_its_own_and_overseers_all(client: FlaskClient, cast: Cast, session: Db) -> None:
    grant(session, cast.service, cast.opeka, cast.own)
    grant(session, cast.opeka, cast.other_opeka, cast.local)
    boss = make_user(session(), "boss", "Нина Опекина", Role.HEAD, cast.opeka)
    session.commit()
    found = {}
    for user in (cast.galina, boss, cast.kira, cast.root):
        sign_in(client, user)
        page = client.get("/exchange/grants/").text
        found[user.login] = ("Ёлкина" in page, "Сизов" in page)
    both = (True, True)
    assert found == {"galina": (True, False), "boss": both, "kira": both, "root": both}
    sign_in(client, boss)
    ours, theirs = (client.get(f"/exchange/grants/?f.whose={whose}").text for whose in ("ours", "theirs"))
    assert [name in ours for name in ("Ёлкина", "Сизов")] == [False, True]
    assert [name in theirs for name in ("Ёлкина", "Сизов")] == [True, False]
    assert "Ёлкина" in client.get("/exchange/grants/?q=елкина").text


def test_what_has_ended_is_told_and_filtered(client: FlaskClient, cast: Cast, session: Db) -> None:
    made = grant(session, cast.service, cast.opeka, cast.own)
    sign_in(client, cast.galina)
    page = client.get("/exchange/grants/?f.open=1").text
    assert "открыто</span>" in page
    assert "до закрытия письма" in page
    assert f'href="/referral/details/?id={made.referral_id}"' in page
    made.ends_on = TODAY - timedelta(days=1)
    session.commit()
    assert "Ёлкина" not in client.get("/exchange/grants/?f.open=1").text
    over = client.get("/exchange/grants/?f.open=0").text
    assert "закончилось" in over
    assert "30.09.2026" in over


def test_a_removed_card_is_not_told_of(client: FlaskClient, cast: Cast, session: Db) -> None:
    grant(session, cast.service, cast.opeka, cast.own)
    cast.own.deleted_at = NOW
    session.commit()
    sign_in(client, cast.galina)
    assert "Ёлкина" not in client.get("/exchange/grants/").text


def test_the_history_of_the_card_tells_who_got_to_see_it_and_until_when(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    act_as(session(), Actor(NOW))
    letter = make_referral(session(), cast.service, cast.opeka, cast.own, status=ReferralStatus.ACCEPTED)
    session.commit()
    act_as(session(), Actor(NOW))
    kind = ReferralKind.of({**PLAIN, "opens_access": True})
    assert grants.open_cards(session(), referral=letter, kind=kind, on=TODAY) == 1
    session.commit()
    grants.end_cards(session(), referral=letter, on=TODAY)
    session.commit()
    sign_in(client, cast.galina)
    page = client.get(f"/graduate/details/?id={cast.own.id}&tab=history").text
    assert "Доступ по письму: создание" in page
    assert "Доступ по письму: изменение" in page
    assert "Опека Сокольского округа" in page
    assert "31.10.2026" in page
