"""Every report by its code."""

from reports.base import Report
from reports.cohort import Cohort
from reports.data_bank import DataBank
from reports.discipline import Discipline
from reports.effectiveness import Effectiveness
from reports.enrolled_list import EnrolledList
from reports.graduates_list import GraduatesList
from reports.interaction import Interaction
from reports.kpi import Kpi
from reports.monitoring_summary import MonitoringSummary
from reports.organisation_period import OrganisationPeriod
from reports.rating import Rating
from reports.reconciliation import Reconciliation
from reports.registry import Registry
from reports.service_activity import ServiceActivity
from reports.services_count import ServicesCount
from reports.specialist_month import SpecialistMonth
from reports.vologda_appendix_1 import Appendix1
from reports.vologda_appendix_2 import Appendix2

_IN_ORDER: tuple[Report, ...] = (
    Appendix1(),
    Appendix2(),
    EnrolledList(),
    GraduatesList(),
    Registry(),
    DataBank(),
    SpecialistMonth(),
    OrganisationPeriod(),
    ServiceActivity(),
    ServicesCount(),
    MonitoringSummary(),
    Effectiveness(),
    Kpi(),
    Rating(),
    Interaction(),
    Discipline(),
    Cohort(),
    Reconciliation(),
)
REPORTS: dict[str, Report] = {report.code: report for report in _IN_ORDER}


def find_report(code: str) -> Report | None:
    return REPORTS.get(code)
