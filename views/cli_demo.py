"""`demo`: an invented region to look at and to measure with."""

import os
from datetime import date, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from services import demo as region
from views import demo_logins, edge
from views.auth import hasher
from views.cli_tools import Refusal, transaction

MARKER = "demo"
EVERY = 50_000  # People between two lines of progress.

demo = AppGroup("demo", help="Демонстрационный регион: все люди вымышлены.")


@demo.command("load", help="Заполнить пустую базу данных вымышленными людьми и организациями.")
@click.option("--graduates", default="400", show_default=True, help="Сколько выпускников.")
@click.option("--seed", default="1", show_default=True, help="Другое число – другие люди.")
@click.option("--on", default=None, help="День ГГГГ-ММ-ДД, на который составлены сведения; обычно сегодня.")
def load(graduates: str, seed: str, on: str | None) -> None:
    count, start = _whole(graduates, "--graduates", 0, region.MOST), _whole(seed, "--seed", 0, 2**63)
    day = _day(on)
    with transaction() as session:
        try:
            result = region.load(
                session=session,
                now=edge.clock(),
                on=day,
                graduates=count,
                seed=start,
                hasher=hasher(),
                progress=_say_progress,
                folder=Path(current_app.config["DATA_DIR"]),
            )
        except region.DatabaseNotEmpty as error:
            raise Refusal(str(error)) from error
    _show(result.logins)  # First of all: the passwords are known to nobody else.
    _leave_files(result.logins)
    click.echo(f"Организаций: {result.agencies}, выпускников: {result.graduates}.", err=True)


def _whole(value: str, option: str, least: int, most: int) -> int:
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise Refusal(f"{option}: нужно целое число не меньше {least} и не больше {most}.", 2)
    return int(value)


def _day(value: str | None) -> date:
    if value is None:
        return edge.today()
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            day = datetime.strptime(value, pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
        if date(2022, 3, 1) <= day <= date(2060, 12, 31):
            return day
        raise Refusal("--on: день должен быть не раньше 01.03.2022 и не позже 31.12.2060.", 2)
    raise Refusal("--on: нужна дата вида 2026-10-01.", 2)


def _say_progress(done: int) -> None:
    if done % EVERY == 0:
        click.echo(f"Выпускников: {done}", err=True)


def _who(login: region.Login) -> str:
    return f"{login.name}, {login.role.label}, {login.agency}"


def _show(logins: list[region.Login]) -> None:
    width = max(len(login.login) for login in logins)
    click.echo("Логин, пароль, кто это (пароли выданы случайно, менять их при входе не нужно):", err=True)
    for login in logins:
        click.echo(f"  {login.login:<{width}}  {login.password}  {_who(login)}", err=True)


def _leave_files(logins: list[region.Login]) -> None:
    """The logins, readable by the owner of the installation only; the marker that shows the banner."""
    path = demo_logins.path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{login.login}\t{login.password}\t{_who(login)}\n" for login in logins)
    (Path(current_app.instance_path) / MARKER).touch()


def register(app: Flask) -> None:
    app.cli.add_command(demo)
