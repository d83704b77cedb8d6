"""Recipients proposed: the territory with its dates, roles, studies, support; gaps and overlaps of a kind."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from models.circumstances import Study
from models.dictionaries import StudyStatus
from models.regulations import RoleBinding
from models.territory import AgencyDistrict, AgencyKind
from services.exchange.kinds import ReferralKind, kind_of, kinds_of
from services.exchange.routing import route
from services.exchange.territories import coverage
from services.regulations.loading import pack_of
from tests.clock import load_law
from tests.exchange_factories import PLAIN
from tests.exchange_kinds import follow_kinds
from tests.factories import Cast, make_agency, make_graduate
from tests.regulated import TODAY

DAY = timedelta(days=1)


def kind_to(*kinds: str, **terms: object) -> ReferralKind:
    return ReferralKind.of({**PLAIN, "to": list(kinds), **terms})


@pytest.fixture
def social(session: Session, cast: Cast) -> dict[str, object]:
    """A social centre of Sokol, one of Totma, the department of the region."""
    return {
        "sokol": make_agency(session, "kcson-sokol", AgencyKind.SOCIAL_CENTRE, districts=(cast.sokol,)),
        "totma": make_agency(session, "kcson-totma", AgencyKind.SOCIAL_CENTRE, districts=(cast.totma,)),
    }


def _codes(routing):
    return [(one.agency.code, one.is_chosen) for one in routing.proposals]


def test_whoever_serves_the_district_of_the_person_is_proposed_with_its_reason(session, cast, social) -> None:
    found = route(session, kind=kind_to("social_centre"), sender=cast.service, graduate=cast.local, on=TODAY)
    assert _codes(found) == [("kcson-sokol", True)]
    assert found.proposals[0].reason == "обслуживает: Сокольский муниципальный округ, с 01.01.2022"
    assert found.warning == ""


def test_the_district_of_residence_goes_before_that_of_origin(session, cast, social) -> None:
    cast.local.district_id = cast.totma.id
    found = route(session, kind=kind_to("social_centre"), sender=cast.service, graduate=cast.local, on=TODAY)
    assert _codes(found) == [("kcson-totma", True)]


def test_service_that_has_ended_or_has_not_begun_does_not_count(session, cast, social) -> None:
    social["sokol"].served[0].ends_on = TODAY
    later = make_agency(session, "kcson-new", AgencyKind.SOCIAL_CENTRE)
    later.served = [AgencyDistrict(district=cast.sokol, starts_on=TODAY + DAY)]
    session.flush()
    args = {"kind": kind_to("social_centre"), "sender": cast.service, "graduate": cast.local}
    assert _codes(route(session, on=TODAY, **args)) == [("kcson-sokol", True)]
    assert _codes(route(session, on=TODAY + DAY, **args)) == [("kcson-new", True)]


def test_two_that_fit_are_both_proposed(session, cast, social) -> None:
    make_agency(session, "kcson-second", AgencyKind.SOCIAL_CENTRE, districts=(cast.sokol,))
    found = route(session, kind=kind_to("social_centre"), sender=cast.service, graduate=cast.local, on=TODAY)
    assert [one.agency.code for one in found.proposals] == ["kcson-sokol", "kcson-second"]


def test_where_nobody_serves_the_district_all_are_proposed_with_a_warning(session, cast, social) -> None:
    session.delete(social["sokol"].served[0])
    session.flush()
    found = route(session, kind=kind_to("social_centre"), sender=cast.service, graduate=cast.local, on=TODAY)
    assert {code for code, _ in _codes(found)} == {"kcson-sokol", "kcson-totma"}
    assert not any(one.is_chosen for one in found.proposals)
    assert found.warning.startswith("Сокольский муниципальный округ: среди получателей этого вида его никто не")


def test_a_card_without_a_district_says_so(session, cast, social) -> None:
    found = route(session, kind=kind_to("social_centre"), sender=cast.service, graduate=cast.own, on=TODAY)
    assert found.warning.startswith("Район проживания не указан")


def test_the_college_where_the_person_studies_goes_first(session, cast) -> None:
    session.merge(StudyStatus(code="studying", label="обучается"))
    college = make_agency(session, "college", AgencyKind.COLLEGE)
    make_agency(session, "other-college", AgencyKind.COLLEGE, districts=(cast.sokol,))
    study = Study(starts_on=date(2025, 9, 1), status_code="studying", agency_id=college.id)
    cast.local.studies.append(study)
    session.flush()
    found = route(session, kind=kind_to("college"), sender=cast.service, graduate=cast.local, on=TODAY)
    assert _codes(found) == [("college", True), ("other-college", False)]
    assert found.proposals[0].reason == "здесь учится с 01.09.2025"


def test_the_bearer_of_the_role_that_the_clause_names_is_chosen(session, cast, social) -> None:
    regulation = follow_kinds(session, cast.service)
    kind = kind_of(session, key="small/notice", agency_id=cast.service.id, on=TODAY)
    args = {"kind": kind, "sender": cast.service, "graduate": cast.local, "on": TODAY}
    assert _codes(route(session, **args)) == [("kcson-sokol", True)]
    session.add(RoleBinding(regulation_id=regulation.id, role="body", agency_id=social["totma"].id))
    session.flush()
    found = route(session, **args)
    assert _codes(found) == [("kcson-totma", True), ("kcson-sokol", False)]
    assert found.proposals[0].reason == "уполномоченный орган"


def test_a_role_bound_for_another_district_does_not_count(session, cast, social) -> None:
    regulation = follow_kinds(session, cast.service)
    kind = kind_of(session, key="small/notice", agency_id=cast.service.id, on=TODAY)
    bound = {"role": "body", "agency_id": social["totma"].id, "district_id": cast.totma.id}
    session.add(RoleBinding(regulation_id=regulation.id, **bound))
    session.flush()
    found = route(session, kind=kind, sender=cast.service, graduate=cast.local, on=TODAY)
    assert _codes(found) == [("kcson-sokol", True)]


def test_nobody_is_proposed_to_himself_and_no_closed_organisation(session, cast, social) -> None:
    social["sokol"].is_active = False
    session.flush()
    found = route(session, kind=kind_to("social_centre"), sender=social["totma"], graduate=cast.local, on=TODAY)
    assert found.proposals == ()


def test_a_letter_about_nobody_goes_to_those_of_the_senders_districts(session, cast, social) -> None:
    found = route(session, kind=kind_to("social_centre", about="none"), sender=cast.opeka, on=TODAY)
    assert _codes(found) == [("kcson-sokol", True)]


def test_the_responsible_organisation_is_proposed(session, cast) -> None:
    one = make_graduate(session, "Новиков Илья", agency_id=cast.service.id, origin_district_id=cast.sokol.id)
    found = route(session, kind=kind_to("support_service"), sender=cast.opeka, graduate=one, on=TODAY)
    assert [(one.agency.code, one.reason) for one in found.proposals] == [("service", "ведёт сопровождение")]


def test_gaps_and_overlaps_of_a_kind_are_told_with_their_dates(session, cast, social) -> None:
    served = social["totma"].served[0]
    served.ends_on = TODAY - DAY
    make_agency(session, "kcson-second", AgencyKind.SOCIAL_CENTRE, districts=(cast.sokol,))
    later = make_agency(session, "kcson-new", AgencyKind.SOCIAL_CENTRE)
    later.served = [AgencyDistrict(district=cast.totma, starts_on=TODAY + DAY)]
    session.flush()
    found = coverage(session, kinds=[AgencyKind.SOCIAL_CENTRE], on=TODAY)
    gaps, overlaps = [one for one in found if one.is_gap], [one for one in found if one.count > 1]
    assert [(gap.district.code, gap.since, gap.until) for gap in gaps] == [("totma", TODAY - DAY, TODAY + DAY)]
    assert [one.district.code for one in overlaps] == ["sokol"]
    assert [one.agency.code for one in overlaps[0].serving] == ["kcson-sokol", "kcson-second"]


def test_a_letter_that_carries_a_report_goes_where_the_report_is_due(session, cast) -> None:
    make_agency(session, "nadezhda", AgencyKind.REGIONAL_OPERATOR)
    load_law(session)
    listed = next(kind for kind in kinds_of(pack_of(session, "syzran-2022")) if kind.code == "enrolled-list")
    found = route(session, kind=listed, sender=cast.opeka, graduate=cast.local, on=TODAY)
    assert ("nadezhda", True) in _codes(found)
