"""People of whom journals, contracts or plans speak: their cards are neither removed nor taken back."""

from collections.abc import Collection

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from models.aid import Benefit, CuratorOrder, HousingDocument, SuccessVerdict
from models.assessments import Examination, MonitoringCard, ReadinessAssessment
from models.cases import Application, Conclusion, Contract, Refusal, SupportEpisode
from models.files import Attachment
from models.library import Enrolment
from models.plans import Plan
from models.work import Appeal, Consultation, GroupParticipant, HousingSurvey, ServiceRecord, UrgentAct, Visit

ABOUT_PEOPLE = (
    *(Application, Refusal, Contract, SupportEpisode, Conclusion, Plan),
    *(Appeal, Consultation, GroupParticipant, Visit, HousingSurvey, UrgentAct, ServiceRecord),
    *(MonitoringCard, ReadinessAssessment, Examination, Attachment),
    *(CuratorOrder, Benefit, HousingDocument, SuccessVerdict, Enrolment),
)


def people_with_records(session: Session, *, ids: Collection[int]) -> set[int]:
    """Those among some people of whom any record of support stands; one statement."""
    parts = [select(model.graduate_id).where(model.graduate_id.in_(ids)) for model in ABOUT_PEOPLE]
    return set(session.scalars(union(*parts))) if ids else set()
