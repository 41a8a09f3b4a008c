"""The pages: what they tell, that they load nothing from elsewhere, and that they work without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from matchers.base import Verdict
from service import review, submit, verify
from service.accounts.account import Name
from service.api.openapi import document
from service.app import create_app
from service.callers.caller import Role
from service.errors import CATALOGUE
from service.store.values import FlagStatus
from service.web.speech import language
from service.web.speech.writing import filters
from service.web.wording import STATUSES, VERDICTS, prose

PAGES = ("/", "/docs", "/problems/invalid")


@pytest.fixture
def site(sqlite_context, scene) -> Iterator[TestClient]:
    """Give the pages over a context with one list."""
    scene.publish(sqlite_context, scene.official(scene.without("Bondeni")))
    with TestClient(create_app(sqlite_context)) as client:
        yield client


def publish(context, scene, name, **parts):
    """Send an absent community and let two people publish its flag."""
    account = scene.account(names=(Name(name),), lat=0.536, lon=35.0, **parts)
    (receipt,) = submit.accept(context, [account], scene.caller(context.store))
    (record,) = verify.verify(context, [receipt.record_id])
    for decision in (FlagStatus.CONFIRMED, FlagStatus.PUBLISHED):
        by = scene.caller(context.store, "office", Role.PUBLISHER)
        review.decide(context, record.flag_id, review.Decision(decision, "field_visit"), by)


class Outline(HTMLParser):
    """What a page is made of."""

    void = frozenset({"meta", "link", "br", "img", "circle"})

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__()
        self.tags, self.ids, self.links, self.open, self.headings = [], [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        """Note a tag."""
        given = dict(attributes)
        self.tags.append((tag, given))
        if "id" in given:
            self.ids.append(given["id"])
        if "href" in given:
            self.links.append(given["href"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag):
        """Every tag that was opened is closed in order."""
        if tag not in self.void:
            assert self.open.pop() == tag


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound_and_accessible(site, path):
    """A page has a language, a title, landmarks, one first heading, ids used once, and a way past the navigation."""
    page = Outline(site.get(path).text)
    names = [tag for tag, _ in page.tags]
    assert page.open == []
    assert ("html", {"lang": "en", "dir": "ltr"}) in page.tags
    assert {"title", "header", "nav", "main", "footer"} <= set(names)
    assert page.headings.count(1) == 1
    assert len(page.ids) == len(set(page.ids))
    assert [link for link in page.links if link.startswith("#") and link[1:] not in page.ids] == []
    assert page.links[page.links.index("#main")] == "#main"
    assert all("scope" in given for tag, given in page.tags if tag == "th")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_nothing_from_elsewhere_and_runs_nothing(site, path):
    """No script, no style but our own file, no address of another host, under a policy that forbids them."""
    answer = site.get(path)
    page = Outline(answer.text)
    assert not {"script", "iframe", "style", "img", "form"} & {tag for tag, _ in page.tags}
    assert not any("style" in given or any(name.startswith("on") for name in given) for _, given in page.tags)
    loaded = [given["href"] for tag, given in page.tags if tag == "link"]
    assert loaded == ["/static/icon.svg", "/static/uncounted.css"]
    assert all(site.get(path).status_code == 200 for path in loaded)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")


@pytest.mark.parametrize("path", PAGES)
def test_every_link_leads_somewhere(site, path):
    """No link of a page is dead."""
    inside = {link.partition("#")[0] for link in Outline(site.get(path).text).links if link.startswith("/")}
    assert {link: site.get(link).status_code for link in inside if link} == {link: 200 for link in inside if link}


def test_the_first_page_tells_what_was_published(site, sqlite_context, scene):
    """Counts per verdict, the flags with their reason, and the lists with vintage and licence."""
    publish(sqlite_context, scene, "Bondeni", consent="public_exact")
    html = site.get("/").text
    assert "Bondeni" in html
    assert "Not on the list" in html
    assert "Not found in List ke-villages, vintage 2019" in html
    assert "CC0-1.0" in html
    assert "Vintage 2019" in html


def test_the_first_page_says_when_there_is_nothing_to_tell(site):
    """Before anything is published the page says how something becomes public."""
    assert "Nothing has been published here yet" in site.get("/").text


def test_a_name_cannot_write_into_the_page(site, sqlite_context, scene):
    """Names are shown as text whatever they hold."""
    publish(sqlite_context, scene, "<script>alert(1)</script>", consent="public_exact")
    html = site.get("/").text
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_reference_shows_the_whole_document(site):
    """Every operation, parameter and field of a body is on the page; every kind of problem has a page of its own."""
    page = Outline(site.get("/docs").text)
    html = site.get("/docs").text
    for path, item in document()["paths"].items():
        for operation in item.values():
            assert operation["operationId"] in page.ids
            assert f"<code>{path}</code>" in html
            for parameter in operation.get("parameters", ()):
                assert f"<code>{parameter['name']}</code>" in html
    for field in document()["components"]["schemas"]["RecordGiven"]["properties"]:
        assert f"<code>{field}</code>" in html
    for kind in CATALOGUE.values():
        assert kind.title in site.get(f"/problems/{kind.code}").text
    assert site.get("/problems/none").status_code == 404


def test_words_for_every_verdict():
    """No verdict and no status appears on a page under its technical name."""
    assert {verdict.value for verdict in Verdict} <= set(VERDICTS)
    assert {status.value for status in FlagStatus} == set(STATUSES)


def test_percent_is_never_certain():
    """A probability is never shown as 0 or 100 per cent."""
    percent = filters(language("en"))["percent"]
    shown = [percent(p) for p in (None, 0.0, 0.004, 0.5, 0.996, 1.0)]
    assert shown == ["not known", "< 1 %", "< 1 %", "50 %", "> 99 %", "> 99 %"]


def test_prose_is_escaped():
    """Text for the page cannot bring markup with it."""
    assert prose("a **b** `c<d>`\n\n* one\n* two <x>") == (
        "<p>a <strong>b</strong> <code>c&lt;d&gt;</code></p><ul><li>one</li><li>two &lt;x&gt;</li></ul>"
    )
