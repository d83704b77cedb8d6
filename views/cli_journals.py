"""`journals print`: a numbered journal of an organisation as a file."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from models.audit import AccessKind
from models.context import Actor
from services import audit, reporting
from services import journals as services
from services.errors import Refused
from services.numbering import EARLIEST
from views import edge
from views.cli_tools import ACTOR, Refusal, need, reading
from views.database import access_connection, audit_key
from views.formats import counted

journals = AppGroup("journals", help="Журналы регистрации.")


@journals.command("print", help="Записать журнал организации за год в файл .xlsx, с обложкой.")
@click.argument("code")
@click.option("--agency", help="Код организации.")
@click.option("--year", help="Год журнала.")
@click.option("--out", help="Файл .xlsx.")
@click.option("--volume", help="Номер тома; по умолчанию весь год.")
@click.option("--rows", default=str(services.VOLUME_ROWS), help="Записей в томе.")
def print_journal(
    code: str, agency: str | None, year: str | None, out: str | None, volume: str | None, rows: str
) -> None:
    try:
        paper = services.find_paper(code)
    except Refused as refusal:
        raise Refusal(str(refusal), 2) from None
    agency_code, kept_in, path = need(agency, "--agency КОД"), _year(year), _path(out)
    number = _number("--volume", volume) if volume is not None else None
    size = _number("--rows", rows)
    with reading() as session:
        try:
            whose = services.find_agency(session, code=agency_code)
            book = services.book_of(session, agency=whose, year=kept_in, on=edge.today())
            if number is not None:
                book = services.volume_of(book, volume=number, rows=size)
            viewer = reporting.agency_viewer(session, agency=whose, today=edge.today())
            _log(code, whose.code, kept_in, path.name)
            count = services.save_journal(session, paper=paper, viewer=viewer, book=book, volume=number, path=path)
        except Refused as refusal:
            raise Refusal(str(refusal)) from None
    click.echo(f"{path}: {counted(count, 'строка', 'строки', 'строк')}.", err=True)


def _year(text: str | None) -> int:
    given = need(text, "--year ГОД")
    last = edge.today().year + 1
    if not (given.isascii() and given.isdecimal() and len(given) == 4 and EARLIEST <= int(given) <= last):
        raise Refusal(f"Год «{given}» не подходит: укажите год с {EARLIEST} по {last}.", 2)
    return int(given)


def _number(option: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:10]) <= 100_000):
        raise Refusal(f"{option}: нужно целое число от 1.", 2)
    return int(text)


def _path(out: str | None) -> Path:
    path = Path(need(out, "--out ФАЙЛ"))
    if path.suffix.lower() != ".xlsx":
        raise Refusal("Укажите файл с расширением .xlsx.", 2)
    if not path.parent.is_dir():
        raise Refusal(f"Папки «{path.parent}» нет.")
    return path


def _log(code: str, agency: str, year: int, file_name: str) -> None:
    with access_connection() as connection:
        audit.record_access(
            connection,
            key=audit_key(),
            actor=Actor(edge.clock(), name=ACTOR),
            kind=AccessKind.PRINTED,
            subject="journal",
            payload={"journal": code, "agency": agency, "year": year, "file": file_name},
        )


def register(app: Flask) -> None:
    app.cli.add_command(journals)
