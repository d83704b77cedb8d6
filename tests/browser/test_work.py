"""Daily work by keyboard alone: a talk with a service is recorded, the page is ready for the next."""

import re

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from models.graduates import Graduate
from models.users import User
from models.work import Consultation, ServiceRecord
from tests.browser.conftest import SignIn, Trouble
from tests.browser.site import CLERK, Site

LEGAL = 6  # Its place in the list of kinds of service.


def own(site: Site, number: int) -> int:
    """One of the clerk's own people; others she may only read."""
    agency = select(User.agency_id).filter_by(login=CLERK).scalar_subquery()
    mine = select(Graduate.id).where(Graduate.agency_id == agency, Graduate.deleted_at.is_(None))
    found: int = site.ask(mine.order_by(Graduate.id).offset(number).limit(1))
    return found


def choose(page: Page, site: Site, person: int, field: str) -> None:
    """Type a name, take what the server has found."""
    name = site.ask(select(Graduate.last_name + " " + Graduate.first_name).filter_by(id=person))
    with page.expect_response(re.compile(r"/people\?query=.")):
        page.keyboard.type(name.lower())
    expect(page.locator(f"#{field}-ts-dropdown .option.active[data-value='{person}']")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(f"#{field} ~ .ts-wrapper .item[data-value='{person}']")).to_be_visible()


def test_a_talk_is_recorded_by_keyboard_alone(enter: SignIn, site: Site, trouble: Trouble) -> None:
    person = own(site, 0)
    talks = select(func.count()).select_from(Consultation).where(Consultation.topic == "Льготы на проезд")
    page = enter(CLERK)
    page.goto("/work/")
    search = page.locator("#people-ts-control")
    expect(search).to_be_focused()
    choose(page, site, person, "people")
    expect(page.locator("#form-note")).to_be_empty()  # No regulation of hers binds the form to housing.
    expect(page.locator("#service_form")).not_to_have_value("")
    page.keyboard.press("Tab")
    expect(page.locator("#what-talk")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#what-call")).to_be_checked()
    expect(page.locator("#channel_code")).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    expect(page.locator("#topic")).to_be_focused()
    page.keyboard.type("Льготы на проезд")
    page.keyboard.press("Tab")
    page.keyboard.type("Объяснила, какие нужны справки")
    page.locator("#service_kind").focus()
    for _ in range(LEGAL):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+s")
    expect(page.locator(".notice-success")).to_contain_text("Записано: беседа №")
    expect(search).to_be_focused()
    assert page.locator("#topic").input_value() == ""
    assert page.locator("#on").input_value() == "01.10.2026"
    assert site.ask(talks) == 1
    made = select(ServiceRecord.kind_code).where(ServiceRecord.title == "Льготы на проезд")
    assert site.ask(made) == "legal"
    assert trouble == []


def test_a_session_is_recorded_for_several_found_by_typing(enter: SignIn, site: Site, trouble: Trouble) -> None:
    people = [own(site, number) for number in (1, 2)]
    page = enter(CLERK)
    page.goto("/group_session/new/")
    page.fill("#topic", "Бюджет на месяц вперёд")
    page.locator("#participants ~ .ts-wrapper .ts-control").click()
    for person in people:
        choose(page, site, person, "participants")
    page.keyboard.press("Control+s")
    expect(page.locator(".notice-success")).to_contain_text("2 участника")
    expect(page.locator("#people")).to_contain_text("всего: 2")
    page.locator("#action-remove summary").click()
    page.locator("#action-remove .ts-control").click()
    expect(page.locator("#action-remove .option.active")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#action-remove .item")).to_be_visible()
    page.get_by_role("button", name="Убрать", exact=True).click()
    expect(page.locator(".notice-success")).to_contain_text("Убрано: 1 участник")
    assert trouble == []
