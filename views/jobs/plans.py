"""The kinds of files that are made in the background: what an address asks for, and how it is written.

A plan is made within the request of its owner (views.jobs.replay), once to see whether it may be asked for and how
long it is, and once more by the worker.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import abort, current_app, request

from models.access import Viewer
from models.audit import AccessKind
from models.graduates import Graduate
from reports import depersonalised
from reports.base import Column as ReportColumn
from reports.base import ListReport
from reports.csvfile import write_csv
from reports.outputs import TooLong, printed, write
from reports.workbook import write_workbook
from services import journals, reporting
from services.errors import Refused, need
from services.jobs import packages
from services.papers import declension
from services.papers.paper import Paper
from services.reporting import refuse_too_many
from views import edge, listing
from views.base import RegistryView
from views.exporting import ordered
from views.extensions import db
from views.formats import counted, shown
from views.jobs.progress import Bench
from views.jobs.rows import writing
from views.journals import asked as journal_asking
from views.journals.printing import file_name as journal_file_name
from views.listing import Found
from views.reports import asked as report_asking

CHUNK = 2000
TABLES = ("xlsx", "csv")
Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """`make` writes the whole file and gives the number of rows and what is to be known of it."""

    title: str
    name: str  # of the file
    total: int | None
    viewer: Viewer  # Whose access bounds the rows.
    make: Callable[[Bench, Path], tuple[int, str]]
    access: AccessKind = AccessKind.EXPORTED


def plan_of(kind: str, parameters: Parameters) -> Plan:
    """Raises Refused, and whatever the page itself would answer to a stranger."""
    maker = PLANS.get(kind) or abort(404)
    return maker(parameters)


# -- A register ------------------------------------------------------------------------------------------------------


def register_asked() -> tuple[RegistryView, Found]:
    """The list of the present address, as its owner may take it away."""
    blueprint, _, door = (request.endpoint or "").rpartition(".")
    views = {view.endpoint: view for view in current_app.extensions["admin"][0]._views}
    view = views.get(blueprint)
    if door != "index_view" or not isinstance(view, RegistryView) or view.bind or not view.columns():
        abort(404)
    if not view.is_accessible() or not view.may(view.exporters):
        abort(403)
    return view, view.find_for_export()


def _register(parameters: Parameters) -> Plan:
    view, found = register_asked()
    kind = _type(parameters, TABLES)
    total = view.count(found)
    refuse_too_many(viewer=edge.viewer(), rows=total)

    def make(bench: Bench, path: Path) -> tuple[int, str]:
        columns = [ReportColumn(heading=c.label, key=c.key, width=c.width) for c in found.columns]
        return _write_table(path, kind, view.title, columns, _register_rows(view, found, bench, total)), ""

    return Plan(view.title, f"{view.title} {edge.today():%Y-%m-%d}.{kind}", total, edge.viewer(), make)


def _register_rows(view: RegistryView, found: Found, bench: Bench, total: int) -> Any:
    """As views.exporting.export_rows, with whom each row is about beside it."""
    writers = [column.export or shown for column in found.columns]
    query, whose = ordered(found), whose_column(view)
    if whose is not None and bench.people is not None:
        query = query.add_columns(whose.label("whose_card"))
        for row in bench.watch(listing.execute(query.execution_options(yield_per=CHUNK), view.bind), total):
            bench.name(row[-1])
            yield [write(value) for write, value in zip(writers, row[1:-1], strict=True)]
        return
    for row in bench.watch(listing.execute(query.execution_options(yield_per=CHUNK), view.bind), total):
        yield [write(value) for write, value in zip(writers, row[1:], strict=True)]


def whose_column(view: RegistryView) -> Any:
    """The column that names the card of a row, where rows are about people."""
    return Graduate.id if view.model is Graduate else getattr(view.model, "graduate_id", None)


def _write_table(path: Path, kind: str, title: str, columns: list[ReportColumn], rows: Any) -> int:
    if kind == "csv":
        return write_csv(path, columns=columns, rows=rows)
    return write_workbook(path, title=title, columns=columns, rows=rows)


def _type(parameters: Parameters, allowed: tuple[str, ...]) -> str:
    kind = str(parameters.get("type", ""))
    need(kind in allowed, "Такой вид файла здесь не собирается.")
    return kind


# -- Without names ---------------------------------------------------------------------------------------------------


def _depersonalised(parameters: Parameters) -> Plan:
    view, found = register_asked()
    need(view.model is Graduate, "Обезличенная выгрузка делается из списка выпускников.")
    kind, viewer = _type(parameters, TABLES), edge.viewer()
    total = view.count(found)
    refuse_too_many(viewer=viewer, rows=total)
    conditions = [*found.conditions, view.export_scope(viewer)]
    title = "Обезличенные сведения о выпускниках"

    def make(bench: Bench, path: Path) -> tuple[int, str]:
        bench.people = None  # Nobody is named, and no trace is kept of who is in it.
        left_out = 0

        def rows() -> Any:
            nonlocal left_out
            for cells in bench.watch(depersonalised.rows(db.session(), conditions, on=edge.today()), total):
                if cells is None:
                    left_out += 1
                else:
                    yield cells

        written = _write_table(path, kind, title, list(depersonalised.COLUMNS), rows())
        return written, _left_out_words(left_out)

    return Plan(title, f"Обезличенные сведения {edge.today():%Y-%m-%d}.{kind}", total, viewer, make)


def _left_out_words(count: int) -> str:
    if not count:
        return "Никто не опущен: во всех группах не меньше трёх человек."
    people = counted(count, "человек", "человека", "человек")
    return f"Опущено {people}: в их группах (возраст, пол, район, категория) меньше трёх человек."


# -- A report, a journal ---------------------------------------------------------------------------------------------


def _report(parameters: Parameters) -> Plan:
    found = report_asking.asked((request.view_args or {}).get("code", ""))
    kind = _type(parameters, ("xlsx", "csv", "docx"))
    if found.parameters is None:
        raise Refused(found.error or "Выберите организацию, от которой составляется отчёт.")
    report, desk = found.report, found.desk()
    need(kind != "docx" or report.is_signed, "Этот отчёт в DOCX не печатается.")
    total = report.count(desk.session, desk.viewer, desk.parameters) if isinstance(report, ListReport) else None
    if total is not None and not report.is_of_one_agency:
        refuse_too_many(viewer=edge.viewer(), rows=total)

    def make(bench: Bench, path: Path) -> tuple[int, str]:
        paper = printed(report, desk, signatures=reporting.signatures(report, desk.parameters, found.agency))
        if isinstance(report, ListReport):
            paper = replace(paper, rows=_report_rows(report, desk, bench, total))
        bench.progress.look(now=True)
        try:
            return write(path, paper, kind), ""
        except TooLong as error:
            raise Refused(str(error)) from None

    name = reporting.file_name(report, desk.parameters, kind)
    return Plan(f"{report.short_title}, {report.subtitle(desk.parameters)}", name, total, desk.viewer, make)


def _report_rows(report: ListReport, desk: Any, bench: Bench, total: int | None) -> Any:
    is_about_people = report.record_endpoint == "graduate.details_view"
    for row in bench.watch(report.rows(desk.session, desk.viewer, desk.parameters), total):
        if is_about_people:
            bench.name(row.graduate_id)
        yield row.cells


def viewer_of(kind: str) -> Viewer:
    """Whose access bounds the rows of a file that the present address asks for: a report's is its organisation's."""
    if kind == "report":
        return report_asking.asked((request.view_args or {}).get("code", "")).viewer
    return edge.viewer()


class _Watched:
    """A journal whose entries are counted as they are written."""

    def __init__(self, paper: Any, bench: Bench, total: int) -> None:
        self._paper, self._bench, self._total = paper, bench, total

    def __getattr__(self, name: str) -> Any:
        return getattr(self._paper, name)

    def entries(self, *args: Any, **kwargs: Any) -> Any:
        for entry in self._bench.watch(self._paper.entries(*args, **kwargs), self._total):
            if entry.is_readable:
                self._bench.name(*entry.people)
            yield entry


def _journal(parameters: Parameters) -> Plan:
    one = journal_asking.asked((request.view_args or {}).get("code", ""))
    _type(parameters, ("xlsx",))
    book, viewer = one.whole, edge.viewer()
    total = one.paper.span(db.session(), viewer, book).rows

    def make(bench: Bench, path: Path) -> tuple[int, str]:
        paper: Any = _Watched(one.paper, bench, total)
        session = db.session()
        return journals.write_journal(session, paper=paper, viewer=viewer, book=book, volume=None, path=path), ""

    title = f"{one.paper.title}, {one.whose.agency.short_name}, {one.whose.year} год"
    return Plan(title, journal_file_name(one, None), total, viewer, make)


# -- A package of papers ---------------------------------------------------------------------------------------------


def _papers(parameters: Parameters) -> Plan:
    view, found = register_asked()
    code = str(parameters.get("paper", ""))
    paper = next((one for one in packages.papers_for(view.model) if one.code == code), None) or abort(404)
    viewer = edge.viewer()
    ids = printable_ids(found, viewer, view.model)
    need(ids, "По этому отбору нет записей, документы которых вы вправе печатать.")
    need(
        len(ids) <= packages.MOST,
        f"Записей {len(ids)}, а в один пакет входит не больше {packages.MOST} документов. Сузьте отбор и повторите.",
    )
    refuse_too_many(viewer=viewer, rows=len(ids))

    def make(bench: Bench, path: Path) -> tuple[int, str]:
        return _pack(bench, path, paper, viewer, ids)

    name = f"{paper.title} {edge.today():%Y-%m-%d}.zip"
    return Plan(f"{view.title}: {paper.title}", name, len(ids), viewer, make, AccessKind.PRINTED)


def printable_ids(found: Found, viewer: Viewer, model: type[Any]) -> list[int]:
    query = ordered(found).where(packages.printable(viewer, model)).with_only_columns(found.key)
    return list(db.session.scalars(query.limit(packages.MOST + 1)))


def _pack(bench: Bench, path: Path, paper: Paper, viewer: Viewer, ids: list[int]) -> tuple[int, str]:
    package = packages.Package()
    made = packages.make_papers(db.session(), paper=paper, viewer=viewer, ids=ids, folder=bench.folder)
    for so_far in bench.watch(made, len(ids)):
        package = so_far
        bench.progress.look()
    bench.name(*package.people)
    count = packages.pack(package, path)
    if package.forms:
        with writing() as session:
            declension.keep(session, package.forms)
    note = ""
    if package.left_out:
        note = f"Без такого документа: {counted(package.left_out, 'запись', 'записи', 'записей')}."
    return count, note


PLANS: dict[str, Callable[[Parameters], Plan]] = {
    "register": _register,
    "depersonalised": _depersonalised,
    "report": _report,
    "journal": _journal,
    "papers": _papers,
}
