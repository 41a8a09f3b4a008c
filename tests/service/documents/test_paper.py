"""The PDF of a gap report: tagged, readable, the same every time, and no name is ever run."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib

import pytest

from service.documents import pdf
from service.documents.printable import Printable

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext of Poppler is not installed")


def told(content, *options):
    """Return the words of a PDF, as Poppler finds them."""
    command = ["pdftotext", "-enc", "UTF-8", *options, "-", "-"]
    done = subprocess.run(command, input=content, capture_output=True, check=True, timeout=60)  # noqa: S603 - our own file
    return " ".join(done.stdout.decode().split())


def inside(content):
    """Return everything of a PDF, unpacked."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)
    return content + b"".join(zlib.decompressobj().decompress(one) for one in streams if one[:1] == b"x")


@pytest.fixture(scope="module")
def kept():
    """Keep what takes seconds to make for all tests of this file."""
    return {}


@pytest.fixture
def printed(full, outline, made, kept):
    """Give the PDF of a report with flags of every kind."""
    if "pdf" not in kept:
        kept["pdf"] = pdf(made(full, outline))
    return kept["pdf"]


def test_it_is_tagged(printed):
    """It says its language, its title and that it is PDF/UA-1; headings, tables and pictures are tagged as such."""
    content = inside(printed)
    assert b"/Lang (en)" in content or b"/Lang(en)" in content
    assert b"Gap report: Kenya" in content
    assert re.search(rb"pdfuaid:part>1<", content)
    for tag in (b"/H1", b"/H2", b"/Table", b"/TH", b"/Caption", b"/Figure", b"/LI"):
        assert re.search(rb"/S\s*" + tag + rb"\b", content), tag
    assert b"/Alt" in content
    assert b"/JavaScript" not in content


def test_it_says_what_the_page_says(printed):
    """Numbers, warning, flags, sources and the annex are words that can be searched and copied."""
    words = told(printed)
    for one in (
        "Absence of data is not absence of people.",
        "records of communities that the official list does not name",
        "Village 198",
        "The first 150 of 212 flags are listed here",
        "ab" * 32,
        "Annex A: Methods",
        "99.5 %",
        "page 1 of",
        "20 km",
    ):
        assert one in words, one


def test_names_are_never_typeset_as_code(printed):
    """What looks like markup of any language stands there as it was written."""
    words = told(printed)
    for name in ("<script>alert(1)</script>", '#eval("1 + 1")', "$x^2$ @ref `code` *bold* _it_", "&amp;"):
        assert name in words, name


def test_names_in_every_script_can_be_read(printed):
    """Scripts there is a typeface for are printed; others are transliterated in brackets, and a note says so."""
    words = told(printed)
    assert "Деревня" in words
    assert re.search("[\u0600-\u06ff\ufe70-\ufeff]", words)  # as letters or as they are joined
    printable = Printable("কড়াইল বস্তি")
    if not printable.from_system:
        assert "[karail basti]" in words
        assert "no typeface for their script" in words
    assert "\ufffd" not in words


def test_the_same_report_is_the_same_file(printed, full, outline, made):
    """Its bytes follow from the report; the date in it is the report's."""
    assert pdf(made(full, outline)) == printed
    assert b"D:20260314" in printed
