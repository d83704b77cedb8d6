"""Every journal by its code (domain §3)."""

from reports.journals.applications import Applications, Refusals
from reports.journals.base import JournalPaper
from reports.journals.contracts import Accepted, Contracts
from reports.journals.daily_work import Appeals, Consultations, Visits
from reports.journals.group_sessions import GroupSessions
from reports.journals.letters import Incoming, Outgoing
from reports.journals.meetings import Meetings
from reports.journals.minutes import Minutes
from reports.journals.notices import Notices
from reports.journals.orders import Orders
from reports.journals.publications import Publications
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
    Incoming(),
    Outgoing(),
    Notices(),
    Visits(),
    Services(),
    Meetings(),
    Orders(),
    Publications(),
)
JOURNALS: dict[str, JournalPaper] = {paper.code: paper for paper in PAPERS}
