"""Who may make which paper, for whom, and how it becomes a file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.access import Viewer, agencies_in_reach, of_own_agency, served_districts, visible_to
from models.territory import Agency, AgencyKind
from models.text import fold_spaces
from models.users import Role, User
from reports.base import Desk, Parameters, Report, Timing
from reports.catalogue import REPORTS
from reports.outputs import FORMATS, Signature, TooLong, printed, write
from reports.period import Period
from services.whole_files import whole_file

CLERK_ROWS = 1_000  # access.md, «Actions by role»
FORBIDDEN_SIGNS = frozenset('\\/:*?"<>|\r\n\t«»')  # in names of files, by one system or another
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
    when = parameters.period.key if parameters.period else parameters.on.isoformat()
    parts = [report.short_title, parameters.specialist_name[:60], parameters.agency_name[:80], when]
    stem = "".join(" " if sign in FORBIDDEN_SIGNS else sign for sign in ", ".join(part for part in parts if part))
    return f"{fold_spaces(stem).strip('.')}.{file_format}"


def format_of(name: str) -> str:
    """The format that a file's name asks for; raises ReportRefused."""
    extension = Path(name).suffix.lower().lstrip(".")
    if extension not in FORMATS:
        raise ReportRefused("Укажите файл с расширением .xlsx, .csv или .docx.")
    return extension


def save_report(
    session: Session,
    *,
    report: Report,
    viewer: Viewer,
    parameters: Parameters,
    path: Path,
    agency: Agency | None = None,
) -> int:
    """Write a report to a file that appears only when it is whole; the number of rows."""
    file_format = format_of(path.name)
    try:
        with whole_file(path) as unfinished:
            return write_report(
                session,
                report=report,
                viewer=viewer,
                parameters=parameters,
                path=unfinished,
                file_format=file_format,
                agency=agency,
            )
    except OSError as error:
        raise ReportRefused(f"Не удалось записать файл «{path.name}» в папку «{path.parent}».") from error


def write_report(
    session: Session,
    *,
    report: Report,
    viewer: Viewer,
    parameters: Parameters,
    path: Path,
    file_format: str,
    agency: Agency | None = None,
) -> int:
    """Write a report into a file of a format; the number of rows. Raises ReportRefused."""
    paper = printed(report, Desk(session, viewer, parameters), signatures=signatures(report, parameters, agency))
    try:
        return write(path, paper, file_format)
    except TooLong as error:
        raise ReportRefused(str(error)) from None


def signatures(report: Report, parameters: Parameters, agency: Agency | None) -> list[Signature]:
    """Who signs the paper: the specialist whose report it is, and the head of the organisation."""
    if not report.is_signed or agency is None:
        return []
    of_specialist = [Signature("Специалист", parameters.specialist_name)] if report.is_of_specialist else []
    return [*of_specialist, Signature(agency.head_position or "Руководитель", agency.head_name)]


# -- Parameters ------------------------------------------------------------------------------------------------------


def parameters_for(
    report: Report, *, agency: Agency | None, on: date, period: Period | None, chosen: Mapping[str, str] | None = None
) -> Parameters:
    """Common parameters of a report; one for a period tells of its last day, or of `on` within an unfinished one.

    Raises ReportRefused for a period that has not begun, and for a choice that the report does not know.
    """
    base = Parameters.of(agency, on)
    if report.timing is Timing.PERIOD:
        period = period or Period.finished_before(on, report.months)
        if period.starts_on > on:
            raise ReportRefused(f"Период «{period.title}» ещё не начался. Выберите тот, что уже идёт или прошёл.")
        base = replace(base, on=min(period.ends_on, on), period=period)
    return replace(base, chosen=_chosen(report, chosen or {}))


def _chosen(report: Report, chosen: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for option in report.options:
        value = chosen.get(option.code) or option.default
        if value not in dict(option.choices):
            known = ", ".join(code for code, _ in option.choices)
            raise ReportRefused(f"«{option.label}»: нет значения «{value}». Есть: {known}.")
        found[option.code] = value
    return found


def specialists_of(session: Session, *, agency_id: int) -> list[User]:
    """Whose reports an organisation makes: its employees by name, those who have left too."""
    query = select(User).where(User.agency_id == agency_id, User.role != Role.ADMINISTRATOR)
    return list(session.scalars(query.order_by(User.is_locked, User.name, User.id)))


def with_specialist(parameters: Parameters, specialist: User) -> Parameters:
    name = ", ".join(part for part in (specialist.name, specialist.position) if part)
    return replace(parameters, specialist_id=specialist.id, specialist_name=name)


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
