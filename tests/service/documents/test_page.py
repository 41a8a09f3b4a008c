"""The page of a gap report: everything is there, nothing runs, and it needs nothing from anywhere."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from service.documents import POLICY, html
from service.documents.gathering import LISTED

VOID = {"meta", "img", "col", "br"}


class Page(HTMLParser):
    """Reads a page as a browser would: its elements in order, its words, and whether everything was closed."""

    def __init__(self, content):
        """Read everything."""
        super().__init__()
        self.elements, self.open, self.words = [], [], []
        self.feed(content.decode())
        self.close()

    def handle_starttag(self, tag, attrs):
        """Open."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """Open and close."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        """Close what was opened last, and nothing else."""
        assert self.open.pop() == tag

    def handle_data(self, data):
        """Keep words."""
        self.words.append(data)

    def all(self, tag):
        """Return the attributes of every element of a name."""
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def page(full, outline, made):
    """Give the page of a report with flags of every kind."""
    return Page(html(made(full, outline)))


def test_it_needs_nothing_and_runs_nothing(page):
    """No script, no form, no address but those within the page; its own style is the one its policy names."""
    assert page.open == []
    assert not {"script", "iframe", "form", "link", "object", "base"} & {tag for tag, _ in page.elements}
    addresses = [
        value for _, attributes in page.elements for name, value in attributes.items() if name in {"src", "href"}
    ]
    assert all(address.startswith(("#", "data:image/svg+xml;base64,")) for address in addresses)
    assert not any(name.startswith("on") or name == "style" for _, attributes in page.elements for name in attributes)


def test_the_policy_names_the_style(full, outline, made):
    """A browser that keeps to the policy shows the style of the page and would show no other."""
    content = html(made(full, outline)).decode()
    style = re.search(r"<style>(.*?)</style>", content, re.DOTALL)[1]
    assert f"'sha256-{base64.b64encode(sha256(style.encode()).digest()).decode()}'" in POLICY
    assert "default-src 'none'" in POLICY
    assert "unsafe" not in POLICY


def test_names_are_words_whatever_they_look_like(page, nasty):
    """A name that looks like code stands there as it was written, as text, in a place of its own direction."""
    cells = "\n".join(page.words)
    assert all(name in cells for name in nasty)
    assert ("bdi", {}) in page.elements


def test_it_can_be_found_through(page):
    """One heading above all, a heading for each section that the contents lead to, a caption for each table."""
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == 1
    ids = [attributes["id"] for attributes in page.all("h2")]
    assert [attributes["href"] for attributes in page.all("a")] == [f"#{one}" for one in ids]
    assert len(set(ids)) == len(ids)
    assert len(page.all("table")) == len(page.all("caption"))
    assert all(attributes.get("scope") in {"col", "row"} for attributes in page.all("th"))
    assert all(attributes["alt"] for attributes in page.all("img"))


def test_it_says_what_the_report_says(page):
    """Title, warning, numbers with their words, sources by their content, limits and measured error are in it."""
    told = " ".join(" ".join(page.words).split())
    for words in (
        "Gap report: Kenya",
        "Absence of data is not absence of people.",
        "96 records of communities that the official list does not name",
        "14,200 people estimated in communities not found on a list (11,000 to 18,400, 95 %)",
        "Confirmed Seen on the spot field_visit 67",
        "ab" * 32,
        "CC BY 4.0",
        "99.5 % 98.7 % to 100.0 %",
        "not measured",
        "Village 0",
        "ke-villages 2024 11",
    ):
        assert words in told, words


def test_more_flags_than_a_page_holds_are_counted(page, report, flag, made):
    """Published flags come first; a sentence says how many there are and where the rest is."""
    told = " ".join(" ".join(page.words).split())
    assert f"The first {LISTED} of 212 flags are listed here; the other 62 stand in the CSV" in told
    assert told.index("· Published") < told.index("· Open")
    few = Page(html(made(report(flag(1)))))
    assert "stand in the CSV" not in " ".join(few.words)


def test_an_edition_says_how_to_cite_it(report, flag, made):
    """Id, version, date, licence and citation of a kept edition stand in the title block; without one it says so."""
    edition = {
        "id": "gr-42",
        "edition": 3,
        "made_at": datetime(2026, 5, 2, 10, tzinfo=UTC),
        "cite": "Office: Gap report Kenya, gr-42, edition 3.",
        "licence": "CC-BY-4.0",
        "audience": "public",
        "reissued": True,
        "methods": ["As it was done then."],
        "since_previous": {"new": 12, "published": 3, "resolved": 1, "regressed": 0},
    }
    told = report(flag(1), **edition)
    del told["generated_at"]
    told = " ".join(Page(html(made(told))).words)
    for words in (
        "gr-42, edition 3, public",
        "2 May 2026",
        edition["cite"],
        "CC-BY-4.0",
        "withdrawn or made less open",
        "As it was done then.",
    ):
        assert words in told
    assert "Since the edition before: 12 new, 3 published, 1 resolved, 0 regressed." in told
    assert "not a kept edition" in " ".join(Page(html(made(report(flag(1))))).words)


def test_nothing_found_is_no_finding(report, made):
    """A report without flags has neither map nor empty tables, and says what that does not mean."""
    nothing = {"estimate": None, "low": None, "high": None, "communities": 0, "overlapping": 0, "withheld": None}
    missing = {"items": [], "people": nothing | {"other_units": 0}}
    told = report(verdicts={}, statuses={}, undercounts=missing, people=nothing | {"without_count": 0}, releases=[])
    page = Page(html(made(told | {"regions": {"level": None, "items": []}, "by_tag": {}, "snapshots": []})))
    words = " ".join(page.words)
    assert "It does not follow that nobody is missing" in words
    assert "No map is drawn" in words
    assert page.all("svg") == []


def test_the_same_report_is_the_same_page(full, outline, made):
    """Its bytes follow from the report."""
    assert html(made(full, outline)) == html(made(full, outline))


def test_the_map_is_a_picture_by_itself(full, outline, made):
    """The map is XML that describes itself, with borders, symbols, scale and degrees."""
    (svg,) = re.findall(r"<svg.*?</svg>", html(made(full, outline)).decode(), re.DOTALL)
    tree = ET.fromstring(svg)  # noqa: S314 - our own
    words = [element.text for element in tree.iter() if element.text]
    assert words[0] == "Where the flags of this report lie"
    assert words[1].startswith("A map of 211 flags between latitudes")
    assert {"N", "20 km", "Borders of official units", "Not found on the list"} <= set(words)
