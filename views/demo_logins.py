"""Logins and issued passwords of the demonstration region, as `demo load` leaves them in instance/."""

from pathlib import Path

from flask import current_app

FILE = "demo-logins.txt"  # One account on a line: login, password, who it is; tabs between them.


def path() -> Path:
    return Path(current_app.instance_path) / FILE


def lines() -> list[list[str]]:
    """What the file says: [login, password, who]; nothing where there is no file."""
    try:
        text = path().read_text(encoding="utf-8")
    except OSError:
        return []
    return [[*line.split("\t"), "", ""][:3] for line in text.splitlines() if line.strip() and "\t" in line]


def shown() -> list[tuple[str, str]]:
    """For the sign-in page: (login, who); passwords are printed when the server starts."""
    return [(login, who) for login, _, who in lines()]
