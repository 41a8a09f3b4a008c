"""COD-AB and COD-PS: units with P-codes, their outlines and their people, from a dataset of HDX or a downloaded file.

The terms, caveats and methodology are the dataset's own. They matter: many of these files say that the figures by sex
and age below the first level are derived from ratios of upper levels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from connectors.bulk.local import read_as_exchange
from connectors.client import Client, Question
from connectors.cod.boundaries import layer_of
from connectors.cod.ckan import SOURCE, Dataset, Resource, choose, classify, read_dataset
from connectors.cod.pcodes import Known, reference_of
from connectors.cod.tables import Told, Units, read_units
from connectors.errors import RequestRefused, SourceChanged, UnreadableFile
from connectors.observations import observation_table
from connectors.outcomes import require
from connectors.redirects import follow
from connectors.snapshot import Exchange, Provenance, Snapshot
from geodata.countcoverage import Basis, CountCoverage
from geodata.coverage import Completeness, CoverageManifest
from geodata.files.tables import UnreadableTable, layer_names, read_table

ENDPOINT = "https://data.humdata.org"

#: Where HDX keeps its files: itself, and the buckets it sends on to.
_HOSTS = ("data.humdata.org", ".humdata.org", ".amazonaws.com")

_DERIVED = re.compile(r"derived|estimated ratios|ratios", re.IGNORECASE)


class CodConnector:
    """Administrative units and their population, as OCHA publishes them."""

    name: ClassVar[str] = SOURCE
    title: ClassVar[str] = "OCHA common operational datasets: administrative units with P-codes, and population"
    needs: ClassVar[Mapping[str, str]] = {}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring one file of one dataset: units with their outlines (COD-AB), or with figures (COD-PS).

        Options: `dataset` (e.g. cod-ps-caf, cod-ab-ken); `level` (0 to 4; the finest unless said) or `resource` (name
        or id of the file); `sheet` of a workbook, or layer of a file of boundaries; `reference` (a file of OCHA's
        global list of P-codes, to hold the codes against); `endpoint`. Offline: `path` of the file and `metadata`, the
        saved answer of package_show.
        """
        source = request.get("source") or SOURCE
        taken = _local(request, source) if request.get("path") else _remote(client, request, source)
        try:
            layer = request.get("sheet") or layer_of(layer_names(taken.content), _level(request, source))
            table = read_table(taken.content, taken.resource.name, layer)
            units = read_units(table, _told(taken, request, source))
        except (UnreadableTable, ValueError) as error:
            msg = f"{taken.resource.name}: {error}"
            hint = getattr(error, "hint", "name another file of the dataset with resource, or a sheet of it with sheet")
            raise SourceChanged(msg, source=source, hint=hint) from error
        if not len(units.places):
            msg = f"{taken.resource.name} lists no units"
            raise SourceChanged(msg, source=source, hint="name another file of the dataset with resource")
        return _snapshot(taken, units, source)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A file, with the dataset it belongs to."""

    dataset: Dataset
    resource: Resource
    content: bytes
    exchanges: tuple[Exchange, ...]


def _remote(client: Client, request: Mapping[str, str], source: str) -> _Taken:
    name = request.get("dataset", "")
    if not re.fullmatch(r"[a-z0-9_-]+", name):
        msg = "no dataset is named" if not name else f"{name!r} is no name of a dataset"
        raise RequestRefused(msg, source=source, hint="set dataset to a name such as cod-ps-caf or cod-ab-ken")
    endpoint = request.get("endpoint", ENDPOINT).rstrip("/")
    answer = client.get(Question(source, f"{endpoint}/api/action/package_show", {"id": name}))
    require(classify(answer), source=source, asked=name, hint="check the name of the dataset")
    dataset = read_dataset(answer.text)
    resource = _chosen(dataset, request, source)
    file = follow(client, Question(source, resource.url, headers={"Accept": "*/*"}), _HOSTS)
    if file.status != 200:  # noqa: PLR2004 - HTTP
        msg = f"{resource.name} was answered with HTTP {file.status}"
        raise SourceChanged(msg, source=source, hint="name another file of the dataset, or fetch it by hand (path)")
    if file.body.lstrip()[:1] == b"<":
        msg = f"{resource.name} is a page instead of a table"
        raise SourceChanged(msg, source=source, hint="try again later; fetch the file by hand and give its path")
    return _Taken(dataset, resource, file.body, (answer.exchange, file.exchange))


def _chosen(dataset: Dataset, request: Mapping[str, str], source: str) -> Resource:
    found = choose(dataset, request.get("resource"), _level(request, source))
    if found is None:
        names = ", ".join(one.name for one in dataset.resources)
        msg = f"{dataset.name} has no such file to read"
        raise RequestRefused(msg, source=source, hint=f"set resource to one of {names}")
    return found


def _level(request: Mapping[str, str], source: str) -> int | None:
    level = request.get("level", "")
    if level and level not in set("01234"):
        msg = f"level {level!r} is none"
        raise RequestRefused(msg, source=source, hint="set level to 0, 1, 2, 3 or 4, or leave it out")
    return int(level) if level else None


def _local(request: Mapping[str, str], source: str) -> _Taken:
    path, metadata = Path(request["path"]), Path(request.get("metadata", ""))
    if not metadata.name:
        msg = f"nothing says whose {path.name} is and on which terms"
        raise UnreadableFile(msg, source=source, hint="set metadata to the saved answer of package_show")
    exchanges = (read_as_exchange(metadata, source), read_as_exchange(path, source))
    dataset = read_dataset(metadata.read_text(encoding="utf-8"))
    known = (one for one in dataset.resources if path.name.casefold().endswith(one.name.casefold()))
    unknown = Resource("", path.name, path.suffix[1:], f"file:{path.name}", "")
    return _Taken(dataset, next(known, unknown), path.read_bytes(), exchanges)


def _told(taken: _Taken, request: Mapping[str, str], source: str) -> Told:
    dataset = taken.dataset
    began = re.search(r"\d{4}", dataset.covers)
    year = taken.resource.year or dataset.year or (began[0] if began else "")
    return Told(
        country=dataset.country,
        period=str(year),
        counted=_basis(dataset) is not Basis.PROJECTION,
        derived=bool(_DERIVED.search(dataset.caveats)),
        reference=_reference(request, source),
    )


def _basis(dataset: Dataset) -> Basis:
    """Return where the whole comes from: a census that was projected to another year counts nobody of that year."""
    for word, basis in (("Census", Basis.CENSUS), ("Registry", Basis.REGISTER)):
        if dataset.methodology.startswith(word) and not dataset.projected:
            return basis
    return Basis.PROJECTION


def _reference(request: Mapping[str, str], source: str) -> dict[str, Known]:
    if not request.get("reference"):
        return {}
    path = Path(request["reference"])
    try:
        return reference_of(read_table(path))
    except (UnreadableTable, KeyError) as error:
        msg = f"{path.name} is not OCHA's global list of P-codes: {error}"
        raise UnreadableFile(msg, source=source, hint="give global_pcodes_adm_1_2.csv as HDX offers it") from error


def _snapshot(taken: _Taken, units: Units, source: str) -> Snapshot:
    dataset, resource = taken.dataset, taken.resource
    vintage = units.valid_on or resource.last_modified or dataset.covers
    kind = "valid on" if units.valid_on else "last change of the file" if resource.last_modified else "period covered"
    places = units.places
    countries = {code for code in (dataset.country, *places.texts("country")) if code}
    return Snapshot(
        provenance=Provenance(
            source=source,
            title=f"{dataset.title}: {resource.name}",
            endpoint=resource.url,
            vintage=vintage,
            vintage_kind=kind,
            licence=dataset.licence,
            licence_url=dataset.licence_url,
            attribution=", ".join(dict.fromkeys(filter(None, (dataset.source, dataset.publisher)))),
            caveats=tuple(filter(None, (dataset.caveats, dataset.methodology and f"method: {dataset.methodology}"))),
        ),
        coverage=CoverageManifest(
            completeness=Completeness.EXHAUSTIVE,
            lowest_level=f"adm{units.level}",
            kinds=frozenset(kind for kind in places.texts("kind") if kind),
            countries=frozenset(countries),
            counts=CountCoverage(_basis(dataset)) if units.observations else None,
            notes=("administrative units; settlements within them are not listed",),
        ),
        exchanges=taken.exchanges,
        places=places,
        observations=observation_table(units.observations) if units.observations else None,
        problems=units.problems,
    )
