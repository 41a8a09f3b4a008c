"""Answers of OGC API Features as pages: the same links and values, for people who came with a browser."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from service.callers.caller import Caller
from service.http.answers import MEDIA_TYPES, Answer, Format, format_asked, reply
from service.interop.ogc.links import HTML, JSON, Link, root
from service.writing.formats import json_text

#: Our own styles and nothing else.
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_OFFERED = (Format.JSON, Format.GEOJSON, Format.HTML)


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, and where it leads."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page shows besides its links."""

    title: str
    texts: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()
    crumbs: Sequence[Link] = ()
    otherwise: str = JSON  # media type of the answer when it is no page


def written(request: Request, f: Format | None) -> Format:
    """Return whether an answer is written as JSON or as a page. Raises `Problem` (not acceptable)."""
    found = format_asked(request, f, _OFFERED)
    return Format.HTML if found is Format.HTML else Format.JSON


def answered(request: Request, by: Caller, body: Mapping[str, Any], sheet: Sheet) -> Response:
    """Return an answer in the form that its own link names."""
    links: Sequence[Link] = body["links"]
    told = {"Link": ", ".join(f'<{one["href"]}>; rel="{one["rel"]}"' for one in links if one["rel"] == "next")}
    headers = told if told["Link"] else {}
    if links[0]["type"] != HTML:
        return reply(request, by, Answer(json_text(body), sheet.otherwise, headers))
    base = str(request.base_url).rstrip("/")
    crumbs = [{"href": root(request) + "?f=html", "title": "Uncounted as OGC API Features"}, *sheet.crumbs]
    page = _template().render(sheet=replace(sheet, crumbs=crumbs), links=links, base=base)
    return reply(
        request, by, Answer(page.encode(), MEDIA_TYPES[Format.HTML], headers | {"Content-Security-Policy": POLICY})
    )


def rows_of(features: Iterable[Mapping[str, Any]], columns: Sequence[str], address: str) -> list[list[Cell]]:
    """Return features as rows: an identifier that leads to each, and some of its properties."""
    return [
        [
            Cell(feature["id"], f"{address}/{quote(feature['id'], safe=':')}?f=html"),
            *(Cell(_text(feature["properties"].get(name))) for name in columns),
        ]
        for feature in features
    ]


def members_of(feature: Mapping[str, Any]) -> list[list[Cell]]:
    """Return a feature as rows of names and values."""
    geometry = feature["geometry"]
    place = "not shown" if geometry is None else geometry["type"]
    if geometry is not None and geometry["type"] == "Point":
        lon, lat = geometry["coordinates"]
        place = f"latitude {lat}, longitude {lon}"
    told = {"place": place, **feature["properties"]}
    return [[Cell(name), Cell(_text(value))] for name, value in told.items()]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")
