"""What goes wrong, told to browsers as pages and to programs as problems: one status, the same headers."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.errors import BUSY, Problem
from service.web import overview, refusing

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
SAFE = (
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Cache-Control",
)


@pytest.fixture
def site(sqlite_context, scene):
    """Give the pages over a context with one list."""
    scene.publish(sqlite_context, scene.official(scene.villages))
    with TestClient(create_app(sqlite_context), raise_server_exceptions=False) as client:
        yield client


def broken(*_):
    """Fail as nothing should."""
    msg = "Bondeni"
    raise RuntimeError(msg)


def test_an_address_that_does_not_exist_is_a_page_to_a_browser_and_a_problem_to_a_program(site):
    """The frame of every page, what happened and where to go; the same status and safe headers as the problem has."""
    page, problem = site.get("/nothing", headers=BROWSER), site.get("/nothing")
    assert (page.status_code, problem.status_code) == (404, 404)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert problem.headers["Content-Type"] == "application/problem+json"
    for told in (
        "<h1>There is no such page</h1>",
        "Nothing stands at this address",
        'href="/"',
        '<nav aria-label="Main"',
    ):
        assert told in page.text
    assert {name: page.headers[name] for name in SAFE} == {name: problem.headers[name] for name in SAFE}
    assert page.headers["Content-Security-Policy"] == site.get("/", headers=BROWSER).headers["Content-Security-Policy"]
    assert "ETag" not in page.headers


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("fr", "a rien à cette adresse"),
        ("es", "No hay nada en esta dirección"),
        ("sw", "Hakuna kitu kwenye anwani"),
    ],
)
def test_it_is_told_in_the_language_of_the_browser(site, code, told):
    """By Accept-Language, and by the links to other languages at the foot of the page, which keep the status."""
    page = site.get("/nothing", headers=BROWSER | {"Accept-Language": code})
    assert told in page.text
    assert f'<html lang="{code}"' in page.text
    chosen = site.get(f"/nothing?lang={code}", headers=BROWSER)
    assert (chosen.status_code, told in chosen.text) == (404, True)


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/flags/nothing", "/ogc/nothing", "/metrics/x"])
def test_the_rooms_of_the_api_answer_problems_whoever_asks(site, path):
    """A program that sends what browsers send still reads JSON where it asks the API."""
    answer = site.get(path, headers=BROWSER)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


def test_a_method_that_a_page_does_not_take_is_told_with_those_it_does(site):
    """To a browser as a page, to a program as a problem; both name the methods."""
    page, problem = site.put("/flags", headers=BROWSER), site.put("/flags")
    assert (page.status_code, problem.status_code) == (405, 405)
    assert page.headers["Allow"] == problem.headers["Allow"] == "GET, HEAD"
    assert "Nothing can be sent to this address" in page.text
    assert problem.json()["detail"] == "/flags takes GET and HEAD, not PUT."


def test_whatever_the_address_its_page_leads_nowhere_else(site):
    """An address that looks like another host, or holds marks of HTML, is text, and its links stay here."""
    for path in ("//example.net/x", "/%3Cscript%3Ealert(1)%3C/script%3E", "/%22%20onclick=%22x"):
        page = site.get(f"http://testserver{path}", headers=BROWSER)
        assert page.status_code == 404
        assert not re.findall(r'href="(?!/[^/]|/"|#)', page.text)
        assert "<script" not in page.text
        assert 'onclick="' not in page.text


def test_a_failure_is_never_what_a_browser_holds_already(site):
    """No 304 stands in the place of a page that says what went wrong."""
    answer = site.get("/nothing", headers=BROWSER | {"If-None-Match": "*"})
    assert (answer.status_code, "There is no such page" in answer.text) == (404, True)


def test_a_mistake_of_ours_is_a_page_with_the_number_that_operators_look_for(site, monkeypatch):
    """The page says whom to tell and what; nothing of the failure itself."""
    monkeypatch.setattr(overview.Overviews, "of", broken)
    page = site.get("/", headers=BROWSER)
    assert (page.status_code, page.headers["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert page.headers["X-Request-ID"] in page.text
    assert "Bondeni" not in page.text


def test_where_no_page_can_be_made_the_problem_is_told(site, monkeypatch):
    """A failure in telling a failure keeps nobody from an answer."""
    monkeypatch.setattr(refusing, "page", broken)
    answer = site.get("/nothing", headers=BROWSER)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


def test_what_passes_says_when_to_come_again(site, monkeypatch):
    """Retry-After is for browsers, too."""

    def busy(*_):
        raise Problem(BUSY, "Too many are here.", retry_after=7)

    monkeypatch.setattr(overview.Overviews, "of", busy)
    page = site.get("/", headers=BROWSER)
    assert (page.status_code, page.headers["Retry-After"]) == (503, "7")
    assert "Try again in a while" in page.text


def test_whoever_asks_too_often_reads_a_page(sqlite_context):
    """What is refused before any route is reached is told by the same page."""
    settings = sqlite_context.settings.model_copy(update={"rate_address": "1/minute"})
    context = type(sqlite_context)(settings, sqlite_context.store, sqlite_context.archive, sqlite_context.lists)
    site = TestClient(create_app(context), client=("203.0.113.7", 50_000))
    page = [site.get("/nothing", headers=BROWSER) for _ in range(2)][-1]
    assert (page.status_code, page.headers["Content-Type"]) == (429, "text/html; charset=utf-8")
    assert "Wait a little" in page.text
    assert int(page.headers["Retry-After"]) > 0
