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
from service.documents.words import day

#: Stands at the very beginning of every document.
WARNING = "Absence of data is not absence of people."


@dataclass(frozen=True, slots=True)
class Edition:
    """What makes a report citable; all None for one that was worked out on request."""

    id: str | None = None
    version: str | None = None
    date: datetime | None = None
    audience: str | None = None
    how_to_cite: str | None = None
    licence: str | None = None

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Edition:
        """Read the member `edition` of a report; members that are not there are not known."""
        words = {name: None if value is None else str(value) for name, value in told.items()}
        return cls(
            words.get("id"),
            words.get("version"),
            _moment(told.get("date")),
            words.get("audience"),
            words.get("how_to_cite"),
            words.get("licence"),
        )


@dataclass(frozen=True, slots=True)
class Document:
    """A gap report as it is printed."""

    title: str
    date: datetime  # of the edition, or when the report was worked out
    facts: tuple[Fact, ...]  # the title block
    warning: str
    sections: tuple[Section, ...]
    language: str = "en"


def no_borders(_countries: Iterable[str]) -> Sequence[Outline]:
    """Return no borders, where nothing is known of any."""
    return ()


#: From countries (ISO 3166-1 alpha-3) to the borders of their units.
Borders = Callable[[Iterable[str]], Sequence[Outline]]


def document(report: Mapping[str, Any], found: Gathered, borders: Borders = no_borders) -> Document:
    """Return the document of a report as one caller may see it, of its flags as they were gathered, on these borders.

    Nothing of the report's `items` is read here; a member `edition` is, where there is one.
    """
    edition = Edition.of(report.get("edition") or {})
    scoped = report["scope"]["country"]
    outlines = borders([scoped] if scoped else found.countries)
    return Document(
        title=f"Gap report: {_scope(report['scope'])}",
        date=edition.date or report["generated_at"],
        facts=tuple(_block(report, edition)),
        warning=WARNING,
        sections=tuple(_sections(report, found, outlines)),
    )


def _sections(report: Mapping[str, Any], found: Gathered, outlines: Sequence[Outline]) -> Iterable[Section]:
    yield findings.glance(report, found)
    yield picturing.where(found, outlines)
    yield from picturing.regions(report)
    yield from findings.people(report)
    yield from findings.undercounts(report, found)
    yield findings.flags(found)
    yield from findings.decisions(report, found)
    yield from findings.releases(report)
    yield from findings.goals(report)
    yield annex.limits(report)
    yield annex.sources(report)
    yield annex.methods()
    yield annex.error(report)


def _block(report: Mapping[str, Any], edition: Edition) -> Iterable[Fact]:
    scope = _scope(report["scope"])
    date = day(edition.date or report["generated_at"])
    yield Fact("Scope", scope + _narrower(report["scope"]))
    if edition.id:
        version = f", version {edition.version}" if edition.version else ""
        audience = f", {edition.audience} edition" if edition.audience else ""
        yield Fact("Report", f"{edition.id}{version}{audience}")
    else:
        yield Fact("Report", "worked out on request and not kept: the same question may be answered otherwise later")
    yield Fact("Date", date)
    cite = f"Uncounted gap report: {scope}. Worked out on {date}, not a kept edition."
    yield Fact("How to cite", edition.how_to_cite or cite)
    yield Fact("Licence", edition.licence or "none stated; the lists it rests on keep the licences named under Sources")


def _scope(scope: Mapping[str, Any]) -> str:
    country = country_name(scope["country"]) if scope["country"] else None
    place = ", ".join(part for part in (scope["admin"], country) if part)
    return place or "all countries"


def _narrower(scope: Mapping[str, Any]) -> str:
    tags = scope["tags"]
    asked = [f"{name} {', '.join(map(str, tags[name]))}" for name in ("sdg", "factor", "theme") if tags.get(name)]
    parts = [f"list {scope['source']}"] if scope["source"] else []
    parts += [f"organisation {scope['organisation']}"] if scope["organisation"] else []
    return "".join(f"; {part}" for part in (*parts, *asked))


def _moment(told: Any) -> datetime | None:
    return datetime.fromisoformat(told) if isinstance(told, str) else told
