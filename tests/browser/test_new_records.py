"""A new record by keyboard: the cursor waits in the first empty field, Ctrl+S saves, leaving asks; menus on a phone."""

import pytest
from playwright.sync_api import Dialog, expect
from sqlalchemy import select

from models.cases import Contract
from models.users import User
from tests.browser.conftest import SignIn, Trouble
from tests.browser.site import CLERK, HEAD, Site

# (address, the field where the cursor stands)
FIRST = [
    ("/application/new/", "graduate_id-ts-control"),
    ("/conclusion/new/", "contract_id-ts-control"),
    ("/group_session/new/", "starts_at"),
    ("/file_index/new/", "code"),
    ("/journals/appeals/start", "last_number"),
]


@pytest.mark.parametrize(("address", "field"), FIRST)
def test_the_cursor_stands_in_the_first_empty_field_and_hides_nothing(
    enter: SignIn, trouble: Trouble, address: str, field: str
) -> None:
    page = enter(HEAD)
    page.goto(address)
    expect(page.locator(f"#{field}")).to_be_focused()
    assert page.locator(".ts-dropdown:visible").count() == 0
    assert trouble == []


def test_the_list_of_people_opens_by_a_key(enter: SignIn) -> None:
    page = enter(CLERK)
    page.goto("/appeal/new/")
    expect(page.locator("#graduate_id-ts-control")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#graduate_id-ts-dropdown .option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#graduate_id-ts-dropdown")).to_be_hidden()


def test_a_typed_record_is_not_lost_by_leaving_and_is_saved_by_a_key(enter: SignIn, trouble: Trouble) -> None:
    page = enter(HEAD)
    page.goto("/file_index/new/")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type("05-12")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.locator(".brand").click()
    assert asked == ["beforeunload"]
    assert page.input_value("#code") == "05-12"
    page.fill("#title", "Журнал регистрации обращений")
    page.keyboard.press("Control+s")
    expect(page.locator(".notice-success")).to_be_visible()
    assert trouble == []


def test_papers_of_a_record_stand_in_one_menu(enter: SignIn, site: Site) -> None:
    agency = select(User.agency_id).filter_by(login=CLERK).scalar_subquery()
    ended = select(Contract.id).where(Contract.agency_id == agency, Contract.ended_on.is_not(None))
    page = enter(CLERK, width=390, height=844)
    page.goto(f"/contract/details/?id={site.ask(ended)}")
    page.get_by_text("Печать", exact=True).click()
    expect(page.get_by_role("link", name="Договор о сопровождении")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Договор о сопровождении")).to_be_hidden()


def test_the_chosen_tab_is_in_sight_on_a_phone_and_rows_of_tables_are_cards(enter: SignIn, site: Site) -> None:
    page = enter(CLERK, width=390, height=844)
    agency = select(User.agency_id).filter_by(login=CLERK).scalar_subquery()
    person = site.ask(select(Contract.graduate_id).where(Contract.agency_id == agency, Contract.ended_on.is_(None)))
    page.goto(f"/graduate/details/?id={person}&tab=files")
    expect(page.locator(".record-tabs a.active")).to_be_in_viewport(ratio=0.99)
    page.goto(f"/graduate/details/?id={person}&tab=support")
    expect(page.locator("td[data-label='Срок']").first).to_be_visible()
    assert page.locator(".stacked-table").first.evaluate("e => e.scrollWidth <= e.parentElement.clientWidth")
