"""The main job, end to end: the statutory form out, an office's corrections in, and only those see it who may."""

import re
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, Trouble
from tests.browser.site import OFFICER, STRANGER

FORM = "/reports/vologda-appendix-1"
NEWCOMER = "Мухоморов Тихон Саввич"


def download(page: Page, label: str, folder: Path) -> Path:
    with page.expect_download() as got:
        page.get_by_role("link", name=label).click()
    path = folder / got.value.suggested_filename
    got.value.save_as(path)
    return path


def upload(page: Page, path: Path) -> None:
    page.goto("/imports/")
    page.set_input_files("#import-file", path)
    page.fill("#import-on", "011026")
    page.get_by_role("button", name="Проверить файл").click()
    expect(page.locator("h1")).to_have_text(path.name)


def test_the_form_goes_out_is_corrected_and_comes_in(enter: SignIn, trouble: Trouble, tmp_path: Path) -> None:
    page = enter(OFFICER)
    page.goto(FORM)
    expect(page.locator(".report-table tbody tr").first).to_be_visible()
    people = page.locator(".report-table tbody tr").count()
    path = download(page, "Excel (.xlsx)", tmp_path)
    assert path.suffix == ".xlsx"
    assert path.stat().st_size > 5_000

    upload(page, path)
    expect(page.locator("#main")).to_contain_text(f"Без изменений: {people}")
    expect(page.locator("#main")).to_contain_text("Загружать нечего")
    page.get_by_role("button", name="Убрать файл").click()
    expect(page).to_have_url(re.compile("/imports/$"))

    sheet = (book := load_workbook(path)).active
    assert sheet is not None
    last = next(row for row in range(sheet.max_row, 0, -1) if str(sheet.cell(row, 1).value or "").isdigit())
    for column in range(1, sheet.max_column + 1):
        sheet.cell(last + 1, column).value = sheet.cell(last, column).value
    name_column = next(c for c in range(1, 13) if "." in str(sheet.cell(last, c + 1).value) and c > 1)
    sheet.cell(last + 1, 1).value = int(str(sheet.cell(last, 1).value)) + 1
    sheet.cell(last + 1, name_column).value = NEWCOMER
    book.save(corrected := tmp_path / "corrected.xlsx")
    upload(page, corrected)
    expect(page.locator("#main")).to_contain_text("Новые карточки: 1")
    page.get_by_role("button", name="Загрузить").click()
    expect(page.locator(".notice-success")).to_contain_text("Загружено: 1 карточка")
    page.goto("/graduate/?q=мухоморов+тих")
    expect(page.locator(".register-table")).to_contain_text(NEWCOMER)
    other = enter(STRANGER)
    other.goto("/graduate/?q=мухоморов")
    expect(other.locator("#main")).to_contain_text("Ничего не найдено")

    page.goto("/imports/")
    page.get_by_role("link", name="corrected.xlsx").click()
    page.get_by_role("button", name="Отменить загрузку").click()
    page.get_by_role("button", name="Продолжить").click()
    expect(page.locator(".notice-success")).to_be_visible()
    page.goto("/graduate/?q=мухоморов")
    expect(page.locator("#main")).to_contain_text("Ничего не найдено")
    assert trouble == []


def test_the_form_of_another_day_is_shown_and_saved_as_text(enter: SignIn, trouble: Trouble, tmp_path: Path) -> None:
    page = enter(OFFICER)
    page.goto(FORM)
    page.locator("input[name=on]").fill("01.07.2026")
    page.get_by_role("button", name="Показать").click()
    expect(page).to_have_url(re.compile(r"on=01\.07\.2026"))
    text = download(page, "Текст (.csv)", tmp_path).read_text("utf-8-sig")
    assert len(text.splitlines()) > 2
    assert trouble == []
