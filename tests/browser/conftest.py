"""One browser and one server for all tests of this folder; each test has pages of its own."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.browser.site import PASSWORD, Site, served

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 20_000  # Milliseconds: a busy machine is no fault of the page.

SignIn = Callable[..., Page]


def _lacking(what: str) -> None:
    if os.environ.get("REQUIRE_BROWSER"):
        pytest.fail(f"{what}, а REQUIRE_BROWSER требует проверок в браузере")
    pytest.skip(f"{what}: эти тесты пропущены")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        _lacking("Chromium не найден")
    if not AXE.is_file() or not (ROOT / "views" / "static" / "vendor").is_dir():
        _lacking("Файлы для страниц не установлены (make install)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def cookies(browser: Browser, site: Site) -> Callable[[str], Any]:
    """The cookies of a user who has signed in; each signs in once."""
    kept: dict[str, Any] = {}

    def of(login: str) -> Any:
        if login not in kept:
            context = browser.new_context(base_url=site.url, locale="ru-RU")
            page = context.new_page()
            page.goto("/login")
            page.fill("#login", login)
            page.fill("#password", PASSWORD)
            page.click("button[type=submit]")
            page.wait_for_url("**/")
            kept[login] = context.storage_state()
            context.close()
        return kept[login]

    return of


class Trouble(list[str]):
    """What a browser complains of: errors of scripts and of the policy, failed requests, bad answers."""

    def watch(self, page: Page) -> None:
        page.on("console", lambda said: said.type in ("error", "warning") and self.append(f"console: {said.text}"))
        page.on("pageerror", lambda error: self.append(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", lambda got: got.status >= 400 and self.append(f"answer {got.status}: {got.url}"))

    def _failed(self, asked: Request) -> None:
        if asked.failure != "net::ERR_ABORTED":  # So ends a page that turned out to be a file.
            self.append(f"request: {asked.url} {asked.failure}")


@pytest.fixture
def trouble() -> Trouble:
    return Trouble()


@pytest.fixture
def enter(browser: Browser, site: Site, cookies: Callable[[str], Any], trouble: Trouble) -> Iterator[SignIn]:
    """`enter("admin")`: a page of a context of its own in which this user has signed in; None: nobody has."""
    opened: list[BrowserContext] = []

    def open_page(login: str | None, width: int = 1366, height: int = 768, **options: Any) -> Page:
        state = cookies(login) if login else None
        context = browser.new_context(
            base_url=site.url,
            locale="ru-RU",
            timezone_id="Europe/Moscow",
            viewport={"width": width, "height": height},
            storage_state=state,
            **options,
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        page = context.new_page()
        trouble.watch(page)
        return page

    yield open_page
    for context in opened:
        context.close()
