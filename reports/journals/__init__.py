"""Every journal by its code (domain §3)."""

from reports.journals.applications import Applications, Refusals
from reports.journals.base import JournalPaper
from reports.journals.contracts import Accepted, Contracts
from reports.journals.daily_work import Appeals, Consultations, Visits
from reports.journals.group_sessions import GroupSessions
from reports.journals.minutes import Minutes
from reports.journals.services import Services

PAPERS: tuple[JournalPaper, ...] = (
    Applications(),
    Contracts(),
    Refusals(),
    Accepted(),
    GroupSessions(),
    Consultations(),
    Minutes(),
    Appeals(),
    Visits(),
    Services(),
)
JOURNALS: dict[str, JournalPaper] = {paper.code: paper for paper in PAPERS}
