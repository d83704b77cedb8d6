"""Reports of the demonstration that were handed in: the lists of the last window, each at another step of its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.deadlines import DeadlineEvidence
from models.submissions import RowState, Submission, SubmissionRecipient, SubmissionRow
from reports.catalogue import REPORTS
from reports.period import Period
from services.demo.letters import Office, offices_of
from services.submissions import approving, drawing, obligations, receiving, reconciling, sending, wording
from services.submissions.drawing import Wanted

FIRST, SECOND = "vologda-appendix-1", "vologda-appendix-2"
YEAR = timedelta(days=366)
UNKNOWN = "Сведения собираются, человек включён в следующий срок."
WRONG = "Уточните адрес: по этому адресу выпускник не живёт с лета."
# What becomes of a list; whoever is not here has handed in nothing.
LISTS = (
    (FIRST, "opeka-sokol", ("ask", "approve", "send", "open", "return_row")),
    (SECOND, "kcson-sokol", ("approve", "send", "open", "accept")),
    (FIRST, "opeka-vologda", ("approve", "send")),
    (SECOND, "kcson-vologda", ("approve",)),
    (FIRST, "opeka-totma", ("ask",)),
    (SECOND, "kcson-totma", ()),
)


@dataclass(frozen=True)
class Scene:
    """Who takes part in handing in a list, and on which day."""

    session: Session
    submission: Submission
    clerk: Viewer
    head: Viewer
    offices: dict[int, Office]
    folder: Path
    now: datetime

    def ask(self) -> None:
        approving.ask(self.session, submission=self.submission, by=self.clerk, now=self.now)

    def approve(self) -> None:
        approving.approve(self.session, submission=self.submission, by=self.head, now=self.now)

    def send(self) -> None:
        proposed = obligations.proposed_recipients(self.session, submission=self.submission)
        ids = [agency.id for agency in proposed]
        told = {"folder": self.folder, "by": self.clerk, "now": self.now}
        sending.send(self.session, submission=self.submission, recipient_ids=ids, **told)  # type: ignore[arg-type]

    def open(self) -> None:
        receiving.opened(self.session, submission_id=self.submission.id, by=self._reader(), now=self.now)

    def accept(self) -> None:
        receiving.accept(self.session, recipient=self._recipient(), by=self._reader(), now=self.now)

    def return_row(self) -> None:
        r = SubmissionRow
        query = select(r.id).where(r.submission_id == self.submission.id, r.state == RowState.INCLUDED)
        row = self.session.scalars(query.order_by(r.position).limit(1)).first()
        if row is None:
            self.accept()
            return
        recipient, reader = self._recipient(), self._reader()
        receiving.accept_partly(self.session, recipient=recipient, reasons={row: WRONG}, by=reader, now=self.now)

    def _recipient(self) -> SubmissionRecipient:
        return self.submission.recipients[0]

    def _reader(self) -> Viewer:
        return self.offices[self._recipient().agency_id].viewer(self.session, self.clerk.on)


def tell(session: Session, *, on: date, folder: Path) -> None:
    """Draw up the lists and lead each as far as it goes; compare what both sides have sent."""
    offices = offices_of(session)
    by_id = {office.agency.id: office for office in offices.values()}
    day = None
    for code, whose, steps in LISTS:
        office = offices[whose]
        window = _window(session, office, code, on)
        if window is None:
            continue
        _undo_marks(session, window)
        day = min(window.due_on, on - timedelta(days=1))
        clerk, head = office.viewer(session, day), office.viewer(session, day, head=True)
        now = datetime.combine(day, time(10), tzinfo=UTC)
        wanted = Wanted(REPORTS[code], office.agency.id, day, deadline_id=window.first.id)
        submission = drawing.draw_up(session, wanted=wanted, by=clerk, now=now)
        scene = Scene(session, submission, clerk, head, by_id, folder, now)
        _lead(scene, steps)
    if day is not None:
        reconciling.reconcile_half(session, half=Period.around(day, 6), now=now)
    session.flush()


def _window(session: Session, office: Office, code: str, on: date) -> obligations.Window | None:
    """The last one that opened before the day."""
    known = obligations.windows_between(session, first=on - YEAR, last=on + YEAR, agency_ids=[office.agency.id])
    opened = [window for window in known if window.report == code and window.opens_on < on]
    return max(opened, key=lambda window: window.opens_on, default=None)


def _undo_marks(session: Session, window: obligations.Window) -> None:
    """Of these obligations the lists tell, not a mark."""
    ids = [deadline.id for deadline in window.deadlines]
    session.execute(delete(DeadlineEvidence).where(DeadlineEvidence.deadline_id.in_(ids)))
    for deadline in window.deadlines:
        deadline.achieved, deadline.done_on = 0, None
    session.flush()


def _lead(scene: Scene, steps: Sequence[str]) -> None:
    """Whoever lacks something is left out before anybody is asked to approve."""
    r = SubmissionRow
    query = select(r.id).where(r.submission_id == scene.submission.id, r.state == RowState.BLOCKED)
    for row_id in scene.session.scalars(query.order_by(r.position)).all() if steps else ():
        told = {"reason": UNKNOWN, "by": scene.clerk, "now": scene.now}
        wording.leave_out(scene.session, submission=scene.submission, row_id=row_id, **told)  # type: ignore[arg-type]
    for step in steps:
        getattr(scene, step)()
