"""Settings come from the environment; a wrong one is told at the start in a sentence; secrets are made once."""

import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request

from app import complete_settings, create_app, default_settings
from tests.databases import test_settings as settings_of
from views.settings import MailServer, kept_secret, mail_server, number

NAMES = (
    "DATABASE_URL",
    "DATA_DIR",
    "SECRET_KEY",
    "AUDIT_KEY",
    "MAX_UPLOAD_MB",
    "LOG_LEVEL",
    "BEHIND_PROXY",
    "MAIL_URL",
    "BASE_URL",
    "TZ",
)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def completed(folder: Path, **changed: Any) -> dict[str, Any]:
    app = Flask("settings", instance_path=str(folder))
    app.config.update(default_settings(folder))
    app.config.update(changed)
    complete_settings(app)
    return app.config


def test_without_an_environment_everything_lies_in_instance(tmp_path: Path) -> None:
    config = completed(tmp_path)
    assert config["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path / 'marshrut.sqlite'}"
    assert config["DATA_DIR"] == str(tmp_path / "data")
    assert (config["MAX_UPLOAD_MB"], config["BEHIND_PROXY"], config["TZ"]) == (25, 0, "Europe/Moscow")
    assert config["LOG_LEVEL"] == "INFO"
    assert config["SESSION_COOKIE_HTTPONLY"]
    assert config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_the_environment_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://u@h/d")
    monkeypatch.setenv("SECRET_KEY", "s")
    monkeypatch.setenv("MAX_UPLOAD_MB", "3")
    monkeypatch.setenv("LOG_LEVEL", "debug")
    monkeypatch.setenv("TZ", "Asia/Krasnoyarsk")
    config = completed(tmp_path)
    assert config["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://u@h/d"
    assert config["MAX_CONTENT_LENGTH"] == 4 * 1024 * 1024
    assert (config["LOG_LEVEL"], config["TZ"], config["AUDIT_KEY"]) == ("DEBUG", "Asia/Krasnoyarsk", "audit:s")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DATABASE_URL", "mysql://x", "DATABASE_URL должен начинаться с sqlite:/// или postgresql+psycopg://."),
        ("DATABASE_URL", "postgresql+psycopg://u@h/d", "Задайте SECRET_KEY"),
        ("MAX_UPLOAD_MB", "много", "MAX_UPLOAD_MB: нужно число"),
        ("MAX_UPLOAD_MB", "-1", "MAX_UPLOAD_MB: нужно число"),
        ("BEHIND_PROXY", "yes", "BEHIND_PROXY: нужно число"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL может быть DEBUG, INFO, WARNING, ERROR или CRITICAL."),
        ("TZ", "Europe/Atlantis", "TZ: нет часового пояса «Europe/Atlantis»."),
        ("TZ", "/etc/passwd", "TZ: нет часового пояса «/etc/passwd»."),
        ("TZ", "../x", "TZ: нет часового пояса «../x»."),
        ("MAIL_URL", "mail.example.ru", "MAIL_URL должен начинаться с smtp:// или smtps://"),
        ("MAIL_URL", "imap://a:b@mail.example.ru", "MAIL_URL должен начинаться с smtp:// или smtps://"),
        ("MAIL_URL", "smtp://mail.example.ru:почта?from=a@b.ru", "MAIL_URL: порт должен быть числом"),
        ("MAIL_URL", "smtp://mail.example.ru", "MAIL_URL: укажите адрес отправителя"),
        ("MAIL_URL", "smtps://robot:secret@mail.example.ru", "MAIL_URL: укажите адрес отправителя"),
        ("MAIL_URL", "smtps://robot@mail.example.ru?from=a@b.ru", "MAIL_URL: имя и пароль указываются вместе"),
        ("BASE_URL", "marshrut.example.ru", "BASE_URL: нужен адрес установки"),
        ("BASE_URL", "https://marshrut.example.ru/?a=1", "BASE_URL: нужен адрес установки"),
    ],
)
def test_a_wrong_setting_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as refused:
        completed(tmp_path)
    assert str(refused.value).startswith(told)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost?from=a@b.ru", MailServer("localhost", 25, "a@b.ru")),
        ("smtps://a%40b.ru:p%2Fw@h", MailServer("h", 465, "a@b.ru", "a@b.ru", "p/w", is_tls=True)),
        ("smtp://robot:pw@h:587?from=a@b.ru", MailServer("h", 587, "a@b.ru", "robot", "pw")),
    ],
)
def test_a_mail_server_is_written_as_an_address(url: str, server: MailServer) -> None:
    assert mail_server(url) == server
    assert "pw" not in repr(server)


def test_the_own_address_has_no_slash_at_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE_URL", " https://marshrut.example.ru/ ")
    assert completed(tmp_path)["BASE_URL"] == "https://marshrut.example.ru"


@pytest.mark.parametrize("text", ["0", "65536", "x", "99999999999999999999", "²"])
def test_a_number_has_its_bounds(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(SystemExit):
        number("PORT", 5000, least=1, most=65535)


def test_secrets_are_made_once_and_read_by_their_owner_only(tmp_path: Path) -> None:
    first, second = completed(tmp_path), completed(tmp_path)
    assert first["SECRET_KEY"] == second["SECRET_KEY"] != first["AUDIT_KEY"] == second["AUDIT_KEY"]
    assert len(first["SECRET_KEY"]) == 64
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_processes_that_start_at_once_read_one_secret(tmp_path: Path) -> None:
    read: list[str] = []
    start = threading.Barrier(16)

    def begin() -> None:
        start.wait()
        read.append(kept_secret(tmp_path / "deep" / "key"))

    threads = [threading.Thread(target=begin) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read) == 16
    assert len(set(read)) == 1
    assert len(read[0]) == 64
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["key"]


@pytest.mark.parametrize(("hops", "seen", "is_secure"), [(0, "127.0.0.1", False), (1, "10.2.2.2", True)])
def test_a_proxy_is_believed_only_where_one_stands(tmp_path: Path, hops: int, seen: str, is_secure: bool) -> None:
    app = create_app({**settings_of(f"sqlite:///{tmp_path / 'x.sqlite'}", tmp_path), "BEHIND_PROXY": hops})
    found: list[str] = []
    app.before_request_funcs[None] = [lambda: found.append(f"{request.remote_addr} {request.scheme}")]
    app.test_client().get("/healthz", headers={"X-Forwarded-For": "10.1.1.1, 10.2.2.2", "X-Forwarded-Proto": "https"})
    assert found == [f"{seen} {'https' if is_secure else 'http'}"]
    assert app.config["SESSION_COOKIE_SECURE"] is is_secure
