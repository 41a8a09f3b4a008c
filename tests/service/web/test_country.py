"""The page of a country: what people name beside what is counted, accessible, printable, nothing that was withheld."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from service.accounts.statement import Form, Question, Statement
from service.app import create_app
from service.callers.caller import Caller, Role
from service.consultations.accepting import Post, Sent, accept
from service.consultations.grouping import group

VOID = frozenset({"meta", "link", "br", "img", "circle"})


@pytest.fixture
def site(sqlite_context, scene) -> Iterator[TestClient]:
    """Give the pages over one list and a survey of eighty: forty name the Maasai, four others the Ogiek."""
    scene.publish(sqlite_context, scene.official(scene.villages))
    named = ["Maasai"] * 40 + ["Ogiek"] * 4 + ["women"] * 36
    sent = [
        Sent(
            Statement(
                Form.RESPONSE,
                "KEN",
                province="<b>Narok</b>",
                consent="public_aggregate",
                **group({Question.GROUPS: [one], Question.DRIVERS: ["drought"]}, "KEN").by_name,
            ),
            str(at),
        )
        for at, one in enumerate(named)
    ]
    accept(sqlite_context, Post("survey", sent, Caller("civil", None, Role.ADMIN)))
    with TestClient(create_app(sqlite_context)) as client:
        yield client


class Outline(HTMLParser):
    """What the page is made of; every tag that was opened is closed in order."""

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


@pytest.mark.parametrize("country", ["KEN", "UGA"])
def test_the_page_is_sound_and_accessible(site, country):
    """With a survey and without: one first heading, ids once, cells headed, the picture told in words, no dead link."""
    answer = site.get(f"/countries/{country}")
    assert answer.status_code == 200
    page = Outline(answer.text)
    names = [tag for tag, _ in page.tags]
    ids = [given["id"] for _, given in page.tags if "id" in given]
    links = [given["href"] for _, given in page.tags if "href" in given]
    assert page.open == []
    assert names.count("h1") == 1
    assert len(ids) == len(set(ids))
    assert all("scope" in given for tag, given in page.tags if tag == "th")
    assert all(given["alt"] for tag, given in page.tags if tag == "img")
    assert not {"script", "style", "form", "iframe"} & set(names)
    assert not any("style" in given for _, given in page.tags)
    assert [link for link in links if link.startswith("#") and link[1:] not in ids] == []
    inside = {link.partition("#")[0] for link in links if link.startswith("/")} - {""}
    assert {link: site.get(link).status_code for link in inside} == dict.fromkeys(inside, 200)


def test_the_page_tells_groups_lists_limits_and_how_to_cite(site):
    """What a coalition hands to its ministry: the number, the list with its vintage, and the sentence of caution."""
    html = site.get("/countries/ken").text
    for said in (
        "Maasai",
        "50 % of respondents",
        "List ke-villages",
        "2019",
        "Absence of data is not absence of people",
    ):
        assert said in html
    assert "80 respondents of 1 survey" in html


def test_what_is_withheld_is_not_on_the_page(site):
    """Four of eighty named the Ogiek; no reader of the page can tell that anybody did."""
    assert "Ogiek" not in site.get("/countries/KEN").text


def test_names_of_areas_cannot_write_into_the_page(site):
    """A province is shown as text whatever it holds."""
    html = site.get("/countries/KEN").text
    assert "<b>Narok" not in html


def test_a_country_nobody_asked_in_says_so(site):
    """The page is there, says what is missing, and names no number."""
    html = site.get("/countries/UGA").text
    assert "Nothing can be told of Uganda yet" in html
    assert not re.search(r"<article", html)


def test_no_such_country_is_not_found(site):
    """A name that is none is a problem, not an empty page."""
    assert site.get("/countries/Atlantis").status_code == 404
