"""What people of a region do at the desk again and again, as they do it: cards, letters, duties, journals."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from models.deadlines import Deadline
from models.territory import Agency
from tests.browser.centre import Centre
from views.extensions import db


class Region(Centre):
    """Whoever sits down anywhere in the region on a day, in a browser of his own."""

    def night_before(self, day: date) -> None:
        """The daily run, as the timer of the server starts it."""
        self.site.app.config["TODAY"] = day
        ran = self.site.app.test_cli_runner().invoke(args=["remind"])
        assert ran.exit_code == 0, ran.output

    def duty(self, agency: str, rule: str, day: date, period: str = "") -> Deadline:
        """The obligation of an organisation by a rule: of a period, or the newest that has opened by the day."""
        d = Deadline
        query = select(d).join(Agency, Agency.id == d.agency_id).where(Agency.code == agency, d.rule_key == rule)
        query = query.where(d.period == period) if period else query.where(d.opens_on <= day)
        with self.site.app.app_context():
            return db.session.scalars(query.order_by(d.opens_on.desc(), d.id.desc())).first() or _missing(rule)


def _missing(rule: str) -> Deadline:
    raise AssertionError(f"no obligation by {rule}")


# Of a picker: the option whose code or label it is.
CHOOSE = """(element, wanted) => {
  const found = Object.values(element.tomselect.options).find((one) => [one.value, one.text].includes(wanted));
  if (found) element.tomselect.setValue(found.value);
  return Boolean(found);
}"""


# -- Cards -----------------------------------------------------------------------------------------------------------


def open_card(page: Page, person: int) -> None:
    """The form of a card with all its sections unfolded."""
    page.goto(f"/graduate/edit/?id={person}")
    folded = page.locator("details.form-section:not([open]) > summary")
    while folded.count():
        folded.first.click()


def add_row(page: Page, name: str, /, **typed: str) -> None:
    """One more child row of a card: «Добавить», and what is known."""
    rows = page.locator(f"[data-inline-list='{name}']")
    rows.locator(":scope > [data-inline-add]").click()
    row = rows.locator("[data-inline-row]").last
    for field, value in typed.items():
        fill(row.locator(f"[name$='-{field}']"), value)


def fill(control: Locator, value: str) -> None:
    """Type, or choose by the code or the label."""
    if control.evaluate("element => element.tagName") != "SELECT":
        control.fill(value)
    elif control.evaluate("element => Boolean(element.tomselect)"):
        chosen = control.evaluate(CHOOSE, value)
        assert chosen, f"«{value}» is not offered"
    else:
        control.select_option(value)


def save(page: Page) -> None:
    page.locator("[data-save]").click()
    expect(page.locator(".notice-success").first).to_be_visible()


def words(page: Page, place: str = "#main") -> str:
    return re.sub(r"\s+", " ", page.locator(place).inner_text())


# -- Letters ---------------------------------------------------------------------------------------------------------


def propose(page: Page, title: str) -> Locator:
    """A line of «Предлагаем отправить»."""
    page.goto("/exchange/proposals/")
    line = page.locator(".proposal-list > li").filter(has_text=title)
    expect(line).to_have_count(1)
    return line


def send(page: Page, summary: str, *to: str) -> None:
    """The form of a letter that is open: to whom, about what, off it goes."""
    for name in to:
        box = page.get_by_label(name, exact=True)
        if not box.is_checked():
            box.check()
    page.locator("#summary").fill(summary)
    page.locator("[name='_send']").click()
    expect(page.locator(".notice-success").first).to_contain_text("Отправлено")


def open_letter(page: Page, title: str, box: str = "inbox") -> None:
    """The newest of that name in a box."""
    page.goto(f"/exchange/{box}/")
    page.locator("tbody tr").filter(has_text=title).first.locator("a").first.click()
    expect(page.locator("h1")).to_contain_text(title)
