"""What the form asks, read once from `form.toml`: sections, questions and choices in every language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Spoken = Mapping[str, str]  # language -> text


@dataclass(frozen=True, eq=False)
class Choice:
    """One answer of a list; `means` is what it becomes in a record."""

    name: str
    label: Spoken
    means: str


@dataclass(frozen=True, eq=False)
class Question:
    """One question. `type` is XLSForm's; `part` the part of a record that `geodata.files.headers` knows, if any."""

    name: str
    type: str
    label: Spoken
    short: Spoken  # where a column of the line list has little room
    hint: Spoken
    message: Spoken  # said where the constraint does not hold
    constraint: str | None
    choices: tuple[Choice, ...]
    list_name: str | None
    part: str | None
    required: bool
    half: bool  # on paper: two such questions share a line
    paper: bool
    words: bool  # takes words in which a phone number could stand


@dataclass(frozen=True, eq=False)
class Section:
    """Questions that belong together."""

    name: str
    label: Spoken
    questions: tuple[Question, ...]


@dataclass(frozen=True, eq=False)
class Form:
    """The whole form."""

    version: str
    languages: Mapping[str, str]  # ISO 639-1 -> its own name
    texts: Mapping[str, Spoken]  # title, about, privacy …
    words: Mapping[str, Spoken]  # of the paper form
    sections: tuple[Section, ...]

    def questions(self) -> Iterator[Question]:
        """Yield every question in order."""
        return (question for section in self.sections for question in section.questions)

    def lists(self) -> dict[str, tuple[Choice, ...]]:
        """Return each list of choices once, by its name."""
        return {question.list_name: question.choices for question in self.questions() if question.list_name}


_TEXTS = ("title", "line_list", "about", "privacy", "required_message")


@cache
def community_record() -> Form:
    """Return the form of this release."""
    read = tomllib.loads(files("geodata.communityform").joinpath("form.toml").read_text(encoding="utf-8"))
    lists = {name: _choices(entries) for name, entries in read["choices"].items()}
    sections = tuple(
        Section(entry["name"], entry["label"], tuple(_question(asked, lists) for asked in entry["questions"]))
        for entry in read["sections"]
    )
    texts = {name: read[name] for name in _TEXTS}
    return Form(read["version"], read["languages"], texts, read["words"], sections)


def _choices(entries: Mapping[str, dict[str, str]]) -> tuple[Choice, ...]:
    return tuple(
        Choice(name, {key: text for key, text in entry.items() if key != "means"}, entry.get("means", name))
        for name, entry in entries.items()
    )


def _question(asked: Mapping[str, Any], lists: Mapping[str, tuple[Choice, ...]]) -> Question:
    return Question(
        name=asked["name"],
        type=asked["type"],
        label=asked["label"],
        short=asked.get("short", asked["label"]),
        hint=asked.get("hint", {}),
        message=asked.get("message", {}),
        constraint=asked.get("constraint"),
        choices=lists[asked["choices"]] if "choices" in asked else (),
        list_name=asked.get("choices"),
        part=asked.get("part"),
        required=asked.get("required", False),
        half=asked.get("half", False),
        paper=asked.get("paper", True),
        words=asked.get("words", False),
    )
