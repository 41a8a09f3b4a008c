"""Which files of the dump a request needs, brought to the disk: fetched, or found in a folder of downloaded ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from connectors.bulk.local import read_as_exchange
from connectors.client import Client, Question
from connectors.errors import RequestRefused, SourceChanged, UnreadableFile
from connectors.geonames.layout import SOURCE
from connectors.snapshot import Exchange

ENDPOINT = "https://download.geonames.org/export/dump"

_LARGEST = 4_000_000_000  # bytes; the dump of all countries has a tenth
_MAIN = ("allCountries.zip", "allCountries.txt")
_UNITS = ("admin1CodesASCII.txt", "admin2Codes.txt")


@dataclass(frozen=True, slots=True)
class Found:
    """One file on the disk, and where it came from."""

    path: Path
    name: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Dump:
    """The files of one state of the dump."""

    main: tuple[Found, ...]
    alternates: tuple[Found, ...]
    units: tuple[Found, ...]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Every exchange, in order."""
        return tuple(found.exchange for found in (*self.main, *self.alternates, *self.units))


def gather(client: Client, request: Mapping[str, str], folder: Path) -> Dump:
    """Bring what `request` asks for: `path` of a file or folder, or `countries` (codes of two letters, or "all").

    What is fetched goes into `folder`. Raises `RequestRefused`, `UnreadableFile`, `SourceChanged`, and what
    `Client.save` does.
    """
    source = request.get("source") or SOURCE
    if request.get("path"):
        return _local(Path(request["path"]), source)
    endpoint = request.get("endpoint", ENDPOINT).rstrip("/")
    codes = [code.strip() for code in request.get("countries", "").split(",") if code.strip()]
    if not codes:
        msg = "no country is named"
        raise RequestRefused(msg, source=source, hint="set countries to codes such as KE,UG, or to all (400 MB)")
    if [code.casefold() for code in codes] == ["all"]:
        wanted = [("allCountries.zip", True)], [("alternateNamesV2.zip", True)]
    else:
        upper = [code.upper() for code in codes]
        wanted = [(f"{code}.zip", True) for code in upper], [(f"alternatenames/{code}.zip", False) for code in upper]
    fetcher = _Fetcher(client, source, endpoint, folder)
    main, alternates = ([found for name, must in names if (found := fetcher.get(name, must=must))] for names in wanted)
    if len(alternates) < len(main):  # a country without a file of its own: the world's holds them too
        alternates = [found for found in [fetcher.get("alternateNamesV2.zip", must=True)] if found]
    units = [found for name in _UNITS if (found := fetcher.get(name, must=False))]
    return Dump(tuple(main), tuple(alternates), tuple(units))


@dataclass(frozen=True, slots=True)
class _Fetcher:
    client: Client
    source: str
    endpoint: str
    folder: Path

    def get(self, name: str, *, must: bool) -> Found | None:
        path = self.folder / name.replace("/", "-")
        question = Question(self.source, f"{self.endpoint}/{name}", headers={"Accept": "*/*"})
        answer = self.client.save(question, path, _LARGEST)
        if answer.status == 404 and not must:  # noqa: PLR2004 - HTTP
            return None
        if answer.status == 404:  # noqa: PLR2004 - HTTP
            msg = f"the dump has no {name}"
            raise RequestRefused(msg, source=self.source, hint="check the country's code of two letters")
        if answer.status != 200:  # noqa: PLR2004 - HTTP
            msg = f"{name} was answered with HTTP {answer.status}"
            raise SourceChanged(msg, source=self.source, hint="check the address, or fetch the file by hand (path)")
        return Found(path, name, answer.exchange)


def _local(path: Path, source: str) -> Dump:
    if path.is_dir():
        whole = [path / name for name in _MAIN if (path / name).is_file()]
        main = whole[:1] or sorted(one for one in path.glob("[A-Z][A-Z].*") if one.suffix in {".zip", ".txt"})
        folder = path
    else:
        main, folder = [path], path.parent
    if not main:
        msg = f"{path.name} holds no file of the dump"
        raise UnreadableFile(msg, source=source, hint="put allCountries.zip or files such as KE.zip there")
    names = ("alternateNamesV2.zip", "alternateNamesV2.txt")
    alternates = [folder / name for name in names if (folder / name).is_file()][:1]
    alternates = alternates or [
        one for one in (folder / "alternatenames" / path.name for path in main) if one.is_file()
    ]
    units = [folder / name for name in _UNITS if (folder / name).is_file()]
    return Dump(
        *(
            tuple(Found(one, one.name, read_as_exchange(one, source)) for one in files)
            for files in (main, alternates, units)
        )
    )
