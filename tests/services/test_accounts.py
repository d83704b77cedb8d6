"""Passwords, lockout, accounts."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.users import LoginFailure, User
from services import accounts
from tests.factories import PASSWORD, Cast, password_hash

NOW = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
HERE = "10.0.0.1"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def attempt(session: scoped_session[Session], login: str, at: datetime = NOW, address: str = HERE) -> accounts.Attempt:
    return accounts.begin_attempt(session(), login=login, address=address, now=at)


def fail(session: scoped_session[Session], times: int, at: datetime = NOW) -> None:
    for _ in range(times):
        attempt(session, "anna", at)


def shut_until(session: scoped_session[Session]) -> datetime | None:
    return session.scalar(select(User.locked_until).where(User.login == "anna"))


def test_four_failures_leave_the_account_open(cast: Cast, session: scoped_session[Session]) -> None:
    fail(session, 4)
    assert shut_until(session) is None
    assert attempt(session, "anna").is_open


def test_the_fifth_failure_in_a_row_shuts_the_account_for_a_quarter_of_an_hour(
    cast: Cast, session: scoped_session[Session]
) -> None:
    fail(session, 5)
    assert shut_until(session) == NOW + timedelta(minutes=15)
    assert not attempt(session, "anna", NOW + timedelta(minutes=14)).is_open
    assert attempt(session, "anna", NOW + timedelta(minutes=15)).is_open


@pytest.mark.parametrize(("further", "minutes"), [(1, 30), (2, 60), (3, 120), (20, 24 * 60)])
def test_each_further_failure_shuts_for_twice_as_long_up_to_a_day(
    cast: Cast, session: scoped_session[Session], further: int, minutes: int
) -> None:
    at = NOW
    fail(session, 5)
    for _ in range(further):
        at = shut_until(session) or at
        fail(session, 1, at)
    assert shut_until(session) == at + timedelta(minutes=minutes)


def test_attempts_on_a_shut_account_do_not_lengthen_its_time(cast: Cast, session: scoped_session[Session]) -> None:
    fail(session, 9)
    assert shut_until(session) == NOW + timedelta(minutes=15)


def test_a_right_password_begins_the_count_anew(cast: Cast, session: scoped_session[Session]) -> None:
    fail(session, 4)
    accounts.pardon(session(), attempt=attempt(session, "anna"), now=NOW)
    row = session.execute(select(User.failed_logins, User.locked_until, User.last_login_at).where(User.login == "anna"))
    assert row.one() == (0, None, NOW)


def test_signing_in_is_no_change_of_the_record(cast: Cast, session: scoped_session[Session]) -> None:
    before = session.scalar(select(User.version).where(User.login == "anna"))
    fail(session, 5)
    accounts.pardon(session(), attempt=attempt(session, "anna"), now=NOW, new_hash="new")
    assert session.scalar(select(User.version).where(User.login == "anna")) == before


def test_right_passwords_do_not_count_against_their_address(cast: Cast, session: scoped_session[Session]) -> None:
    for _ in range(40):
        accounts.pardon(session(), attempt=attempt(session, "anna"), now=NOW)
    assert session.scalar(select(func.count()).select_from(LoginFailure)) == 0


def test_thirty_failures_shut_the_address_for_a_quarter_of_an_hour(
    cast: Cast, session: scoped_session[Session]
) -> None:
    for number in range(30):
        attempt(session, f"nobody{number}")
    with pytest.raises(accounts.TooManyFailures):
        attempt(session, "boris")
    assert attempt(session, "boris", address="10.0.0.2").is_open
    assert attempt(session, "boris", NOW + timedelta(minutes=15)).is_open


def test_old_failures_of_an_address_are_forgotten(cast: Cast, session: scoped_session[Session]) -> None:
    attempt(session, "nobody", NOW - timedelta(days=1))
    attempt(session, "nobody")
    assert session.scalar(select(func.count()).select_from(LoginFailure)) == 1


def test_a_login_is_found_in_any_letter_case(cast: Cast, session: scoped_session[Session]) -> None:
    assert attempt(session, " ANNA ").user_id == cast.anna.id


def test_a_locked_account_opens_for_no_password(cast: Cast, session: scoped_session[Session]) -> None:
    accounts.lock_user(session(), user=cast.anna)
    charged = attempt(session, "anna")
    assert not accounts.password_is_right(charged, PASSWORD, hasher=CHEAP)


def test_a_shut_account_opens_for_no_password(cast: Cast, session: scoped_session[Session]) -> None:
    fail(session, 5)
    assert not accounts.password_is_right(attempt(session, "anna"), PASSWORD, hasher=CHEAP)


def test_an_unknown_login_costs_the_same_verification(
    cast: Cast, session: scoped_session[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []

    def note(password_hash: str, password: str, *, hasher: PasswordHasher) -> bool:
        verified.append(password_hash)
        return True

    monkeypatch.setattr(accounts, "verify", note)
    assert not accounts.password_is_right(attempt(session, "nobody"), PASSWORD, hasher=CHEAP)
    assert verified[0].startswith("$argon2id$")


def test_a_hash_of_other_parameters_is_renewed() -> None:
    charged = accounts.Attempt(1, 1, password_hash())
    assert accounts.better_hash(charged, PASSWORD, hasher=CHEAP) is None
    renewed = accounts.better_hash(charged, PASSWORD, hasher=PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    assert renewed is not None
    assert renewed.startswith("$argon2id$")
    assert accounts.verify(renewed, PASSWORD, hasher=CHEAP)


def test_a_broken_hash_is_a_wrong_password() -> None:
    assert not accounts.verify("", PASSWORD)
    assert not accounts.verify("not a hash", PASSWORD)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("короткий", "Пароль короче 12 знаков."),
        ("     a b     ", "Пароль короче 12 знаков."),
        ("x1y2z3" * 40, "Пароль длиннее 200 знаков."),
        ("парольпароль", "Такой пароль подбирают первым: придумайте другой."),
        ("Qwertyuiop123", "Такой пароль подбирают первым: придумайте другой."),
        ("111111111111", "Такой пароль подбирают первым: придумайте другой."),
        ("абабабабабабаб", "Такой пароль подбирают первым: придумайте другой."),
        ("elkina-darya-2026", "Пароль не должен повторять логин или имя."),
        ("Ёлкина2026!!!", "Пароль не должен повторять логин или имя."),
        ("Дарья Ёлкина 1998", "Пароль не должен повторять логин или имя."),
        ("aykayrad-1234", None),
        ("сирень под окном", None),
        ("correct horse battery", None),
    ],
)
def test_a_password_is_long_and_neither_common_nor_ones_own_name(password: str, fault: str | None) -> None:
    assert accounts.password_fault(password, login="elkina.darya", name="Ёлкина Дарья") == fault


def new_user(session: scoped_session[Session], **changed: str) -> User:
    given = {"login": "Petrova.A", "name": " Петрова  Анна ", "role": "clerk", "agency_code": "service"}
    return accounts.add_user(session(), **{**given, "password": "сирень под окном", **changed}, hasher=CHEAP)


def test_a_new_account_has_an_issued_password_and_a_tidy_login(cast: Cast, session: scoped_session[Session]) -> None:
    user = new_user(session)
    assert (user.login, user.name, user.must_change_password) == ("petrova.a", "Петрова Анна", True)
    assert accounts.verify(user.password_hash, "сирень под окном", hasher=CHEAP)
    assert len(user.session_token) >= 32


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"login": "анна"}, "Логин: от 3"),
        ({"login": "a b"}, "Логин: от 3"),
        ({"login": "x" * 41}, "Логин: от 3"),
        ({"login": "anna"}, "Логин «anna» уже занят."),
        ({"name": "  "}, "Имя не может быть пустым."),
        ({"role": "king"}, "Нет роли «king»; есть: clerk, officer, head, coordinator, administrator."),
        ({"agency_code": "nowhere"}, "Нет организации с кодом «nowhere»"),
        ({"password": "короткий"}, "Пароль короче 12 знаков."),
    ],
)
def test_a_wrong_account_is_refused_in_a_sentence(
    cast: Cast, session: scoped_session[Session], changed: dict[str, str], told: str
) -> None:
    with pytest.raises(accounts.AccountError) as refused:
        new_user(session, **changed)
    assert str(refused.value).startswith(told)


def test_an_issued_password_opens_a_shut_account_and_signs_out_everywhere(
    cast: Cast, session: scoped_session[Session]
) -> None:
    fail(session, 5)
    session.refresh(cast.anna)
    token = cast.anna.session_token
    accounts.issue_password(session(), user=cast.anna, password_hash="new")
    session.refresh(cast.anna)
    assert (cast.anna.failed_logins, cast.anna.locked_until, cast.anna.must_change_password) == (0, None, True)
    assert cast.anna.session_token != token


def test_locking_signs_out_and_unlocking_forgets_failures(cast: Cast, session: scoped_session[Session]) -> None:
    token = cast.anna.session_token
    accounts.lock_user(session(), user=cast.anna)
    assert cast.anna.is_locked
    assert cast.anna.session_token != token
    accounts.unlock_user(session(), user=cast.anna)
    session.refresh(cast.anna)
    assert (cast.anna.is_locked, cast.anna.failed_logins, cast.anna.locked_until) == (False, 0, None)
