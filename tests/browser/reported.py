"""Reports, what was handed in, and jobs of the demonstration, for the pages that show them."""

from sqlalchemy import select

from models.context import Actor, act_as
from models.jobs import Job, JobState
from models.library import DocumentApproval, LibraryDocument, LibraryKind
from models.submissions import Submission, SubmissionStatus
from models.users import User
from services.jobs import states
from tests.browser.site import NOW, ON, Site
from views.extensions import db

S = SubmissionStatus


def of_reports(site: Site, owner: str) -> dict[str, int]:
    """Ids by the names that addresses of the pages use."""
    s, doc = Submission, LibraryDocument
    by_status = {f"report_{status.value}": site.ask(select(s.id).where(s.status == status)) for status in S}
    return (
        {name: number for name, number in by_status.items() if number is not None}
        | _jobs(site, owner)
        | {
            "practice": site.ask(select(doc.id).where(doc.kind == LibraryKind.PRACTICE)),
            "discussed": site.ask(select(DocumentApproval.document_id).limit(1)),
        }
    )


def _jobs(site: Site, owner: str) -> dict[str, int]:
    """A job that waits and one that has failed."""
    with site.app.app_context():
        session = db.session()
        user = session.scalars(select(User).filter_by(login=owner)).one()
        act_as(session, Actor.of(user, NOW))
        made: list[Job] = []
        for title, path in (("Реестр выпускников", "/graduate/"), ("Сроки", "/deadline/")):
            asked = {"path": path, "type": "xlsx"}
            made.append(
                states.request(session, kind="register", title=title, parameters=asked, owner=user, now=NOW, on=ON)
            )
        made[1].state, made[1].finished_at, made[1].message = JobState.FAILED, NOW, "На диске нет места."
        session.commit()
        return {"job": made[0].id, "failed_job": made[1].id}
