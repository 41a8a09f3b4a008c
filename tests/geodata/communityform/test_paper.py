"""The paper form: one PDF in each language, tagged, on A4, with every question of the form."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from geodata.communityform.definition import community_record
from geodata.communityform.paper import UnknownLanguage, line_list, paper

FORM = community_record()


@pytest.mark.parametrize("language", FORM.languages)
@pytest.mark.parametrize("write", [paper, line_list])
def test_the_pdf_is_tagged_and_says_its_language(write, language):
    """A screen reader can read it aloud in the right tongue: PDF/UA, with tags, a title and the language."""
    pdf = write(language)
    assert pdf.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in pdf
    assert re.search(rb"/Lang ?\(" + language.encode(), pdf)
    assert b"pdfuaid:part" in pdf


@pytest.mark.parametrize("language", FORM.languages)
def test_a_record_takes_two_pages_and_a_list_one(language):
    """One sheet of paper a community, printed on both sides; ten communities on one page."""
    counts = [int(re.search(rb"/Type ?/Pages\s*/Count (\d+)", write(language))[1]) for write in (paper, line_list)]
    assert counts == [2, 1]


def test_the_same_form_is_the_same_file():
    """Neither the day nor the fonts of the machine are in it."""
    paper.__globals__["_compiled"].cache_clear()
    first = paper("fr")
    paper.__globals__["_compiled"].cache_clear()
    assert paper("fr") == first


@pytest.mark.parametrize("language", FORM.languages)
def test_every_question_is_on_the_paper(language, tmp_path: Path):
    """Nothing is asked on a phone that cannot be written down, an outline aside; accents are right."""
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext (poppler-utils) is not installed, so the words of a PDF cannot be read here")
    path = tmp_path / "form.pdf"
    path.write_bytes(paper(language))
    done = subprocess.run([reader, "-layout", path, "-"], capture_output=True, text=True, timeout=60, check=True)  # noqa: S603 - a tool of the machine on our own file
    words = " ".join(done.stdout.split())
    for question in FORM.questions():
        shown = " ".join(question.label[language].split()) in words
        assert shown is (question.name != "area"), question.name


def test_a_language_without_a_form_is_told_with_those_there_are():
    """Nobody is left guessing."""
    with pytest.raises(UnknownLanguage) as told:
        paper("de")
    assert "en, fr, es, sw" in told.value.hint
