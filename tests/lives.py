"""A person of whom everything is recorded that a route can tell: one record of each kind."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from models.assessments import Examination, MonitoringCard, MonitoringScore, ReadinessAssessment, ReadinessScore
from models.cases import (
    Application,
    Conclusion,
    Contract,
    ContractAmendment,
    ContractSuspension,
    Refusal,
    SupportEpisode,
)
from models.circumstances import Address, Employment, FamilyStatus, Housing, Income, Placement, Situation, Study
from models.deadlines import Occurrence
from models.files import Attachment, AttachmentKind
from models.graduates import Graduate, Sex
from models.people import ClosePerson, Dependant, IdentityDocument
from models.plans import Measure, Plan
from models.rule_terms import Trigger
from models.support import (
    Assignment,
    CategoryDecision,
    Consent,
    HealthRecord,
    OffenceRecord,
    Problem,
    Responsibility,
)
from models.work import (
    Appeal,
    Consultation,
    ConsultationMinutes,
    GroupParticipant,
    GroupSession,
    HousingSurvey,
    ServiceRecord,
    UrgentAct,
    Visit,
)
from tests.conftest import NOW
from tests.factories import Cast
from tests.obligations import make_deadline


def day(month: int, number: int = 1, year: int = 2026) -> date:
    return date(year, month, number)


def live(session: Session, cast: Cast) -> Graduate:
    """The life of Anna's own graduate, with the service."""
    person = cast.own
    person.sex, person.left_on, person.exit_document = Sex.FEMALE, day(6, 30, 2023), "Приказ № 12"
    _card(session, cast, person)
    _case(session, cast, person)
    _work(session, cast, person)
    _found_out(session, cast, person)
    session.commit()
    return person


def _card(session: Session, cast: Cast, person: Graduate) -> None:
    about: dict[str, Any] = {"graduate": person}
    session.add_all(
        [
            Placement(
                **about,
                form_code="foster_family",
                starts_on=day(9, 1, 2015),
                ends_on=day(6, 30, 2023),
                place="Семья Лебедевых",
                ground="Акт № 5",
            ),
            Study(
                **about,
                status_code="studying",
                starts_on=day(9, 1, 2023),
                ends_on=day(6, 30, 2026),
                organisation="Сокольский колледж",
                profession="повар",
            ),
            Employment(
                **about, status_code="employed", starts_on=day(8, 1), organisation="Столовая № 3", position="повар"
            ),
            Income(**about, source="Заработная плата", amount=Decimal("32000.00"), starts_on=day(8, 1)),
            FamilyStatus(**about, status_code="married", children=1, starts_on=day(7, 1)),
            Dependant(**about, name="Ваня", birth_date=day(7, 20)),
            Housing(**about, status_code="waiting_list", starts_on=day(8, 14, 2023), dwelling="ул. Мира, 1"),
            Address(**about, text="г. Сокол, ул. Мира, 1", starts_on=day(7, 1, 2023), is_start_known=False),
            Situation(**about, problems="нет денег", work_done="помогли", starts_on=day(4), agency=cast.service),
            Problem(
                **about, description="Долг за квартиру", found_on=day(5), resolved_on=day(7, 5), resolution="погашен"
            ),
            CategoryDecision(**about, category_code="active", starts_on=day(2), ground="решение", decided_by="Главная"),
            Assignment(**about, kind="curator", name="Анна Клерк", position="специалист", starts_on=day(2)),
            Responsibility(**about, agency=cast.service, starts_on=day(1, 10), ground="договор"),
            Consent(**about, purpose_code="support", given_on=day(1, 10), withdrawn_on=day(9, 20), document="№ 1"),
            HealthRecord(**about, text="Инвалидность II группы", recorded_on=day(3)),
            OffenceRecord(**about, text="Освобождён из колонии", recorded_on=day(3, 2)),
            IdentityDocument(**about, kind_code="passport", number="123456", issued_on=day(8, 20, 2019)),
            ClosePerson(**about, name="Лебедева Ольга", kinship_code="foster_parent", is_supportive=True),
        ]
    )


def _case(session: Session, cast: Cast, person: Graduate) -> None:
    about: dict[str, Any] = {"graduate": person, "agency_id": cast.service.id, "created_at": NOW}
    numbered = {**about, "year": 2026, "number": 1}
    application = Application(
        **numbered, received_on=day(1, 12), registered_on=day(1, 13), withdrawn_on=day(1, 14), request="Нужна помощь"
    )
    contract = Contract(
        **numbered,
        application=application,
        signed_on=day(1, 20),
        starts_on=day(1, 20),
        ends_on=day(12, 31),
        ended_on=day(9, 25),
        termination_ground_code="graduate_request",
        signatory="директор",
    )
    contract.amendments = [ContractAmendment(number=1, signed_on=day(3, 3), subject="Продлить срок")]
    contract.suspensions = [ContractSuspension(ground_code="military", starts_on=day(4), ends_on=day(5))]
    plan = Plan(
        **numbered,
        contract=contract,
        kind="individual",
        state="closed",
        starts_on=day(1, 25),
        ends_on=day(9, 1),
        approved_on=day(1, 25),
        closed_on=day(9, 1),
    )
    plan.measures = [
        Measure(direction_code="education", title="Окончить колледж", status="done", done_on=day(6, 30), result="есть"),
        Measure(
            direction_code="health",
            title="Санаторий",
            status="refused",
            refused_on=day(5, 5),
            is_refusal_signed=True,
        ),
    ]
    session.add_all([application, contract, plan])
    session.flush()
    session.add_all(
        [
            Refusal(**numbered, kind="agency", refused_on=day(1, 15), reason_code="over_23", details="Нет права"),
            SupportEpisode(
                **numbered,
                contract=contract,
                accepted_on=day(1, 20),
                removed_on=day(9, 26),
                removal_ground_code="graduate_request",
            ),
            Conclusion(
                **numbered,
                contract=contract,
                plan_id=plan.id,
                period_from=day(1, 20),
                period_to=day(9, 20),
                outcome="stop",
                approved_on=day(9, 21),
                graduate_signed_on=day(9, 22),
            ),
        ]
    )


def _work(session: Session, cast: Cast, person: Graduate) -> None:
    about: dict[str, Any] = {"graduate": person, "agency_id": cast.service.id, "specialist": "Анна Клерк"}
    numbered = {**about, "year": 2026, "number": 1, "created_at": NOW}
    talk = Consultation(**numbered, held_on=day(3, 4), topic="Как платить за жильё", kind="legal")
    kept = ConsultationMinutes(
        graduate=person, agency_id=cast.service.id, year=2026, number=1, created_at=NOW, drawn_on=day(3, 4)
    )
    talk.all_minutes = [kept]
    kept.course, kept.time_from = "Плакала", time(10)
    meeting = GroupSession(
        agency_id=cast.service.id, year=2026, number=1, created_at=NOW, held_on=day(3, 5), topic="Бюджет семьи"
    )
    meeting.participants = [GroupParticipant(graduate=person, note="активна")]
    session.add_all(
        [
            Appeal(
                **numbered,
                received_on=day(3, 3),
                content="Прошу помочь с жильём",
                done_on=day(3, 6),
                outcome_code="solved",
                decision="Направлена",
            ),
            talk,
            meeting,
            Visit(**numbered, visited_on=day(3, 7), purpose="Проверить условия", is_opened=False),
            HousingSurvey(**numbered, surveyed_on=day(3, 8), address="ул. Мира, 1", outcome="needs_work"),
            UrgentAct(**numbered, provided_on=day(3, 9), reason="Пожар"),
            ServiceRecord(**about, provided_on=day(3, 10), kind_code="legal", title="Составлен иск", result="подан"),
            ServiceRecord(
                **about,
                provided_on=day(3, 11),
                kind_code="legal",
                title="По ошибке",
                annulled_on=day(3, 12),
                annulled_reason="ошибка",
            ),
            Occurrence(
                trigger=Trigger.APPLICATION_RECEIVED,
                agency_id=cast.service.id,
                graduate=person,
                happened_on=day(1, 11),
                number="вх-1",
                created_at=NOW,
            ),
            make_deadline(session, cast.service, graduate_id=person.id),
        ]
    )


def _found_out(session: Session, cast: Cast, person: Graduate) -> None:
    about: dict[str, Any] = {"graduate": person, "agency_id": cast.service.id, "created_at": NOW}
    card = MonitoringCard(**about, filled_on=day(6, 1), specialist="Анна Клерк", conclusion="Адаптируется")
    card.scores = [MonitoringScore(indicator="social", title="Социальное положение", value=3, position=1)]
    assessed = ReadinessAssessment(
        **about, assessed_on=day(6, 2), specialist="Анна Клерк", recommendations="Учить быту"
    )
    assessed.scores = [ReadinessScore(sphere="home", value=2)]
    kept: dict[str, Any] = {"graduate": person, "agency_id": cast.service.id, "added_at": NOW, "sha256": "0" * 64}
    kept |= {"file_name": "a.pdf", "media_type": "application/pdf", "size": 1}
    session.add_all(
        [
            card,
            assessed,
            Examination(**about, held_on=day(6, 3), number="77", conclusion="Обучение по программе"),
            Attachment(**kept, title="Справка о составе семьи", document_on=day(6, 4)),
            Attachment(**kept, title="Справка психиатра", kind=AttachmentKind.HEALTH),
        ]
    )
