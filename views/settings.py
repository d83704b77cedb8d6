"""Reading and checking of settings, and the secrets that the first run makes."""

import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

PORTS = {"smtp": 25, "smtps": 465}
ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


@dataclass(frozen=True)
class MailServer:
    """Where letters go out: `smtps` is encrypted from the beginning, `smtp` with a password by STARTTLS."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False


def mail_server(url: str) -> MailServer:
    """What MAIL_URL says: smtp://user:password@host:587?from=address; raises SystemExit with a sentence."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SystemExit("MAIL_URL: порт должен быть числом, например smtp://mail.example.ru:25.") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise SystemExit("MAIL_URL должен начинаться с smtp:// или smtps://, например smtps://имя:пароль@сервер.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise SystemExit("MAIL_URL: имя и пароль указываются вместе, smtps://имя:пароль@сервер.")
    sender = parse_qs(parts.query).get("from", [user])[0]
    if not ADDRESS.fullmatch(sender) or not sender.isascii():
        raise SystemExit(
            "MAIL_URL: укажите адрес отправителя, например smtps://имя:пароль@сервер?from=marshrut@example.ru."
        )
    return MailServer(parts.hostname, port or PORTS[parts.scheme], sender, user, password, parts.scheme == "smtps")


def number(name: str, default: int, *, least: int = 0, most: int = 100_000) -> int:
    """A setting of the environment that counts something."""
    text = os.environ.get(name, "").strip() or str(default)
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= most):
        raise SystemExit(f"{name}: нужно число от {least} до {most}, а не «{text}».")
    return int(text)


def check_settings(config: dict[str, Any]) -> None:
    """A wrong setting is told at the start, in a sentence."""
    if not config["SQLALCHEMY_DATABASE_URI"].startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SystemExit("DATABASE_URL должен начинаться с sqlite:/// или postgresql+psycopg://.")
    if config["LOG_LEVEL"] not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        raise SystemExit("LOG_LEVEL может быть DEBUG, INFO, WARNING, ERROR или CRITICAL.")
    if config["MAIL_URL"]:
        mail_server(config["MAIL_URL"])
    if config["BASE_URL"]:
        _check_address(config["BASE_URL"])
    try:
        ZoneInfo(config["TZ"])
    except (ValueError, OSError, KeyError):  # A name that is no zone's, or not even a name.
        raise SystemExit(f"TZ: нет часового пояса «{config['TZ']}».") from None


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise SystemExit("BASE_URL: нужен адрес установки без параметров, например https://marshrut.example.ru.")


def kept_secret(path: Path) -> str:
    """A random secret, made once and kept in a file that only its owner reads.

    The file appears with its content or not at all: of two processes that start at once both read the first one's.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
