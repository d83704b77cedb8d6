"""Every report by its code."""

from reports.base import Report
from reports.registry import Registry
from reports.vologda_appendix_1 import Appendix1
from reports.vologda_appendix_2 import Appendix2

REPORTS: dict[str, Report] = {report.code: report for report in (Appendix1(), Appendix2(), Registry())}


def find_report(code: str) -> Report | None:
    return REPORTS.get(code)
