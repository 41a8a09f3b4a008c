"""The map in a browser: it draws what tiles hold, filters it, tells what stands at a point, and asks nobody else."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from service.web.map_part import BUILT
from tests.browser.ground import OPEN, Site

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not (BUILT / "map.js").is_file(), reason="the map is not built: make map"),
]

#: Where the villages lie, near enough that each stands alone.
NEAR = "/map#map=10/0.57/35.14"


def in_view(page: Page, number: int) -> None:
    """Wait until the map says how many flags are in view."""
    said = f"Findings in view: {number}." if number else "No finding is in view."
    expect(page.locator("[data-map-status]")).to_contain_text(said, timeout=20_000)


def test_the_map_shows_at_first_where_anything_was_found(page: Page, site: Site) -> None:
    """All that is published with its place is in view, from near enough; the flag that waits is not."""
    page.goto("/map")
    expect(page).to_have_url(re.compile(r"#map=([5-9]|1\d)(\.\d+)?/"), timeout=20_000)
    in_view(page, len(site.public))
    expect(page.locator("[data-map-canvas] canvas")).to_have_attribute("aria-label", re.compile("^Map of findings"))


def test_flags_official_places_and_circles_are_drawn(page: Page) -> None:
    """Pixels in the colours of the signs are on the canvas, so the worker, the tiles and the pictures all came."""
    page.goto(NEAR)
    in_view(page, len(OPEN))
    colours = page.locator("[data-map-canvas]").screenshot()
    assert _share(colours, (0xD5, 0x5E, 0x00)) > 0


def test_a_filter_changes_the_map_the_address_and_the_way_to_the_list(page: Page) -> None:
    """What is chosen stands in the address under the name that the API has, and taking it back brings all back."""
    page.goto(NEAR)
    in_view(page, len(OPEN))
    page.get_by_role("checkbox", name="Undercounted").check()
    in_view(page, 0)
    assert "?verdict=undercount#" in page.url
    expect(page.get_by_role("link", name="The same as a list")).to_have_attribute(
        "href", re.compile(r"/flags\?verdict=undercount$")
    )
    page.get_by_role("checkbox", name="Not on the list").check()
    in_view(page, len(OPEN))
    page.reload()
    in_view(page, len(OPEN))
    expect(page.get_by_role("checkbox", name="Undercounted")).to_be_checked()


def test_a_country_that_nobody_knows_is_told_beside_the_map(page: Page) -> None:
    """The service refuses the filter; the page says so in words."""
    page.goto("/map?country=Atlantis")
    expect(page.locator("[data-map-note]")).to_contain_text("cannot be read", timeout=20_000)


def test_the_keyboard_reaches_every_flag_in_view_and_its_page(page: Page, site: Site) -> None:
    """From the list beside the map to the pop-up and back: no mouse is needed."""
    page.goto(NEAR)
    in_view(page, len(OPEN))
    page.get_by_text("What is in view, as a list").focus()
    page.keyboard.press("Enter")
    entries = page.locator("[data-map-list] button")
    expect(entries).to_have_count(len(OPEN))
    entries.first.focus()
    page.keyboard.press("Enter")
    link = page.locator(".map-card a")
    expect(link).to_have_text(re.compile("^Kijiji cha "))
    assert str(link.get_attribute("href")).removeprefix("/flags/") in site.public
    expect(page.locator(".map-card")).to_contain_text("Not on the list")
    page.keyboard.press("Escape")
    expect(page.locator(".map-card")).to_have_count(0)
    expect(entries.first).to_be_focused()


def test_a_click_on_a_sign_tells_what_stands_there(page: Page) -> None:
    """The village in the middle of the map answers to the mouse."""
    name, lat, lon = OPEN[1]
    page.goto(f"/map#map=12/{lat}/{lon}")
    expect(page.locator("[data-map-status]")).to_contain_text("Findings in view", timeout=20_000)
    box = page.locator("[data-map-canvas]").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".map-card")).to_contain_text(name)
    expect(page.locator(".map-card")).to_contain_text("Somewhere within 300 m of this point")


def test_whoever_saves_data_is_asked_before_the_map_is_loaded(page: Page) -> None:
    """Half a megabyte comes when it is wanted, and the page is whole without it."""
    page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    loaded: list[str] = []
    page.on("request", lambda asked: loaded.append(asked.url))
    page.goto("/map")
    show = page.get_by_role("button", name="Show the map")
    expect(show).to_be_visible()
    assert [url for url in loaded if "draw" in url or "/v1/" in url] == []
    show.click()
    in_view(page, len(OPEN))


def _share(picture: bytes, colour: tuple[int, int, int]) -> float:
    """Return the share of pixels of a colour, or very nearly."""
    import io  # noqa: PLC0415 - of this one look

    import numpy as np  # noqa: PLC0415
    from matplotlib.image import imread  # noqa: PLC0415

    seen = imread(io.BytesIO(picture), format="png")[:, :, :3] * 255
    return float((np.abs(seen - np.array(colour)).max(axis=2) < 12).mean())
