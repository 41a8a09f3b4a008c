"""Dialects: which CSV a spreadsheet program of a region opens rightly by a double click."""

from __future__ import annotations

import pytest

from service.writing.spreadsheets.dialects import PLAIN, excel, preferred


@pytest.mark.parametrize(
    ("locale", "separator", "decimal"),
    [
        (None, ",", "."),
        ("en-KE", ",", "."),
        ("sw", ",", "."),
        ("sw-CD", ";", ","),
        ("fr", ";", ","),
        ("pt_BR", ";", ","),
        ("es", ";", ","),
        ("es-MX", ",", "."),
        ("de-CH", ";", "."),
        ("sr-Latn-RS", ";", ","),
        ("en-ZA", ";", ","),
        ("hi-IN", ",", "."),
    ],
)
def test_a_region_has_its_separator_and_its_decimal(locale, separator, decimal):
    """Where the comma stands in numbers it cannot part columns."""
    dialect = excel(locale)
    assert (dialect.separator, dialect.decimal, dialect.mark, dialect.for_people) == (separator, decimal, True, True)


@pytest.mark.parametrize("locale", ["", "f", "français", "fr;q=1", "*"])
def test_what_is_no_language_is_refused(locale):
    """A misspelt locale does not quietly give the file of another region."""
    if not locale:
        assert excel(locale) == excel("en")
        return
    with pytest.raises(ValueError, match="such as fr or pt-BR"):
        excel(locale)


def test_programs_get_plain_csv():
    """Without being asked there is no mark, and numbers have points."""
    assert (PLAIN.separator, PLAIN.decimal, PLAIN.mark, PLAIN.for_people) == (",", ".", False, False)


def test_a_browser_says_which_language_it_prefers():
    """The first that is a language counts; what is none is passed over."""
    assert preferred(["*", "pt-BR", "en"]) == "pt-BR"
    assert preferred(["*"]) is None
