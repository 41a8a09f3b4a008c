"""The main paths through the pages, each walked with scripts and without them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from service.callers.caller import Role
from tests.browser.ground import DECIDED, FILE, OPEN, Site

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Walk the path twice."""
    return bool(request.param)


@pytest.fixture
def walker(chromium: Browser, site: Site, *, scripts: bool) -> Iterator[Page]:
    """Give a page of a browser with scripts, or of one without."""
    context = chromium.new_context(base_url=site.address, java_script_enabled=scripts, locale="en-GB")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def test_from_the_first_page_to_what_a_finding_rests_on(walker: Page) -> None:
    """A visitor gets to the list, narrows it by the form, and reads one finding with its reason."""
    name = OPEN[0][0]
    walker.goto("/")
    walker.get_by_role("navigation", name="Main").get_by_role("link", name="Findings").click()
    walker.get_by_label("Name", exact=True).fill("kijiji cha maua")
    walker.get_by_role("button", name="Show", exact=True).click()
    assert "q=kijiji" in walker.url
    rows = walker.locator("table.flags tbody tr")
    expect(rows).to_have_count(1)
    rows.get_by_role("link", name=name).click()
    expect(walker.get_by_role("heading", level=1)).to_contain_text(name)
    expect(walker.locator("main")).to_contain_text("Not found in Villages")


def test_a_reviewer_signs_in_finds_a_case_and_decides(walker: Page, site: Site, *, scripts: bool) -> None:
    """From the key to a decision that stands in the history of the flag, and on to the next case."""
    name = DECIDED[scripts][0]
    walker.goto("/desk")
    walker.locator("input[type=password]").fill(site.secrets[Role.REVIEWER])
    walker.get_by_role("button", name="Open the desk").click()
    walker.get_by_role("link", name=name).click()
    case = walker.url
    walker.get_by_role("radio", name=re.compile("Confirm")).check()
    reason = walker.locator("select[name=reason_code] option[data-for~=confirmed]").first.get_attribute("value")
    walker.locator("select[name=reason_code]").select_option(reason)
    walker.get_by_role("button", name="Decide and take the next one").click()
    walker.wait_for_url(lambda url: url != case)
    walker.goto(case)
    expect(walker.locator("main")).to_contain_text(re.compile("confirmed", re.IGNORECASE))


def test_a_file_is_sent_looked_at_and_imported(walker: Page, site: Site, *, scripts: bool) -> None:
    """A contributor sees how rows would be read before anything is kept, then what became of each."""
    walker.goto("/collections")
    walker.locator("input[type=password]").fill(site.secrets[Role.CONTRIBUTOR])
    walker.get_by_role("button", name="Open my collections").click()
    walker.get_by_label("Collection it belongs to").fill(f"walked-{scripts}")
    walker.get_by_role("button", name="Choose a file").click()
    sent = {"name": "our-villages.csv", "mimeType": "text/csv", "buffer": FILE}
    walker.get_by_label("File", exact=True).set_input_files(sent)
    walker.get_by_role("button", name="See how it would be read").click()
    expect(walker.get_by_role("heading", level=1)).to_have_text("Before it counts")
    expect(walker.locator("main")).to_contain_text("latitude 95 is not within")
    walker.get_by_role("button", name="Import it").click()
    expect(walker.get_by_role("heading", name="Done")).to_be_visible(timeout=20_000)
    with walker.expect_download() as errors:
        walker.get_by_role("link", name="CSV").click()
    assert errors.value.path().read_text(encoding="utf-8-sig").count("\n") >= 2
