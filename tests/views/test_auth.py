"""Signing in and out, lockout, passwords, sessions."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.audit import AccessEvent
from models.users import User
from services import accounts
from tests.factories import PASSWORD, Cast
from tests.signing import sign_in
from views import edge
from views.database import access_connection

WRONG = "Неверный логин или пароль"
OWN = "сирень под окном"
NOW = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)


class Clock:
    """The edge's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: int) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(edge, "clock", clock)
    return clock


@pytest.fixture(autouse=True)
def cheap_passwords(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "PASSWORD_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def login(client: FlaskClient, name: str = "anna", password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    return client.post("/login", data={"login": name, "password": password, **more})


def is_in(client: FlaskClient) -> bool:
    return client.get("/profile").status_code == 200


def logged() -> list[tuple[str, int | None, int | None, object]]:
    columns = (AccessEvent.kind, AccessEvent.user_id, AccessEvent.subject_id, AccessEvent.payload)
    with access_connection() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(AccessEvent.seq))]  # type: ignore[misc]


def test_the_right_password_opens_and_the_log_knows(cast: Cast, client: FlaskClient) -> None:
    answer = login(client)
    assert (answer.status_code, answer.location) == (302, "/")
    assert is_in(client)
    assert logged() == [("login", cast.anna.id, cast.anna.id, {})]


def test_a_login_is_accepted_in_any_letter_case(cast: Cast, client: FlaskClient) -> None:
    login(client, " Anna ")
    assert is_in(client)


@pytest.mark.parametrize(("name", "known"), [("anna", True), ("nobody", False)])
def test_a_wrong_password_and_an_unknown_login_are_told_alike(
    cast: Cast, client: FlaskClient, name: str, known: bool
) -> None:
    answer = login(client, name, "wrong")
    assert answer.status_code == 401
    assert WRONG in answer.text
    assert f'value="{name}"' in answer.text
    assert "wrong" not in answer.text
    assert logged() == [("login_failed", None, cast.anna.id if known else None, {})]
    assert not is_in(client)


@pytest.mark.parametrize(
    "form", [{}, {"login": "anna"}, {"login": "", "password": ""}, {"login": "a\0b", "password": "x"}]
)
def test_an_incomplete_form_is_a_wrong_password(cast: Cast, client: FlaskClient, form: dict[str, str]) -> None:
    answer = client.post("/login", data=form)
    assert answer.status_code == 401
    assert WRONG in answer.text


def test_looking_whether_the_page_is_there_is_no_attempt(cast: Cast, client: FlaskClient) -> None:
    assert client.head("/login").status_code == 200
    assert logged() == []


def test_no_lock_is_held_while_a_password_is_verified(
    cast: Cast, client: FlaskClient, session: scoped_session[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each commit of the request ends its transaction: here the savepoint over the test's own."""
    open_then: list[bool] = []
    right = accounts.verify

    def note(*args: str, **more: PasswordHasher) -> bool:
        open_then.append(session().in_transaction())
        return right(*args, **more)

    monkeypatch.setattr(accounts, "verify", note)
    login(client)
    change(client)
    assert open_then == [False, False]


def test_failures_are_kept_although_the_sign_in_fails(
    cast: Cast, client: FlaskClient, session: scoped_session[Session]
) -> None:
    login(client, password="wrong")
    session.rollback()
    assert session.scalar(select(User.failed_logins).where(User.login == "anna")) == 1


def test_five_failures_shut_the_account_also_for_the_right_password(
    cast: Cast, client: FlaskClient, clock: Clock
) -> None:
    for _ in range(5):
        login(client, password="wrong")
    assert WRONG in login(client).text
    clock.pass_by(minutes=15)
    assert login(client).status_code == 302


def test_thirty_failures_shut_the_address(cast: Cast, client: FlaskClient, clock: Clock) -> None:
    for number in range(30):
        assert login(client, f"nobody{number}", "wrong").status_code == 401
    answer = login(client)
    assert answer.status_code == 429
    assert "Слишком много попыток" in answer.text
    assert answer.headers["Retry-After"] == "900"
    elsewhere = client.post(
        "/login", data={"login": "anna", "password": PASSWORD}, environ_base={"REMOTE_ADDR": "10.9.9.9"}
    )
    assert elsewhere.status_code == 302
    clock.pass_by(minutes=16)
    assert login(client, "boris").status_code == 302


def test_an_address_cannot_be_changed_by_a_header(cast: Cast, client: FlaskClient) -> None:
    for number in range(30):
        form = {"login": f"nobody{number}", "password": "x"}
        client.post("/login", data=form, headers={"X-Forwarded-For": f"10.1.1.{number}"})
    assert login(client).status_code == 429


def test_a_locked_user_is_told_nothing_and_is_out_at_once(
    cast: Cast, client: FlaskClient, session: scoped_session[Session]
) -> None:
    login(client)
    assert is_in(client)
    cast.anna.is_locked = True
    session.commit()
    assert not is_in(client)
    assert WRONG in login(client).text


def test_an_old_hash_is_renewed_at_sign_in(
    app: Flask, cast: Cast, client: FlaskClient, session: scoped_session[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = cast.anna.password_hash
    monkeypatch.setitem(app.config, "PASSWORD_HASHER", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    login(client)
    renewed = session.scalar(select(User.password_hash).where(User.login == "anna"))
    assert renewed != old
    assert accounts.verify(str(renewed), PASSWORD)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "http:evil",
        "/logout",
        "/login",
        "",
    ],
)
def test_nobody_is_led_to_another_site_after_signing_in(cast: Cast, client: FlaskClient, target: str) -> None:
    assert login(client, next=target).location == "/"
    assert client.get("/login", query_string={"next": target}).location == "/"


def test_signing_in_leads_back_to_the_page_asked_for(cast: Cast, client: FlaskClient) -> None:
    to_login = client.get("/profile?tab=2")
    assert to_login.location == "/login?next=/profile?tab%3D2"
    page = client.get(to_login.location).text
    assert 'name="next" value="/profile?tab=2"' in page
    assert login(client, next="/profile?tab=2").location == "/profile?tab=2"


def test_signing_out_is_a_post_and_is_logged(cast: Cast, client: FlaskClient) -> None:
    login(client)
    assert client.get("/logout").status_code == 405
    assert is_in(client)
    assert client.post("/logout").location == "/login"
    assert not is_in(client)
    assert [kind for kind, *_ in logged()] == ["login", "logout"]


def test_nothing_of_a_strangers_session_survives_signing_in(cast: Cast, client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["planted"] = "x"
    login(client)
    with client.session_transaction() as session:
        assert "planted" not in session


def test_half_an_hour_of_idleness_ends_the_session(cast: Cast, client: FlaskClient, clock: Clock) -> None:
    login(client)
    clock.pass_by(minutes=29)
    assert is_in(client)
    clock.pass_by(minutes=29)
    assert is_in(client)
    clock.pass_by(minutes=31)
    answer = client.get("/profile")
    assert answer.location == "/login?next=/profile"
    assert "Вы долго не работали" in client.get(answer.location).text
    assert not is_in(client)


def test_an_idle_form_is_led_back_to_its_page(cast: Cast, client: FlaskClient, clock: Clock) -> None:
    login(client)
    clock.pass_by(hours=1)
    answer = client.post("/profile/leave-everywhere", headers={"Referer": "http://localhost/profile?x=1"})
    assert answer.location == "/login?next=/profile?x%3D1"


def test_a_fragment_of_an_ended_session_sends_the_whole_page_to_sign_in(cast: Cast, client: FlaskClient) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/graduate/?q=1"}
    answer = client.get("/profile", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?next=/graduate/?q%3D1"


def test_a_program_is_told_to_sign_in_in_json(client: FlaskClient) -> None:
    answer = client.get("/profile", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json["error"]["code"] == 401  # type: ignore[index]


@pytest.mark.parametrize("remembered", ["", "x", "1", "1:", ":", "²:t", "99999999:t", "1:token-boris", "None:None"])
def test_a_forged_session_opens_nothing(cast: Cast, client: FlaskClient, remembered: str) -> None:
    with client.session_transaction() as session:
        session["_user_id"] = remembered
        session["seen_at"] = int(NOW.timestamp()) + 10**6
    assert not is_in(client)


# -- Passwords -------------------------------------------------------------------------------------------------------


def change(client: FlaskClient, old: str = PASSWORD, new: str = OWN, again: str | None = None, at: str = "/password"):  # type: ignore[no-untyped-def]
    form = {"current_password": old, "new_password": new, "repeat_password": new if again is None else again}
    return client.post(at, data=form)


@pytest.fixture
def newcomer(cast: Cast, session: scoped_session[Session], client: FlaskClient) -> FlaskClient:
    """Anna, signed in with a password that somebody issued her."""
    cast.anna.must_change_password = True
    session.commit()
    login(client)
    return client


def test_an_issued_password_is_changed_before_anything_else(newcomer: FlaskClient) -> None:
    assert newcomer.get("/profile").location == "/password?next=/profile"
    assert newcomer.post("/profile/leave-everywhere").location.startswith("/password")
    assert "Вы вошли с выданным паролем" in newcomer.get("/password").text
    assert change(newcomer, at="/password?next=/profile").location == "/profile"
    assert is_in(newcomer)


def test_whoever_will_not_change_an_issued_password_may_leave(newcomer: FlaskClient) -> None:
    assert newcomer.post("/logout").location == "/login"


def test_the_issued_password_itself_is_no_own_one(newcomer: FlaskClient) -> None:
    answer = change(newcomer, new=PASSWORD)
    assert answer.status_code == 422
    assert "Новый пароль совпадает с прежним." in answer.text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"new": "короткий"}, "Пароль короче 12 знаков."),
        ({"new": "парольпароль"}, "Такой пароль подбирают первым"),
        ({"new": "Анна-Клерк-2026"}, "Пароль не должен повторять логин или имя."),
        ({"again": "сирень под крышей"}, "Пароли не совпадают."),
        ({"old": "wrong"}, "Действующий пароль указан неверно."),
        ({"old": ""}, "Действующий пароль указан неверно."),
    ],
)
def test_a_refused_change_says_why_and_changes_nothing(
    cast: Cast, client: FlaskClient, session: scoped_session[Session], form: dict[str, str], told: str
) -> None:
    login(client)
    before = (cast.anna.password_hash, cast.anna.session_token)
    answer = change(client, **form)
    assert answer.status_code == 422
    assert told in answer.text
    session.refresh(cast.anna)
    assert (cast.anna.password_hash, cast.anna.session_token) == before


def test_a_changed_password_signs_out_elsewhere_and_stays_here(app: Flask, cast: Cast, client: FlaskClient) -> None:
    elsewhere = app.test_client()
    login(client)
    login(elsewhere)
    assert change(client).location == "/"
    assert is_in(client)
    assert not is_in(elsewhere)
    assert WRONG in login(elsewhere).text
    assert login(elsewhere, password=OWN).status_code == 302


def test_a_session_left_open_is_no_way_to_guess_the_password(cast: Cast, client: FlaskClient, clock: Clock) -> None:
    login(client)
    for _ in range(5):
        change(client, old="wrong")
    assert "Действующий пароль указан неверно." in change(client).text
    clock.pass_by(minutes=16)
    assert change(client).location == "/"


def test_leaving_everywhere_leaves_here_too(app: Flask, cast: Cast, client: FlaskClient) -> None:
    elsewhere = app.test_client()
    login(client)
    login(elsewhere)
    assert "Выйти на всех устройствах" in client.get("/profile").text
    assert client.post("/profile/leave-everywhere").location == "/login"
    assert not is_in(client)
    assert not is_in(elsewhere)


# -- CSRF ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def guarded(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.usefixtures("guarded")
def test_a_form_of_another_site_is_refused(cast: Cast, client: FlaskClient) -> None:
    answer = login(client)
    assert answer.status_code == 400
    assert "Страница устарела" in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    token = token_of(client.get("/login").text)
    assert login(client, csrf_token=token).status_code == 302


@pytest.mark.usefixtures("guarded")
def test_every_form_of_the_account_carries_its_token(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.anna)
    for path, post in (("/password", "/password"), ("/profile", "/profile/leave-everywhere"), ("/profile", "/logout")):
        assert client.post(post).status_code == 400
        token = token_of(client.get(path).text)
        assert client.post(post, data={"csrf_token": token}).status_code in (302, 422)
        sign_in(client, cast.anna)


def test_a_day_of_the_tests_is_the_day_of_the_request(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        assert edge.today() == date(2026, 10, 1)
        assert edge.now().tzinfo is not None
