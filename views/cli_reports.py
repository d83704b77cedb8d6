"""`reports` and `graduates export`: papers as files, for scripts and cron."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from models.access import Viewer
from models.audit import AccessKind
from models.context import Actor
from models.territory import Agency
from models.users import User
from reports.base import ListReport, Parameters, Report, Timing
from reports.catalogue import REPORTS, find_report
from reports.outputs import FORMATS
from reports.period import BadPeriod, Period
from reports.registry import RegistryParameters
from services import audit, reporting
from services.reporting import ReportRefused
from views import cli_filters, edge
from views.cli_graduates import graduates
from views.cli_tools import ACTOR, Refusal, need, print_json, transaction
from views.database import access_connection, audit_key, reading_only
from views.fields import parse_date
from views.formats import counted

reports = AppGroup("reports", help="Отчёты и утверждённые формы.")


@reports.command("list", help="Коды и названия отчётов.")
@click.option("--json", "as_json", is_flag=True, help="Один документ JSON.")
def show(as_json: bool) -> None:
    if as_json:
        print_json([_described(report) for report in REPORTS.values()])
        return
    for report in REPORTS.values():
        click.echo(f"{report.code}\t{report.title}")


def _described(report: Report) -> dict[str, Any]:
    return {
        "code": report.code,
        "title": report.title,
        "agency_kinds": sorted(kind.value for kind in report.agency_kinds),
        "timing": report.timing.value,
        "columns": [column.heading for column in report.columns] if isinstance(report, ListReport) else [],
        "options": {option.code: [value for value, _ in option.choices] for option in report.options},
        "formats": [kind for kind in FORMATS if kind != "docx" or report.is_signed],
    }


@reports.command("build", help="Составить отчёт организации на день или за период и записать его в файл.")
@click.argument("code")
@click.option("--agency", help="Код организации.")
@click.option("--on", "day", help="День, на который верны сведения; по умолчанию сегодня.")
@click.option("--period", help="Период, для отчётов за период: 2026-H2, 2026-Q4, 2026-11, 2026.")
@click.option("--specialist", help="Логин специалиста, для его отчёта.")
@click.option("--set", "chosen", multiple=True, metavar="ИМЯ=ЗНАЧЕНИЕ", help="Свой параметр отчёта; можно несколько.")
@click.option("--out", help="Файл .xlsx, .docx или .csv.")
def build(
    code: str,
    agency: str | None,
    day: str | None,
    period: str | None,
    specialist: str | None,
    chosen: tuple[str, ...],
    out: str | None,
) -> None:
    report = find_report(code)
    if report is None:
        raise Refusal(f"Нет отчёта «{code}»; есть: {', '.join(REPORTS)}.", 2)
    path, on, span = _path(out), _day(day), _period(report, period)
    if path.suffix.lower() == ".docx" and not report.is_signed:
        raise Refusal(f"«{report.short_title}» бывает только в .xlsx и .csv.", 2)
    if report.is_of_one_agency or agency is not None:
        agency = need(agency, "--agency КОД")
    with _reading() as session:
        whose = _agency(session, report, agency) if agency is not None else None
        viewer = _viewer(session, whose)
        try:
            choices = dict(word.split("=", 1) for word in chosen if "=" in word)
            parameters = reporting.parameters_for(report, agency=whose, on=on, period=span, chosen=choices)
        except ReportRefused as error:
            raise Refusal(str(error), 2) from None
        if report.is_of_specialist and whose is not None:
            parameters = reporting.with_specialist(parameters, _specialist(session, whose, specialist))
        rows = _save(session, report, viewer, parameters, path, agency=whose)
        missing = len(report.left_out(session, viewer, parameters)) if isinstance(report, ListReport) else 0
    _tell(rows, path, missing)


def _period(report: Report, text: str | None) -> Period | None:
    if report.timing is Timing.DAY:
        if text is not None:
            raise Refusal(f"«{report.short_title}» составляется на день: укажите --on вместо --period.", 2)
        return None
    try:
        return Period.parse(text) if text is not None else None
    except BadPeriod as error:
        raise Refusal(str(error), 2) from None


def _specialist(session: Session, agency: Agency, login: str | None) -> User:
    login = need(login, "--specialist ЛОГИН")
    among = reporting.specialists_of(session, agency_id=agency.id)
    found = next((user for user in among if user.login == login), None)
    if found is None:
        raise Refusal(f"В организации «{agency.short_name}» нет специалиста «{login}».")
    return found


@graduates.command("export", help="Выгрузить реестр выпускников в файл.")
@click.option("--out", help="Файл .xlsx или .csv.")
@click.option(
    "--filter", "filters", multiple=True, metavar="ИМЯ=ЗНАЧЕНИЕ", help="Отбор, как в адресе списка; можно несколько."
)
def export(out: str | None, filters: tuple[str, ...]) -> None:
    path = _path(out)
    with _reading() as session:
        try:
            conditions = cli_filters.conditions(filters)
        except cli_filters.UnknownFilter as error:
            raise Refusal(str(error), 2) from None
        parameters = RegistryParameters(on=edge.today(), filters=tuple(conditions))
        viewer = reporting.system_viewer(today=edge.today())
        rows = _save(session, REPORTS["registry"], viewer, parameters, path, filters=filters)
    _tell(rows, path)


class _reading:
    """A command's transaction that only reads."""

    def __enter__(self) -> Session:
        reading_only(True)
        self._transaction = transaction()
        return self._transaction.__enter__()

    def __exit__(self, *error: Any) -> None:
        try:
            self._transaction.__exit__(*error)
        finally:
            reading_only(False)


def _path(out: str | None) -> Path:
    path = Path(need(out, "--out ФАЙЛ"))
    try:
        reporting.format_of(path.name)
    except ReportRefused as error:
        raise Refusal(str(error), 2) from None
    if not path.parent.is_dir():
        raise Refusal(f"Папки «{path.parent}» нет.")
    return path


def _day(text: str | None) -> date:
    if text is None:
        return edge.today()
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Refusal(f"Дата «{text}» не читается, нужен вид 2026-10-01.", 2)
    return day


def _agency(session: Session, report: Report, code: str) -> Agency:
    system = reporting.system_viewer(today=edge.today())
    among = reporting.agencies_for(session, viewer=system, report=report)
    try:
        return reporting.find_agency(session, code=code, report=report, among=among)
    except ReportRefused as error:
        raise Refusal(str(error)) from None


def _viewer(session: Session, agency: Agency | None) -> Viewer:
    today = edge.today()
    return (
        reporting.agency_viewer(session, agency=agency, today=today) if agency else reporting.system_viewer(today=today)
    )


def _save(
    session: Session,
    report: Report,
    viewer: Viewer,
    parameters: Parameters,
    path: Path,
    *,
    filters: tuple[str, ...] = (),
    agency: Agency | None = None,
) -> int:
    payload = {"report": report.code, "on": parameters.on.isoformat(), "agency_id": parameters.agency_id}
    with access_connection() as connection:
        audit.record_access(
            connection,
            key=audit_key(),
            actor=Actor(edge.clock(), name=ACTOR),
            kind=AccessKind.EXPORTED,
            subject="report",
            payload={**payload, "file": path.name, "filters": list(filters)},
        )
    try:
        return reporting.save_report(
            session, report=report, viewer=viewer, parameters=parameters, path=path, agency=agency
        )
    except ReportRefused as error:
        raise Refusal(str(error)) from None


def _tell(rows: int, path: Path, missing: int = 0) -> None:
    """Messages go to standard error, so that scripts may count on standard output."""
    click.echo(f"{path}: {counted(rows, 'строка', 'строки', 'строк')}.", err=True)
    if missing:
        click.echo(
            f"Не включено: {counted(missing, 'человек', 'человека', 'человек')}, причины — на странице отчёта.",
            err=True,
        )


def register(app: Flask) -> None:
    app.cli.add_command(reports)
    app.cli.add_command(graduates)
