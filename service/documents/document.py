"""The document of a gap report: title block, what it found, and what stands behind it, as plain parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geodata.countries import country_name
from service.documents import annex, findings, picturing
from service.documents.gathering import Gathered
from service.documents.outlines import Outline
from service.documents.parts import Fact, Section
from service.documents.words import day, read_at

#: Stands at the very beginning of every document.
WARNING = "Absence of data is not absence of people."


@dataclass(frozen=True, slots=True)
class Document:
    """A gap report as it is printed."""

    title: str
    date: datetime  # at which the report was read
    facts: tuple[Fact, ...]  # the title block
    warning: str
    sections: tuple[Section, ...]
    language: str = "en"


def no_borders(_countries: Iterable[str]) -> Sequence[Outline]:
    """Return no borders, where nothing is known of any."""
    return ()


#: From countries (ISO 3166-1 alpha-3) to the borders of their units.
Borders = Callable[[Iterable[str]], Sequence[Outline]]


def document(
    report: Mapping[str, Any], found: Gathered, borders: Borders = no_borders, label: findings.Label = str
) -> Document:
    """Return the document of a report as one caller may see it, of its flags as they were gathered, on these borders.

    `label` says how the code of a reason reads.

    Nothing of the report's `items` is read here. Of a kept edition it has the members `id`, `edition`, `audience`,
    `made_at`, `cite` and `licence`; one that was worked out on request has `generated_at` instead.
    """
    scoped = report["scope"]["country"]
    outlines = borders([scoped] if scoped else found.countries)
    return Document(
        title=f"Gap report: {_scope(report['scope'])}",
        date=read_at(report),
        facts=tuple(_block(report)),
        warning=WARNING,
        sections=tuple(_sections(report, found, outlines, label)),
    )


def _sections(
    report: Mapping[str, Any], found: Gathered, outlines: Sequence[Outline], label: findings.Label
) -> Iterable[Section]:
    yield findings.glance(report, found)
    yield picturing.where(found, outlines)
    yield from picturing.regions(report)
    yield from findings.people(report)
    yield from findings.undercounts(report, found)
    yield findings.flags(found)
    yield from findings.decisions(report, found, label)
    yield from findings.releases(report)
    yield from findings.goals(report)
    yield annex.limits(report)
    yield annex.sources(report)
    yield annex.methods(report)
    yield annex.error(report)


def _block(report: Mapping[str, Any]) -> Iterable[Fact]:
    scope, date = _scope(report["scope"]), day(read_at(report))
    yield Fact("Scope", scope + _narrower(report["scope"]))
    if "id" in report:
        yield Fact("Report", f"{report['id']}, edition {report['edition']}, {report['audience']}")
    else:
        yield Fact("Report", "worked out on request and not kept: the same question may be answered otherwise later")
    yield Fact("Date", date)
    if report.get("reissued"):
        yield Fact("Re-issued", "without communities that were withdrawn or made less open since")
    cite = f"Uncounted gap report: {scope}. Worked out on {date}, not a kept edition."
    yield Fact("How to cite", report.get("cite") or cite)
    none = "none stated; the lists it rests on keep the licences named under Sources"
    yield Fact("Licence", report.get("licence") or none)


def _scope(scope: Mapping[str, Any]) -> str:
    country = country_name(scope["country"]) if scope["country"] else None
    place = ", ".join(part for part in (scope["admin"], country) if part)
    return place or "all countries"


def _narrower(scope: Mapping[str, Any]) -> str:
    tags = scope["tags"]
    asked = [
        f"{name} {', '.join(map(str, tags[name]))}" for name in ("sdg", "factor", "theme", "group") if tags.get(name)
    ]
    parts = [f"list {scope['source']}"] if scope["source"] else []
    parts += [f"organisation {scope['organisation']}"] if scope["organisation"] else []
    return "".join(f"; {part}" for part in (*parts, *asked))
