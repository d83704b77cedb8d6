"""Records of the demonstration for the pages of cases and daily work, and the few that it has none of."""

from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select

from models.assessments import MonitoringCard
from models.cases import Application, Conclusion, Contract, SupportEpisode
from models.context import Actor, act_as
from models.exchange import IncomingLetter, Referral, ReferralStatus
from models.files import AttachmentKind, PersonalFile
from models.graduates import Graduate
from models.meetings import Body, Decision, Meeting, MeetingStatus
from models.plans import Measure, Plan
from models.territory import Agency
from models.users import User
from models.work import (
    Appeal,
    Consultation,
    ConsultationMinutes,
    GroupSession,
    HousingSurvey,
    ServiceRecord,
    UrgentAct,
    Visit,
)
from tests.assessments_factories import assess, examine
from tests.browser.site import CLERK, NOW, ON, Site
from tests.files import make_attachment
from tests.plans_factories import make_plan
from views.extensions import db

KINDS: dict[str, Any] = {
    "application": Application,
    "conclusion": Conclusion,
    "episode": SupportEpisode,
    "appeal": Appeal,
    "consultation": Consultation,
    "minutes": ConsultationMinutes,
    "session": GroupSession,
    "visit": Visit,
    "survey": HousingSurvey,
    "service": ServiceRecord,
}


def of_cases(site: Site, head: str) -> dict[str, int]:
    """Ids by the names that addresses of the pages use; all of the clerk's organisation."""
    agency = site.ask(select(User.agency_id).filter_by(login=CLERK))
    ours = {name: site.ask(_first(model, agency)) for name, model in KINDS.items()}
    talks = select(Consultation.graduate_id).where(Consultation.agency_id == agency).group_by(Consultation.graduate_id)
    watched = select(MonitoringCard.graduate_id).where(MonitoringCard.agency_id == agency)
    person = site.ask(talks.where(Consultation.graduate_id.in_(watched)).order_by(func.count().desc()))
    last_card = select(MonitoringCard.id).filter_by(graduate_id=person).order_by(MonitoringCard.filled_on.desc())
    plan = site.ask(_first(Plan, agency).where(Plan.number.is_not(None)))
    return (
        ours
        | _made(site, head, person)
        | {
            "act": site.ask(select(UrgentAct.id).limit(1)),  # Of whatever organisation has one.
            "own": person,
            "contract": site.ask(_first(Contract, agency).where(Contract.ended_on.is_not(None))),
            "open_contract": site.ask(_first(Contract, agency).where(Contract.ended_on.is_(None))),
            "plan": plan,
            "measure": site.ask(select(Measure.id).filter_by(plan_id=plan).order_by(Measure.id)),
            "monitoring": site.ask(last_card),
        }
    )


def _first(model: Any, agency: int) -> Select[Any]:
    return select(model.id).where(model.agency_id == agency).order_by(model.id).limit(1)


def _made(site: Site, head: str, person: int) -> dict[str, int]:
    """What nobody of the demonstration has: a draft of a plan, an assessment, a conclusion of ПМПК, a file."""
    with site.app.app_context():
        session = db.session()
        user = session.scalars(select(User).filter_by(login=head)).one()
        act_as(session, Actor.of(user, NOW))
        graduate = session.get_one(Graduate, person)
        draft = make_plan(session, graduate, user.agency, "Восстановить паспорт", "Найти секцию", on=ON)
        readiness, examination = assess(session, user, graduate, ON), examine(session, user, graduate, ON)
        folder = Path(site.app.config["DATA_DIR"])
        file = make_attachment(session, folder, user, graduate, kind=AttachmentKind.IDENTITY, title="Паспорт", on=ON)
        return {
            "draft": draft.id,
            "draft_measure": draft.measures[0].id,
            "readiness": readiness.id,
            "examination": examination.id,
            "attachment": file.id,
            "file": session.scalars(
                select(PersonalFile.id).filter_by(graduate_id=person, agency_id=user.agency_id)
            ).one(),
        }


def of_exchange(site: Site) -> dict[str, int]:
    """Letters, councils, meetings and decisions of the demonstration."""
    r, m = Referral, Meeting
    of_officer = select(r.id).join(Agency, Agency.id == r.sender_id).where(Agency.code == "opeka-sokol")
    of_clerk = select(r.id).join(Agency, Agency.id == r.sender_id).where(Agency.code == "sluzhba-stupeni")
    to_clerk = select(r.id).join(Agency, Agency.id == r.recipient_id).where(Agency.code == "sluzhba-stupeni")
    sitting = select(m.id).where(m.body_id.is_not(None)).limit(1)
    decided = select(Decision.id).where(Decision.referral_id.is_not(None)).limit(1)
    return {
        "draft_letter": site.ask(of_officer.where(r.status == ReferralStatus.DRAFT)),
        "emergency": site.ask(of_clerk.where(r.acknowledge_by.is_not(None), r.acknowledged_at.is_(None))),
        "settled": site.ask(of_clerk.where(r.closed_at.is_not(None))),
        "coming": site.ask(to_clerk.where(r.closed_at.is_(None), r.sent_at.is_not(None))),
        "incoming": site.ask(
            select(IncomingLetter.id)
            .join(Agency, Agency.id == IncomingLetter.agency_id)
            .where(Agency.code == "sluzhba-stupeni")
            .limit(1)
        ),
        "body": site.ask(select(Body.id).limit(1)),
        "planned": site.ask(sitting.where(m.status == MeetingStatus.PLANNED)),
        "held": site.ask(sitting.where(m.status == MeetingStatus.HELD)),
        "decision": site.ask(decided),
    }
