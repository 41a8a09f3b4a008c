"""The languages of the pages: nothing untranslated, nothing stale, chosen as a browser asks, written as each writes."""

from __future__ import annotations

import re
from configparser import ConfigParser
from datetime import date
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from starlette.testclient import TestClient

import service.web
from service import report
from service.app import create_app
from service.disclosure import verdicts
from service.web.speech import COOKIE, LANGUAGES, PSEUDO, language
from service.web.speech.languages import LOCALES
from service.web.speech.mirrored import mirrored
from service.web.speech.sentences import LIMITS, told
from service.web.speech.writing import filters

WEB = Path(service.web.__file__).parent
TRANSLATED = [code for code in LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%|</?\w+>")


@pytest.fixture(scope="module")
def said():
    """Give every message that the code and the templates say, as `pybabel extract` finds them."""
    options = ConfigParser()
    options.read(LOCALES / "babel.cfg")
    told = {section.partition(": ")[2]: dict(options[section]) for section in options.sections()}
    methods = [(section.partition(": ")[2], section.partition(": ")[0]) for section in options.sections()]
    found = extract_from_dir(WEB, methods, told, {**DEFAULT_KEYWORDS, "deferred": None})
    return {message for _, _, message, _, _ in found}


@pytest.fixture
def site(sqlite_context, scene):
    """Give the pages over a context with one list."""
    scene.publish(sqlite_context, scene.official(scene.villages))
    with TestClient(create_app(sqlite_context)) as client:
        yield client


def catalogue(code):
    """Return what a language says."""
    with (LOCALES / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {tuple(one.id) if one.pluralizable else one.id: one for one in read_po(file, locale=code) if one.id}


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_is_translated_and_none_is_stale(said, code):
    """Each language says what the pages say, all of it and nothing else; a translator has seen every one."""
    told = catalogue(code)
    assert {"missing": said - set(told), "stale": set(told) - said} == {"missing": set(), "stale": set()}
    assert [key for key, one in told.items() if one.fuzzy] == []
    assert [
        key for key, one in told.items() if not all([one.string] if isinstance(one.string, str) else one.string)
    ] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_placeholders_and_marks_are_kept(code):
    """What is filled in, and the marks of HTML, stand in every translation as in the message."""
    for key, one in catalogue(code).items():
        forms = [(key, one.string)] if isinstance(key, str) else zip((key[0], *key[1:] * 5), one.string, strict=False)
        for message, text in forms:
            assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(message)), text


@pytest.mark.parametrize(
    ("header", "spoken"),
    [
        ("fr-CA,fr;q=0.8,en;q=0.3", "fr"),
        ("de,sw;q=0.4,es;q=0.7", "es"),
        ("zh", "en"),
        ("fr;q=0,sw", "sw"),
        ("fr;q=x, , es;q=0.1", "es"),
        ("", "en"),
    ],
)
def test_a_browser_is_spoken_to_in_the_first_of_its_languages(site, header, spoken):
    """Accept-Language decides as it is weighed; what is not spoken here falls back to English."""
    answer = site.get("/", headers={"Accept-Language": header})
    assert f'<html lang="{spoken}" dir="ltr">' in answer.text
    assert answer.headers["Content-Language"] == spoken
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_choice_is_kept_for_the_pages_that_follow(site):
    """`?lang=` goes before the browser, is kept in a cookie of ours, and one that is not spoken changes nothing."""
    assert 'lang="sw"' in site.get("/sources?lang=sw", headers={"Accept-Language": "fr"}).text
    assert site.cookies[COOKIE] == "sw"
    assert '<html lang="sw"' in site.get("/flags", headers={"Accept-Language": "fr"}).text
    assert '<html lang="sw"' in site.get("/flags?lang=tlh").text
    assert site.cookies[COOKIE] == "sw"


def test_the_links_to_languages_keep_the_filters(site):
    """Whoever changes the language stays where they are."""
    assert 'href="/flags?country=KEN&amp;q=Lindi&amp;lang=fr"' in site.get("/flags?country=KEN&q=Lindi&lang=es").text


def test_numbers_and_days_are_written_as_a_language_writes_them():
    """Thousands, decimals, days and countries follow the language."""
    shown = {code: filters(language(code)) for code in LANGUAGES}
    assert [one["number"](12345.5) for one in shown.values()] == ["12,345.5", "12\u202f345,5", "12.345,5", "12,345.5"]
    assert [one["day"](date(2026, 3, 1)) for one in shown.values()] == [
        "1 March 2026",
        "1 mars 2026",
        "1 de marzo de 2026",
        "1 Machi 2026",
    ]
    assert [one["country"]("TZA") for one in shown.values()] == ["Tanzania", "Tanzanie", "Tanzania", "Tanzania"]
    assert shown["fr"]["percent"](0.0833, digits=1) == "8,3 %"


def test_the_language_for_looking_runs_from_right_to_left(site):
    """The page turns, every message runs backwards, and what is filled in stays what it is."""
    html = site.get(f"/?lang={PSEUDO}").text
    assert f'<html lang="{PSEUDO}" dir="rtl">' in html
    assert mirrored("Not on %(list)s <b>yet</b>") == ("\u202eNot\u202c \u202eon\u202c %(list)s <b>\u202eyet\u202c</b>")
    assert PSEUDO not in dict(LANGUAGES)


@pytest.mark.parametrize("code", TRANSLATED)
def test_what_everybody_is_told_of_a_community_is_told_in_their_language(code):
    """The fixed sentences of reasons and limits are known here, word for word as they are said elsewhere."""
    listed = "Villages, of 2019, vintage 2019"
    for form in verdicts._PUBLIC_REASONS.values():
        besides = "Confirmed by people. Nothing about it changed up to vintage 2021. Checked on 2026-03-01."
        reason = f"{form.format(list=listed)} {besides}"
        shown = told(language(code), reason)
        assert "lang=" not in shown
        assert "Villages, of 2019" in shown
        assert filters(language(code))["day"]("2026-03-01") in shown
    assert LIMITS == report.LIMITS
    assert all(told(language(code), one) != one for one in LIMITS)


def test_what_is_written_for_a_case_stays_english_and_says_so():
    """A sentence that is not known is marked as English, whatever it holds."""
    assert told(language("sw"), "The names share <b>.") == (
        '<span lang="en" dir="ltr">The names share &lt;b&gt;.</span>'
    )
    assert told(language("en"), "The names share <b>.") == "The names share &lt;b&gt;."
    assert told(language("fr"), None) == ""
