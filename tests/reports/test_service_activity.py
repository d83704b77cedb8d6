"""What a support service tells its base orphanage each quarter."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from models.assessments import ReadinessAssessment, ReadinessScore
from models.exchange import ReferralStatus
from models.territory import AgencyKind
from reports.period import Period
from reports.service_activity import ServiceActivity
from tests.clock import at, load_law
from tests.exchange_factories import make_referral
from tests.factories import Cast
from tests.kpi_factories import desk_of
from tests.period_factories import Year
from tests.reports.figures_checked import check_every_figure, part
from tests.reports.statements import statements

REPORT = ServiceActivity()
QUARTER = Period.parse("2026-Q3")


def test_it_is_a_services_paper_and_quarterly() -> None:
    assert REPORT.is_made_by(AgencyKind.SUPPORT_SERVICE)
    assert not REPORT.is_made_by(AgencyKind.GUARDIANSHIP)
    assert (REPORT.months, REPORT.is_submitted) == (3, True)


def test_every_figure_is_the_number_of_records_behind_it(session: Session, cast: Cast) -> None:
    load_law(session)
    Year(session, cast.opeka, cast.service, [cast.boris], seed=5).live(5)
    Year(session, cast.service, cast.opeka, [cast.anna, cast.galina], seed=7).live(12)
    for period in (QUARTER, Period.parse("2026")):
        desk = desk_of(session, cast.service, period)
        with statements() as made:
            REPORT.parts(desk)
        assert len(made) <= 30
        check_every_figure(REPORT, desk)


def test_letters_are_in_time_late_or_waited_for(session: Session, cast: Cast) -> None:
    load_law(session)
    due = date(2026, 9, 10)
    answers = (date(2026, 9, 10), date(2026, 9, 11), None)
    for answered in answers:
        status = ReferralStatus.ANSWERED if answered else ReferralStatus.SENT
        make_referral(
            session, cast.service, cast.opeka, cast.own, status=status, sent_on=date(2026, 8, 10), answer_due_on=due,
            answered_on=answered,
        )  # fmt: skip
    late = {"sent_on": date(2026, 9, 20), "answer_due_on": date(2026, 10, 20)}
    make_referral(session, cast.service, cast.opeka, cast.own, **late)
    make_referral(session, cast.service, cast.opeka, cast.own, status=ReferralStatus.REVOKED, sent_on=due)
    parts = REPORT.parts(desk_of(session, cast.service, QUARTER))
    assert [figure.value for figure in part(parts, "letters-out").lines[0].figures] == [4, 4, 1, 2]
    received = REPORT.parts(desk_of(session, cast.opeka, QUARTER))
    assert [figure.value for figure in part(received, "letters-in").lines[-1].figures] == [4, 4, 1, 2]


def test_readiness_is_of_the_last_assessment_of_the_period(session: Session, cast: Cast) -> None:
    load_law(session)
    for day, value in ((date(2026, 7, 1), 0), (date(2026, 9, 1), 2)):
        made = ReadinessAssessment(
            graduate_id=cast.own.id, agency_id=cast.service.id, assessed_on=day, created_at=at(day)
        )
        made.scores = [ReadinessScore(sphere=f"s{place}", value=value) for place in range(10)]
        session.add(made)
    session.flush()
    parts = REPORT.parts(desk_of(session, cast.service, QUARTER))
    bands = {line.code: line.figures[0].value for line in part(parts, "readiness-bands").lines}
    assert bands == {"ready": 1, "partly": 0, "not-ready": 0, "total": 1}
    assert part(parts, "readiness").figure("mean").text == "20,0"
