"""`users`: accounts from the command line."""

import sys

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.users import User
from services import accounts
from views.auth import hasher
from views.cli_tools import Refusal, need, print_json, transaction
from views.database import reading_only

users = AppGroup("users", help="Учётные записи.")


@users.command("add", help="Завести учётную запись с выданным паролем: его меняют при первом входе.")
@click.argument("login", required=False)
@click.option("--name", help="Фамилия, имя, отчество.")
@click.option("--role", help="clerk, officer, head, coordinator или administrator.")
@click.option("--agency", help="Код организации.")
@click.option("--password-stdin", is_flag=True, help="Прочитать пароль из стандартного ввода.")
def add(login: str | None, name: str | None, role: str | None, agency: str | None, password_stdin: bool) -> None:
    login, name = need(login, "LOGIN"), need(name, "--name")
    role, agency = need(role, "--role"), need(agency, "--agency")
    if not password_stdin:
        raise Refusal("Укажите --password-stdin и передайте пароль через стандартный ввод.", 2)
    password = sys.stdin.readline().rstrip("\r\n")
    with transaction() as session:
        user = accounts.add_user(
            session, login=login, name=name, role=role, agency_code=agency, password=password, hasher=hasher()
        )
        said = f"Учётная запись «{user.login}» заведена: {user.role_label}, {user.agency.short_name}."
    click.echo(said, err=True)


@users.command("list", help="Все учётные записи.")
@click.option("--json", "as_json", is_flag=True, help="Один документ JSON.")
def show(as_json: bool) -> None:
    reading_only(True)
    with transaction() as session:
        found = session.scalars(select(User).options(joinedload(User.agency)).order_by(User.login)).all()
        rows = [_row(user) for user in found]
    reading_only(False)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        state = "закрыта" if row["is_locked"] else ""
        click.echo(
            "\t".join([str(row["login"]), str(row["name"]), str(row["role"]), str(row["agency"]), state]).rstrip()
        )


def _row(user: User) -> dict[str, object]:
    return {
        "login": user.login,
        "name": user.name,
        "role": user.role.value,
        "agency": user.agency.code,
        "is_locked": user.is_locked,
        "must_change_password": user.must_change_password,
        "last_login_at": user.last_login_at.isoformat() if user.last_login_at else None,
    }


@users.command("lock", help="Закрыть учётную запись: кто вошёл, выходит сразу.")
@click.argument("login", required=False)
def lock(login: str | None) -> None:
    with transaction() as session:
        user = accounts.find_user(session, login=need(login, "LOGIN"))
        accounts.lock_user(session, user=user)
        said = f"Учётная запись «{user.login}» закрыта."
    click.echo(said, err=True)


@users.command("unlock", help="Открыть учётную запись и забыть неудачные попытки входа.")
@click.argument("login", required=False)
def unlock(login: str | None) -> None:
    with transaction() as session:
        user = accounts.find_user(session, login=need(login, "LOGIN"))
        accounts.unlock_user(session, user=user)
        said = f"Учётная запись «{user.login}» открыта."
    click.echo(said, err=True)


def register(app: Flask) -> None:
    app.cli.add_command(users)
