"""What the geoBoundaries API answers, read: one object for a country, a list for several; every value is a text.

https://www.geoboundaries.org/api.html . What is not known stands as "nan". The address of the outlines pins a commit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from connectors.client import Answer
from connectors.documents import loads
from connectors.outcomes import Classified, Outcome, agreed_shape

SOURCE = "geoboundaries"

_COMMIT = re.compile(r"/raw/([0-9a-f]{7,40})/")
_LFS = b"version https://git-lfs.github.com/"


@dataclass(frozen=True, slots=True)
class Boundary:
    """The outlines of one level of one country, as the API describes them."""

    id: str
    country: str  # ISO 3166-1 alpha-3
    level: str  # ADM0 to ADM5
    word: str | None  # the publisher's word for the level, e.g. "State"
    year: int | None  # the year the outlines stand for
    built: date
    commit: str  # of the outlines; build and commit together are the vintage
    source: str
    licence: str
    licence_detail: str | None
    units: int | None
    url: str  # of the full outlines
    simplified_url: str

    @property
    def vintage(self) -> str:
        """The state of the outlines: when they were built, and from which commit."""
        return f"{self.built.isoformat()} {self.commit}"


def classify(answer: Answer) -> Classified:
    """Return what an answer is; a level that a country does not have is 404, often with a page."""
    if answer.status == 404:  # noqa: PLR2004 - HTTP
        return Classified(Outcome.INVALID_REQUEST, "there are no such outlines (HTTP 404)")
    try:
        document = loads(answer.text)
    except ValueError:
        return Classified(Outcome.CHANGED, f"HTTP {answer.status} with a body that is not JSON")
    if answer.status != 200 or not isinstance(document, dict | list):  # noqa: PLR2004 - HTTP
        return Classified(Outcome.CHANGED, f"HTTP {answer.status} with something else than a description")
    return Classified(Outcome.OK if document else Outcome.CHANGED, "" if document else "the description is empty")


def read_boundaries(content: str) -> tuple[Boundary, ...]:
    """Read one description or a list of them. Raises `SourceChanged`."""
    with agreed_shape(SOURCE, "the description of the outlines"):
        document = loads(content)
        return tuple(_boundary(one) for one in (document if isinstance(document, list) else [document]))


def _boundary(said: Mapping[str, Any]) -> Boundary:
    url = said["gjDownloadURL"]
    commit = _COMMIT.search(url)
    if commit is None:
        msg = f"no commit in {url}"
        raise ValueError(msg)
    return Boundary(
        id=said["boundaryID"],
        country=said["boundaryISO"],
        level=said["boundaryType"],
        word=_known(said.get("boundaryCanonical")),
        year=_number(said["boundaryYearRepresented"]),
        built=datetime.strptime(said["buildDate"], "%b %d, %Y").date(),  # noqa: DTZ007 - a day, without a zone
        commit=commit[1],
        source=_known(said["boundarySource"]) or "not stated",
        licence=_known(said["boundaryLicense"]) or "not stated",
        licence_detail=_known(said.get("licenseDetail")),
        units=_number(said.get("admUnitCount")),
        url=url,
        simplified_url=said["simplifiedGeometryGeoJSON"],
    )


def _known(text: str | None) -> str | None:
    """Return a text, None for the "nan" that stands for nothing."""
    stripped = (text or "").strip()
    return None if stripped.casefold() in {"", "nan", "none", "null", "unknown"} else stripped


def _number(text: str | None) -> int | None:
    known = _known(text)
    return None if known is None else int(float(known))


def is_pointer(body: bytes) -> bool:
    """Return whether a body is the pointer that stands in a repository in the place of a large file."""
    return body.startswith(_LFS)
