"""From application to contract as a centre works: scenario 3, with exactly its days, numbers and rows."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from models.deadlines import Deadline
from models.plans import Measure, Plan
from tests.browser.centre import CLERK, HEAD, Centre, served_centre
from tests.browser.conftest import Trouble
from tests.browser.site import Site
from views.extensions import db

RECEIVED, REGISTERED, SIGNED = date(2026, 4, 23), date(2026, 4, 24), date(2026, 5, 12)


@pytest.fixture(scope="module")
def centre_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from served_centre(tmp_path_factory.mktemp("centre"))


@pytest.fixture
def centre(browser: Browser, centre_site: Site, trouble: Trouble) -> Iterator[Centre]:
    centre = Centre(centre_site, browser, trouble)
    yield centre
    for context in centre.opened:
        context.close()


# -- What a clerk does again and again -------------------------------------------------------------------------------


def new_card(page: Page, name: str, born: str) -> None:
    last_name, first_name, patronymic = name.split()
    page.goto("/graduate/new/")
    page.get_by_label("Фамилия", exact=False).first.fill(last_name)
    page.get_by_label("Имя", exact=False).first.fill(first_name)
    page.get_by_label("Отчество", exact=False).first.fill(patronymic)
    page.get_by_label("Дата рождения", exact=False).first.fill(born)
    page.locator("[data-save]").click()
    expect(page.locator("h1")).to_have_text(name)


def apply(page: Page, person: int, *, channel: str = "") -> None:
    """«Принять заявление» from the card; today's date is there already."""
    page.goto(f"/graduate/details/?id={person}&tab=support")
    page.get_by_role("link", name="Принять заявление").click()
    page.locator("#request").fill("Прошу помочь с учёбой и жильём")
    page.locator("#is_identity_shown").check()
    page.locator("[data-save]").click()
    expect(page.locator(".notice-success").first).to_be_visible()


def act(page: Page, name: str, button: str, **typed: str) -> None:
    """Open a folded action of the page, fill in what differs from the proposal, do it."""
    form = page.locator(f"#action-{name}")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    for field, value in typed.items():
        control = form.locator(f"[name='{name}-{field}']")
        if control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(value)
        elif control.get_attribute("type") == "checkbox":
            control.check()
        else:
            control.fill(value)
    form.get_by_role("button", name=button).click()


def told(page: Page, text: str) -> None:
    expect(page.locator(".notice, .field-error").filter(has_text=text).first).to_be_visible()


def row_of(page: Page, code: str, name: str, year: int = 2026) -> str:
    """The row of a person in a journal, as one text."""
    page.goto(f"/journals/{code}/?year={year}")
    found = page.locator("tbody tr").filter(has_text=name)
    expect(found).to_have_count(1)
    return re.sub(r"\s+", " ", found.inner_text())


def terms_of(page: Page, person: int) -> str:
    page.goto(f"/graduate/details/?id={person}&tab=deadlines")
    return re.sub(r"\s+", " ", page.locator("#main").inner_text())


def duties_of(centre: Centre, person: int) -> dict[str, tuple[date, date | None]]:
    """The duties of an application: until when, and when they were done."""
    with centre.site.app.app_context():
        query = select(Deadline).where(Deadline.graduate_id == person, Deadline.rule_key.like("aistenok/T1_"))
        found = {one.rule_key.partition("/")[2]: (one.due_on, one.done_on) for one in db.session.scalars(query)}
    return dict(sorted(found.items()))


# -- Scenario 3 ------------------------------------------------------------------------------------------------------


def test_an_application_becomes_a_contract_and_a_plan(centre: Centre, trouble: Trouble) -> None:
    page = centre.sits(CLERK, RECEIVED)
    new_card(page, "Ахметова Алина Ринатовна", "02.02.2008")
    alina = centre.person("Ахметова")
    apply(page, alina)
    assert "27.04.2026" in terms_of(page, alina)

    page = centre.sits(CLERK, REGISTERED)
    page.goto("/application/?q=ахметова")
    page.locator("tbody a").first.click()
    act(page, "register", "Зарегистрировать")
    told(page, "№ 12/2026")
    application = page.url
    terms = terms_of(page, alina)
    assert terms.count("12.05.2026") >= 2  # The contract and the plan.

    page = centre.sits(CLERK, SIGNED)
    page.goto(application)
    page.get_by_role("link", name="Заключить договор").click()
    expect(page.locator("#signatory")).to_have_value(re.compile("Орлов"))
    expect(page.locator("#ends_on")).to_have_value("11.05.2027")
    page.locator("[data-save]").click()
    act(page, "sign", "Договор подписан")
    told(page, "№ 7/2026")
    contract = page.url

    page.goto(f"/plan/new/?graduate={alina}")
    page.locator("#starts_on").fill("12.05.2026")
    page.locator("#ends_on").fill("11.05.2027")
    page.locator("[data-save]").click()
    told(page, "Черновик плана создан")
    plan = page.url
    page.get_by_role("link", name=re.compile("Добавить из перечня")).first.click()
    for box in page.get_by_role("checkbox").all()[:3]:
        box.check()
    page.get_by_role("button", name=re.compile("Добавить")).first.click()
    page.goto(plan)
    page.get_by_role("button", name="Передать на утверждение").click()
    told(page, "утвержд")

    head = centre.sits(HEAD, SIGNED)
    head.goto(plan)
    act(head, "approve", "Утвердить", agreed_on="12.05.2026", approved_on="12.05.2026")
    told(head, "№ 7/2026")

    assert duties_of(centre, alina) == {
        "T13": (date(2026, 4, 27), REGISTERED),
        "T14": (SIGNED, SIGNED),
        "T15": (SIGNED, SIGNED),
        "T16": (SIGNED, None),  # Not asked for: there is a contract.
    }

    application_row = row_of(page, "applications", "Ахметова")
    for part in ("23.04.2026", "12/2026", "24.04.2026", "02.02.2008", "12.05.2026", "7/2026"):
        assert part in application_row
    contract_row = row_of(page, "contracts", "Ахметова")
    for part in ("7/2026", "12.05.2026", "11.05.2027", "12/2026"):
        assert part in contract_row
    accepted_row = row_of(page, "accepted", "Ахметова")
    for part in ("12.05.2026", "7/2026"):
        assert part in accepted_row
    page.goto(contract)
    expect(page.locator("#main")).to_contain_text("действует")
    assert trouble == []


def test_a_measure_that_the_graduate_refuses_is_no_failure(centre: Centre, trouble: Trouble) -> None:
    alina = centre.person("Ахметова")
    page = centre.sits(CLERK, date(2026, 6, 15))
    measure = centre.ask(select(Measure.id).join(Plan).where(Plan.graduate_id == alina).order_by(Measure.id))
    page.goto(f"/measure/details/?id={measure}")
    act(page, "refuse", "Отметить отказ", refused_on="15.06.2026", reason_code="no_need", is_signed="1")
    told(page, "Отказ выпускника отмечен")
    page.goto(f"/plan/details/?id={centre.ask(select(Plan.id).where(Plan.graduate_id == alina))}")
    expect(page.locator("#main")).to_contain_text("отказ выпускника")
    expect(page.locator("#main")).to_contain_text("15.06.2026")
    expect(page.locator("#main")).to_contain_text("1 отказ")
    assert trouble == []


def test_nobody_past_the_age_gets_a_contract(centre: Centre, trouble: Trouble) -> None:
    """3b: 23 since 10.01.2026."""
    page = centre.sits(CLERK, RECEIVED)
    new_card(page, "Гришин Павел Андреевич", "10.01.2003")
    pavel = centre.person("Гришин")
    apply(page, pavel)
    act(page, "register", "Зарегистрировать")
    expect(page.locator("#main")).to_contain_text("23 года")
    page.get_by_role("link", name="Записать отказ").click()
    page.locator("#kind").select_option("agency")
    page.locator("#reason_code").select_option("over_23")
    page.locator("[data-save]").click()
    expect(page.locator(".notice-success").first).to_be_visible()
    row = row_of(page, "refusals", "Гришин")
    assert "решение организации" in row
    page.goto(f"/graduate/details/?id={pavel}&tab=support")
    expect(page.get_by_role("link", name="Заключить договор")).to_have_count(0)
    expect(page.get_by_role("link", name="Новый договор")).to_have_count(0)
    assert trouble == []


def test_a_graduate_may_decline(centre: Centre, trouble: Trouble) -> None:
    """3c."""
    page = centre.sits(CLERK, RECEIVED)
    new_card(page, "Лосев Иван Петрович", "05.06.2006")
    apply(page, centre.person("Лосев"))
    act(page, "register", "Зарегистрировать")
    page.get_by_role("link", name="Записать отказ").click()
    page.locator("#kind").select_option("graduate")
    page.locator("[data-save]").click()
    expect(page.locator(".notice-success").first).to_be_visible()
    assert "отказ выпускника" in row_of(page, "refusals", "Лосев")
    assert trouble == []
