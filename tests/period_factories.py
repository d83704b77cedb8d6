"""A busy year of two organisations, invented from a seed: records of every kind that period reports count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from models.assessments import MonitoringCard, MonitoringScore, ReadinessAssessment, ReadinessScore
from models.cases import Application, Conclusion, ConclusionOutcome, Contract, Refusal, RefusalKind, SupportEpisode
from models.circumstances import Employment, FamilyStatus, Housing, Placement, Study
from models.exchange import ReferralStatus
from models.graduates import Graduate, Sex
from models.plans import Measure, MeasureStatus, Plan, PlanKind, PlanState
from models.support import Assignment, AssignmentKind, CategoryDecision, OffenceRecord, Problem
from models.territory import Agency
from models.users import User
from models.work import (
    Appeal,
    Consultation,
    ConsultationKind,
    GroupParticipant,
    GroupSession,
    HousingSurvey,
    ServiceRecord,
    Visit,
)
from tests.clock import at
from tests.exchange_factories import make_referral
from tests.factories import make_graduate

FIRST, DAYS = date(2026, 1, 1), 365
KINDS = ("household", "medical", "psychological", "legal", "urgent", "accompaniment")
_numbers = count(1)


class Year:
    """Records of one organisation in 2026, on days drawn at random; `users` are its specialists."""

    def __init__(self, session: Session, agency: Agency, other: Agency, users: list[User], seed: int) -> None:
        self.session, self.agency, self.other, self.users, self.rng = session, agency, other, users, Random(seed)

    def day(self, since: date = FIRST, until: date = FIRST + timedelta(days=DAYS - 1)) -> date:
        return since + timedelta(days=self.rng.randrange(max((until - since).days, 0) + 1))

    def maybe(self, value: Any, share: float = 0.5) -> Any:
        return value if self.rng.random() < share else None

    def numbered(self) -> dict[str, Any]:
        return {"year": 2026, "number": next(_numbers), "created_at": at(FIRST), "agency_id": self.agency.id}

    def annulled(self) -> dict[str, Any]:
        return {"annulled_on": self.day(), "annulled_reason": "ошибка"} if self.rng.random() < 0.1 else {}

    def by(self) -> dict[str, Any]:
        user = self.rng.choice([*self.users, None])
        return {"specialist_id": user.id, "specialist": user.name} if user else {"specialist": "Внешний юрист"}

    def live(self, people: int) -> None:
        cards = [self.person(number) for number in range(people)]
        for card in cards:
            self.session.add_all([*self.papers(card), *self.facts(card), *self.work(card)])
            self.session.flush()
        self.together(cards)
        self.session.flush()

    def person(self, number: int) -> Graduate:
        born = date(2002, 1, 1) + timedelta(days=self.rng.randrange(7 * 365))
        sex = self.rng.choice(list(Sex))
        return make_graduate(self.session, f"Выпускник Номер {number}", birth_date=born, sex=sex)

    def facts(self, card: Graduate) -> Iterator[Any]:
        pick, told = self.rng.choice, {"graduate_id": card.id}
        for _ in range(self.rng.randrange(3)):
            yield Employment(**told, starts_on=self.day(), status_code=pick(["studying", "imprisoned", "employed"]))
            yield Study(**told, starts_on=self.day(), level_code=pick(["basic", None]), status_code="studying")
            yield Housing(**told, starts_on=self.day(), status_code=pick(["owned", "homeless"]))
            family = pick(["married", "single", "divorced", "partnership"])
            yield FamilyStatus(**told, starts_on=self.day(), status_code=family, children=self.rng.randrange(3))
            yield Placement(**told, starts_on=date(2015, 1, 1), form_code=pick(["institution", "foster_family"]))
            yield CategoryDecision(**told, starts_on=self.day(), category_code=pick(["crisis", "active", "stable"]))
            kind = pick(["offence", "addiction", "children_at_risk"])
            yield Problem(**told, found_on=self.day(FIRST, date(2026, 6, 1)), kind_code=kind, description="Есть")
            yield OffenceRecord(**told, recorded_on=self.day(), text="кража")
        if self.users and self.rng.random() < 0.6:
            yield Assignment(
                **told, kind=AssignmentKind.CURATOR, user_id=pick(self.users).id, name="Куратор", starts_on=self.day()
            )

    def papers(self, card: Graduate) -> Iterator[Any]:
        told = {"graduate_id": card.id}
        received = self.day(date(2025, 10, 1))
        application = Application(
            **told, received_on=received, registered_on=received, **self.numbered(), **self.annulled()
        )
        self.session.add(application)
        self.session.flush()
        signed = received + timedelta(days=self.rng.randrange(30))
        contract = self.contract(card, signed, self.maybe(application.id))
        self.session.add(contract)
        self.session.flush()
        yield from self.episodes(card, contract, signed)
        kind = self.rng.choice(list(RefusalKind))
        reason = "not_graduate" if kind is RefusalKind.AGENCY else None
        yield Refusal(**told, kind=kind, refused_on=self.day(), reason_code=reason, **self.numbered())
        yield Conclusion(
            **told, outcome=ConclusionOutcome.STOP, period_from=FIRST, period_to=FIRST, approved_on=self.day(),
            **self.numbered(),
        )  # fmt: skip
        yield self.plan(card)

    def contract(self, card: Graduate, signed: date, application_id: int | None) -> Contract:
        fields: dict[str, Any] = {"starts_on": signed, "ends_on": signed + timedelta(days=364)}
        return Contract(
            graduate_id=card.id, application_id=application_id, signed_on=signed, **fields, **self.numbered()
        )

    def episodes(self, card: Graduate, contract: Contract, since: date) -> Iterator[SupportEpisode]:
        """Some are taken on a second time."""
        for _ in range(self.rng.choice([1, 1, 2])):
            until = self.maybe(self.day(since, since + timedelta(days=150)))
            ground = self.rng.choice(["term_expired", "graduate_request"]) if until else None
            yield SupportEpisode(
                graduate_id=card.id, contract_id=contract.id, accepted_on=since, removed_on=until,
                removal_ground_code=ground, **self.numbered(),
            )  # fmt: skip
            if until is None:
                return
            since = until + timedelta(days=self.rng.randrange(20))

    def plan(self, card: Graduate) -> Plan:
        approved = self.day()
        plan = Plan(
            graduate_id=card.id, kind=PlanKind.INDIVIDUAL, state=PlanState.APPROVED, starts_on=approved,
            ends_on=approved + timedelta(days=364), approved_on=approved, **self.numbered(),
        )  # fmt: skip
        plan.measures = [self.measure() for _ in range(3)]
        return plan

    def measure(self) -> Measure:
        status = self.rng.choice([*MeasureStatus])
        is_done = status in (MeasureStatus.DONE, MeasureStatus.DONE_PARTLY)
        is_refused = status is MeasureStatus.REFUSED
        return Measure(
            title="Паспорт", direction_code=self.rng.choice(["legal", "housing"]), due_on=self.day(), status=status,
            done_on=self.day() if is_done else None, refused_on=self.day() if is_refused else None,
            is_refusal_signed=is_refused,
        )  # fmt: skip

    def work(self, card: Graduate) -> Iterator[Any]:
        told = {"graduate_id": card.id}
        for _ in range(self.rng.randrange(4)):
            yield self.service(card)
            kind = self.rng.choice(list(ConsultationKind))
            yield Consultation(**told, held_on=self.day(), kind=kind, topic="Деньги", **self.numbered(), **self.by())
            yield Visit(**told, visited_on=self.day(), purpose="Быт", **self.numbered(), **self.by(), **self.annulled())
            yield HousingSurvey(**told, surveyed_on=self.day(), **self.numbered(), **self.by())
            yield self.appeal(card)
        yield self.card(card)
        yield self.assessment(card)

    def service(self, card: Graduate, **more: Any) -> ServiceRecord:
        form = self.rng.choice(["stationary", "at_home", None])
        return ServiceRecord(
            graduate_id=card.id, agency_id=self.agency.id, provided_on=self.day(), title="Помощь", form_code=form,
            kind_code=self.rng.choice(KINDS), quantity=1 + self.rng.randrange(5), **self.by(),
            **self.annulled(), **more,
        )  # fmt: skip

    def appeal(self, card: Graduate) -> Appeal:
        received = self.day()
        done = self.maybe(received + timedelta(days=self.rng.randrange(60)))
        return Appeal(
            graduate_id=card.id, received_on=received, content="Просит", due_on=received + timedelta(days=20),
            done_on=done, outcome_code="solved" if done else None, **self.numbered(), **self.by(),
        )  # fmt: skip

    def card(self, card: Graduate) -> MonitoringCard:
        found = MonitoringCard(
            graduate_id=card.id, agency_id=self.agency.id, filled_on=self.day(), created_at=at(FIRST)
        )
        values = [self.rng.choice([None, 0, 1, 2, 3]) for _ in range(7)]
        found.scores = [MonitoringScore(indicator=f"i{n}", value=value) for n, value in enumerate(values)]
        return found

    def assessment(self, card: Graduate) -> ReadinessAssessment:
        found = ReadinessAssessment(
            graduate_id=card.id, agency_id=self.agency.id, assessed_on=self.day(), created_at=at(FIRST)
        )
        found.scores = [ReadinessScore(sphere=f"s{n}", value=self.rng.randrange(3)) for n in range(10)]
        return found

    def together(self, cards: list[Graduate]) -> None:
        """Group sessions with services of their participants, services of plans, letters both ways."""
        for _ in range(4):
            held = GroupSession(
                held_on=self.day(), topic="Бюджет", programme=self.rng.choice(["", "Ты не один"]),
                **self.numbered(), **self.by(),
            )  # fmt: skip
            held.participants = [GroupParticipant(graduate_id=card.id) for card in cards[::2]]
            self.session.add(held)
            self.session.flush()
            self.session.add_all(self.service(card, session_id=held.id) for card in cards[::3])
        for card in cards[:6]:
            self.letter(card)

    def letter(self, card: Graduate) -> None:
        ends = [self.agency, self.other]
        self.rng.shuffle(ends)
        status = self.rng.choice([ReferralStatus.SENT, ReferralStatus.ANSWERED, ReferralStatus.REVOKED])
        sent = self.day()
        answered = sent + timedelta(days=self.rng.randrange(60)) if status is ReferralStatus.ANSWERED else None
        author = self.rng.choice([*self.users, None])
        make_referral(
            self.session, ends[0], ends[1], card, status=status, sent_on=sent, author=author, answered_on=answered,
            answer_due_on=self.maybe(sent + timedelta(days=30), 0.8),
        )  # fmt: skip
