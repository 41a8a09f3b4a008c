"""The pages of findings, lists, reports and what explains them: as much as the API tells the same reader."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from starlette.testclient import TestClient

from service import review, submit, verify
from service.accounts.account import Name
from service.app import create_app
from service.callers.caller import ANONYMOUS, Role
from service.gap_reports import making
from service.gap_reports.edition import Wish
from service.gap_reports.maker import make_in_turn
from service.report import ReportScope
from service.store import keys
from service.store.values import FlagStatus
from service.verifying.judging import PARAMETERS
from service.web.speech import LANGUAGES, PSEUDO

VOID = frozenset({"meta", "link", "br", "img", "circle", "input", "rect"})
BROWSER = {"Accept": "text/html"}


class Page(HTMLParser):
    """What a page is made of; every tag that was opened is closed in order."""

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__()
        self.tags, self.open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        """Note a tag."""
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        """Close a tag."""
        if tag not in VOID:
            assert self.open.pop() == tag

    def named(self, *names):
        """Return what stands in tags of some names."""
        return [given for tag, given in self.tags if tag in names]


def flagged(context, scene, name, lat, **parts):
    """Send an account of a community the list lacks, and return its flag."""
    account = scene.account(names=(Name(name),), lat=lat, lon=35.0, **parts)
    (receipt,) = submit.accept(context, [account], scene.caller(context.store))
    (record,) = verify.verify(context, [receipt.record_id])
    return record.flag_id


@pytest.fixture
def world(sqlite_context, scene):
    """Give a list that lacks two villages: the flag of one is published, the other's is open; and two editions."""
    scene.publish(sqlite_context, scene.official(scene.without("Bondeni")))
    shown = flagged(sqlite_context, scene, "Bondeni", 0.536, consent="public_exact")
    for decision in (FlagStatus.CONFIRMED, FlagStatus.PUBLISHED):
        by = scene.caller(sqlite_context.store, "office", Role.PUBLISHER)
        review.decide(sqlite_context, shown, review.Decision(decision, "field_visit"), by)
    hidden = flagged(sqlite_context, scene, "Siri kubwa", 0.836)
    admin = scene.caller(sqlite_context.store, "office", Role.ADMIN)
    editions = []
    for public in (True, False):
        begun = making.begin(sqlite_context, Wish(ReportScope(country="KEN"), public), admin)
        editions.append(make_in_turn(sqlite_context, begun).id)
    return {"shown": shown, "hidden": hidden, "public": editions[0], "restricted": editions[1]}


@pytest.fixture
def site(sqlite_context, world):  # noqa: ARG001 - there is something to see
    """Give the application over that world."""
    with TestClient(create_app(sqlite_context)) as client:
        yield client


@pytest.fixture
def reviewer(sqlite_context):
    """Give the headers of a reviewer."""
    with sqlite_context.store.begin() as session:
        return {"Authorization": f"Bearer {keys.create(session, 'office', Role.REVIEWER, 'desk')}"}


def pages(world):
    """Return every page of the house that needs nothing but to be looked at."""
    return [
        "/",
        "/flags",
        "/flags?country=KEN&verdict=hidden_place",
        f"/flags/{world['shown']}",
        "/reports",
        f"/reports/{world['public']}",
        f"/reports/compare?before={world['public']}&after={world['public']}",
        "/sources",
        "/sources/ke-villages",
        "/measured-error",
        "/how-we-decide",
        "/collections",
        "/countries/KEN",
        "/desk",
        "/docs",
        "/problems/invalid",
    ]


@pytest.mark.parametrize("code", [*LANGUAGES, PSEUDO])
def test_every_page_answers_in_every_language_and_is_sound(site, world, code):
    """One language and direction, one first heading, levels in order, headed cells with a caption, labelled fields."""
    for path in pages(world):
        answer = site.get(
            path, params=[*[pair.split("=") for pair in path.partition("?")[2].split("&") if pair], ("lang", code)]
        )
        assert answer.status_code == 200, path
        page = Page(answer.text)
        ids = [given["id"] for _, given in page.tags if "id" in given]
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
        assert page.open == []
        assert page.named("html") == [{"lang": code, "dir": "rtl" if code == PSEUDO else "ltr"}]
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), path
        assert len(ids) == len(set(ids)), path
        assert all("scope" in given for given in page.named("th"))
        assert len(page.named("table")) == len(page.named("caption"))
        labels = {given.get("for") for given in page.named("label")}
        fields = [one for one in page.named("input", "select") if one.get("type") not in {"hidden", "radio"}]
        assert all(one.get("id") in labels or "aria-label" in one for one in fields), path
        assert not any("style" in given or any(name.startswith("on") for name in given) for _, given in page.tags)


def test_every_link_of_every_page_leads_somewhere(site, world):
    """No link inside the house is dead, for nobody in particular."""
    links = {given["href"] for path in pages(world) for given in Page(site.get(path).text).named("a")}
    inside = {link.partition("#")[0] for link in links if link.startswith("/")} - {""}
    assert {link: site.get(link).status_code for link in inside} == dict.fromkeys(inside, 200)


def test_pages_are_small(site, world):
    """Each page, with its styles and pictures, stays far below what a telephone on a bad line can wait for."""
    parts = sum(len(site.get(path).content) for path in ("/static/uncounted.css", "/static/icon.svg"))
    sizes = {path: len(site.get(path).content) + parts for path in pages(world) if path != "/docs"}
    assert max(sizes.values()) < 100_000


def test_nobody_in_particular_sees_what_the_api_shows_them(site, world):
    """The open flag is on no page, in no number of one, and answers like one that is not there."""
    for path in pages(world):
        assert "Siri kubwa" not in site.get(path).text
        assert world["hidden"] not in site.get(path).text
    assert site.get(f"/flags/{world['hidden']}").status_code == 404
    assert site.get(f"/flags/{'0' * 32}").status_code == 404
    assert "Siri kubwa" not in site.get("/flags?q=Siri").text
    assert site.get(f"/reports/{world['restricted']}").status_code == 404
    assert world["restricted"] not in site.get("/reports").text


def test_a_reviewer_sees_on_pages_what_the_api_shows_a_reviewer(site, world, reviewer):
    """With a key the same pages hold the open flag, its candidates and evidence, and are kept by no cache."""
    assert "Siri kubwa" in site.get("/flags?status=open", headers=reviewer).text
    answer = site.get(f"/flags/{world['hidden']}", headers=reviewer)
    told = site.get(f"/v1/flags/{world['hidden']}", headers=reviewer).json()
    assert told["candidates"]
    assert all(one["official_name"] in answer.text for one in told["candidates"])
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert site.get(f"/reports/{world['restricted']}", headers=reviewer).status_code == 200


def test_a_page_gives_the_same_as_data(site, world, reviewer):
    """`f` on a page answers as the API does to the same reader."""
    for headers in ({}, reviewer):
        one = site.get(f"/flags/{world['shown']}?f=json", headers=headers)
        assert one.json() == site.get(f"/v1/flags/{world['shown']}", headers=headers).json()
        table = site.get("/flags?country=KEN&f=csv", headers=headers)
        assert table.text == site.get("/v1/flags?country=KEN&f=csv", headers=headers).text
        assert table.headers["Content-Type"].startswith("text/csv")
    assert "Siri kubwa" not in site.get("/flags?f=json").text


def test_filters_stand_in_the_address_and_in_the_form(site):
    """Filters have the names of the API, empty fields ask for nothing, and what was asked stands in the form."""
    html = site.get("/flags?country=KEN&verdict=hidden_place&q=Bond&admin=&source=").text
    page = Page(html)
    assert "Bondeni" in html
    assert [one["value"] for one in page.named("input") if one.get("name") == "q"] == ["Bond"]
    assert [one["value"] for one in page.named("option") if "selected" in one] == ["hidden_place"]
    assert "Nothing answers to these filters" in site.get("/flags?country=UGA").text


def test_what_cannot_be_asked_is_told_above_the_form(site):
    """A filter that is no filter, or cannot be read, is answered with its mistake and status, and shows nothing."""
    for query in ("country=Atlantis", "misspelt=1", "min_probability=2", "cursor=nothing"):
        answer = site.get(f"/flags?{query}", headers=BROWSER)
        assert answer.status_code == 422, query
        assert 'role="alert"' in answer.text
        assert "Bondeni" not in answer.text


def test_pages_of_the_list_follow_one_another(site, sqlite_context, scene):
    """The next page is named with its filters, begins after the last one shown, and names the way back."""
    found = flagged(sqlite_context, scene, "Mbali", 0.936, consent="public_exact")
    for decision in (FlagStatus.CONFIRMED, FlagStatus.PUBLISHED):
        by = scene.caller(sqlite_context.store, "office", Role.PUBLISHER)
        review.decide(sqlite_context, found, review.Decision(decision, "field_visit"), by)
    first = Page(site.get("/flags?country=KEN&limit=1").text)
    (following,) = [one["href"] for one in first.named("a") if one.get("rel") == "next"]
    second = site.get(following)
    assert "Mbali" in second.text
    assert "Bondeni" not in second.text
    assert "/flags?country=KEN" in [one["href"] for one in Page(second.text).named("a")]


def test_a_flag_says_how_to_cite_and_to_appeal(site, world):
    """Its version, its list with the vintage, its address, and what organisations can do where it is wrong."""
    html = site.get(f"/flags/{world['shown']}").text
    assert f"/flags/{world['shown']}" in html
    assert "Version" in html
    assert "POST /v1/flags/" in html
    assert "vintage" in html


def test_a_browser_is_told_of_failures_on_a_page_and_a_program_as_a_problem(site):
    """The status is the same; only who asks for HTML gets it, in their language."""
    page = site.get(f"/flags/{'0' * 32}", headers=BROWSER | {"Accept-Language": "es"})
    assert page.status_code == 404
    assert "No existe esa página" in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert site.get(f"/flags/{'0' * 32}").headers["Content-Type"] == "application/problem+json"
    wrong = site.get("/flags", headers=BROWSER | {"Authorization": "Bearer unc_nobody"})
    assert wrong.status_code == 401
    assert "Use a key" in wrong.text


def test_an_edition_tells_its_numbers_limits_downloads_and_how_to_cite_it(site, world):
    """What the API tells everybody of an edition stands on its page, and every download answers."""
    html = site.get(f"/reports/{world['public']}").text
    told = site.get(f"/v1/gap-reports/{world['public']}").json()
    assert told["cite"] in html
    assert all(limit in html for limit in told["limits"])
    links = [one["href"] for one in Page(html).named("a") if "/v1/gap-reports/" in one["href"]]
    assert len(links) == 7
    assert site.get("/reports/compare?before=x&after=y").status_code == 404


def test_a_list_tells_its_vintage_licence_and_snapshots(site):
    """A source names what it says at present; one that is not followed is not found."""
    html = site.get("/sources/ke-villages").text
    for said in ("List ke-villages", "2019", "CC0-1.0", "in use"):
        assert said in html
    assert site.get("/sources/nobody").status_code == 404


def test_thresholds_and_errors_are_those_of_the_code(site):
    """How we decide, and how often that is right, cannot drift from the parameters in force."""
    html = site.get("/how-we-decide").text
    assert f"Above {PARAMETERS.absence.absent_above:.0%}".replace("%", " %") in html
    assert f"Below {PARAMETERS.absence.match_below * 100:.1f} %" in html
    assert PARAMETERS.version in site.get("/measured-error").text
    assert "kibera-schools" in site.get("/measured-error").text


def test_who_asks_inside_the_process_cannot_be_forged_from_outside(site, world):
    """What a page hands on stands in no header: whoever sends one of that name is nobody in particular."""
    headers = {"uncounted.seated": "admin", "X-Uncounted-Seated": "admin"}
    assert ANONYMOUS.role is None
    assert site.get(f"/flags/{world['hidden']}", headers=headers).status_code == 404
