"""The calendar in the browser: the interactive month, the table that prints, the sheet of a year."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, Trouble
from tests.browser.site import ADMIN, CLERK, OFFICER
from tests.browser.test_every_page import inspect, open_for_axe

SHEETS = re.compile(rb"/Type\s*/Page\b(?!s)")


def sheets(page: Page, folder: Path) -> int:
    """How many sheets the page takes on paper."""
    file = folder / "page.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    return len(SHEETS.findall(file.read_bytes()))


def test_the_month_is_interactive_and_steps_without_a_new_page(enter: SignIn, trouble: Trouble, tmp_path: Path) -> None:
    page = open_for_axe(enter, ADMIN)
    page.goto("/calendar/?on=2026-10-01")
    expect(page.locator(".calendar.is-interactive")).to_be_visible()
    expect(page.locator(".cal-month")).to_be_hidden()
    expect(page.locator(".ec-event a").first).to_be_visible()
    assert inspect(page) == ""
    page.set_viewport_size({"width": 1366, "height": 768})
    more = page.locator(".ec-day-foot a").first
    more.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".ec-popup")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".ec-popup")).to_have_count(0)
    page.evaluate("window.stays = true")
    page.click("#page-chevron-right")
    expect(page.locator(".cal-heading")).to_have_text("ноябрь 2026")
    expect(page.locator(".calendar.is-interactive .ec-event a").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"/calendar/\?on=2026-11-01"))
    assert page.evaluate("window.stays")
    assert sheets(page, tmp_path) == 1
    page.locator(".ec-event:visible a").first.click()
    expect(page).to_have_url(re.compile(r"/(deadline/details/\?id=\d+|calendar/\?.*view=list)"))
    assert trouble == []


def test_without_a_script_and_on_a_telephone_the_month_is_a_table(enter: SignIn, trouble: Trouble) -> None:
    plain = enter(OFFICER, java_script_enabled=False)
    plain.goto("/calendar/?on=2026-10-01")
    expect(plain.locator(".cal-month .cal-entry").first).to_be_visible()
    small = enter(OFFICER, 390, 844)
    small.goto("/calendar/?on=2026-10-01")
    expect(small.locator(".cal-month .cal-count").first).to_be_visible()
    expect(small.locator(".cal-agenda a").first).to_be_visible()
    expect(small.locator(".ec")).to_have_count(0)
    assert trouble == []


def test_the_year_takes_one_sheet(enter: SignIn, trouble: Trouble, tmp_path: Path) -> None:
    for whose, query in ((CLERK, "?year=2026"), (OFFICER, "?year=2027"), (ADMIN, "?year=2026&agency=resource-centre")):
        page = enter(whose)
        page.goto(f"/calendar/poster{query}")
        expect(page.locator(".poster-legend li").first).to_be_visible()
        assert sheets(page, tmp_path) == 1
    assert trouble == []
