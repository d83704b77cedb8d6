"""The half-year lists of guardianship and the social centre, from the open window to the receipt: scenario 5."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.circumstances import Address, Employment, FamilyStatus, Housing, Placement, Study
from models.graduates import Graduate
from models.submissions import Submission
from models.support import Responsibility
from models.territory import Agency, District
from models.users import Role
from tests.browser.conftest import Trouble
from tests.browser.desk import Region, words
from tests.browser.region import served_region
from tests.browser.site import CHEAP, PASSWORD
from tests.browser.test_exchange_scenarios_1_4 import rows_of, standing
from tests.browser.test_support_scenarios import told
from tests.factories import make_user

FEBRUARY, OPENED, SIGNED, RECEIVED = date(2026, 2, 2), date(2026, 9, 25), date(2026, 10, 1), date(2026, 10, 2)
KNOWN = date(2025, 9, 1)


@pytest.fixture
def region(browser: Browser, tmp_path: Path, trouble: Trouble) -> Iterator[Region]:
    for site in served_region(tmp_path):
        region = Region(site, browser, trouble)
        yield region
        for context in region.opened:
            context.close()


def _person(session: Session, name: str, born: date = date(2005, 8, 14)) -> Graduate:
    lake = session.scalars(select(District.id).where(District.code == "lake")).one()
    last, first, patronymic = name.split()
    made = Graduate(last_name=last, first_name=first, patronymic=patronymic, birth_date=born)
    made.district_id = made.origin_district_id = lake
    made.placements = [Placement(form_code="foster_family", starts_on=date(2015, 4, 23), ends_on=date(2023, 8, 14))]
    made.studies = [Study(level_code="basic", status_code="studying", course=1, profession="Повар", starts_on=KNOWN)]
    made.employments = [Employment(status_code="studying", starts_on=KNOWN)]
    made.family_statuses = [FamilyStatus(status_code="single", children=0, starts_on=KNOWN)]
    made.housings = [Housing(status_code="waiting_list", starts_on=KNOWN)]
    made.addresses = [Address(text="г. Приозёрск, ул. Садовая, 3", district_id=lake, starts_on=KNOWN)]
    session.add(made)
    session.flush()
    return made


def _begins(session: Session, by: Viewer) -> None:
    """Four people in February, one of whom turns 23 in September; the guardianship body has a head."""
    opeka = session.scalars(select(Agency).where(Agency.code == "opeka-lake")).one()
    make_user(
        session, "opeka.head", "Орлов Глеб Ильич", Role.HEAD, opeka, position="начальник отдела"
    ).password_hash = CHEAP.hash(PASSWORD)
    for name in ("Алова Инна Петровна", "Белов Иван Ильич", "Власова Яна Олеговна"):
        _person(session, name)
    _person(session, "Дымов Олег Олегович", date(2003, 9, 18))


def _goes_on(session: Session, by: Viewer) -> None:
    """By autumn: one has moved, the housing of one is not known any more, one is new; two are the social centre's."""
    people = {one.last_name: one for one in session.scalars(select(Graduate))}
    lake = people["Белов"].district_id
    session.add(
        Address(
            graduate_id=people["Белов"].id,
            text="г. Приозёрск, ул. Новая, 7",
            district_id=lake,
            starts_on=date(2026, 7, 1),
        )
    )
    people["Власова"].housings[0].ends_on = date(2026, 6, 30)
    _person(session, "Громов Пётр Львович")
    social = session.scalars(select(Agency).where(Agency.code == "kcson-lake")).one()
    for name in ("Алова", "Белов"):
        people[name].agency_id = social.id
        session.add(Responsibility(graduate_id=people[name].id, agency_id=social.id, starts_on=date(2026, 3, 2)))


def press(page: Page, button: str) -> None:
    """A button of the page, and «Продолжить» where it asks first."""
    found = page.locator("#main").get_by_role("button", name=button, exact=True)
    asks = found.locator("xpath=ancestor::form").get_attribute("data-confirm")
    found.click()
    if asks:
        page.locator("#confirm-yes").click()


def draw(page: Page, title: str) -> None:
    """From «Сдать сейчас» to the page of the draft."""
    page.goto("/submissions/")
    page.locator("li").filter(has_text=title).get_by_role("link", name="Составить").click()
    press(page, "Составить черновик")
    told(page, "Черновик составлен из карточек")


def opened(page: Page, submission: Submission) -> Page:
    page.goto(f"/submissions/{submission.id}")
    return page


def file_of(page: Page, submission: Submission, kind: str = "xlsx") -> bytes:
    return page.request.get(f"/submissions/{submission.id}.{kind}").body()


def table_of(data: bytes) -> list[list[str]]:
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def _hands_in(region: Region, clerk: str, head: str, title: str, day: date) -> Submission:
    """Drawn up, approved and sent on a day."""
    page = region.sits(clerk, day)
    draw(page, title)
    made = region.ask(select(Submission).order_by(Submission.id.desc()))
    chief = opened(region.sits(head, day), made)
    press(chief, "Утвердить")
    told(chief, "Отчёт утверждён")
    opened(page, made)
    expect(page.get_by_label("Служба «Перекресток» по регламенту")).to_be_checked()
    press(page, "Отправить")
    told(page, "Отчёт отправлен")
    return made  # type: ignore[no-any-return]


def test_scenario_5_is_the_half_year_list(region: Region) -> None:
    region.change(_begins, login="opeka", day=FEBRUARY)
    region.night_before(FEBRUARY)
    winter = region.duty("opeka-lake", "vologda-2022/T04", FEBRUARY)
    assert (winter.opens_on, winter.due_on) == (date(2026, 2, 1), date(2026, 2, 10))
    _hands_in(region, "opeka", "opeka.head", "Приложение 1", FEBRUARY)
    region.change(_goes_on, login="opeka", day=date(2026, 7, 1))

    # 1. The window opens; both are told.
    region.night_before(OPENED)
    ours = region.duty("opeka-lake", "vologda-2022/T05", OPENED)
    theirs = region.duty("kcson-lake", "vologda-2022/T07", OPENED)
    for duty in (ours, theirs):
        assert (duty.opens_on, duty.due_on) == (OPENED, date(2026, 10, 5))
    assert region.duty("opeka-lake", "vologda-2022/T05", OPENED, "2025").due_on == date(2025, 10, 6)
    assert region.duty("opeka-lake", "vologda-2022/T04", OPENED, "2027").due_on == date(2027, 2, 10)
    clerk = region.sits("opeka", OPENED)
    clerk.goto("/submissions/")
    expect(clerk.locator("#main")).to_contain_text("к сдаче до 05.10.2026")

    # 2. The draft: four people, one of them blocked, one left out, one new, one changed.
    clerk.goto(f"/deadline/details/?id={ours.id}")
    clerk.get_by_role("link", name="Составить и сдать").click()
    press(clerk, "Составить черновик")
    said = words(clerk)
    assert "Не заполнено: Обеспеченность жильем" in said
    assert "23 года исполнилось 18.09.2026" in said
    for told_there in ("Войдут: 3", "Не хватает сведений: 1", "Новые: 1", "Изменены: 2", "Выбыли: 1"):
        assert told_there in said
    clerk.get_by_role("link", name=re.compile("Свои слова.*Власова")).click()
    clerk.get_by_label("Обеспеченность жильем").fill("снимает комнату")
    press(clerk, "Сохранить свои слова")
    told(clerk, "своими словами")
    press(clerk, "Передать на утверждение")
    told(clerk, "ждёт утверждения")

    # 3. Approved by the head, frozen, sent on 1 October; received on the 2nd.
    made = region.ask(select(Submission).order_by(Submission.id.desc()))
    head = region.sits("opeka.head", SIGNED)
    head.goto("/notifications/")
    head.get_by_role("button", name="Ждёт вашего утверждения").click()
    press(head, "Обновить из карточек")
    told(head, "Черновик обновлён")
    press(head, "Утвердить")
    told(head, "Отчёт утверждён")
    clerk = opened(region.sits("opeka", SIGNED), made)
    frozen = {kind: file_of(clerk, made, kind) for kind in ("xlsx", "docx")}
    table = table_of(frozen["xlsx"])
    assert [str(number) for number in range(1, 13)] in table
    assert [row[1] for row in table if row[0].isdigit() and not row[1].isdigit()] == [
        "Алова Инна Петровна",
        "Белов Иван Ильич",
        "Власова Яна Олеговна",
        "Громов Пётр Львович",
    ]
    press(clerk, "Отправить")
    told(clerk, "Отчёт отправлен")
    standing(clerk, ours, "исполнено")
    (row,) = (one for one in rows_of(clerk, "outgoing", 2026) if "01.10.2026" in one)
    assert row.startswith("2 01.10.2026 2/2026 Изменения по Приложению 1")
    service = opened(region.sits("sluzhba", RECEIVED), made)
    expect(service.locator("#recipients")).to_contain_text("получено 02.10.2026")
    press(service, "Принять отчёт")
    told(service, "Отчёт принят")
    (row,) = rows_of(service, "incoming", 2026)[-1:]
    assert "02.10.2026" in row

    # Later edits do not change it; sent again it is the second edition.
    clerk = region.sits("opeka", RECEIVED)
    clerk.goto(f"/graduate/edit/?id={region.person('Громов')}")
    clerk.locator("#last_name").fill("Громов-Лесной")
    clerk.locator("#main form").get_by_role("button", name="Сохранить").first.click()
    opened(clerk, made)
    expect(clerk.locator("#main")).to_contain_text("совпадает")
    assert {kind: file_of(clerk, made, kind) for kind in frozen} == frozen
    clerk.get_by_role("link", name="Сравнить с записями на сегодня").click()
    expect(clerk.locator("#compared")).to_contain_text("Громов-Лесной")
    press(clerk, "Составить следующую редакцию")
    expect(clerk.locator("#main")).to_contain_text("редакция 2")

    # 5. Unsent it is overdue from 6 October.
    for day, state in ((date(2026, 10, 5), "скоро"), (date(2026, 10, 6), "просрочено на 1 день")):
        standing(region.sits("kcson", day), theirs, state)

    # 4. The social centre: nine columns, neither education nor housing.
    social = _hands_in(region, "kcson", "kcson.head", "Приложение 2", date(2026, 10, 6))
    sheet = table_of(file_of(region.sits("kcson", date(2026, 10, 6)), social))
    (numbers,) = (row for row in sheet if row[:3] == ["1", "2", "3"])
    assert [cell for cell in numbers if cell] == [str(number) for number in range(1, 10)]
    assert not any("Образование" in cell or "жильем" in cell for row in sheet for cell in row)
    standing(region.sits("kcson", date(2026, 10, 6)), theirs, "исполнено с опозданием")
    control = region.sits("sluzhba", date(2026, 10, 6))
    control.goto("/submissions/control")
    expect(control.locator("#main")).to_contain_text("сдано: 1 из 1")
