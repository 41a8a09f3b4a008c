"""What the cells of a column look like, by the share of its different cells that look so."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from geodata.files.headers import fold
from geodata.names.lexicon import lexicon
from geodata.personal.rule import rules

#: Different cells that are looked at; their first thousand say what the others are.
SAMPLE = 1_000

#: Cells that say no more than yes, no or nothing.
_ANSWERS = frozenset(
    [
        "yes",
        "no",
        "y",
        "n",
        "true",
        "false",
        "none",
        "na",
        "nil",
        "unknown",
        "oui",
        "non",
        "aucun",
        "si",
        "sim",
        "nao",
        "ninguno",
        "nenhum",
        "ndiyo",
        "hapana",
        "hakuna",
        "نعم",
        "لا",
        "يوجد",
    ]
)
_PHONE = re.compile(r"[+(]{0,2}\d[\d\s()./-]{5,18}\d")
_DOCUMENT = re.compile(r"[A-Za-z]{0,4}[\s-]?\d(?:[\s./-]?[\dA-Za-z]){5,24}")
_MAIL = re.compile(r"\S+(?:@|%40)\S+\.\S+")
_FEWEST_DIGITS = 5
_PEOPLE = 3  # different cells, for a column that no header explains
_LONGEST_NAME = 5  # words


def words(cell: str) -> bool:
    """Return whether a cell holds words, and more than an answer to a yes-or-no question."""
    said = fold(cell).split()
    return any(len(word) > 1 and not word[0].isdigit() for word in said) and not set(said) <= _ANSWERS


def phone(cell: str) -> bool:
    """Return whether a cell could be a phone number to whoever was asked for one: any 7 to 15 digits."""
    return _PHONE.fullmatch(cell.strip()) is not None


def mail(cell: str) -> bool:
    """Return whether a cell is an e-mail address."""
    return _MAIL.fullmatch(cell.strip()) is not None


def document(cell: str) -> bool:
    """Return whether a cell could be the number of a document: six signs or more, at least five of them digits."""
    return _DOCUMENT.fullmatch(cell.strip()) is not None and sum(map(str.isdecimal, cell)) >= _FEWEST_DIGITS


def person(cell: str) -> bool:
    """Return whether a cell looks like the name of a person: a title or a known given name, and no word for a place."""
    said, by = fold(cell).split(), rules()
    if not 1 < len(said) <= _LONGEST_NAME or not all(word.isalpha() for word in said):
        return False
    if any(word in lexicon(cell).generic for word in said):
        return False
    return said[0] in by.titles or any(word in by.given for word in said)


#: Kind of cell -> its test, and the share of different cells that has to pass.
_KINDS: dict[str, tuple[Callable[[str], bool], float]] = {
    "words": (words, 0.5),
    "phone": (phone, 0.3),
    "e-mail": (mail, 0.3),
    "document": (document, 0.5),
    "people": (person, 0.5),
}


def are(kind: str | None, cells: Sequence[str]) -> bool:
    """Return whether different cells of one column are of a kind; without any cell, what the header says stands."""
    if kind is None or not cells:
        return True
    test, share = _KINDS[kind]
    return sum(map(test, cells)) >= share * len(cells)


def people(cells: Sequence[str]) -> bool:
    """Return whether the cells of a column without a telling header are names of people."""
    return len(cells) >= _PEOPLE and are("people", cells)
