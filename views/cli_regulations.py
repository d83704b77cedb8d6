"""`regulations`: packs from files, checked, loaded, and what of their rows is served."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from services.regulations.checking import check_packs
from services.regulations.coverage import Coverage, RowCoverage, Serving, Totals, coverage
from services.regulations.faults import BrokenPacks
from services.regulations.loading import EditedSince, Loaded, load_packs
from services.regulations.pack import Pack
from services.regulations.parsing import read_packs, shipped_files, shipped_packs
from views import edge
from views.cli_tools import Refusal, print_json, transaction
from views.formats import counted

regulations = AppGroup("regulations", help="Пакеты регламентов.")
FILES = click.argument("files", nargs=-1, metavar="[ФАЙЛ…]", type=click.Path(path_type=Path))


@regulations.command("load", help="Загрузить пакеты; без файлов — те, что поставляются с программой.")
@FILES
@click.option("--replace", is_flag=True, help="Заменить файлом и то, что изменено в редакторе.")
@click.option("--note", default="", help="Почему изменён регламент; видно в истории версий.")
def load(files: tuple[Path, ...], replace: bool, note: str) -> None:
    try:
        packs = read_packs(files or shipped_files())
        with transaction() as session:
            loaded = load_packs(
                session,
                packs=packs,
                now=edge.clock(),
                on=edge.today(),
                note=note[:500],
                replace=replace,
                endpoints=_endpoints(),
            )
    except (BrokenPacks, EditedSince) as error:
        raise Refusal(str(error)) from None
    for pack in loaded:
        click.echo(_news(pack), err=True)


@regulations.command("check", help="Проверить пакеты, ничего не загружая; без файлов — поставляемые.")
@FILES
def check(files: tuple[Path, ...]) -> None:
    try:
        packs = read_packs(files or shipped_files())
        check_packs(packs, among=_beside(packs) if files else (), endpoints=_endpoints())
    except BrokenPacks as error:
        raise Refusal(str(error)) from None
    rules, rows = sum(len(pack.rules) for pack in packs), sum(len(pack.rows) for pack in packs)
    click.echo(
        f"Ошибок нет: {counted(len(packs), 'пакет', 'пакета', 'пакетов')}, "
        f"{counted(rules, 'правило', 'правила', 'правил')}, "
        f"{counted(rows, 'строка', 'строки', 'строк')} требований.",
        err=True,
    )


@regulations.command("coverage", help="Чем обеспечена каждая строка требований поставляемых пакетов.")
@click.option("--json", "as_json", is_flag=True, help="Один документ JSON.")
def show_coverage(as_json: bool) -> None:
    try:
        found = coverage(shipped_packs())
    except BrokenPacks as error:
        raise Refusal(str(error)) from None
    if as_json:
        print_json(_document(found))
    else:
        _print(found)
    if found.total.missing:
        raise click.exceptions.Exit(1)


def _endpoints() -> frozenset[str]:
    return frozenset(current_app.view_functions)


def _beside(packs: Sequence[Pack]) -> list[Pack]:
    """The shipped packs that files of one's own will stand beside."""
    codes = {pack.code for pack in packs}
    return [pack for pack in shipped_packs() if pack.code not in codes]


def _news(pack: Loaded) -> str:
    if not pack.is_new:
        return f"{pack.code}: без изменений, версия {pack.number}."
    changes = [("новых", pack.added), ("изменённых", pack.changed), ("прекращённых", pack.ended)]
    told = ", ".join(f"{word} {len(codes)}" for word, codes in changes if codes)
    return f"{pack.code}: версия {pack.number}, правила: {told or 'без изменений'}."


def _print(found: Coverage) -> None:
    for row in found.rows:
        elements = "; ".join(f"{pack}: {element.section} {element.code}" for pack, element in row.elements)
        click.echo(f"{row.row}\t{row.serving.label}\t{elements}".rstrip())
    for code, totals in found.by_regulation().items():
        click.echo(f"{code}: {_counts(totals)}")
    click.echo(_counts(found.total))


def _counts(totals: Totals) -> str:
    counts = zip(Serving, (totals.served, totals.planned, totals.missing), strict=True)
    rows = counted(totals.rows, "строка", "строки", "строк")
    return f"{rows} требований: {', '.join(f'{serving.label} {count}' for serving, count in counts)}"


def _document(found: Coverage) -> dict[str, Any]:
    return {
        "rows": [_row(row) for row in found.rows],
        "regulations": [{"code": code, **_numbers(totals)} for code, totals in found.by_regulation().items()],
        "total": _numbers(found.total),
    }


def _numbers(totals: Totals) -> dict[str, int]:
    return {"rows": totals.rows, "served": totals.served, "planned": totals.planned, "missing": totals.missing}


def _row(row: RowCoverage) -> dict[str, Any]:
    return {
        "row": row.row,
        "regulation": row.regulation,
        "clause": row.clause.number,
        "occurrence": row.clause.occurrence,
        "state": row.serving.value,
        "served_by": [
            {
                "pack": pack,
                "section": element.section,
                "code": element.code,
                "title": element.title,
                "planned": element.is_planned,
            }
            for pack, element in row.elements
        ],
    }


def register(app: Flask) -> None:
    app.cli.add_command(regulations)
