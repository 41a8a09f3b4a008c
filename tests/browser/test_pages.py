"""Every page in a browser: nothing that keeps people out, nobody else asked, light at first, whole without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from service.callers.caller import Role
from service.web.speech import PSEUDO
from tests.browser.ground import Site
from tests.browser.pages import pages_of

pytestmark = pytest.mark.xdist_group("browser")

#: What a first visit may weigh before anything is seen, in bytes as they travel, and in how many files.
MOST_BYTES, MOST_FILES = 200_000, 6

#: Of axe: what it calls these keeps somebody out.
BARRIERS = {"serious", "critical"}

#: The reference says a hundred operations in one form: axe takes half a minute for all, so a few are looked at.
FEW_OPERATIONS = "document.querySelectorAll('.operation').forEach((one, at) => { if (at > 4) one.remove(); })"

#: The language of the tests is one that nobody speaks.
SPOKEN = {"html-lang-valid": {"enabled": False}}


@pytest.fixture
def inside(visitor: BrowserContext, site: Site) -> BrowserContext:
    """Give the browser of somebody who may do everything, signed in with the key of the demo's desk."""
    page = visitor.new_page()
    page.goto("/desk")
    page.get_by_label("key").fill(site.secrets[Role.ADMIN])
    page.get_by_role("button").filter(has_text="desk").click()
    page.wait_for_url("**/desk")
    page.close()
    return visitor


def barriers(page: Page, rules: dict[str, Any] | None = None) -> list[str]:
    """Return what keeps somebody out of the page as it is shown."""
    options = {"resultTypes": ["violations"], "rules": rules or {}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in BARRIERS]


def test_no_page_keeps_anybody_out(inside: BrowserContext, site: Site) -> None:
    """On every page of the application axe finds no barrier that is serious or critical, and each has one heading."""
    page, found = inside.new_page(), {}
    for where in pages_of(site):
        answer = page.goto(where.path)
        assert answer is not None
        assert answer.status == 200, where.path
        if where.path == "/docs":
            page.evaluate(FEW_OPERATIONS)
        found[where.path] = barriers(page)
        assert page.get_by_role("heading", level=1).count() == 1, where.path
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    assert len(found) > 8


def test_pages_read_from_right_to_left_have_no_barrier_and_fit(visitor: BrowserContext) -> None:
    """On a telephone and in a language of that direction, nothing stands beyond the edge of the screen."""
    page = visitor.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    for path in ("/", "/flags", "/map", "/sources"):
        page.goto(f"{path}?lang={PSEUDO}")
        assert page.evaluate("document.documentElement.dir") == "rtl"
        assert barriers(page, SPOKEN) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path


@pytest.fixture
def plain(chromium: Browser, site: Site) -> Iterator[Page]:
    """Give a page of a browser without scripts."""
    context = chromium.new_context(base_url=site.address, java_script_enabled=False, locale="en-GB")
    yield context.new_page()
    context.close()


def test_every_page_says_without_scripts_what_it_says_with_them(plain: Page, site: Site) -> None:
    """The heading and the text of each public page are there; where the map would be, it says what is needed."""
    for where in pages_of(site):
        if where.inside:
            continue
        plain.goto(where.path)
        assert plain.get_by_role("heading", level=1).count() == 1, where.path
        assert len(plain.locator("main").inner_text()) > 80, where.path
    plain.goto("/map")
    assert "list" in plain.locator(".on-map").inner_text()


def test_a_first_visit_is_light(visitor: BrowserContext) -> None:
    """All that the first page loads fits the budget, and the map is no part of it.

    Bytes are counted as they travel. How long that takes on a slow line is measured by `bench/first_page.py`.
    """
    page = visitor.new_page()
    session = visitor.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    page.goto("/", wait_until="networkidle")
    assert 0 < len(sizes) <= MOST_FILES
    assert sum(sizes) <= MOST_BYTES
