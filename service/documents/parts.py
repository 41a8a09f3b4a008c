"""What a document is made of: headings with paragraphs, figures, facts, tables and pictures, all plain values.

Both ways of writing it, as a page and on paper, go through the same parts, so that neither tells more than the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Words:
    """Paragraphs."""

    paragraphs: tuple[str, ...]
    kind: Literal["words"] = "words"


@dataclass(frozen=True, slots=True)
class Points:
    """A list, one point below the other."""

    points: tuple[str, ...]
    kind: Literal["points"] = "points"


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and what is said of it."""

    term: str
    said: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms with what is said of each."""

    facts: tuple[Fact, ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Number:
    """One number that people remember, and the words without which it would say something else."""

    number: str
    words: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a report at a glance."""

    numbers: tuple[Number, ...]
    kind: Literal["numbers"] = "numbers"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: what it says, and smaller below what belongs to it."""

    text: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, its share of the width, and whether it holds numbers."""

    title: str
    width: float
    number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first column names its rows."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as SVG: what it is, and what it shows for those who do not see it."""

    caption: str
    told: str
    svg: str
    ours: bool  # drawn here, with no styles of its own, so that it may stand in a page as it is
    kind: Literal["picture"] = "picture"


Part = Words | Points | Facts | Numbers | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    id: str
    title: str
    parts: tuple[Part, ...]


def plain(*row: str | Cell) -> tuple[Cell, ...]:
    """Return a row of a table; texts are cells without anything below."""
    return tuple(one if isinstance(one, Cell) else Cell(one) for one in row)
