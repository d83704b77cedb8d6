"""`graduates import` and `imports undo`: half-year forms loaded from the console."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.imports import ImportBatch
from models.territory import Agency
from services import reporting
from services.importing.errors import UnusableWorkbook
from services.importing.parsed import ParsedForm
from services.importing.rows import read_form
from services.imports.batches import import_file
from services.imports.plan import ImportPlan, plan_import
from services.imports.states import ImportRefused
from services.imports.undoing import undo_import
from views import edge
from views.cli_graduates import graduates
from views.cli_tools import Refusal, need, print_json, transaction
from views.database import reading_only
from views.fields import parse_date
from views.formats import counted

imports = AppGroup("imports", help="Загрузки файлов.")
OUTCOME_LABELS = {
    "create": "новая карточка",
    "update": "изменения",
    "unchanged": "без изменений",
    "duplicate": "повтор",
    "error": "ошибка",
}
ROWS_WITH_ERRORS, UNUSABLE = 1, 2


@graduates.command("import", help="Проверить форму из файла; с --apply загрузить её.")
@click.argument("file")
@click.option("--form", help="Код формы: vologda-appendix-1 или vologda-appendix-2.")
@click.option("--agency", help="Код организации, которая прислала файл.")
@click.option("--on", "day", help="День, на который верны сведения; по умолчанию сегодня.")
@click.option("--apply", "is_applied", is_flag=True, help="Загрузить; без этого ключа файл только проверяется.")
@click.option("--json", "as_json", is_flag=True, help="Один документ JSON.")
def load(file: str, form: str | None, agency: str | None, day: str | None, is_applied: bool, as_json: bool) -> None:
    form, code, on = need(form, "--form КОД"), need(agency, "--agency КОД"), _day(day)
    path = Path(file)
    data = _bytes(path)
    try:
        parsed = read_form(data, file_name=path.name, form=form, on=on, max_bytes=_max_bytes())
    except UnusableWorkbook as reason:
        raise Refusal(f"{path.name}: {reason}", UNUSABLE) from None
    batch, plan, document = _run(code, parsed, data, is_applied)
    if as_json:
        print_json({**document, "batch": batch})
    else:
        _print_rows(document["rows"])
    _tell(plan, batch)
    if plan.has_errors:
        raise click.exceptions.Exit(ROWS_WITH_ERRORS)


def _run(code: str, parsed: ParsedForm, data: bytes, is_applied: bool) -> tuple[int | None, ImportPlan, dict[str, Any]]:
    """Dry run or load, as the agency itself would: whom it does not see, its file does not find."""
    reading_only(not is_applied)
    try:
        with transaction() as session:
            agency = _agency(session, code)
            viewer = reporting.agency_viewer(session, agency=agency, today=edge.today())
            batch: int | None = None
            if is_applied:
                made, plan = import_file(
                    session, viewer=viewer, agency=agency, parsed=parsed, data=data, now=edge.now()
                )
                batch = made.id
            else:
                plan = plan_import(session, viewer=viewer, agency=agency, parsed=parsed)
            return batch, plan, plan.as_json()
    finally:
        reading_only(False)


@imports.command("undo", help="Отменить загрузку, пока её карточки никто не изменил.")
@click.argument("batch_id", metavar="ID")
def undo(batch_id: str) -> None:
    with transaction() as session:
        batch = session.get(ImportBatch, int(batch_id)) if batch_id.isdigit() and len(batch_id) < 10 else None
        if batch is None:
            raise Refusal(f"Нет загрузки № {batch_id}.")
        try:
            count = undo_import(session, batch=batch, now=edge.now())
        except ImportRefused as reason:
            raise Refusal(str(reason)) from None
    click.echo(f"Загрузка № {batch_id} отменена: {counted(count, 'карточка', 'карточки', 'карточек')}.", err=True)


def _bytes(path: Path) -> bytes:
    """The file, unless it is larger than one more byte than may be taken."""
    try:
        with path.open("rb") as file:
            return file.read(_max_bytes() + 1)
    except OSError:
        raise Refusal(f"Файл «{path}» не читается.", UNUSABLE) from None


def _max_bytes() -> int:
    megabytes: int = current_app.config["MAX_UPLOAD_MB"]
    return megabytes * 1024 * 1024


def _day(text: str | None) -> date:
    if text is None:
        return edge.today()
    try:
        return parse_date(text)
    except ValueError:
        raise Refusal(f"Дата «{text}» не читается, нужен вид 2026-10-01.", UNUSABLE) from None


def _agency(session: Session, code: str) -> Agency:
    agency = session.scalar(select(Agency).where(Agency.code == code))
    if agency is None:
        raise Refusal(f"Нет организации с кодом «{code}». Коды показывает команда agencies list.", UNUSABLE)
    return agency


def _print_rows(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        person = row["graduate"] or {}
        name = " ".join(person[part] for part in ("last_name", "first_name", "patronymic") if person.get(part))
        said = [f"{message['column']}: {message['text']}" for message in row["messages"]]
        said += [f"{c['column']}: «{c['old']}» → «{c['new']}»" for c in row.get("changes", ())]
        outcome = OUTCOME_LABELS[row["outcome"]] + (f" строки {row['of_row']}" if "of_row" in row else "")
        click.echo("\t".join([str(row["row"]), outcome, name, " ".join(said)]).rstrip())


def _tell(plan: ImportPlan, batch: int | None) -> None:
    """Messages go to standard error, so that scripts may count on standard output."""
    for note in plan.parsed.notes:
        click.echo(note, err=True)
    counts = ", ".join(f"{OUTCOME_LABELS[outcome]}: {count}" for outcome, count in plan.summary.items() if count)
    done = f"Загружено, загрузка № {batch}" if batch is not None else "Проверено, ничего не изменено"
    click.echo(f"{done}. {counts[:1].upper()}{counts[1:]}.", err=True)


def register(app: Flask) -> None:
    app.cli.add_command(imports)
