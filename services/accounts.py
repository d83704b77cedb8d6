"""Accounts: signing in, passwords, lockout.

An attempt to sign in is charged as a failure before its password is looked at, and pardoned when the password was
right. So attempts made at the same moment are all counted, and the caller holds no lock while it verifies.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from models.territory import Agency
from models.users import LoginFailure, Role, User
from services.audit import record_action

HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)

FAILURES_OF_ACCOUNT = 5
FIRST_LOCKOUT = timedelta(minutes=15)
LONGEST_LOCKOUT = timedelta(hours=24)
FAILURES_OF_ADDRESS = 30
ADDRESS_WINDOW = timedelta(minutes=15)

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LEAST_DIFFERENT_SIGNS = 5
PASSWORD_RULES = "Не короче 12 знаков. Подойдёт фраза из нескольких слов."
# Long enough for the rule, and the first to be guessed.
COMMON = frozenset(
    (
        "123456789012",
        "1234567890123",
        "12345678901234",
        "123456789123",
        "987654321098",
        "012345678901",
        "112233445566",
        "qwertyuiop123",
        "qwerty123456",
        "123456qwerty",
        "qwertyuiopasd",
        "qwertyqwerty",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "qazwsxedcrfv",
        "password1234",
        "passwordpassword",
        "password12345",
        "adminadmin12",
        "administrator",
        "administrator1",
        "letmeinletmein",
        "iloveyou1234",
        "йцукенгшщзхъ",
        "йцукен123456",
        "123456йцукен",
        "парольпароль",
        "пароль123456",
        "администратор",
        "администратор1",
        "пароль1234567",
    )
)
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,38}[a-z0-9]")


class AccountError(ValueError):
    """What was asked of an account cannot be done; the text is a Russian sentence for the user."""


class TooManyFailures(Exception):
    """Too many failed attempts from one address."""


@dataclass(frozen=True)
class Attempt:
    """A charged attempt to sign in; `user_id` is None for an unknown login."""

    failure_id: int
    user_id: int | None = None
    password_hash: str = ""
    is_open: bool = False  # The account may be signed in to: neither locked nor shut for a while.


# -- Signing in ------------------------------------------------------------------------------------------------------


def begin_attempt(session: Session, *, login: str, address: str, now: datetime) -> Attempt:
    """Charge an attempt to its account and its address; raises TooManyFailures."""
    recent = select(func.count()).where(LoginFailure.address == address, LoginFailure.at > now - ADDRESS_WINDOW)
    if session.scalar(recent) >= FAILURES_OF_ADDRESS:  # type: ignore[operator]
        raise TooManyFailures
    session.execute(
        delete(LoginFailure).where(LoginFailure.address == address, LoginFailure.at <= now - ADDRESS_WINDOW)
    )
    added = session.execute(insert(LoginFailure).values(address=address, at=now).returning(LoginFailure.id))
    failure_id = added.scalar_one()
    columns = (User.id, User.password_hash, User.failed_logins, User.locked_until, User.is_locked)
    found = session.execute(select(*columns).where(User.login == normal_login(login)).with_for_update(of=User)).first()
    if found is None:
        return Attempt(failure_id)
    is_open = not found.is_locked and (found.locked_until is None or found.locked_until <= now)
    if is_open:
        failures = found.failed_logins + 1
        _set(session, found.id, failed_logins=failures, locked_until=_locked_until(failures, now))
    return Attempt(failure_id, found.id, found.password_hash, is_open)


def normal_login(login: str) -> str:
    return login.replace("\0", "").strip().lower()


def _locked_until(failures: int, now: datetime) -> datetime | None:
    """The fifth failure in a row shuts the account for a quarter of an hour, each further one for twice as long."""
    if failures < FAILURES_OF_ACCOUNT:
        return None
    doublings = min(failures - FAILURES_OF_ACCOUNT, 10)
    return now + min(FIRST_LOCKOUT * (1 << doublings), LONGEST_LOCKOUT)


def _set(session: Session, user_id: int, **values: object) -> None:
    """Bookkeeping of sign-ins: not a change of the record, so neither its version nor the audit notice it."""
    session.execute(
        update(User).where(User.id == user_id).values(**values), execution_options={"synchronize_session": False}
    )


def password_is_right(attempt: Attempt, password: str, *, hasher: PasswordHasher = HASHER) -> bool:
    """Verify, in the same time whether the login is known, shut or neither. Call it outside a transaction."""
    known = attempt.password_hash or _nobodys_hash(hasher)
    return verify(known, password, hasher=hasher) and attempt.is_open


def verify(password_hash: str, password: str, *, hasher: PasswordHasher = HASHER) -> bool:
    try:
        return hasher.verify(password_hash, password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=4)
def _nobodys_hash(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_hex(16))


def better_hash(attempt: Attempt, password: str, *, hasher: PasswordHasher = HASHER) -> str | None:
    """A new hash of a right password where the old one was made with other parameters."""
    return hasher.hash(password) if hasher.check_needs_rehash(attempt.password_hash) else None


def pardon(session: Session, *, attempt: Attempt, now: datetime, new_hash: str | None = None) -> None:
    """The password was right: take the charge back and note the sign-in."""
    values: dict[str, object] = {"failed_logins": 0, "locked_until": None, "last_login_at": now}
    if new_hash:
        values["password_hash"] = new_hash
    _set(session, attempt.user_id or 0, **values)
    session.execute(delete(LoginFailure).where(LoginFailure.id == attempt.failure_id))


# -- Passwords -------------------------------------------------------------------------------------------------------


def password_fault(password: str, *, login: str, name: str) -> str | None:
    """Why a password is not good enough, as a sentence; None: it is."""
    folded = password.strip().lower().replace("ё", "е")
    if len(password.strip()) < SHORTEST_PASSWORD:
        return f"Пароль короче {SHORTEST_PASSWORD} знаков."
    if len(password) > LONGEST_PASSWORD:
        return f"Пароль длиннее {LONGEST_PASSWORD} знаков."
    if folded in COMMON or len(set(folded)) < LEAST_DIFFERENT_SIGNS:
        return "Такой пароль подбирают первым: придумайте другой."
    if _letters(folded) in _own_words(login, name):
        return "Пароль не должен повторять логин или имя."
    return None


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text.lower().replace("ё", "е"))


def _own_words(login: str, name: str) -> set[str]:
    """The login, the name and their parts, each once or twice over, forwards and backwards."""
    words = {_letters(word) for word in (login, name, *re.split(r"[\W\d_]+", login), *name.split())}
    words |= {_letters(login + name), _letters(name + login), "".join(map(_letters, reversed(name.split())))}
    words.discard("")
    return {form for word in words for form in (word, word * 2, word[::-1])}


def set_own_password(session: Session, *, user: User, password_hash: str) -> None:
    """The user's own new password: it signs out everywhere."""
    user.password_hash = password_hash
    user.must_change_password = False
    sign_out_everywhere(session, user=user)
    _note(session, user, "сменён собственный пароль")


def issue_password(session: Session, *, user: User, password_hash: str) -> None:
    """A password given by somebody else: to be changed at the first sign-in; earlier failures are forgotten."""
    user.password_hash = password_hash
    user.must_change_password = True
    user.locked_until = None
    _set(session, user.id, failed_logins=0)
    sign_out_everywhere(session, user=user)
    _note(session, user, "выдан новый пароль")


def _note(session: Session, user: User, what: str) -> None:
    """The history keeps no secrets, but that there is a new one it does keep."""
    record_action(session, subject="user_account", subject_id=user.id, payload={"action": [None, what]})


def sign_out_everywhere(session: Session, *, user: User) -> None:
    """Every session carries the token that it was opened with."""
    user.session_token = secrets.token_urlsafe(32)
    session.flush()


# -- Accounts --------------------------------------------------------------------------------------------------------


def add_user(
    session: Session,
    *,
    login: str,
    name: str,
    role: str,
    agency_code: str,
    password: str,
    hasher: PasswordHasher = HASHER,
) -> User:
    """A new account with an issued password; raises AccountError."""
    login, name = normal_login(login), " ".join(name.split())
    if not LOGIN.fullmatch(login):
        raise AccountError("Логин: от 3 до 40 латинских букв, цифр, точек, дефисов; начинается с буквы или цифры.")
    if not name:
        raise AccountError("Имя не может быть пустым.")
    if role not in [member.value for member in Role]:
        raise AccountError(f"Нет роли «{role}»; есть: {_listed([member.value for member in Role])}.")
    agency = session.scalar(select(Agency).where(Agency.code == agency_code))
    if agency is None:
        raise AccountError(f"Нет организации с кодом «{agency_code}». Коды показывает команда agencies list.")
    if session.scalar(select(User.id).where(User.login == login)) is not None:
        raise AccountError(f"Логин «{login}» уже занят.")
    if fault := password_fault(password, login=login, name=name):
        raise AccountError(fault)
    user = User(
        login=login,
        name=name,
        role=next(member for member in Role if member.value == role),
        agency=agency,
        password_hash=hasher.hash(password),
        session_token=secrets.token_urlsafe(32),
        must_change_password=True,
    )
    session.add(user)
    session.flush()
    return user


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)


def find_user(session: Session, *, login: str) -> User:
    """Raises AccountError."""
    user = session.scalar(select(User).where(User.login == normal_login(login)))
    if user is None:
        raise AccountError(f"Нет учётной записи «{login}».")
    return user


def lock_user(session: Session, *, user: User) -> None:
    """The account stays for its records; nobody signs in to it, and whoever is in is out at once."""
    user.is_locked = True
    sign_out_everywhere(session, user=user)


def unlock_user(session: Session, *, user: User) -> None:
    """Also ends a lockout after failures."""
    user.is_locked = False
    user.locked_until = None
    _set(session, user.id, failed_logins=0)
    session.flush()
