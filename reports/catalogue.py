"""Every report by its code."""

from reports.base import Report
from reports.discipline import Discipline
from reports.interaction import Interaction
from reports.kpi import Kpi
from reports.organisation_period import OrganisationPeriod
from reports.registry import Registry
from reports.service_activity import ServiceActivity
from reports.services_count import ServicesCount
from reports.specialist_month import SpecialistMonth
from reports.vologda_appendix_1 import Appendix1
from reports.vologda_appendix_2 import Appendix2

_IN_ORDER: tuple[Report, ...] = (
    Appendix1(),
    Appendix2(),
    Registry(),
    SpecialistMonth(),
    OrganisationPeriod(),
    ServiceActivity(),
    ServicesCount(),
    Kpi(),
    Interaction(),
    Discipline(),
)
REPORTS: dict[str, Report] = {report.code: report for report in _IN_ORDER}


def find_report(code: str) -> Report | None:
    return REPORTS.get(code)
