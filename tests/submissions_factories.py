"""A district that hands in its half-year lists, and short calls of the verbs of submissions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.circumstances import Housing
from models.deadlines import Deadline
from models.exchange import Referral
from models.graduates import Graduate
from models.submissions import Submission, SubmissionRecipient, SubmissionRow
from models.support import Responsibility
from models.territory import Agency
from models.users import Role, User
from reports.catalogue import REPORTS
from services.submissions import approving, drawing, receiving, sending
from services.submissions.drawing import Wanted
from tests.clock import at, duties
from tests.factories import make_user
from tests.reports.people import known_facts, make_person
from tests.services.deadlines.region import VOLOGDA, Region, today

OPENED, SIGNED, RECEIVED = date(2026, 9, 25), date(2026, 10, 1), date(2026, 10, 2)
APPENDIX_1, APPENDIX_2 = "vologda-appendix-1", "vologda-appendix-2"
NAMES = ("Алов Иван Петрович", "Белова Ольга Ивановна", "Власов Пётр Ильич", "Громова Анна Львовна")


class Handing:
    """The guardianship body (Olga, head Grigory), the social centre (Sergey, head Sofia), the data bank (Pavel)."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.folder, self.region = session, folder, Region(session)
        region = self.region
        region.follow(session, VOLOGDA)
        self.olga = make_user(session, "olga", "Ольга Опекина", Role.OFFICER, region.opeka)
        self.grigory = make_user(session, "grigory", "Григорий Главный", Role.HEAD, region.opeka, position="Начальник")
        self.sergey = make_user(session, "sergey", "Сергей Социальный", Role.CLERK, region.social)
        self.sofia = make_user(session, "sofia", "Софья Главная", Role.HEAD, region.social)
        self.pavel = make_user(session, "pavel", "Павел Перекрёстков", Role.CLERK, region.operator)
        self.people = [self.person(name) for name in NAMES]
        session.commit()

    def person(self, name: str, born: date = date(2005, 8, 14), facts: Any = None) -> Graduate:
        said = known_facts() if facts is None else facts
        return make_person(
            self.session,
            name,
            birth_date=born,
            district_id=self.region.district.id,
            origin_district_id=self.region.district.id,
            facts=said,
        )

    def by(self, user: User, on: date = SIGNED) -> Viewer:
        return Viewer.of(self.session, user, on)

    def told(self, user: User, on: date = SIGNED) -> dict[str, Any]:
        """Who acts, and when."""
        today(self.session, on)
        return {"by": self.by(user, on), "now": at(on)}

    def draw(self, user: User | None = None, on: date = SIGNED, code: str = APPENDIX_1, **fields: Any) -> Submission:
        who = user or self.olga
        wanted = Wanted(REPORTS[code], fields.pop("agency_id", who.agency_id), on, **fields)
        made = drawing.draw_up(self.session, wanted=wanted, **self.told(who, on))
        self.session.commit()
        return made

    def approve(self, submission: Submission, user: User | None = None, on: date = SIGNED) -> None:
        approving.approve(self.session, submission=submission, **self.told(user or self.grigory, on))
        self.session.commit()

    def send(self, submission: Submission, *to: Agency, user: User | None = None, on: date = SIGNED) -> list[Referral]:
        ids = [agency.id for agency in to or (self.region.operator,)]
        told = self.told(user or self.olga, on)
        letters = sending.send(self.session, submission=submission, recipient_ids=ids, folder=self.folder, **told)
        self.session.commit()
        return letters

    def sent(self, on: date = SIGNED, code: str = APPENDIX_1) -> Submission:
        """Drawn up, approved and sent to the data bank on a day."""
        clerk, head = (self.olga, self.grigory) if code == APPENDIX_1 else (self.sergey, self.sofia)
        made = self.draw(clerk, on, code)
        self.approve(made, head, on)
        self.send(made, user=clerk, on=on)
        return made

    def decide(self, verb: str, submission: Submission, on: date = RECEIVED, **said: Any) -> SubmissionRecipient:
        recipient = self.recipient(submission)
        getattr(receiving, verb)(self.session, recipient=recipient, **said, **self.told(self.pavel, on))
        self.session.commit()
        return recipient

    def recipient(self, submission: Submission) -> SubmissionRecipient:
        query = select(SubmissionRecipient).where(SubmissionRecipient.submission_id == submission.id)
        return self.session.scalars(query.execution_options(populate_existing=True)).one()

    def window(self, code: str, year: int = 2026) -> Deadline:
        found = [one for one in duties(self.session, code) if one.opens_on.year == year]
        assert len(found) == 1
        self.session.refresh(found[0])
        return found[0]

    def rows(self, submission: Submission) -> dict[str, SubmissionRow]:
        query = select(SubmissionRow).where(SubmissionRow.submission_id == submission.id)
        return {row.name: row for row in self.session.scalars(query.order_by(SubmissionRow.position))}

    def in_care_of_centre(self, *people: Graduate) -> None:
        """The social centre supports them, so they stand in its Приложение 2."""
        for one in people:
            one.agency_id = self.region.social.id
            self.session.add(
                Responsibility(graduate_id=one.id, agency_id=self.region.social.id, starts_on=date(2026, 1, 1))
            )
        self.session.commit()

    def house(self, graduate: Graduate, status: str = "waiting_list") -> None:
        self.session.add(Housing(graduate_id=graduate.id, status_code=status, starts_on=date(2026, 2, 1)))
        self.session.commit()
