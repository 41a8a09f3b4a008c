"""The page of the map: what it says without the map, what it may load, and what is kept of its files."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from service.app import create_app
from service.configuration.settings import Settings
from service.web import map_part
from service.web.wording import VERDICTS


@pytest.fixture
def built(tmp_path, monkeypatch):
    """Give a folder that holds what `make map` makes, by name."""
    folder = tmp_path / "map"
    folder.mkdir()
    (folder / "map.js").write_text('import("./draw-0a1b2c3d.js");')
    (folder / "draw-0a1b2c3d.js").write_text("export {};")
    monkeypatch.setattr(map_part, "BUILT", folder)
    return folder


@pytest.fixture
def site(sqlite_context):
    """Give the application with nothing in it."""
    with TestClient(create_app(sqlite_context)) as client:
        yield client


def given(text):
    """Return what a page hands to its map."""
    found = re.search(r"data-map='([^']*)'", text)
    return json.loads(unescape(found[1]))


def test_without_the_build_the_page_says_so_and_how_to_build_it(sqlite_context, tmp_path, monkeypatch):
    """Filters and the way to the list are there all the same, and no script is asked for."""
    monkeypatch.setattr(map_part, "BUILT", tmp_path / "nothing")
    with TestClient(create_app(sqlite_context)) as client:
        page = client.get("/map", params={"country": "KE"})
        assert client.get("/static/map/map.js").status_code == 404
    assert page.status_code == 200
    assert "make map" in page.text
    assert "<script" not in page.text
    assert 'href="/flags?country=KE"' in page.text


def test_every_verdict_has_a_sign_of_its_own_colour_and_shape(built, site):  # noqa: ARG001 - the map is built
    """Neither colour nor shape alone has to be seen, and the legend stands in the page itself."""
    text = site.get("/map").text
    signs = given(text)["signs"]
    assert set(signs) == set(VERDICTS) - {"pending"}
    assert len({sign["colour"] for sign in signs.values()}) == len(signs)
    assert len({sign["path"] for sign in signs.values()}) == len(signs)
    for sign in signs.values():
        assert text.count(f'd="{sign["path"]}"') >= 2


def test_filters_of_the_address_stand_in_the_form_and_in_the_way_to_the_list(built, site):  # noqa: ARG001
    """They are the names that /v1/flags has; what it does not know is left out, and nothing breaks out of its field."""
    asked = [("verdict", "hidden_place"), ("verdict", "undercount"), ("sdg", "11"), ("country", '"><b>'), ("x", "1")]
    text = site.get("/map", params=asked).text
    assert '<input type="checkbox" name="verdict" value="undercount" checked>' in text
    assert '<option value="11" selected>' in text
    assert "<b>" not in text
    assert "/flags?country=%22%3E%3Cb%3E&amp;verdict=hidden_place&amp;verdict=undercount&amp;sdg=11" in text


def test_pages_with_a_map_load_from_this_service_alone(built, site):  # noqa: ARG001
    """Scripts, workers and data are its own; nothing stands inline and nothing comes from blob: or data:."""
    page = site.get("/map")
    policy = page.headers["content-security-policy"]
    assert {"script-src 'self'", "worker-src 'self'", "connect-src 'self'", "img-src 'self'"} <= set(policy.split("; "))
    assert re.findall(r"blob:|data:|unsafe|https?:", policy) == []
    assert [tag for tag in re.findall(r"<script[^>]*>", page.text) if "src=" not in tag] == []


def test_the_tiles_of_the_operator_and_no_others_are_let_in(built, sqlite_context):  # noqa: ARG001
    """The page and the worker may ask the server of the setting, which the page names under the map."""
    tiles = "https://tiles.example:8443/{z}/{x}/{y}.png"
    chosen = {"map_tiles": tiles, "map_attribution": "© Those who drew it"}
    settings = sqlite_context.settings.model_copy(update=chosen)
    object.__setattr__(sqlite_context, "settings", settings)
    with TestClient(create_app(sqlite_context)) as client:
        page, worker = client.get("/map"), client.get("/static/map/map.js")
    for answer in (page, worker):
        assert "connect-src 'self' https://tiles.example:8443;" in answer.headers["content-security-policy"]
    assert given(page.text)["background"]["tiles"] == tiles
    assert "© Those who drew it</p>" in page.text


@pytest.mark.parametrize("wrong", ["tiles.example/{z}/{x}/{y}.png", "https://a.example/;script-src *", "file:///etc"])
def test_an_address_of_tiles_that_could_change_the_policy_is_refused(wrong):
    """It enters a header, so it is one address and nothing besides."""
    with pytest.raises(ValidationError, match="map_tiles"):
        Settings(map_tiles=wrong, _env_file=None)


def test_files_named_by_their_content_are_kept_for_good_and_the_entry_is_asked_for_again(built, site):  # noqa: ARG001
    """A new build is seen at once, and nobody loads half a megabyte twice."""
    assert site.get("/static/map/draw-0a1b2c3d.js").headers["cache-control"].endswith("immutable")
    assert site.get("/static/map/map.js").headers["cache-control"] == "no-cache"
