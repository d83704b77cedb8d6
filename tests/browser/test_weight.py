"""What a page weighs on the wire: the first visit, and every next one."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SignIn
from tests.browser.site import OFFICER, Site

FIRST, NEXT = 600_000, 60_000


def transferred(page: Page, address: str) -> int:
    """Bytes as they came, compressed and with their headers; what lay in the cache weighs nothing."""
    sizes: list[float] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    session.detach()
    return int(sum(sizes))


@pytest.mark.parametrize("address", ["/", "/graduate/", "/graduate/edit/?id={}"])
def test_a_page_is_light(enter: SignIn, site: Site, address: str) -> None:
    page, address = enter(OFFICER), address.format(site.visible(OFFICER))
    first, following = transferred(page, address), transferred(page, address)
    assert 20_000 < first <= FIRST
    assert 1_000 < following <= NEXT
