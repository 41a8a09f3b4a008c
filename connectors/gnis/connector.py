"""GNIS Domestic Names: populated places and other features of a state or of the nation, from the files of the Board.

A GNIS id of a "Populated Place" is not that of the "Civil" or "Census" feature of the same name, which is the ANSICODE
of the Census Gazetteer.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

import pyarrow as pa

from connectors.bulk import leftovers
from connectors.bulk.buckets import Buckets, enough
from connectors.bulk.local import read_as_exchange
from connectors.bulk.places_on_disk import PlacesOnDisk, PlaceWriter
from connectors.bulk.problems import Problems
from connectors.bulk.texts import Layout, header_of, opened, parts
from connectors.client import Client, Question
from connectors.errors import NothingThere, RequestRefused, SourceChanged
from connectors.gnis import former
from connectors.gnis.layout import UnknownLayout
from connectors.gnis.rows import KEPT, KINDS, columns_of, kept_of, places_of
from connectors.snapshot import Exchange, Provenance, Snapshot
from geodata.coverage import Completeness, CoverageManifest

ENDPOINT = "https://prd-tnm.s3.amazonaws.com/StagedProducts/GeographicNames/DomesticNames"

_SOURCE = "gnis"
_LARGEST = 2_000_000_000  # bytes
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)|(\d\d)/(\d\d)/(\d{4})")  # since 2021, and before


class GnisConnector:
    """Features of the United States by name."""

    name: ClassVar[str] = _SOURCE
    title: ClassVar[str] = "US Board on Geographic Names (GNIS): populated places and other features, with points"
    needs: ClassVar[Mapping[str, str]] = {}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring the features of a state or of the nation.

        Options: `state` (two letters, or National), or `path` of a file (text or zip), or `url`; `classes` (parted by
        commas; Populated Place unless said). Earlier and other names are joined with `former=yes`, from the Board's
        file of all names (AllNames), and wherever that file lies beside `path`.
        """
        source = request.get("source") or _SOURCE
        words = (word.strip() for word in request.get("classes", "Populated Place").split(","))
        classes = frozenset(word for word in words if word)
        with tempfile.TemporaryDirectory(prefix=leftovers.GNIS) as folder:
            listed = _file(client, request, Path(folder))
            named = _former(client, request, Path(folder))
            reading = _Reading(listed, named, source, client)
            places = reading.places(classes, Path(folder))
        if not len(places):
            msg = f"{reading.name} holds no features of the classes {', '.join(sorted(classes))}"
            raise NothingThere(msg, source=source, hint="set classes as the Board writes them, e.g. Populated Place")
        return Snapshot(
            provenance=Provenance(
                source=source,
                title=f"US Board on Geographic Names, {reading.name.removesuffix('.zip')}",
                endpoint=listed.exchange.url,
                vintage=reading.edited.isoformat() if reading.edited else "not stated",
                vintage_kind="latest edit of a row",
                licence="US public domain",
                licence_url=None,
                attribution="US Geological Survey, Geographic Names Information System",
                caveats=(
                    "a feature_id names one feature: places of one name in a county differ by it alone",
                    "schools, churches and other buildings are no longer maintained in these files",
                    "earlier names and variants are other names" if named else "earlier names are not in these files",
                    "places that the Board marks as historical are left out",
                ),
            ),
            coverage=CoverageManifest(
                completeness=Completeness.REGISTER,
                kinds=frozenset(KINDS.get(one, "other") for one in classes),
                countries=frozenset({"USA"}),
                reference_date=reading.edited,
            ),
            exchanges=tuple(one.exchange for one in (listed, named) if one),
            places=places,
            problems=reading.problems.told(),
        )


@dataclass(frozen=True, slots=True)
class _File:
    """A file on the disk, and where it came from."""

    path: Path
    exchange: Exchange

    @property
    def name(self) -> str:
        return self.exchange.url.rpartition("/")[2].removeprefix("file:")


class _Reading:
    """The files on their way: their rows, what is wrong with them, and the day of the latest edit."""

    def __init__(self, listed: _File, former: _File | None, source: str, client: Client) -> None:
        self.name = listed.name
        self.problems = Problems()
        self.edited: date | None = None
        self._listed, self._former, self._source, self._client = listed, former, source, client

    def places(self, classes: frozenset[str], folder: Path) -> PlacesOnDisk:
        count = enough(sum(one.exchange.size for one in (self._listed, self._former) if one))
        rows = Buckets(folder / "rows", KEPT, count)
        for part in self._parts(self._listed, columns_of, "rows read"):
            kept = kept_of(part, classes, self.problems)
            days = filter(None, map(_day, kept.column("date_edited").unique().to_pylist()))
            self.edited = max((*days, self.edited or date.min))
            rows.add(kept)
        self.edited = None if self.edited == date.min else self.edited
        names = Buckets(folder / "names", former.FORMER, count) if self._former else None
        if names and self._former:
            for part in self._parts(self._former, former.columns_of, "names read"):
                names.add(former.former_of(part))
        with PlaceWriter() as writer:
            for number in range(count):
                writer.write(places_of(rows.take(number), names.take(number) if names else None, self.problems))
            return writer.places()

    def _parts(self, file: _File, layout: Callable[[Sequence[str]], tuple[str, ...]], what: str) -> Iterator[pa.Table]:
        read = 0
        with opened(file.path, file.name, self._source) as text:
            try:
                columns = layout(header_of(text, "|"))
            except UnknownLayout as error:
                of = "all names" if layout is former.columns_of else "domestic names"
                msg = f"{file.name} is not a file of {of}: {error}"
                hint = "give DomesticNames_… and AllNames_… as the Board offers them"
                raise SourceChanged(msg, source=self._source, hint=hint) from error
            for part in parts(text, Layout(columns, "|", first_row=2), self.problems):
                read += part.num_rows
                self._client.progress(read, None, what)
                yield part


def _file(client: Client, request: Mapping[str, str], folder: Path) -> _File:
    source = request.get("source") or _SOURCE
    if request.get("path"):
        local = Path(request["path"])
        return _File(local, read_as_exchange(local, source))
    state = request.get("state", "")
    if not (request.get("url") or re.fullmatch(r"[A-Za-z]{2}|(?i:national)", state)):
        msg = "no state is named" if not state else f"{state!r} is no state"
        raise RequestRefused(msg, source=source, hint="set state to two letters such as ME, or to National")
    which = state.capitalize() if state.casefold() == "national" else state.upper()
    url = request.get("url") or f"{ENDPOINT}/DomesticNames_{which}_Text.zip"
    return _saved(client, Question(source, url, headers={"Accept": "*/*"}), folder / "domestic-names")


def _former(client: Client, request: Mapping[str, str], folder: Path) -> _File | None:
    """Return the file of all names where it is asked for, or lies beside the other; None otherwise."""
    source = request.get("source") or _SOURCE
    if request.get("path"):
        beside = sorted(Path(request["path"]).parent.glob("AllNames*"))
        files = [path for path in beside if path.suffix.casefold() in {".zip", ".txt"}]
        return _File(files[-1], read_as_exchange(files[-1], source)) if files else None
    wanted = request.get("former", "no")
    if wanted not in {"yes", "no"}:
        msg = f"former={wanted} is neither yes nor no"
        raise RequestRefused(msg, source=source, hint="set former=yes for earlier names, a file of the whole nation")
    if wanted == "no":
        return None
    return _saved(client, Question(source, former.ENDPOINT, headers={"Accept": "*/*"}), folder / "all-names")


def _saved(client: Client, question: Question, path: Path) -> _File:
    answer, name = client.save(question, path, _LARGEST), question.url.rpartition("/")[2]
    if answer.status in {403, 404}:  # the bucket answers 403 for what it does not hold
        msg = f"there is no {name}"
        raise RequestRefused(msg, source=question.source, hint="check the letters of the state")
    if answer.status != 200:  # noqa: PLR2004 - HTTP
        msg = f"{name} was answered with HTTP {answer.status}"
        raise SourceChanged(msg, source=question.source, hint="check the address")
    return _File(path, answer.exchange)


def _day(text: str | None) -> date | None:
    found = _DAY.fullmatch((text or "").strip())
    if not found:
        return None
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[4], found[5])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
