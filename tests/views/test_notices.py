"""The bell, the list of notifications, their settings, addresses of the feed: one's own only, with and without news."""

import re
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session, scoped_session

from models.notifications import FeedToken, NoticeKind, Notification, NotificationSetting
from models.users import User
from services import notices
from tests.conftest import NOW, TODAY
from tests.duties import LIST, make_duty
from tests.factories import Cast
from tests.signing import sign_in
from views.extensions import db

Db = scoped_session[Session]
YESTERDAY = TODAY - timedelta(days=1)


def tell(session: Db, cast: Cast) -> None:
    """The service's clerk is told of two overdue obligations together and of one that opens."""
    for _ in range(2):
        make_duty(session(), cast.service, TODAY - timedelta(days=9), YESTERDAY, recipient=cast.opeka)
    make_duty(session(), cast.service, TODAY, TODAY + timedelta(days=60), title="Встреча", graduate_id=cast.own.id)
    notices.notify(session(), on=TODAY, since=YESTERDAY, now=NOW)
    session.commit()


def of(session: Db, user: User, kind: NoticeKind) -> Notification:
    query = select(Notification).where(Notification.user_id == user.id, Notification.kind == kind)
    return session.scalars(query).one()


def bell(page: str) -> str:
    found = re.search(r'<a class="bell"[^>]*aria-label="([^"]*)"', page)
    assert found
    return found[1]


# -- The bell and the list -------------------------------------------------------------------------------------------


def test_the_bell_counts_what_is_unread(client: FlaskClient, cast: Cast, session: Db) -> None:
    sign_in(client, cast.anna)
    assert bell(client.get("/").text) == "Уведомления"
    tell(session, cast)
    assert bell(client.get("/").text) == "Уведомления: 2 непрочитанных"
    client.post(f"/notifications/{of(session, cast.anna, NoticeKind.OPENED).id}/read")
    assert bell(client.get("/notifications/").text) == "Уведомления: 1 непрочитанное"
    client.post("/notifications/read")
    assert bell(client.get("/graduate/").text) == "Уведомления"


def test_the_bell_costs_one_statement_of_whole_pages_only(client: FlaskClient, cast: Cast, session: Db) -> None:
    sign_in(client, cast.anna)
    asked: list[str] = []
    engine = db.engines[None]

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if " notification " in f"{statement} ".replace("\n", " "):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        client.get("/profile")
        assert len(asked) == 1
        client.get("/calendar/events?start=2026-10-01&end=2026-11-01")
        client.get("/reports/registry.csv").close()
        assert len(asked) == 1
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_list_shows_ones_own_newest_first(client: FlaskClient, cast: Cast, session: Db) -> None:
    tell(session, cast)
    sign_in(client, cast.anna)
    page = client.get("/notifications/").text
    assert f"Карточка №\xa0{cast.own.id}, исполнить до 30.11.2026" in page
    assert "Нарушено 2 срока, истекли 30.09.2026" in page
    assert page.index("Нарушено") < page.index("Встреча")  # The graver of a run stands above.
    assert "Сегодня" in page
    assert "Ёлкина" not in page
    sign_in(client, cast.boris)
    other = client.get("/notifications/").text
    assert "Встреча" not in other
    assert "отправитель: Служба «Перекрёсток»" in other
    sign_in(client, cast.vera)
    assert "Уведомлений нет" in client.get("/notifications/").text


def test_a_long_list_is_turned_page_by_page(client: FlaskClient, cast: Cast, session: Db) -> None:
    columns: dict[str, Any] = {"user_id": cast.anna.id, "kind": NoticeKind.OPENED, "at": NOW}
    session.add_all(Notification(**columns, key=f"k{n}", text=f"Дело {n:03}: исполнить") for n in range(120))
    session.commit()
    sign_in(client, cast.anna)
    address, seen = "/notifications/", []
    while True:
        page = client.get(address).text
        seen += re.findall(r"<strong>Дело (\d+)</strong>", page)
        older = re.search(r'href="(/notifications/\?before=\d+)"', page)
        if older is None:
            break
        address = older[1]
    assert sorted(seen) == [f"{n:03}" for n in range(120)]
    assert bell(page) == "Уведомления: 99+ непрочитанных"
    for wrong in ("x", "-1", "9" * 40, "²"):
        assert client.get(f"/notifications/?before={wrong}").status_code == 200


def test_opening_leads_to_what_is_told_and_marks_it_read(client: FlaskClient, cast: Cast, session: Db) -> None:
    tell(session, cast)
    sign_in(client, cast.anna)
    single, group = (of(session, cast.anna, kind) for kind in (NoticeKind.OPENED, NoticeKind.OVERDUE))
    answer = client.post(f"/notifications/{single.id}/open")
    assert (answer.status_code, answer.location) == (303, f"/deadline/details/?id={single.deadline_id}")
    assert client.get(answer.location).status_code == 200
    listed = client.post(f"/notifications/{group.id}/open").location
    assert listed.startswith("/calendar/?view=list&state=overdue&rule=")
    assert client.get(listed).text.count(LIST) >= 2
    assert bell(client.get("/").text) == "Уведомления"


def test_the_recipient_opens_what_it_waits_for(client: FlaskClient, cast: Cast, session: Db) -> None:
    tell(session, cast)
    sign_in(client, cast.boris)
    listed = client.post(f"/notifications/{of(session, cast.boris, NoticeKind.EXPECTED).id}/open").location
    page = client.get(listed)
    assert page.status_code == 200
    assert page.text.count(LIST) >= 2


def test_nobody_reads_or_marks_what_is_told_to_another(client: FlaskClient, cast: Cast, session: Db) -> None:
    tell(session, cast)
    number = of(session, cast.anna, NoticeKind.OVERDUE).id
    sign_in(client, cast.galina)
    assert [client.post(f"/notifications/{number}/{verb}").status_code for verb in ("open", "read")] == [404, 404]
    client.post("/notifications/read")
    session.expire_all()
    assert of(session, cast.anna, NoticeKind.OVERDUE).read_at is None


def test_an_expired_session_marks_nothing(client: FlaskClient, cast: Cast, session: Db) -> None:
    tell(session, cast)
    sign_in(client, cast.anna)
    with client.session_transaction() as kept:
        kept["seen_at"] -= 31 * 60
    answer = client.post("/notifications/read")
    assert answer.location.startswith("/login")
    session.expire_all()
    assert of(session, cast.anna, NoticeKind.OVERDUE).read_at is None


def test_a_form_without_its_token_is_refused(client: FlaskClient, cast: Cast, session: Db) -> None:
    sign_in(client, cast.anna)
    client.application.config["WTF_CSRF_ENABLED"] = True
    try:
        answers = [client.post(f"/notifications/{door}").status_code for door in ("read", "settings", "settings/feed")]
    finally:
        client.application.config["WTF_CSRF_ENABLED"] = False
    assert answers == [400, 400, 400]
    assert session.scalars(select(FeedToken)).all() == []


# -- Settings --------------------------------------------------------------------------------------------------------


def test_a_kind_that_is_not_wanted_is_neither_listed_nor_counted(client: FlaskClient, cast: Cast, session: Db) -> None:
    tell(session, cast)
    sign_in(client, cast.anna)
    all_kinds = {f"{way}-{kind.value}": "on" for kind in NoticeKind for way in ("shown", "mailed")}
    wanted = {name: value for name, value in all_kinds.items() if name != "shown-overdue"}
    page = client.post("/notifications/settings", data=wanted, follow_redirects=True).text
    assert "Настройки уведомлений сохранены." in page
    assert re.search(r'name="mailed-overdue"[^>]* checked', page)
    assert not re.search(r'name="shown-overdue"[^>]* checked', page)
    assert bell(page) == "Уведомления: 1 непрочитанное"
    assert "Нарушено" not in client.get("/notifications/").text
    kept = session.scalars(select(NotificationSetting)).one()
    assert (kept.kind, kept.is_shown, kept.is_mailed) == (NoticeKind.OVERDUE, False, True)
    client.post("/notifications/settings", data=all_kinds)
    assert bell(client.get("/").text) == "Уведомления: 2 непрочитанных"


def test_only_an_administrator_is_offered_the_kind_about_the_calendar(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    pages = {}
    for user in (cast.anna, cast.root):
        sign_in(client, user)
        pages[user.login] = client.get("/notifications/settings").text
        client.post("/notifications/settings", data={})
    assert ["shown-calendar" in pages[login] for login in ("anna", "root")] == [False, True]
    off = set(session.execute(select(NotificationSetting.user_id, NotificationSetting.kind)))
    assert (cast.anna.id, NoticeKind.CALENDAR) not in off
    assert (cast.root.id, NoticeKind.CALENDAR) in off


def test_a_head_cannot_shut_out_what_is_missed_or_urgent(client: FlaskClient, cast: Cast, session: Db) -> None:
    sign_in(client, cast.galina)
    page = client.get("/notifications/settings").text
    assert re.findall(r'name="shown-(\w+)"[^>]* disabled', page) == ["overdue", "urgent", "emergency"]
    client.post("/notifications/settings", data={})
    tell(session, cast)
    assert bell(client.get("/").text) == "Уведомления: 1 непрочитанное"
    assert session.scalars(select(NotificationSetting.is_mailed).where(~NotificationSetting.is_shown)).all()


def test_the_page_says_where_letters_go(client: FlaskClient, cast: Cast, session: Db, monkeypatch: Any) -> None:
    sign_in(client, cast.anna)
    assert "Письма в этой установке не настроены" in client.get("/notifications/settings").text
    monkeypatch.setitem(client.application.config, "MAIL_URL", "smtp://localhost?from=a@b.ru")
    assert "нет адреса почты" in client.get("/notifications/settings").text
    cast.anna.email = "anna@service.ru"
    session.commit()
    assert "раз в день на anna@service.ru" in client.get("/notifications/settings").text


# -- Addresses of the feed -------------------------------------------------------------------------------------------


def address_of(page: str) -> str | None:
    found = re.search(r'id="feed-address"[^>]*>([^<]+)<', page)
    return found[1] if found else None


def test_an_address_is_shown_once_and_works_until_it_is_revoked(client: FlaskClient, cast: Cast, session: Db) -> None:
    sign_in(client, cast.anna)
    address = address_of(client.post("/notifications/settings/feed", follow_redirects=True).text)
    assert address is not None
    assert address.startswith("http://localhost/calendar/feed/")
    assert address_of(client.get("/notifications/settings").text) is None
    program = client.application.test_client()
    assert program.get(address).status_code == 200
    number = session.scalars(select(FeedToken.id)).one()
    sign_in(client, cast.galina)
    assert client.post(f"/notifications/settings/feed/{number}/revoke").status_code == 404
    assert program.get(address).status_code == 200
    sign_in(client, cast.anna)
    page = client.post(f"/notifications/settings/feed/{number}/revoke", follow_redirects=True).text
    assert "Адрес календаря отозван" in page
    assert "Адресов пока нет." in page
    assert program.get(address).status_code == 404


def test_there_are_no_more_than_five_addresses(client: FlaskClient, cast: Cast, session: Db) -> None:
    sign_in(client, cast.anna)
    pages = [client.post("/notifications/settings/feed", follow_redirects=True).text for _ in range(6)]
    assert len({address_of(page) for page in pages[:5]} - {None}) == 5
    assert "У вас уже 5 адресов календаря. Отзовите тот, которым не пользуетесь." in pages[5]
    assert "Создать адрес календаря" not in pages[5]


def test_the_address_is_the_installations_own(client: FlaskClient, cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setitem(client.application.config, "BASE_URL", "https://marshrut.example.ru")
    sign_in(client, cast.anna)
    page = client.post("/notifications/settings/feed", follow_redirects=True).text
    assert (address_of(page) or "").startswith("https://marshrut.example.ru/calendar/feed/")
