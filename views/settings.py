"""Reading and checking of settings, and the secrets that the first run makes."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo


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
    try:
        ZoneInfo(config["TZ"])
    except (ValueError, OSError, KeyError):  # A name that is no zone's, or not even a name.
        raise SystemExit(f"TZ: нет часового пояса «{config['TZ']}».") from None


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
