"""The form as XLSForm, for KoboToolbox, ODK and every tool that reads it (https://xlsform.org)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import xlsxwriter

from geodata.communityform.definition import Form, Question, Spoken, community_record

FORM_ID = "uncounted_community_record"

#: Words in which seven digits stand close together are refused on the device already: they are most likely a phone
#: number. ODK's `regex` has to fit the whole text.
_NO_NUMBERS = "not(regex(., '.*([0-9][ ().-]{0,2}){7}.*')) and not(contains(., '@'))"

_SURVEY = ("type", "name", "required", "constraint", "appearance", "parameters", "default")
_WIDTHS = {"label": 44, "hint": 44, "constraint": 30, "type": 22, "name": 24}
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # the same form is the same file


def xlsform() -> bytes:
    """Return the form as a workbook with the sheets survey, choices and settings; always the same bytes."""
    form = community_record()
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": form.texts["title"]["en"], "created": _EPOCH.replace(tzinfo=None)})
        _Sheet(book, "survey").fill(_columns(form), _survey(form))
        _Sheet(book, "choices").fill(("list_name", "name", *_spoken(form, "label")), _choices(form))
        _Sheet(book, "settings").fill(tuple(_settings(form)), [_settings(form)])
    return kept.getvalue()


class _Sheet:
    """One sheet of the workbook: a header, and rows of which each cell has its column's name."""

    def __init__(self, book: xlsxwriter.Workbook, name: str) -> None:
        self._sheet = book.add_worksheet(name)
        self._bold = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        self._plain = book.add_format({"text_wrap": True, "valign": "top"})

    def fill(self, columns: Sequence[str], rows: Iterable[dict[str, str]]) -> None:
        for place, column in enumerate(columns):
            self._sheet.set_column(place, place, _WIDTHS.get(column.partition("::")[0], 14))
            self._sheet.write_string(0, place, column, self._bold)
        for number, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                if row.get(column):
                    self._sheet.write_string(number, place, row[column], self._plain)
        self._sheet.freeze_panes(1, 0)


def _columns(form: Form) -> tuple[str, ...]:
    said = (*_spoken(form, "label"), *_spoken(form, "hint"), *_spoken(form, "constraint_message"))
    return (*_SURVEY[:2], *said, *_SURVEY[2:], *_spoken(form, "required_message"))


def _spoken(form: Form, what: str) -> tuple[str, ...]:
    return tuple(f"{what}::{name} ({code})" for code, name in form.languages.items())


def _in_languages(form: Form, what: str, texts: Spoken) -> dict[str, str]:
    return dict(zip(_spoken(form, what), (texts.get(code, "") for code in form.languages), strict=True))


def _survey(form: Form) -> Iterator[dict[str, str]]:
    yield {"type": "note", "name": "about", **_in_languages(form, "label", form.texts["about"])}
    yield {"type": "note", "name": "privacy", **_in_languages(form, "label", form.texts["privacy"])}
    for section in form.sections:
        yield {"type": "begin_group", "name": section.name, **_in_languages(form, "label", section.label)}
        yield from (_question(form, question) for question in section.questions)
        yield {"type": "end_group"}


def _question(form: Form, asked: Question) -> dict[str, str]:
    asks = f"{asked.type} {asked.list_name}" if asked.list_name else asked.type
    row = {"type": asks, "name": asked.name}
    row |= _in_languages(form, "label", asked.label) | _in_languages(form, "hint", asked.hint)
    if asked.required:
        row |= {"required": "yes"} | _in_languages(form, "required_message", form.texts["required_message"])
    if asked.constraint is not None:
        row |= {"constraint": asked.constraint} | _in_languages(form, "constraint_message", asked.message)
    if asked.words:
        row |= {"constraint": _NO_NUMBERS} | _in_languages(form, "constraint_message", form.texts["privacy"])
    if asked.type == "geopoint":
        row |= {"parameters": "capture-accuracy=10 warning-accuracy=100"}
    if asked.name == "observed":
        row |= {"default": "today()"}
    return row


def _choices(form: Form) -> Iterator[dict[str, str]]:
    for list_name, choices in form.lists().items():
        for choice in choices:
            yield {"list_name": list_name, "name": choice.name, **_in_languages(form, "label", choice.label)}


def _settings(form: Form) -> dict[str, str]:
    return {
        "form_title": form.texts["title"]["en"],
        "form_id": FORM_ID,
        "version": form.version,
        "default_language": next(f"{name} ({code})" for code, name in form.languages.items()),
        "instance_name": "${name}",
    }
