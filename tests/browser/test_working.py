"""Work in the browser: by keyboard, in forms, with filters, two people at one card."""

import re

from playwright.sync_api import Dialog, Page, expect
from sqlalchemy import select

from models.graduates import Graduate
from models.people import Contact
from tests.browser.conftest import SignIn, Trouble
from tests.browser.site import ADMIN, OFFICER, PASSWORD, Site


def open_form(page: Page, graduate: int) -> None:
    page.goto(f"/graduate/edit/?id={graduate}")
    page.wait_for_function("document.querySelector('[data-inline-add]:not([hidden])') !== null")
    unfold(page)


def unfold(page: Page) -> None:
    """Open every section of the form, as its reader would."""
    closed = page.locator("details.form-section:not([open]) > summary")
    while closed.count():
        closed.first.click()


def save(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(page.locator(".notice-success")).to_contain_text("Изменения сохранены")


# -- By keyboard -----------------------------------------------------------------------------------------------------


def test_a_slash_goes_to_the_search_and_tab_to_the_first_row(enter: SignIn, trouble: Trouble) -> None:
    page = enter(OFFICER)
    page.goto("/graduate/")
    page.keyboard.press("/")
    expect(page.locator("#global-search")).to_be_focused()
    assert page.locator("#global-search").input_value() == ""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.row-link')"):
            break
    expect(page.locator(".row-link").first).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement, '::after').outlineStyle") != "none"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/graduate/details/\?id=\d+"))
    assert trouble == []


def test_the_first_stop_of_tab_skips_the_menu(enter: SignIn) -> None:
    page = enter(OFFICER)
    page.goto("/graduate/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_escape_closes_a_menu_and_a_question(enter: SignIn, site: Site, trouble: Trouble) -> None:
    page = enter(ADMIN)
    page.goto("/graduate/")
    page.click(".user-menu summary")
    expect(page.get_by_role("button", name="Выйти")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Выйти")).to_be_hidden()
    expect(page.locator(".user-menu summary")).to_be_focused()
    page.goto(f"/graduate/details/?id={site.visible(ADMIN, 9)}")
    page.get_by_role("button", name=re.compile("Убрать")).click()
    expect(page.locator("#confirm-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#confirm-dialog")).to_be_hidden()
    assert site.ask(select(Graduate.deleted_at).filter_by(id=site.visible(ADMIN, 9))) is None
    assert trouble == []


# -- The form --------------------------------------------------------------------------------------------------------


def test_a_card_is_corrected_and_shows_what_was_typed(enter: SignIn, site: Site, trouble: Trouble) -> None:
    """A date typed as digits, a value found by typing, a child row added and another removed, Ctrl+S."""
    page, graduate = enter(OFFICER), site.visible(OFFICER, 1)
    open_form(page, graduate)
    page.fill("#birth_date", "230506")
    page.keyboard.press("Tab")
    assert page.input_value("#birth_date") == "23.05.2006"
    contacts = page.locator("[data-inline-list=contacts]")
    before = contacts.locator("[data-inline-row]").count()
    contacts.locator("[data-inline-add]").click()
    contacts.locator("[data-inline-add]").click()
    expect(contacts.locator("[data-inline-row]")).to_have_count(before + 2)
    contacts.locator("[data-inline-remove]").last.click()
    expect(contacts.locator("[data-inline-row]")).to_have_count(before + 1)
    row = contacts.locator("[data-inline-row]").last
    row.locator("select[name$=kind_code]").select_option("phone")
    row.locator("input[name$=value]").fill("+7 921 555-44-33")
    save(page)
    expect(page).to_have_url(re.compile(rf"/graduate/details/\?id={graduate}"))
    expect(page.locator("#main")).to_contain_text("23.05.2006")
    expect(page.locator("#main")).to_contain_text("+7 921 555-44-33")
    assert trouble == []


def test_a_child_row_is_marked_and_deleted(enter: SignIn, site: Site, trouble: Trouble) -> None:
    page, graduate = enter(OFFICER), site.visible(OFFICER, 1)
    open_form(page, graduate)
    kept = site.ask(select(Contact.id).filter_by(graduate_id=graduate).order_by(Contact.id.desc()).limit(1))
    contacts = page.locator("[data-inline-list=contacts] [data-inline-row]")
    count = contacts.count()
    contacts.last.locator(".inline-delete input").check()
    expect(contacts.last).to_have_class(re.compile("is-deleted"))
    save(page)
    assert site.ask(select(Contact.id).filter_by(id=kept)) is None
    open_form(page, graduate)
    expect(contacts).to_have_count(count - 1)
    assert trouble == []


def test_a_value_of_a_long_list_is_found_by_typing(enter: SignIn, site: Site, trouble: Trouble) -> None:
    page, graduate = enter(ADMIN), site.visible(OFFICER, 2)
    open_form(page, graduate)
    page.locator("#agency_id ~ .ts-wrapper .ts-control").click()
    page.keyboard.type("РЕСУРСНЫЙ")
    chosen = page.locator("#agency_id-ts-dropdown .option.active")
    expect(chosen).to_be_visible()
    name = chosen.inner_text()
    page.keyboard.press("Enter")
    save(page)
    expect(page.locator("#main")).to_contain_text(name)
    assert trouble == []


def test_leaving_a_changed_form_asks(enter: SignIn, site: Site) -> None:
    page, graduate = enter(OFFICER), site.visible(OFFICER, 3)
    open_form(page, graduate)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.locator("#last_name").click()
    page.keyboard.type("а")
    page.locator("[data-leave]").click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert "/graduate/edit/" in page.url
    page.keyboard.press("Backspace")
    page.locator("#last_name").focus()
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    page.locator("[data-leave]").click()
    expect(page).to_have_url(re.compile("/graduate/details/"))
    assert asked == ["beforeunload"]


def test_the_second_of_two_savers_sees_what_the_first_changed(enter: SignIn, site: Site) -> None:
    graduate = site.visible(OFFICER, 4)
    first, second = enter(OFFICER), enter(ADMIN)
    open_form(first, graduate)
    open_form(second, graduate)
    first.fill("#first_name", "Дарина")
    save(first)
    second.fill("#first_name", "Дарьяна")
    second.keyboard.press("Control+s")
    panel = second.locator(".conflict")
    expect(panel).to_be_focused()
    expect(panel).to_contain_text("Дарина")
    expect(panel).to_contain_text("Дарьяна")
    assert second.input_value("#first_name") == "Дарьяна"
    save(second)
    assert site.ask(select(Graduate.first_name).filter_by(id=graduate)) == "Дарьяна"


# -- The list --------------------------------------------------------------------------------------------------------


def test_a_filter_is_added_as_a_chip_and_removed(enter: SignIn, trouble: Trouble) -> None:
    page = enter(OFFICER)
    page.goto("/graduate/")
    total = page.locator(".register-total strong").inner_text()
    page.click("#filters summary")
    page.fill("#filters-find", "катег")
    expect(page.locator("[data-filter-label]:visible")).to_have_count(1)
    picker = page.locator("#filter-category-ts-control")
    picker.click()
    picker.press_sequentially("криз")
    page.keyboard.press("Enter")
    page.locator("#filters").get_by_role("button", name="Показать").click()
    chip = page.locator(".filter-chip")
    expect(chip).to_contain_text("кризисное")
    expect(page).to_have_url(re.compile(r"\?f\.category=crisis$"))
    fewer = page.locator(".register-total strong")
    expect(fewer).not_to_have_text(total)
    expect(page.locator("#live")).to_contain_text("Найдено")
    chip.click()
    expect(page.locator(".filter-chip")).to_have_count(0)
    expect(page.locator(".register-total strong")).to_have_text(total)
    assert trouble == []


def test_a_word_of_the_search_in_any_case_finds_the_person(enter: SignIn, site: Site, trouble: Trouble) -> None:
    page = enter(OFFICER)
    graduate = site.visible(OFFICER, 5)
    last = site.ask(select(Graduate.last_name).filter_by(id=graduate))
    first = site.ask(select(Graduate.first_name).filter_by(id=graduate))
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type(f"{first[:3].lower()} {last[:4].upper().replace('Ё', 'Е')}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/graduate/"))
    expect(page.locator(".register-table")).to_contain_text(last)
    assert trouble == []


# -- Without JavaScript ----------------------------------------------------------------------------------------------


def test_everything_needed_works_without_a_script(enter: SignIn, site: Site) -> None:
    page, graduate = enter(None, java_script_enabled=False), site.visible(OFFICER, 6)
    page.goto("/graduate/")
    page.fill("#login", OFFICER)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    expect(page).to_have_url(re.compile("/graduate/$"))
    page.click("#filters summary")
    page.locator("#filter-category").select_option("crisis")
    page.locator("#filters").get_by_role("button", name="Показать").click()
    expect(page.locator(".filter-chip")).to_contain_text("кризисное")
    page.goto(f"/graduate/edit/?id={graduate}")
    unfold(page)
    page.fill("#note", "Записано без сценариев")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator(".notice-success")).to_contain_text("Изменения сохранены")
    assert site.ask(select(Graduate.note).filter_by(id=graduate)) == "Записано без сценариев"
    page.goto(f"/graduate/edit/?id={graduate}")
    unfold(page)
    page.locator("[data-inline-list=contacts] a.btn").click()
    row = page.locator("[data-inline-list=contacts] [data-inline-row]").last
    row.locator("select[name$=kind_code]").select_option("email")
    row.locator("input[name$=value]").fill("bez@region.example")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("#main")).to_contain_text("bez@region.example")
