"""Letters that propose themselves: which obligations propose what, filled in, sent once with one click."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.circumstances import Address, Placement, Study
from models.exchange import Referral, ReferralStatus
from models.people import Dependant
from models.support import CategoryDecision, Problem
from models.territory import Agency
from models.users import Role
from services.errors import Refused
from services.exchange import workflow
from services.exchange.proposals import Proposal, count_proposals, proposal_of, proposals, send_proposal, told_of
from tests.clock import at, duties, duty, follow, run, viewer_of
from tests.factories import make_agency, make_district
from tests.services.deadlines.region import SYZRAN, VOLOGDA, Region, kept, person, today

BORN = date(2006, 8, 14)
DAY = date(2026, 3, 6)


@pytest.fixture
def session(session: scoped_session[Session]) -> Session:
    return session()


@pytest.fixture
def region(session: Session) -> Region:
    return Region(session)


def _viewer(agency: Agency, on: date, role: Role = Role.CLERK) -> Viewer:
    """Somebody of an organisation that serves its districts."""
    districts = tuple(served.district_id for served in agency.served)
    return replace(viewer_of(agency, on, role=role), district_ids=districts)


def _proposed(session: Session, agency: Agency, on: date = DAY) -> list[Proposal]:
    return proposals(session, by=_viewer(agency, on))


def _send(session: Session, proposal: Proposal, agency: Agency, on: date = DAY) -> Referral:
    today(session, on)
    letter = send_proposal(session, deadline_id=proposal.deadline.id, by=_viewer(agency, on), now=at(on))
    session.commit()
    return letter


def test_a_found_need_proposes_its_notice_and_is_fulfilled_by_one_click(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    graduate = person(session, region, "Морозов Артём Сергеевич", BORN, region.service)
    problem = kept(
        session, Problem(graduate=graduate, description="Нет жилья", found_on=DAY, source_code="own_work"), DAY
    )
    (proposal,) = [one for one in _proposed(session, region.service) if one.graduate_id == graduate.id]
    assert (proposal.kind.code, proposal.recipient_id) == ("need-notice", region.social.id)
    assert proposal.subject == f"problem:{problem.id}"
    assert "Морозов" not in proposal.why
    letter = _send(session, proposal, region.service)
    assert (letter.status, letter.deadline_id) == (ReferralStatus.SENT, proposal.deadline.id)
    assert duty(session, "T18", graduate).done_on == DAY
    assert proposal_of(session, deadline_id=proposal.deadline.id, by=_viewer(region.service, DAY)) is None
    with pytest.raises(Refused, match="уже отправлено"):
        _send(session, proposal, region.service)
    assert len(session.scalars(select(Referral)).all()) == 1


def test_two_clicks_in_a_transaction_send_one_letter(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    graduate = person(session, region, "Морозов Артём Сергеевич", BORN, region.service)
    kept(session, CategoryDecision(graduate=graduate, category_code="crisis", starts_on=DAY), DAY)
    (proposal,) = [one for one in _proposed(session, region.service) if one.kind.code == "crisis"]
    by = _viewer(region.service, DAY)
    send_proposal(session, deadline_id=proposal.deadline.id, by=by, now=at(DAY))
    with pytest.raises(Refused, match="уже отправлено"):
        send_proposal(session, deadline_id=proposal.deadline.id, by=by, now=at(DAY))


def test_a_revoked_letter_is_proposed_again(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    graduate = person(session, region, "Морозов Артём Сергеевич", BORN, region.service)
    kept(session, CategoryDecision(graduate=graduate, category_code="crisis", starts_on=DAY), DAY)
    (first,) = [one for one in _proposed(session, region.service) if one.kind.code == "crisis"]
    letter = _send(session, first, region.service)
    assert not [one for one in _proposed(session, region.service) if one.kind.code == "crisis"]
    head = _viewer(region.service, DAY, Role.HEAD)
    workflow.revoke(session, referral=letter, reason="ошибка", by=head, now=at(DAY))
    session.commit()
    (again,) = [one for one in _proposed(session, region.service) if one.kind.code == "crisis"]
    assert _send(session, again, region.service).id != letter.id


def test_an_urgent_need_proposes_the_urgent_notice(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    graduate = person(session, region, "Морозов Артём Сергеевич", BORN, region.service)
    need = Problem(graduate=graduate, description="Нет жилья", found_on=DAY, source_code="own_work", severity=3)
    kept(session, need, DAY)
    (proposal,) = _proposed(session, region.service)
    assert proposal.kind.code == "urgent-need-notice"
    assert proposal.deadline.due_on == DAY


@pytest.mark.parametrize("change", ["address", "study"])
def test_a_changed_address_and_an_expulsion_propose_a_change_notice(
    session: Session, region: Region, change: str
) -> None:
    region.follow(session, VOLOGDA)
    today(session, date(2026, 1, 1))
    graduate = person(session, region, "Морозов Артём Сергеевич", BORN, region.centre)
    home = {"district_id": region.district.id}
    graduate.addresses.append(Address(text="ул. Старая, 1", starts_on=date(2024, 1, 1), **home))
    session.commit()
    if change == "address":
        kept(session, Address(graduate=graduate, text="ул. Новая, 2", starts_on=DAY, **home), DAY)
    else:
        kept(session, Study(graduate=graduate, status_code="expelled", starts_on=DAY), DAY)
    (proposal,) = [one for one in _proposed(session, region.centre) if one.graduate_id == graduate.id]
    assert (proposal.kind.code, proposal.recipient_id) == ("change-notice", region.service.id)
    letter = _send(session, proposal, region.centre)
    told = letter.text + " ".join(fact["value"] for fact in letter.people[0].facts)
    assert ("ул. Новая, 2" if change == "address" else "тчислен") in told
    assert duty(session, "T43", graduate).done_on == DAY


def test_an_arrival_proposes_two_letters(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    today(session, date(2026, 1, 1))
    graduate = person(session, region, "Морозов Артём Сергеевич", BORN)
    away = make_district(session, "far", "Дальний")
    graduate.addresses.append(Address(text="с. Дальнее", starts_on=date(2024, 1, 1), district_id=away.id))
    session.commit()
    kept(session, Address(graduate=graduate, text="ул. Новая", starts_on=DAY, district_id=region.district.id), DAY)
    found = _proposed(session, region.opeka)
    assert {one.recipient_id for one in found if one.kind.code == "arrival"} == {region.service.id, region.social.id}


def test_the_end_of_a_placement_proposes_the_data(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    graduate = person(session, region, "Кузнецова Дарья Игоревна", date(2008, 3, 6))
    graduate.placements.append(Placement(form_code="foster_family", starts_on=date(2015, 4, 23), ends_on=DAY))
    session.commit()
    (proposal,) = [one for one in _proposed(session, region.opeka) if one.graduate_id == graduate.id]
    assert (proposal.kind.code, proposal.recipient_id) == ("left-foster-family", region.operator.id)


def test_a_childcare_leave_proposes_a_letter_of_the_college(session: Session, region: Region) -> None:
    region.follow(session, SYZRAN)
    today(session, date(2026, 2, 20))
    graduate = person(session, region, "Белова Кристина Олеговна", date(2006, 6, 30), region.college)
    graduate.dependants.append(Dependant(name="Белова Анна", birth_date=date(2026, 1, 12)))
    on = date(2026, 2, 27)
    leave = Study(graduate=graduate, status_code="leave", starts_on=date(2026, 3, 2), agency_id=region.college.id)
    leave.leave_code, leave.order, leave.leave_ends_on = "academic", "№ 45 от 27.02.2026", date(2027, 3, 1)
    kept(session, leave, on)
    (owed,) = duties(session, "T51d", graduate)
    assert owed.due_on == date(2026, 3, 4)
    (proposal,) = [one for one in _proposed(session, region.college, on) if one.deadline.id == owed.id]
    assert (proposal.kind.code, proposal.recipient_id) == ("academic-leave", region.social.id)
    _send(session, proposal, region.college, on)
    assert owed.done_on == on


def test_the_october_request_names_those_who_live_in_the_district(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    ours = person(session, region, "Морозов Артём Сергеевич", BORN, region.service)
    person(session, region, "Чужой Иван Ильич", BORN, region.centre)
    on = date(2026, 10, 5)
    run(session, on)
    (proposal,) = [one for one in _proposed(session, region.service, on) if one.kind.code == "district-request"]
    assert proposal.deadline.due_on == date(2026, 11, 2)
    told = told_of(session, proposal=proposal, by=_viewer(region.service, on))
    assert (told.recipient_id, list(told.graduate_ids)) == (region.opeka.id, [ours.id])
    _send(session, proposal, region.service, on)
    assert proposal.deadline.done_on == on


def test_nothing_is_proposed_to_others_or_before_it_opens(session: Session, region: Region) -> None:
    follow(session, region.service, VOLOGDA, since=date(2026, 1, 1))
    run(session, date(2026, 9, 1))
    assert not _proposed(session, region.service, date(2026, 9, 1))
    run(session, date(2026, 10, 5))
    (proposal,) = _proposed(session, region.service, date(2026, 10, 5))
    other = make_agency(session, "foreign", region.service.kind)
    assert not _proposed(session, other, date(2026, 10, 5))
    with pytest.raises(Refused, match="самой организации"):
        _send(session, proposal, other, date(2026, 10, 5))


def test_pages_follow_each_other(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    for name in ("Первый Иван Ильич", "Второй Иван Ильич", "Третий Иван Ильич"):
        graduate = person(session, region, name, BORN, region.service)
        kept(session, CategoryDecision(graduate=graduate, category_code="crisis", starts_on=DAY), DAY)
    by = _viewer(region.service, DAY)
    assert count_proposals(session, by=by) == 3
    pages = [proposals(session, by=by, limit=2, offset=first) for first in (0, 2)]
    assert [len(page) for page in pages] == [2, 1]
    assert len({one.deadline.id for page in pages for one in page}) == 3
