"""The form on paper: a tagged PDF in one language, to print, to fill in with a pen, and to type in later."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from importlib.resources import as_file, files
from typing import Any

from geodata.communityform.definition import Form, Question, Spoken, community_record

#: Columns of the sheet on which ten communities have a line each, and how wide they are beside one another.
_LISTED = {
    "name": 5, "other_name_1": 3.4, "kind": 1.5, "adm3_name": 4, "gps": 5, "households": 2, "persons": 2,
    "count_method": 1.7, "observed": 2.6, "consent": 1.6, "sensitivity": 1.6,
}  # fmt: skip

#: What the ten communities of a sheet have in common.
_SHARED = ("country", "adm1_name", "adm2_name")

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # the same form is the same file


class UnknownLanguage(ValueError):
    """The form is not written in a language; `hint` lists those in which it is."""

    def __init__(self, language: str) -> None:
        """Say which, and what there is instead."""
        self.hint = f"The form is written in {', '.join(community_record().languages)}."
        super().__init__(f"There is no form in {language!r}.")


def paper(language: str) -> bytes:
    """Return the paper form in a language (ISO 639-1) as PDF/UA, A4; always the same bytes.

    Raises `UnknownLanguage`.
    """
    return _compiled(language, listed=False)


def line_list(language: str) -> bytes:
    """Return a sheet with lines for ten communities as PDF/UA, A4 across. Raises `UnknownLanguage`."""
    return _compiled(language, listed=True)


@cache
def _compiled(language: str, *, listed: bool) -> bytes:
    import typst  # noqa: PLC0415 - forty megabytes, for the few who print

    form = community_record()
    if language not in form.languages:
        raise UnknownLanguage(language)
    content = _Said(form, language).listed() if listed else _Said(form, language).whole()
    with as_file(files("geodata.communityform").joinpath("paper.typ")) as template:
        pdf = typst.compile(
            str(template),
            format="pdf",
            pdf_standards="ua-1",
            ignore_system_fonts=True,
            timestamp=_EPOCH,
            sys_inputs={"form": json.dumps(content, ensure_ascii=False)},
        )
    assert isinstance(pdf, bytes)  # noqa: S101 - one document, no pages of pictures
    return pdf


class _Said:
    """The form in one language, as the template takes it."""

    def __init__(self, form: Form, language: str) -> None:
        self._form, self._language = form, language

    def whole(self) -> dict[str, Any]:
        sections = [
            {
                "label": self._in(section.label),
                "questions": [self._question(each) for each in section.questions if each.paper],
            }
            for section in self._form.sections
        ]
        return {
            **self._frame("title"),
            "list": False,
            "about": self._in(self._form.texts["about"]),
            "sections": sections,
        }

    def listed(self) -> dict[str, Any]:
        asked = {question.name: question for question in self._form.questions()}
        columns = [{"label": self._in(asked[name].short), "width": width} for name, width in _LISTED.items()]
        shared = [self._in(asked[name].label) for name in _SHARED]
        codes = [
            {"label": self._in(question.short), "choices": [self._in(choice.label) for choice in question.choices]}
            for question in (asked[name] for name in _LISTED)
            if question.choices
        ]
        return {**self._frame("line_list"), "list": True, "shared": shared, "columns": columns, "codes": codes}

    def _frame(self, title: str) -> dict[str, Any]:
        form = self._form
        return {
            "language": self._language,
            "version": form.version,
            "title": self._in(form.texts[title]),
            "privacy": self._in(form.texts["privacy"]),
            "words": {name: self._in(spoken) for name, spoken in form.words.items()},
        }

    def _question(self, asked: Question) -> dict[str, Any]:
        return {
            "name": asked.name,
            "type": asked.type,
            "label": self._in(asked.label),
            "hint": asked.hint.get(self._language),
            "required": asked.required,
            "half": asked.half,
            "several": asked.type == "select_multiple",
            "choices": [{"label": self._in(choice.label)} for choice in asked.choices],
        }

    def _in(self, spoken: Spoken) -> str:
        return spoken[self._language]
