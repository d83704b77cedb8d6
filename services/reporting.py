"""Who may make which paper, for whom, and how it becomes a file."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.access import Viewer, agencies_in_reach, of_own_agency, served_districts, visible_to
from models.territory import Agency, AgencyKind
from models.text import fold_spaces
from models.users import Role
from reports.base import Parameters, Report
from reports.catalogue import REPORTS
from reports.csvfile import write_csv
from reports.workbook import write_workbook
from services.whole_files import whole_file

CLERK_ROWS = 1_000  # access.md, «Actions by role»
FORBIDDEN_SIGNS = frozenset('\\/:*?"<>|\r\n\t«»')  # in names of files, by one system or another
FORMATS = ("xlsx", "csv")
SYSTEM_USER = 0  # nobody's id: a viewer who acts for an agency and is assigned to nobody


class ReportRefused(Exception):
    """Why a paper cannot be made; one Russian sentence."""


# -- Who may ---------------------------------------------------------------------------------------------------------


def agency_viewer(session: Session, *, agency: Agency, today: date) -> Viewer:
    """The agency itself as a viewer: what its own people may see by its right, whoever asks."""
    return Viewer(
        user_id=SYSTEM_USER,
        role=Role.OFFICER if agency.kind is AgencyKind.GUARDIANSHIP else Role.CLERK,
        agency_id=agency.id,
        agency_kind=agency.kind,
        sees_whole_region=agency.sees_whole_region,
        is_data_bank_operator=agency.is_data_bank_operator,
        district_ids=served_districts(session, agency_id=agency.id, on=today),
        on=today,
    )


def system_viewer(*, today: date) -> Viewer:
    """The installation itself, for commands that are given at its console."""
    return Viewer(SYSTEM_USER, Role.ADMINISTRATOR, SYSTEM_USER, AgencyKind.OTHER, True, True, (), today)


def agencies_for(session: Session, *, viewer: Viewer, report: Report) -> list[Agency]:
    """The agencies whose paper the viewer may make (access.md, «statutory reports»), by name."""
    query = select(Agency).where(Agency.is_active.is_(True), agencies_in_reach(viewer))
    if report.agency_kinds:
        query = query.where(Agency.kind.in_(report.agency_kinds))
    return list(session.scalars(query.order_by(Agency.short_name, Agency.id)))


def reports_for(session: Session, *, viewer: Viewer) -> list[Report]:
    """The papers that the viewer may make, in the order of the catalogue."""
    return [r for r in REPORTS.values() if not r.is_of_one_agency or agencies_for(session, viewer=viewer, report=r)]


def export_limit(viewer: Viewer) -> int | None:
    """How many rows of the register the viewer may take away at once; None: as many as she sees."""
    return CLERK_ROWS if viewer.role is Role.CLERK else None


def exportable_by(viewer: Viewer) -> ColumnElement[bool]:
    """Whom a viewer may take away in a file: a head the own agency's people, others whomever they see."""
    if viewer.role is Role.HEAD:
        return visible_to(viewer) & of_own_agency(viewer)
    return visible_to(viewer)


def refuse_too_many(*, viewer: Viewer, rows: int) -> None:
    """Raise ReportRefused where a file would hold more rows than the viewer may take away."""
    limit = export_limit(viewer)
    if limit is not None and rows > limit:
        raise ReportRefused(
            f"Найдено записей: {rows}, а в один файл вам можно выгрузить не больше {limit}. Уточните отбор."
        )


# -- Files -----------------------------------------------------------------------------------------------------------


def file_name(report: Report, parameters: Parameters, file_format: str) -> str:
    """«Приложение 1, Опека Сокольского округа, 2026-10-01.xlsx», without signs that file systems refuse."""
    parts = [report.short_title, parameters.agency_name[:80], parameters.on.isoformat()]
    stem = "".join(" " if sign in FORBIDDEN_SIGNS else sign for sign in ", ".join(part for part in parts if part))
    return f"{fold_spaces(stem).strip('.')}.{file_format}"


def format_of(name: str) -> str:
    """The format that a file's name asks for; raises ReportRefused."""
    extension = Path(name).suffix.lower().lstrip(".")
    if extension not in FORMATS:
        raise ReportRefused("Укажите файл с расширением .xlsx или .csv.")
    return extension


def save_report(session: Session, *, report: Report, viewer: Viewer, parameters: Parameters, path: Path) -> int:
    """Write a report to a file that appears only when it is whole; the number of rows."""
    file_format = format_of(path.name)
    try:
        with whole_file(path) as unfinished:
            return write_report(
                session, report=report, viewer=viewer, parameters=parameters, path=unfinished, file_format=file_format
            )
    except OSError as error:
        raise ReportRefused(f"Не удалось записать файл «{path.name}» в папку «{path.parent}».") from error


def write_report(
    session: Session, *, report: Report, viewer: Viewer, parameters: Parameters, path: Path, file_format: str
) -> int:
    """Write a report into a file of a format; the number of rows."""
    rows = (row.cells for row in report.rows(session, viewer, parameters))
    if file_format == "csv":
        return write_csv(path, columns=report.columns, rows=rows)
    return write_workbook(
        path,
        title=report.title,
        columns=report.columns,
        rows=rows,
        subtitle=report.subtitle(parameters),
        sheet_name=report.short_title,
        has_number_row=report.has_number_row,
        on=parameters.on,
    )


def find_agency(session: Session, *, code: str, report: Report, among: Sequence[Agency]) -> Agency:
    """The agency of a code among those allowed; raises ReportRefused with the reason."""
    agency = next((a for a in among if a.code == code), None)
    if agency is not None:
        return agency
    known = session.scalar(select(Agency).where(Agency.code == code))
    if known is None:
        raise ReportRefused(f"Организации с кодом «{code}» нет.")
    if not report.is_made_by(known.kind):
        kinds = ", ".join(sorted(kind.label for kind in report.agency_kinds))
        raise ReportRefused(f"«{report.short_title}» составляет {kinds}, а «{known.short_name}» — {known.kind.label}.")
    raise ReportRefused(f"Составлять отчёты организации «{known.short_name}» вам нельзя.")
