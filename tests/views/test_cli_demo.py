"""`demo load` from the command line: what it prints, what it leaves, what it refuses."""

import stat
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.graduates import Graduate
from models.users import User
from services import demo as region
from views import cli_demo, demo_logins, edge


@pytest.fixture
def installation(app: Flask, session: scoped_session[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance folder of the test's own; cheap passwords."""
    monkeypatch.setattr(app, "instance_path", str(tmp_path))
    monkeypatch.setitem(app.config, "PASSWORD_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return tmp_path


def test_demo_load_fills_the_database_and_prints_the_logins(
    app: Flask, session: scoped_session[Session], installation: Path
) -> None:
    result = app.test_cli_runner().invoke(cli_demo.demo, ["load", "--graduates", "12", "--seed", "3"])
    assert result.exit_code == 0, result.output
    assert session.scalar(select(func.count()).select_from(Graduate)) == 12
    assert result.stdout == ""
    assert "выпускников: 12" in result.stderr
    for login in session.scalars(select(User.login)):
        assert f"  {login} " in result.stderr


def test_logins_are_left_in_a_file_for_the_owner_only(
    app: Flask, session: scoped_session[Session], installation: Path
) -> None:
    app.test_cli_runner().invoke(cli_demo.demo, ["load", "--graduates", "1"])
    file = installation / demo_logins.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = demo_logins.lines()
    assert {login for login, _, _ in lines} == set(session.scalars(select(User.login)))
    passwords = {login: password for login, password, _ in lines}
    hasher = app.config["PASSWORD_HASHER"]
    assert all(hasher.verify(user.password_hash, passwords[user.login]) for user in session.scalars(select(User)))
    assert edge.is_demo()


def test_a_second_load_is_refused_and_changes_nothing(
    app: Flask, session: scoped_session[Session], installation: Path
) -> None:
    runner = app.test_cli_runner()
    runner.invoke(cli_demo.demo, ["load", "--graduates", "2"])
    kept = (installation / demo_logins.FILE).read_bytes()
    again = runner.invoke(cli_demo.demo, ["load", "--graduates", "2"])
    assert again.exit_code == 1
    assert again.stderr == "База данных не пуста: демонстрационный регион загружается только в пустую базу.\n"
    assert (installation / demo_logins.FILE).read_bytes() == kept
    assert session.scalar(select(func.count()).select_from(Graduate)) == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--graduates", "много"], "--graduates: нужно целое число"),
        (["--graduates", "-5"], "--graduates: нужно целое число"),
        (["--graduates", "99999999"], f"не больше {region.MOST}"),
        (["--seed", "1.5"], "--seed: нужно целое число"),
        (["--on", "вчера"], "--on: нужна дата"),
        (["--on", "1999-01-01"], "--on: день должен быть"),
    ],
)
def test_wrong_options_are_refused_in_one_sentence(
    app: Flask, session: scoped_session[Session], installation: Path, arguments: list[str], sentence: str
) -> None:
    result = app.test_cli_runner().invoke(cli_demo.demo, ["load", *arguments])
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (installation / demo_logins.FILE).exists()
    assert session.scalar(select(func.count()).select_from(User)) == 0
