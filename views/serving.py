"""`serve`: everything between a clean checkout and a page in the browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import select

from models.users import User
from services.production_calendar import load_years
from services.regulations.loading import EditedSince, load_shipped
from views import demo_logins, edge, proof
from views.cli_tools import Refusal, transaction
from views.extensions import db
from views.settings import number

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
THREADS = 4
FIRST_STEPS = (
    "База данных пуста. Заведите организацию и администратора: flask --app app agencies add, затем users add; "
    "или загрузите пример: flask --app app demo load."
)


@click.command("serve", help="Подготовить базу данных, при первом запуске заполнить её примером и начать работу.")
@with_appcontext
def serve() -> None:
    port, workers = number("PORT", 5000, least=1, most=65535), number("WEB_WORKERS", 2, least=1, most=64)
    _refuse_taken(port)
    was_empty = prepare()
    _greet(port, demo_logins.lines() if not was_empty else [])  # Loading has just printed them.
    for engine in db.engines.values():
        engine.dispose()
    sys.stdout.flush()
    _run(port, workers)


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise Refusal(f"Порт {port} занят. Выберите другой: PORT={port + 1} make run") from None


def prepare() -> bool:
    """Migrated databases, somebody who can sign in, the day's anchors; was the database empty?"""
    upgrade()
    _load_law()
    with transaction() as session:
        is_empty = session.scalar(select(User.id).limit(1)) is None
    if is_empty and os.environ.get("DATABASE_URL"):
        click.echo(FIRST_STEPS, err=True)  # A database that somebody named is not for inventions.
    elif is_empty:
        _load_demo()
    proof.anchor(edge.today())
    return is_empty


def _load_law() -> None:
    """What is shipped of regulations and of the production calendar; changes made here are never overwritten."""
    with transaction() as session:
        load_years(session)
        try:
            with session.begin_nested():
                load_shipped(session, now=edge.clock(), on=edge.today())
        except EditedSince as error:  # The other regulations are brought up to date all the same.
            click.echo(str(error), err=True)
            load_shipped(session, now=edge.clock(), on=edge.today(), without=error.codes)
            click.echo("Остальные регламенты загружены.", err=True)


def _load_demo() -> None:
    """`demo load` with its defaults, as if it had been typed."""
    group = current_app.cli.commands.get("demo")
    load = group.commands.get("load") if isinstance(group, click.Group) else None
    if load is not None:
        click.echo("База данных пуста: загружаем демонстрационный регион.", err=True)
        load.main(args=[], standalone_mode=False)


def _greet(port: int, accounts: list[list[str]]) -> None:
    click.echo(f"\nМаршрут: http://{HOST}:{port}/")
    if accounts:
        click.echo("Демонстрационный регион, все люди вымышлены. Логин, пароль, кто это:")
        width = max(len(login) for login, _, _ in accounts)
        for login, password, who in accounts:
            click.echo(f"  {login:<{width}}  {password}  {who}")
    click.echo("Остановить: Ctrl+C\n")


def start_worker() -> subprocess.Popen[bytes]:
    """Who makes long files: a process that ends as soon as its input is closed, however this one may end."""
    command = [sys.executable, "-m", "flask", "--app", "app", "jobs", "work", "--beside"]
    worker = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE)
    assert worker.stdin is not None
    os.set_inheritable(worker.stdin.fileno(), True)  # The server that takes the place of this process holds it on.
    return worker


def _run(port: int, workers: int) -> NoReturn:
    os.chdir(ROOT)
    worker = start_worker()
    if sys.platform == "win32":
        from waitress import serve as waitress

        from app import create_app

        try:
            waitress(create_app(), host=HOST, port=port, threads=THREADS * workers)
        finally:
            worker.terminate()
        raise SystemExit
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *gunicorn_arguments(port, workers)])


def gunicorn_arguments(port: int, workers: int) -> list[str]:
    """No access log: our own line per request names no person. A worker's heartbeat lies in memory where it can."""
    arguments = ["app:create_app()", "--bind", f"{HOST}:{port}", "--workers", str(workers)]
    arguments += [
        "--worker-class",
        "gthread",
        "--threads",
        str(THREADS),
        "--timeout",
        "300",
        "--graceful-timeout",
        "20",
    ]
    arguments += ["--max-requests", "20000", "--max-requests-jitter", "2000", "--log-level", "warning"]
    if Path("/dev/shm").is_dir():
        arguments += ["--worker-tmp-dir", "/dev/shm"]
    return arguments


def register(app: Flask) -> None:
    app.cli.add_command(serve)
