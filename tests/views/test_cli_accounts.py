"""`users` and `agencies`: JSON on standard output, one Russian sentence on standard error, never a traceback."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app import create_app
from models.audit import AuditEvent
from models.users import User
from services import accounts
from tests.databases import test_settings as settings_of
from tests.factories import build_cast
from tests.fresh import fresh_app
from views.extensions import db

ADD = [
    "users",
    "add",
    "Petrova.A",
    "--name",
    "Петрова Анна",
    "--role",
    "clerk",
    "--agency",
    "service",
    "--password-stdin",
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Flask]:
    with fresh_app(request.param, tmp_path_factory.mktemp("cli"), f"{worker_id}_cli") as app:
        build_cast(db.session())
        db.session.commit()
        yield app


def run(app: Flask, *words: str, given: str = "") -> Result:
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=list(words), input=given)
    db.session.rollback()
    return result


def refusal(result: Result) -> str:
    """The one sentence of a refused command."""
    assert result.exit_code != 0
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    return result.stderr.strip()


def changed(*replaced: str) -> list[str]:
    """ADD with another value of an option."""
    words = list(ADD)
    words[words.index(replaced[0]) + 1] = replaced[1]
    return words


def test_an_account_is_added_with_an_issued_password_and_audited(own_app: Flask) -> None:
    result = run(own_app, *ADD, given="сирень под окном\n")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "Учётная запись «petrova.a» заведена: специалист, Служба «Перекрёсток».\n"
    user = db.session.scalars(select(User).where(User.login == "petrova.a")).one()
    assert accounts.verify(user.password_hash, "сирень под окном")
    assert user.must_change_password
    last = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
    assert (last.subject, last.subject_id, last.user_name) == ("user_account", user.id, "командная строка")
    assert refusal(run(own_app, *ADD, given="сирень под окном\n")) == "Логин «petrova.a» уже занят."


@pytest.mark.parametrize(
    ("words", "password", "told"),
    [
        (changed("--agency", "nowhere"), "сирень под окном", "Нет организации с кодом «nowhere»"),
        (changed("--role", "king"), "сирень под окном", "Нет роли «king»"),
        (changed("--name", " "), "сирень под окном", "Укажите --name."),
        (ADD[:2], "", "Укажите LOGIN."),
        (ADD[:3], "", "Укажите --name."),
        (ADD[:5], "", "Укажите --role."),
        (ADD[:-1], "", "Укажите --password-stdin"),
        (ADD, "", "Пароль короче 12 знаков."),
        (ADD, "короткий\n", "Пароль короче 12 знаков."),
    ],
)
def test_a_wrong_account_is_refused_in_a_sentence(own_app: Flask, words: list[str], password: str, told: str) -> None:
    words = ["new.login" if word == "Petrova.A" else word for word in words]
    assert refusal(run(own_app, *words, given=password)).startswith(told)
    assert db.session.scalar(select(User.id).where(User.login == "new.login")) is None


def test_accounts_are_listed(own_app: Flask) -> None:
    result = run(own_app, "users", "list", "--json")
    rows = {row["login"]: row for row in json.loads(result.stdout)}
    assert rows["boris"] == {
        "login": "boris",
        "name": "Борис Опекин",
        "role": "officer",
        "agency": "opeka-sokol",
        "is_locked": False,
        "must_change_password": False,
        "last_login_at": None,
    }
    assert result.stderr == ""
    assert "boris\tБорис Опекин\tofficer\topeka-sokol\n" in run(own_app, "users", "list").stdout


def test_an_account_is_locked_and_unlocked(own_app: Flask) -> None:
    token = db.session.scalar(select(User.session_token).where(User.login == "vera"))
    assert run(own_app, "users", "lock", "vera").exit_code == 0
    vera = db.session.scalars(select(User).where(User.login == "vera")).one()
    assert vera.is_locked
    assert vera.session_token != token
    assert run(own_app, "users", "unlock", "vera").exit_code == 0
    db.session.refresh(vera)
    assert not vera.is_locked
    assert refusal(run(own_app, "users", "lock", "nobody")) == "Нет учётной записи «nobody»."


def agencies(app: Flask, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(app, "agencies", "list", "--json", *words).stdout)
    return found


def test_agencies_are_listed_with_their_districts(own_app: Flask) -> None:
    rows = agencies(own_app)
    assert [row["code"] for row in rows] == ["centre", "department", "opeka-sokol", "opeka-totma", "service"]
    assert rows[2] == {"code": "opeka-sokol", "name": "opeka-sokol", "kind": "guardianship", "districts": ["sokol"]}
    assert [row["code"] for row in agencies(own_app, "--kind", "guardianship")] == ["opeka-sokol", "opeka-totma"]
    assert agencies(own_app, "--kind", "foundation") == []
    assert "opeka-sokol\topeka-sokol\tguardianship\tsokol\n" in run(own_app, "agencies", "list").stdout
    assert refusal(run(own_app, "agencies", "list", "--kind", "circus")).startswith("Нет вида «circus»; есть: ")


@pytest.mark.parametrize(
    "words", [["users", "list"], ["agencies", "list", "--json"], ["audit", "verify"], ["users", "lock", "x"]]
)
def test_a_database_without_tables_names_the_command(tmp_path: Path, words: list[str]) -> None:
    app = create_app(settings_of(f"sqlite:///{tmp_path / 'none.sqlite'}", tmp_path))
    with app.app_context():
        told = refusal(app.test_cli_runner().invoke(args=words))
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    assert told == "База данных не готова: выполните flask --app app db upgrade"


def test_an_unreachable_database_is_told(tmp_path: Path) -> None:
    app = create_app(settings_of(f"sqlite:///{tmp_path / 'no' / 'folder.sqlite'}", tmp_path))
    with app.app_context():
        told = refusal(app.test_cli_runner().invoke(args=["users", "list"]))
        db.session.remove()
    assert told == "База данных не отвечает или занята. Проверьте DATABASE_URL и повторите."


def test_a_fault_of_ours_is_told_without_a_traceback(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Ёлкина Дарья")

    monkeypatch.setattr(accounts, "find_user", broken)
    result = run(own_app, "users", "lock", "anna")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "Внутренняя ошибка: команда не выполнена, ничего не сохранено."
    assert "Ёлкина" not in result.output


def test_a_real_region_begins_with_a_district_an_agency_and_an_administrator(own_app: Flask) -> None:
    assert (
        run(own_app, "districts", "add", "kharovsk", "--name", "Харовский округ", "--locality", "Харовск").exit_code
        == 0
    )
    words = ["agencies", "add", "opeka-kharovsk", "--kind", "guardianship", "--name", "Опека Харовского округа"]
    assert run(own_app, *words, "--district", "kharovsk").exit_code == 0
    listed = json.loads(run(own_app, "agencies", "list", "--kind", "guardianship", "--json").stdout)
    assert listed[0] == {
        "code": "opeka-kharovsk",
        "name": "Опека Харовского округа",
        "kind": "guardianship",
        "districts": ["kharovsk"],
    }
    assert "уже" in refusal(run(own_app, *words))
    assert "Нет района с кодом «nowhere»" in refusal(run(own_app, *words, "--district", "nowhere"))
    assert refusal(run(own_app, *[*words[:4], "circus", *words[5:]])).startswith("Нет вида «circus»")
    whole = [*words[:2], "opeka-2", *words[3:], "--sees-whole-region"]
    assert "регион" in refusal(run(own_app, *whole))
