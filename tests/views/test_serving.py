"""`serve`: from an empty folder to a server, and no further where something is in the way."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from models.users import User
from tests.databases import test_settings as settings_of
from views import demo_logins, serving
from views.extensions import db


@pytest.fixture
def new_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An installation that has never run; the server itself is not started."""
    app = create_app(settings_of(f"sqlite:///{tmp_path / 'new.sqlite'}", tmp_path))
    app.config["TODAY"] = None
    app.instance_path = str(tmp_path)
    monkeypatch.setattr(serving, "_run", lambda port, workers: None)
    monkeypatch.setenv("PORT", str(free_port()))
    with app.app_context():
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_first_start_fills_the_database_and_later_ones_leave_it(new_app: Flask) -> None:
    runner = new_app.test_cli_runner()
    first = runner.invoke(args=["serve"])
    assert first.exit_code == 0, first.output
    assert "Маршрут: http://127.0.0.1:" in first.stdout
    login, password, _ = demo_logins.lines()[0]
    assert f"{login} " in first.stderr
    users = db.session.scalar(select(func.count()).select_from(User))
    db.session.remove()
    second = runner.invoke(args=["serve"])
    assert second.exit_code == 0
    assert password in second.stdout
    assert db.session.scalar(select(func.count()).select_from(User)) == users


def test_a_taken_port_is_told_before_anything_is_done(
    new_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        result = new_app.test_cli_runner().invoke(args=["serve"])
    assert result.exit_code == 1
    assert result.stderr == f"Порт {port} занят. Выберите другой: PORT={port + 1} make run\n"
    assert not (tmp_path / "new.sqlite").exists()


def test_the_server_listens_here_only_and_logs_no_addresses() -> None:
    arguments = serving.gunicorn_arguments(5001, 3)
    assert arguments[0] == "app:create_app()"
    assert arguments[arguments.index("--bind") + 1] == "127.0.0.1:5001"
    assert arguments[arguments.index("--workers") + 1] == "3"
    assert "--access-logfile" not in arguments


def test_a_database_that_somebody_named_gets_no_invented_people(
    new_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_app.config["SQLALCHEMY_DATABASE_URI"])
    started = new_app.test_cli_runner().invoke(args=["serve"])
    assert started.exit_code == 0
    assert "agencies add" in started.stderr
    assert db.session.scalar(select(func.count()).select_from(User)) == 0
