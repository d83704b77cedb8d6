"""Every kind of page at the width of an office's monitor and of a telephone: axe, no sideways scroll, no complaint."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import select

from models.audit import AuditEvent
from models.deadlines import Deadline
from models.regulations import Regulation
from models.territory import Agency, District
from models.users import User
from tests.browser.conftest import AXE, PATIENCE, SignIn, Trouble
from tests.browser.records import of_cases, of_exchange
from tests.browser.reported import of_reports
from tests.browser.site import ADMIN, CENTRE, CLERK, COORDINATOR, HEAD, OFFICER, OPERATOR, Site

WIDTHS = [(1366, 768), (390, 844)]
OFFICE: ViewportSize = {"width": 1366, "height": 768}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async rules => {
    const only = {type: "tag", values: rules};
    const found = await axe.run(document, {runOnly: only, resultTypes: ["violations"], preload: false});
    const told = node => `${node.target.join(" ")} ${node.failureSummary}`;
    return found.violations.map(fault => `${fault.id}: ${fault.nodes.slice(0, 3).map(told).join(" | ")}`);
}"""
TALL = "document.documentElement.scrollHeight"
WIDER = """() => {
    const width = document.documentElement.clientWidth, whole = document.documentElement.scrollWidth;
    if (whole <= width) return [];
    const wide = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > width + 1);
    return [`${whole} > ${width}: ` + wide.slice(0, 3).map(e => e.outerHTML.slice(0, 90)).join(" | ")];
}"""

OF_SERVICE = (
    "specialist-month",
    "organisation-period",
    "service-activity",
    "services-count",
    "effectiveness",
    "cohort",
)
OF_TERRITORY = ("monitoring-summary", "kpi", "rating", "interaction", "discipline", "reconciliation")
REGISTERS_OF_AID = (
    "resource", "enrolment", "publication", "training", "curator_order", "benefit", "housing_document",
)  # fmt: skip
# (whose, address); {…} are records of the demonstration.
PAGES = [
    (None, "/login"),
    (CLERK, "/"),
    (ADMIN, "/"),
    (OFFICER, "/graduate/"),
    (OFFICER, "/graduate/?f.category=crisis&f.category=active&f.curator=1&sort=-name"),
    (OFFICER, "/graduate/?q=такого+человека+нет"),
    (OFFICER, "/graduate/details/?id={graduate}"),
    (OFFICER, "/graduate/details/?id={graduate}&tab=history"),
    (OFFICER, "/graduate/details/?id={person}&tab=deadlines"),
    (OFFICER, "/graduate/new/"),
    (OFFICER, "/graduate/edit/?id={graduate}"),
    (OFFICER, "/deadline/"),
    (OFFICER, "/deadline/?show=settled"),
    (ADMIN, "/deadline/?f.state=overdue&f.when=past"),
    (OFFICER, "/deadline/details/?id={deadline}"),
    (ADMIN, "/deadline/details/?id={deadline}"),
    (OFFICER, "/notifications/"),
    (OFFICER, "/notifications/settings"),
    (OFFICER, "/occurrence/"),
    (OFFICER, "/occurrence/new/?graduate={graduate}"),
    (OFFICER, "/occurrence/details/?id={occurrence}"),
    (ADMIN, "/agency/"),
    (ADMIN, "/agency/details/?id={agency}"),
    (ADMIN, "/agency/edit/?id={agency}"),
    (OFFICER, "/directory/"),
    (CLERK, "/directory/?by=district&stale=1"),
    (CLERK, "/directory/own/"),
    (OFFICER, "/territories/"),
    (HEAD, "/exchange/grants/"),
    (ADMIN, "/district/"),
    (ADMIN, "/district/edit/?id={district}"),
    (ADMIN, "/agreement/"),
    (ADMIN, "/agreement/new/"),
    (ADMIN, "/user/"),
    (ADMIN, "/user/details/?id={user}"),
    (ADMIN, "/user/new/"),
    (ADMIN, "/field_group/"),
    (ADMIN, "/field_group/new/"),
    (ADMIN, "/possible_duplicate/"),
    (ADMIN, "/dictionaries/"),
    (ADMIN, "/dictionary/support_category/"),
    (ADMIN, "/dictionary/support_category/edit/?id=crisis"),
    (ADMIN, "/change_log/"),
    (ADMIN, "/change_log/details/?id={change}"),
    (ADMIN, "/access_log/"),
    (OFFICER, "/imports/"),
    (OFFICER, "/imports/{batch}"),
    (OFFICER, "/reports/"),
    (OFFICER, "/reports/vologda-appendix-1"),
    (ADMIN, "/reports/vologda-appendix-2"),
    (OFFICER, "/reports/registry"),
    (OFFICER, "/calendar/"),
    (ADMIN, "/calendar/?on=2026-11-01"),
    (OFFICER, "/calendar/?view=quarter"),
    (ADMIN, "/calendar/?view=year&kind=window&state=open"),
    (OFFICER, "/calendar/?view=list"),
    (CLERK, "/calendar/?view=list&mine=1"),
    (OFFICER, "/calendar/?on=2045-01-01"),
    (CLERK, "/calendar/poster"),
    (OFFICER, "/compliance/"),
    (ADMIN, "/compliance/?agency=opeka-sokol&on=2026-06-30"),
    (ADMIN, "/regulation/"),
    (OFFICER, "/regulation/details/?id={regulation}"),
    (OFFICER, "/regulation/details/?id={regulation}&tab=clauses"),
    (ADMIN, "/regulation/details/?id={regulation}&tab=roles"),
    (OFFICER, "/regulation/details/?id={regulation}&tab=about"),
    (OFFICER, "/regulation/details/?id={regulation}&tab=versions"),
    (ADMIN, "/regulation/rule/?id={regulation}&rule=T05"),
    (ADMIN, "/regulation/rule/edit/?id={regulation}&rule=T18"),
    (ADMIN, "/regulation/rule/new/?id={regulation}"),
    (OFFICER, "/journals/"),
    (ADMIN, "/journals/appeals/"),
    (OFFICER, "/journals/contracts/print"),
    (ADMIN, "/journals/visits/start"),
    (OFFICER, "/file_index/"),
    (ADMIN, "/file_index/new/"),
    (CLERK, "/work/"),
    (CLERK, "/work/?graduate={own}"),
    (CLERK, "/graduate/details/?id={own}&tab=support"),
    (CLERK, "/graduate/details/?id={own}&tab=work"),
    (HEAD, "/graduate/details/?id={own}&tab=assessments"),
    (CLERK, "/graduate/details/?id={own}&tab=files"),
    (CLERK, "/graduate/{own}/route"),
    (CLERK, "/graduate/{own}/support-card"),
    (CLERK, "/category/{own}"),
    (CLERK, "/application/"),
    (CLERK, "/application/details/?id={application}"),
    (CLERK, "/application/new/?graduate={own}"),
    (CLERK, "/contract/details/?id={contract}"),
    (HEAD, "/contract/details/?id={open_contract}"),
    (CLERK, "/contract/new/?graduate={own}"),
    (CLERK, "/refusal/"),
    (CLERK, "/refusal/new/"),
    (CLERK, "/conclusion/details/?id={conclusion}"),
    (CLERK, "/conclusion/new/?contract={open_contract}"),
    (CLERK, "/support_episode/details/?id={episode}"),
    (CLERK, "/plan/"),
    (HEAD, "/plan/details/?id={plan}"),
    (CLERK, "/plan/details/?id={draft}"),
    (CLERK, "/plan/edit/?id={draft}"),
    (CLERK, "/plan/pick/?id={draft}"),
    (CLERK, "/plan/difference/?id={plan}&with={plan}"),
    (CLERK, "/measure/"),
    (CLERK, "/measure/details/?id={measure}"),
    (CLERK, "/measure/edit/?id={draft_measure}"),
    (CLERK, "/appeal/details/?id={appeal}"),
    (CLERK, "/appeal/new/"),
    (CLERK, "/consultation/"),
    (CLERK, "/consultation/details/?id={consultation}"),
    (CLERK, "/consultation_minutes/details/?id={minutes}"),
    (CLERK, "/consultation_minutes/new/?consultation={consultation}"),
    (HEAD, "/group_session/details/?id={session}"),
    (CLERK, "/group_session/new/"),
    (CLERK, "/visit/details/?id={visit}"),
    (CLERK, "/housing_survey/details/?id={survey}"),
    (CLERK, "/housing_survey/new/"),
    (ADMIN, "/urgent_act/details/?id={act}"),
    (CLERK, "/service_record/details/?id={service}"),
    (CLERK, "/service_record/edit/?id={service}"),
    (CLERK, "/monitoring_card/details/?id={monitoring}"),
    (CLERK, "/monitoring_card/new/"),
    (CLERK, "/readiness_assessment/details/?id={readiness}"),
    (CLERK, "/readiness_assessment/edit/?id={readiness}"),
    (HEAD, "/examination/details/?id={examination}"),
    (CLERK, "/personal_file/details/?id={file}"),
    (CLERK, "/personal_file/inventory/?id={file}"),
    (CLERK, "/attachment/"),
    (CLERK, "/attachment/details/?id={attachment}"),
    (CLERK, "/attachment/{attachment}/preview/"),
    (CLERK, "/attachment/new/?graduate={own}"),
    (ADMIN, "/paper_template/"),
    (ADMIN, "/paper_template/plan"),
    (HEAD, "/declined_form/"),
    (OFFICER, "/profile"),
    (OFFICER, "/password"),
    (OFFICER, "/help/"),
    (OFFICER, "/help/10-clerk"),
    (OFFICER, "/help/60-import"),
    (ADMIN, "/removed/"),
    (CENTRE, "/exchange/inbox/"),
    (CLERK, "/exchange/awaited/"),
    (CLERK, "/exchange/overdue/"),
    (OFFICER, "/exchange/drafts/"),
    (CLERK, "/exchange/archive/?q=такого+письма+нет"),
    (CLERK, "/exchange/proposals/"),
    (CLERK, "/exchange/fan-out/"),
    (CLERK, "/exchange/fan-out/vologda-2022/district-request/"),
    (CLERK, "/exchange/paper/"),
    (CLERK, "/referral/new/"),
    (CLERK, "/referral/new/?kind=vologda-2022/need-notice&graduate={own}"),
    (CLERK, "/referral/new/?kind=common/letter"),
    (OFFICER, "/referral/edit/?id={draft_letter}"),
    (OFFICER, "/referral/before/?id={draft_letter}"),
    (CLERK, "/referral/details/?id={emergency}"),
    (CLERK, "/referral/details/?id={coming}"),
    (ADMIN, "/referral/details/?id={settled}"),
    (CLERK, "/graduate/details/?id={own}&tab=exchange"),
    (CLERK, "/incoming_letter/"),
    (CLERK, "/incoming_letter/details/?id={incoming}"),
    (CLERK, "/outgoing_letter/"),
    (CLERK, "/journals/notices/"),
    (COORDINATOR, "/body/"),
    (COORDINATOR, "/body/details/?id={body}"),
    (COORDINATOR, "/body/new/"),
    (COORDINATOR, "/meeting/"),
    (COORDINATOR, "/meeting/details/?id={planned}"),
    (COORDINATOR, "/meeting/details/?id={held}"),
    (COORDINATOR, "/meeting/new/?body={body}"),
    (COORDINATOR, "/agenda_item/"),
    (COORDINATOR, "/agenda_item/new/?meeting={planned}"),
    (COORDINATOR, "/decision/"),
    (COORDINATOR, "/decision/details/?id={decision}"),
    (OFFICER, "/"),
    (HEAD, "/"),
    (COORDINATOR, "/"),
    (OFFICER, "/reports/enrolled-list"),
    (CENTRE, "/reports/vologda-appendix-2"),
    (ADMIN, "/reports/graduates-list"),
    (CLERK, "/reports/registry"),
    (OFFICER, "/reports/data-bank"),
    *((CLERK, f"/reports/{code}") for code in OF_SERVICE),
    *((COORDINATOR, f"/reports/{code}") for code in OF_TERRITORY),
    (CLERK, "/reports/services-count/records?figure=kinds.total.people"),
    (CLERK, "/reports/kpi/records?figure=kpi.graduates.n"),
    (COORDINATOR, "/compliance/territory"),
    (OFFICER, "/submissions/"),
    (COORDINATOR, "/submissions/?box=received"),
    (COORDINATOR, "/submissions/control"),
    (OFFICER, "/submissions/new?report=vologda-appendix-1"),
    *((ADMIN, f"/submissions/{{report_{status}}}") for status in ("draft", "approved", "sent", "accepted", "partly")),
    (OFFICER, "/submissions/{report_partly}"),
    (OPERATOR, "/submissions/{report_sent}?partly=1"),
    (OPERATOR, "/discrepancies/"),
    (OFFICER, "/discrepancies/"),
    (CLERK, "/jobs/"),
    (CLERK, "/jobs/{job}"),
    (CLERK, "/jobs/{failed_job}"),
    (CLERK, "/jobs/new?kind=register&path=/graduate/&type=xlsx"),
    (CLERK, "/library/"),
    (CLERK, "/library/new/"),
    (CLERK, "/library/details/?id={practice}"),
    (COORDINATOR, "/library/details/?id={discussed}"),
    *((CLERK, f"/{name}/") for name in REGISTERS_OF_AID),
    *((HEAD, f"/{name}/new/") for name in REGISTERS_OF_AID),
    (CLERK, "/graduate/details/?id={own}&tab=aid"),
    (CLERK, "/success/{own}"),
]
# Error pages: the answer's code is what is wanted there.
ERRORS = [(OFFICER, "/nowhere", 404), (OFFICER, "/dictionaries/", 403), (OFFICER, "/graduate/details/?id=0", 404)]


class Desk(NamedTuple):
    page: Page
    trouble: Trouble


@pytest.fixture(scope="module")
def records(site: Site) -> dict[str, int]:
    own = select(Deadline.id).join(Agency, Agency.id == Deadline.agency_id).where(Agency.code == "opeka-sokol")
    return (
        of_cases(site, HEAD)
        | of_exchange(site)
        | of_reports(site, CLERK)
        | {
            "graduate": site.visible(OFFICER),
            "agency": site.ask(select(Agency.id).filter_by(code="opeka-sokol")),
            "district": site.ask(select(District.id).order_by(District.id).limit(1)),
            "user": site.ask(select(User.id).filter_by(login=CLERK)),
            "batch": site.draft(OFFICER),
            "regulation": site.ask(select(Regulation.id).filter_by(code="vologda-2022")),
            "deadline": site.ask(own.where(Deadline.done_on.is_(None)).order_by(Deadline.due_on).limit(1)),
            "person": site.ask(
                own.with_only_columns(Deadline.graduate_id).where(Deadline.graduate_id.is_not(None)).limit(1)
            ),
            "occurrence": site.event(OFFICER),
            "change": site.ask(select(AuditEvent.id).order_by(AuditEvent.seq.desc()).limit(1)),
        }
    )


def inspect(page: Page) -> str:
    """What is wrong with the page, all sections open, at both widths; one fault on a line."""
    page.evaluate("document.querySelectorAll('details.form-section').forEach(section => { section.open = true; })")
    faults: list[str] = []
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        found: list[Any] = page.evaluate(WIDER)
        # All of it at once, so that nothing lies under the bar that sticks to the lower edge.
        page.set_viewport_size({"width": width, "height": max(height, page.evaluate(TALL))})
        found += page.evaluate(RUN, RULES)
        faults += [f"{width} px: {fault}" for fault in found]
    return "\n".join(faults)


@pytest.fixture(scope="module")
def desks(browser: Browser, site: Site, cookies: Callable[[str], Any]) -> Iterator[Callable[[str | None], Desk]]:
    """A page of each user, kept open from address to address: what it has loaded once stays with it."""
    opened: dict[str | None, Desk] = {}

    def of(login: str | None) -> Desk:
        if login not in opened:
            state = cookies(login) if login else None
            context = browser.new_context(base_url=site.url, locale="ru-RU", storage_state=state)
            context.set_default_timeout(PATIENCE)
            opened[login] = Desk(context.new_page(), Trouble())
            opened[login].page.add_init_script(path=AXE)
            opened[login].trouble.watch(opened[login].page)
        opened[login].trouble.clear()
        return opened[login]

    yield of
    for desk in opened.values():
        desk.page.context.close()


def open_for_axe(enter: SignIn, whose: str | None) -> Page:
    page = enter(whose)
    page.add_init_script(path=AXE)
    return page


@pytest.mark.parametrize(("whose", "address"), PAGES)
def test_a_page_is_open_to_everybody_at_every_width(
    desks: Callable[[str | None], Desk], records: dict[str, int], whose: str | None, address: str
) -> None:
    page, trouble = desks(whose)
    page.set_viewport_size(OFFICE)
    answer = page.goto(address.format(**records), wait_until="load")
    assert answer is not None
    assert answer.status == 200
    assert inspect(page) == ""
    assert trouble == []


@pytest.mark.parametrize(("whose", "address", "status"), ERRORS)
def test_an_error_page_too(enter: SignIn, whose: str, address: str, status: int) -> None:
    page = open_for_axe(enter, whose)
    answer = page.goto(address, wait_until="load")
    assert answer is not None
    assert answer.status == status
    assert inspect(page) == ""


def test_the_filters_and_the_menus_when_they_are_open(enter: SignIn, trouble: Trouble) -> None:
    page = open_for_axe(enter, OFFICER)
    page.goto("/graduate/", wait_until="load")
    page.click("#filters summary")
    page.wait_for_selector("#filters .ts-control")
    assert inspect(page) == ""
    page.check("#menu-toggle")
    expect(page.locator("#menu")).to_be_in_viewport()
    assert page.evaluate(RUN, RULES) == []
    assert trouble == []


def test_a_conflict_and_a_possible_duplicate(enter: SignIn, site: Site) -> None:
    first, second = open_for_axe(enter, ADMIN), open_for_axe(enter, ADMIN)
    address = f"/graduate/edit/?id={site.visible(OFFICER, 7)}"
    for page, name in ((first, "Злата"), (second, "Милана")):
        page.goto(address)
        page.fill("#first_name", name)
    first.click("[data-save]")
    expect(first.locator(".notice-success")).to_be_visible()
    second.click("[data-save]")
    expect(second.locator(".conflict")).to_be_focused()
    assert inspect(second) == ""
    whole = second.input_value("#last_name"), second.input_value("#patronymic"), second.input_value("#birth_date")
    first.goto("/graduate/new/")
    for field, value in zip(("last_name", "patronymic", "birth_date"), whole, strict=True):
        first.fill(f"#{field}", value)
    first.fill("#first_name", "Злата")
    first.click("[data-save]")
    expect(first.locator("#duplicates-title")).to_be_visible()
    assert inspect(first) == ""


def test_a_form_with_errors(enter: SignIn, trouble: Trouble) -> None:
    page = open_for_axe(enter, OFFICER)
    page.goto("/graduate/new/", wait_until="load")
    page.fill("#last_name", "Сизов")
    page.fill("#birth_date", "31.02.2004")
    page.click("[data-save]")
    expect(page.locator("#error-summary")).to_be_focused()
    assert inspect(page) == ""
    page.click("#error-summary a")
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    assert trouble == []


def test_what_a_changed_rule_would_do(enter: SignIn, trouble: Trouble, records: dict[str, int]) -> None:
    page = open_for_axe(enter, ADMIN)
    page.goto("/regulation/rule/edit/?id={regulation}&rule=T05".format(**records), wait_until="load")
    page.fill("#closes", "15.10")
    page.fill("#why", "Письмо департамента")
    page.click("[data-save]")
    expect(page.locator("#foreseen-title")).to_be_visible()
    assert inspect(page) == ""
    page.click("[name=_save]")
    expect(page.locator(".notice-success")).to_be_visible()
    assert inspect(page) == ""
    assert trouble == []
