"""What the address of a report asks for: whose, of which day or period, with which choices; what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import abort, request

from models.access import Viewer
from models.audit import AccessKind
from models.territory import Agency
from models.users import Role, User
from reports.base import Desk, Parameters, Report, Timing
from reports.catalogue import find_report
from reports.period import BadPeriod, Period
from reports.registry import Registry, RegistryParameters
from services import reporting
from services.reporting import ReportRefused
from views import edge
from views.extensions import db
from views.fields import parse_date

BAD_DAY = "Дата не читается. Напишите её как 01.10.2026."
CHOOSING = frozenset({Role.HEAD, Role.COORDINATOR, Role.ADMINISTRATOR})  # of the specialist whose report it is


@dataclass
class Asked:
    """`parameters` is empty while something is wrong (`errors`: name of the field → sentence) or not chosen yet."""

    report: Report
    agencies: list[Agency]
    agency: Agency | None
    specialists: list[User]
    specialist: User | None
    on: date
    period: Period | None
    parameters: Parameters | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def error(self) -> str:
        return next(iter(self.errors.values()), "")

    @property
    def viewer(self) -> Viewer:
        """The agency's own right bounds the rows of its paper, whoever asks for it."""
        if self.agency is None:
            return edge.viewer()
        return reporting.agency_viewer(db.session(), agency=self.agency, today=edge.today())

    def desk(self) -> Desk:
        """Where the report is made; to be asked for only where the parameters are whole."""
        assert self.parameters is not None
        return Desk(db.session(), self.viewer, self.parameters)

    @property
    def address(self) -> dict[str, Any]:
        """The arguments that ask for the same again."""
        args: dict[str, Any] = {"agency": self.agency.code} if self.agency else {}
        if self.report.timing is Timing.PERIOD:
            args |= {"period": self.period.key} if self.period else {}
        else:
            args["on"] = self.on.isoformat()
        if self.specialist is not None:
            args["specialist"] = self.specialist.id
        chosen = self.parameters.chosen if self.parameters else {}
        return args | {option.code: chosen[option.code] for option in self.report.options if option.code in chosen}

    def log(self, kind: AccessKind, payload: dict[str, Any]) -> None:
        told = {**self.address, "agency": self.agency.code if self.agency else None, "report": self.report.code}
        edge.log_access(kind, subject="report", payload={**told, **payload})


def asked(code: str) -> Asked:
    """404 for no such report, organisation or specialist within reach, 403 where none of one's own makes it."""
    report = find_report(code) or abort(404)
    agencies = reporting.agencies_for(db.session(), viewer=edge.viewer(), report=report)
    if report.is_of_one_agency and not agencies:
        abort(403)
    agency = _agency(report, agencies)
    specialists = _specialists(report, agency)
    found = Asked(report, agencies, agency, specialists, _specialist(specialists), edge.today(), None)
    _read_time(found)
    is_whole = (agency is not None or not report.is_of_one_agency) and (
        found.specialist is not None or not report.is_of_specialist
    )
    if is_whole and not found.errors:
        _read_parameters(found)
    return found


def _agency(report: Report, agencies: list[Agency]) -> Agency | None:
    """The agency that is asked for; of a form, the only possible one, or the own one."""
    code = request.args.get("agency", "").strip()
    if code:
        return next((agency for agency in agencies if agency.code == code), None) or abort(404)
    own = next((agency for agency in agencies if agency.id == edge.viewer().agency_id), None)
    if report.is_of_one_agency:
        return agencies[0] if len(agencies) == 1 else own
    return None if may_ask_for_all() or isinstance(report, Registry) else own


def may_ask_for_all() -> bool:
    """Reports that are not of one organisation are made of all only by those who oversee others."""
    return edge.viewer().reads_everybody or edge.viewer().role is Role.COORDINATOR


def _specialists(report: Report, agency: Agency | None) -> list[User]:
    if not report.is_of_specialist or agency is None:
        return []
    everybody = reporting.specialists_of(db.session(), agency_id=agency.id)
    if edge.viewer().role in CHOOSING:
        return everybody
    return [user for user in everybody if user.id == edge.viewer().user_id]


def _specialist(specialists: list[User]) -> User | None:
    text = request.args.get("specialist", "").strip()
    if text:
        return next((user for user in specialists if str(user.id) == text), None) or abort(404)
    own = next((user for user in specialists if user.id == edge.viewer().user_id), None)
    return own or (specialists[0] if len(specialists) == 1 else None)


def _read_time(found: Asked) -> None:
    if found.report.timing is Timing.PERIOD:
        text = request.args.get("period", "").strip()
        try:
            found.period = Period.parse(text) if text else Period.finished_before(edge.today(), found.report.months)
        except BadPeriod as error:
            found.errors["period"] = str(error)
        return
    text = request.args.get("on", "").strip()
    try:
        found.on = parse_date(text) if text else edge.today()
    except ValueError:
        found.errors["on"] = BAD_DAY


def _read_parameters(found: Asked) -> None:
    chosen = {option.code: request.args.get(option.code, "").strip() for option in found.report.options}
    on = edge.today() if found.report.timing is Timing.PERIOD else found.on
    try:
        made = reporting.parameters_for(found.report, agency=found.agency, on=on, period=found.period, chosen=chosen)
    except ReportRefused as error:
        found.errors["period"] = str(error)
        return
    if found.specialist is not None:
        made = reporting.with_specialist(made, found.specialist)
    if isinstance(found.report, Registry):
        own = (reporting.exportable_by(edge.viewer()),)
        made = RegistryParameters(made.on, made.agency_id, made.agency_name, chosen=made.chosen, filters=own)
    found.parameters = made
