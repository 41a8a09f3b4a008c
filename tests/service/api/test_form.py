"""The form over HTTP: for everybody, as a file."""

from __future__ import annotations

import pytest

from geodata.communityform.definition import community_record
from geodata.communityform.paper import line_list, paper
from geodata.communityform.xlsform import xlsform
from service.api.form import PDF, XLSX, FormLanguage


def test_the_workbook_is_served_to_everybody(sqlite_api):
    """Without a key, as a file with a name, and not again to whoever holds it already."""
    answer = sqlite_api.get("/v1/form.xlsx")
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, XLSX, xlsform())
    assert 'filename="community-record.xlsx"' in answer.headers["content-disposition"]
    again = sqlite_api.get("/v1/form.xlsx", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_the_languages_offered_are_those_of_the_form():
    """A language added to the form is added here as well."""
    assert [language.value for language in FormLanguage] == list(community_record().languages)


@pytest.mark.parametrize("language", FormLanguage)
def test_the_paper_form_is_served_in_each_language(sqlite_api, language):
    """One community, or ten on a page."""
    for layout, write in (("record", paper), ("list", line_list)):
        answer = sqlite_api.get(f"/v1/form.pdf?lang={language}&layout={layout}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, PDF)
        assert answer.content == write(language.value)


def test_a_language_without_a_form_is_a_problem(sqlite_api):
    """The answer names those there are."""
    answer = sqlite_api.get("/v1/form.pdf?lang=de")
    assert answer.status_code == 422
    assert "'sw'" in answer.text
