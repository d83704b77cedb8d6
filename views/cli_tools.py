"""What all commands share: one transaction, one sentence instead of a traceback, JSON on standard output."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click
from flask import current_app
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from models.context import Actor, act_as
from services.accounts import AccountError
from views import edge
from views.constraints import is_missing_table, message_for
from views.database import reading_only
from views.extensions import db
from views.logs import describe

NOT_READY = "База данных не готова: выполните flask --app app db upgrade"
NO_ANSWER = "База данных не отвечает или занята. Проверьте DATABASE_URL и повторите."
ACTOR = "командная строка"


class Refusal(click.ClickException):
    """A command cannot be done: its sentence goes to standard error, the exit code is `exit_code`."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


@contextmanager
def transaction() -> Iterator[Session]:
    """The edge of a command: the system acts, now; one commit at the end, nothing on an error."""
    session = db.session()
    act_as(session, Actor(edge.clock(), name=ACTOR))
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def reading() -> Iterator[Session]:
    """A transaction of a command that only reads."""
    reading_only(True)
    try:
        with transaction() as session:
            yield session
    finally:
        reading_only(False)


def need(value: str | None, option: str) -> str:
    """The value of an option that has to be given."""
    if value is None or not value.strip():
        raise Refusal(f"Укажите {option}.", 2)
    return value


def print_json(document: Any) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def sentence(error: Exception) -> str | None:
    """What an expected error means to whoever runs a command; None for an unexpected one."""
    if isinstance(error, AccountError):
        return str(error)
    if isinstance(error, IntegrityError):
        return message_for(error)[1]
    if isinstance(error, DBAPIError) and is_missing_table(error):
        return NOT_READY
    if isinstance(error, OperationalError | ProgrammingError):
        return NO_ANSWER
    if isinstance(error, OSError):
        return f"Не удалось прочитать или записать файл {error.filename or ''}".rstrip() + "."
    return None


def _told(command: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            told = sentence(error)
            if told is None:  # A fault of ours: where it happened, without any value.
                current_app.logger.error("%s", describe(type(error), error, error.__traceback__))
                told = "Внутренняя ошибка: команда не выполнена, ничего не сохранено."
            raise Refusal(told) from None

    return run


def guard(command: click.Command) -> None:
    """No command ends in a traceback."""
    if isinstance(command, click.Group):
        for child in command.commands.values():
            guard(child)
    elif command.callback is not None:
        command.callback = _told(command.callback)
