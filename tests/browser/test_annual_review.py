"""A year of support ends as a centre works: scenario 6, with exactly its days and numbers, seen by three people."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.cases import Conclusion, Contract
from models.graduates import Graduate
from models.plans import Measure, MeasureStatus, Plan, PlanKind
from models.territory import Agency
from services.cases import contracts
from services.plans import approval, drafts
from tests import kpi_factories as make
from tests.browser.centre import CLERK, HEAD, OVERSEER, Centre, served_centre
from tests.browser.conftest import Trouble
from tests.browser.site import Site
from tests.browser.test_support_scenarios import act, terms_of, told
from tests.clock import at


@pytest.fixture(scope="module")
def centre_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from served_centre(tmp_path_factory.mktemp("centre"))


@pytest.fixture
def centre(browser: Browser, centre_site: Site, trouble: Trouble) -> Iterator[Centre]:
    centre = Centre(centre_site, browser, trouble)
    yield centre
    for context in centre.opened:
        context.close()


BEGUN, ENDS = date(2025, 10, 15), date(2026, 10, 15)
FATES = [MeasureStatus.DONE] * 9 + [MeasureStatus.DONE_PARTLY, MeasureStatus.NOT_DONE, MeasureStatus.REFUSED]


def _denis(session: Session, by: Viewer) -> None:
    """Contract № 3/2025 with its plan; the marks of a year of work follow."""
    denis = Graduate(
        last_name="Тимофеев", first_name="Денис", patronymic="Андреевич", birth_date=date(2004, 2, 3),
        agency_id=by.agency_id, created_by_id=by.user_id, created_at=at(BEGUN), updated_at=at(BEGUN),
    )  # fmt: skip
    session.add(denis)
    session.flush()
    term = {"starts_on": BEGUN, "ends_on": ENDS}
    contract = contracts.draft(session, graduate_id=denis.id, agency_id=by.agency_id, by=by, now=at(BEGUN), **term)
    contracts.sign(session, contract=contract, signed_on=BEGUN, by=by, now=at(BEGUN))
    plan = Plan(agency_id=by.agency_id, graduate_id=denis.id, kind=PlanKind.INDIVIDUAL, starts_on=BEGUN, ends_on=ENDS)
    plan.agreed_on = BEGUN
    plan.measures = [Measure(direction_code="legal", title=f"Мероприятие {n}", position=n) for n in range(1, 13)]
    drafts.begin(session, plan=plan, by=by, now=at(BEGUN))
    approval.submit(session, plan=plan, by=by)
    approval.approve(session, plan=plan, agreed_on=BEGUN, approved_on=BEGUN, by=by)


def _marks(session: Session, _by: Viewer) -> None:
    measures = session.scalars(select(Measure).join(Plan).join(Graduate).where(Graduate.last_name == "Тимофеев"))
    for measure, status in zip(measures.all(), FATES, strict=True):
        measure.status = status
        if status in (MeasureStatus.DONE, MeasureStatus.DONE_PARTLY):
            measure.done_on = date(2026, 6, 1)
        if status is MeasureStatus.REFUSED:
            measure.refused_on, measure.is_refusal_signed = date(2026, 6, 1), True


def _monitor(page: Page, person: int, points: list[int]) -> None:
    page.goto(f"/monitoring_card/new/?graduate={person}")
    for number, value in enumerate(points):
        group = page.locator("fieldset").filter(has=page.get_by_role("radio")).nth(number)
        group.locator(f"input[type=radio][value='{value}']").check()
    page.locator("[data-save]").click()
    expect(page.locator(".notice-success").first).to_be_visible()


def _others(session: Session, by: Viewer) -> None:
    """Nineteen more graduates: with Denis N=20, S=16, H=14, U=11 (domain §6.4); and what else is known of him."""
    agency = session.get_one(Agency, by.agency_id)
    people = [make.left(session, agency, number, agency_id=agency.id) for number in range(19)]
    for person in people[:15]:
        make.support(session, person, agency)
    for person in people[:13]:
        make.help_with(session, person, agency)
    for person in people[:10]:
        make.thrive(session, person, agency)
    denis = session.scalars(select(Graduate).where(Graduate.last_name == "Тимофеев")).one()
    denis.graduating_agency_id, denis.left_on = agency.id, date(2025, 6, 30)
    make.settle(session, denis)
    make.help_with(session, denis, agency)


def _shares_of_the_year(centre: Centre, denis: int) -> None:
    """Step 5: on 31.12.2026 another organisation's coordinator reads the shares, and who stands behind them."""
    centre.change(_others, login=HEAD, day=date(2026, 12, 30))
    head = centre.sits(HEAD, date(2026, 12, 31))
    for page in (head, centre.sits(OVERSEER, date(2026, 12, 31))):
        page.goto("/reports/kpi?agency=aist&period=2026")
        text = " ".join(page.locator("#main").inner_text().replace("\xa0", " ").split())
        for share in ("80,0 %", "87,5 %", "68,8 %"):
            assert share in text
        page.locator("#kpi a[href*='kpi.successful.']").first.click()
        expect(page.locator("#main")).to_contain_text("11 человек")
        expect(page.locator("#main")).to_contain_text("Тимофеев Денис Андреевич")
        page.get_by_role("link", name="Тимофеев Денис Андреевич").click()
        assert f"id={denis}" in page.url


def test_a_year_ends_with_a_conclusion_and_a_new_contract(centre: Centre, trouble: Trouble, tmp_path: Path) -> None:
    centre.change(_denis, login=HEAD, day=BEGUN)
    centre.change(_marks, login=HEAD, day=date(2026, 6, 1))
    denis = centre.person("Тимофеев")
    contract = centre.ask(select(Contract.id).where(Contract.graduate_id == denis))
    assert centre.ask(select(Contract.number).where(Contract.id == contract)) == 3

    page = centre.sits(CLERK, date(2026, 4, 30))
    _monitor(page, denis, [2, 2, 2, 2, 1, 1, 2])
    expect(page.locator("#main")).to_contain_text("12")
    expect(page.locator("#main")).to_contain_text("средний")
    page = centre.sits(CLERK, date(2026, 9, 30))
    _monitor(page, denis, [3, 3, 3, 3, 2, 2, 2])
    expect(page.locator("#main")).to_contain_text("18")
    expect(page.locator("#main")).to_contain_text("высокий")
    page.goto(f"/category/{denis}")
    expect(page.locator("#main")).to_contain_text(re.compile("стабильное", re.IGNORECASE))

    page = centre.sits(CLERK, date(2026, 9, 14))
    assert "15.09.2026" in terms_of(page, denis)

    page = centre.sits(CLERK, ENDS)
    page.goto(f"/contract/details/?id={contract}")
    act(page, "end", "Прекратить", ended_on="15.10.2026", ground_code="term_expired")
    told(page, "заключени")  # Not without the signature of the graduate.
    assert centre.ask(select(Contract.ended_on).where(Contract.id == contract)) is None
    page.goto(f"/contract/details/?id={contract}")
    page.get_by_role("link", name="Составить заключение").click()
    page.locator("#outcome").select_option("extend")
    page.locator("#results").fill("Учится, работает, живёт в своей квартире.")
    page.locator("[data-save]").click()
    expect(page.locator(".notice-success").first).to_be_visible()
    conclusion = page.url
    head = centre.sits(HEAD, ENDS)
    head.goto(conclusion)
    act(head, "approve", "Утвердить")
    expect(head.locator(".notice-success").first).to_be_visible()
    query = select(Conclusion).where(Conclusion.contract_id == contract)
    found = centre.ask(query)
    assert (found.total, found.done, found.done_partly, found.not_done, found.refused) == (12, 9, 1, 1, 1)
    assert (found.score_from, found.score_to) == (12, 18)
    page.goto(f"/contract/details/?id={contract}")
    act(page, "end", "Прекратить", ended_on="15.10.2026", ground_code="term_expired")
    told(page, "без подписи выпускника")
    page.goto(conclusion)
    act(page, "sign", "Выпускник подписал", signed_on="15.10.2026")
    expect(page.locator(".notice-success").first).to_be_visible()
    page.goto(f"/contract/details/?id={contract}")
    act(page, "end", "Прекратить", ended_on="15.10.2026", ground_code="term_expired")
    told(page, "Договор прекращён")
    expect(page.locator("#main")).to_contain_text("истечение срока")

    page = centre.sits(CLERK, date(2026, 10, 16))
    page.goto(f"/contract/details/?id={contract}")
    page.get_by_role("link", name="Новый договор").click()
    page.locator("#starts_on").fill("16.10.2026")
    page.locator("#ends_on").fill("15.10.2027")
    page.locator("[data-save]").click()
    told(page, "03.02.2027")
    act(page, "sign", "Договор подписан")
    renewed = select(Contract.ends_on).where(Contract.graduate_id == denis).order_by(Contract.id.desc())
    assert centre.ask(renewed) == date(2027, 2, 3)

    _shares_of_the_year(centre, denis)

    page = centre.sits(CLERK, date(2027, 2, 4))
    page.goto(f"/graduate/details/?id={denis}")
    expect(page.locator(".chips")).to_contain_text("снят: достижение 23 лет")
    assert [told for told in trouble if "422" not in told] == []  # Two refusals were wanted.
