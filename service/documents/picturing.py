"""Pictures of a report: the map of its flags, and its gaps by region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from service.documents.gathering import Gathered
from service.documents.mapping import drawn_map
from service.documents.outlines import Outline
from service.documents.parts import Column, Part, Picture, Section, Table, Words, plain
from service.documents.words import count, read_at, several
from service.plots import gaps

_REGIONS = 40  # in the table


def where(found: Gathered, outlines: Sequence[Outline]) -> Section:
    """Return the map, and what to know when reading it."""
    drawn = drawn_map(found, outlines)
    notes: list[str] = []
    if drawn is None:
        notes.append("No map is drawn: none of the flags has a place that this reader is shown.")
    elif outlines:
        lists = "; ".join(
            f"{one.level} of {one.title}, vintage {one.vintage} ({one.snapshot[:12]})" for one in outlines
        )
        notes.append(f"Borders: {lists}. They are the publisher's, and no statement about where a border runs.")
    else:
        notes.append(
            "No borders are drawn: none of the official lists held here comes with the outlines of its units. "
            "Degrees of latitude and longitude stand at the edge."
        )
    if drawn is not None:
        notes.append(
            "Places are drawn as this reader is shown them, many of them blurred on purpose. Plate carrée, WGS 84; the "
            "scale holds along the middle parallel."
        )
        if found.nowhere:
            notes.append(
                f"{several(found.nowhere, 'flag has', 'flags have')} no place that may be shown, and no symbol."
            )
    parts: list[Part] = [] if drawn is None else [drawn]
    return Section("map", "Where they are", (*parts, Words(tuple(notes))))


def regions(report: Mapping[str, Any]) -> Iterator[Section]:
    """Yield communities by region, as a picture and as a table."""
    told = report["regions"]
    if not told["items"]:
        return
    sorts = ("hidden", "undercount", "in_review", "consistent")
    rows = tuple(
        plain(
            one["area"] or "no unit said or shown",
            *("< 10" if one[sort] is None else count(one[sort]) for sort in sorts),
        )
        for one in told["items"][:_REGIONS]
    )
    headings = ("Not on the list", "Counted too low", "In review", "Consistent")
    columns = (
        Column((told["level"] or "Region").capitalize(), 36),
        *(Column(one, 16, number=True) for one in headings),
    )
    more = len(told["items"]) - len(rows)
    parts: list[Part] = [
        drawing(gaps.plot({**report, "generated_at": read_at(report)})),
        Table("Communities by region", columns, rows),
    ]
    if more > 0:
        parts.append(
            Words((f"{several(more, 'more region stands', 'more regions stand')} in the JSON of this report.",))
        )
    yield Section("regions", "Where the gaps lie", tuple(parts))


def drawing(svg: bytes) -> Picture:
    """Return a plot as a picture; its title and description are read from it."""
    title, told = (child.text or "" for child in list(ET.fromstring(svg))[:2])  # noqa: S314 - drawn by us
    return Picture(title, told, svg.decode(), ours=False)
