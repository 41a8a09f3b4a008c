"""The pictures of the documentation, taken of the pages as they are: pytest tests/browser --screenshots -k pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.ground import OPEN, Site

pytestmark = pytest.mark.xdist_group("browser")

IMAGES = Path(__file__).parents[2] / "docs" / "images"

#: Name of the picture -> the page, and how wide the screen is.
PICTURES = {
    "map": ("/map#map=9.3/0.57/35.14", 1280),
    "map-on-a-telephone": ("/map?lang=sw#map=9/0.57/35.14", 360),
    "findings": ("/flags", 1280),
    "finding": ("/flags/{flag}", 1280),
}


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_taken_when_they_are_asked_for(
    request: pytest.FixtureRequest, page: Page, site: Site, name: str
) -> None:
    """Each shows its page whole, drawn to the end."""
    if not request.config.getoption("--screenshots", default=False):
        pytest.skip("pictures are taken with --screenshots only")
    path, width = PICTURES[name]
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path.format(flag=site.public[0]), wait_until="networkidle")
    if "map" in path:
        page.locator(".on-map").scroll_into_view_if_needed()  # it comes when it is seen
        expect(page.locator("[data-map-status]")).to_contain_text(str(len(OPEN)), timeout=20_000)
    page.screenshot(path=IMAGES / f"{name}.png", full_page=True)
    assert (IMAGES / f"{name}.png").stat().st_size > 10_000
