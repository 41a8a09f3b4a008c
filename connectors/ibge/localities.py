"""Lists of localities: states, municipalities, districts, indigenous lands and quilombola territories, as places.

They have no points; the codes of the units above them stand in `admin`, and tell a municipality from its namesakes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from connectors.client import Answer
from connectors.errors import RequestRefused
from connectors.ibge.answers import SOURCE, items
from connectors.ibge.figures import SCHEMES
from connectors.outcomes import agreed_shape, text
from geodata.coverage import Completeness, CoverageManifest


@dataclass(frozen=True, slots=True)
class State:
    """One of the 27 units of the federation."""

    id: str  # two digits, the first of every code inside it
    letters: str
    name: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One kind of list: where it stands, by which level tables are published for it, and what it would hold."""

    level: str | None  # of tables; None: there are no figures for it
    kind: str
    word: str  # the publisher's word for its level
    scheme: str
    coverage: CoverageManifest
    path: str | None = None  # of the list; None: it is asked of the table


def _coverage(level: str, kinds: Iterable[str], *notes: str, excludes: Iterable[str] = ()) -> CoverageManifest:
    return CoverageManifest(
        completeness=Completeness.EXHAUSTIVE if not notes else Completeness.REGISTER,
        lowest_level=level,
        kinds=frozenset(kinds),
        excludes=frozenset(excludes),
        countries=frozenset({"BRA"}),
        notes=notes,
    )


#: By the word of the option `places`.
LISTINGS = {
    "estados": Listing("N3", "region", "estado", "ibge-uf", _coverage("estado", {"region"}), "estados"),
    # the seat of every municipality is, by law, a city of its name
    "municipios": Listing(
        "N6",
        "municipality",
        "município",
        "ibge-mun",
        _coverage("município", {"municipality", "city"}),
        "municipios",
    ),
    "distritos": Listing(None, "ward", "distrito", "ibge-dist", _coverage("distrito", {"ward"}), "distritos"),
    "terras-indigenas": Listing(
        "N1125",
        "reservation",
        "terra indígena",
        "ibge-ti",
        _coverage(
            "terra indígena",
            {"reservation"},
            "indigenous lands as delimited for the census; the communities inside them are not listed",
            excludes={"settlement"},
        ),
    ),
    "territorios-quilombolas": Listing(
        "N1145",
        "reservation",
        "território quilombola",
        "ibge-tq",
        _coverage(
            "território quilombola",
            {"reservation"},
            "quilombola territories officially delimited; most quilombola communities live outside of one",
            excludes={"settlement"},
        ),
    ),
}

_SUFFIX = re.compile(r"\s*\([A-Z]{2}(?:\s*[-/,]\s*[A-Z]{2})*\)$")  # the states, as tables add them to names
_DISTRICT_ABOVE = 7  # digits of the municipality at the start of the code of a district


def listing(request: Mapping[str, str], source: str) -> Listing:
    """Return the list that `places` names, with the `level` it is asked of a table by. Raises `RequestRefused`."""
    word = request.get("places", "municipios")
    if word not in LISTINGS:
        msg = f"places={word} is no list of localities"
        raise RequestRefused(msg, source=source, hint=f"set places to one of {', '.join(LISTINGS)}")
    kind = LISTINGS[word]
    if kind.path and "level" in request:
        msg = f"the level of {word} is {kind.level or 'none that figures are published by'}"
        raise RequestRefused(msg, source=source, hint="leave level out, or list territories")
    if not kind.path and "uf" in request:
        msg = f"{word} are not listed by state"
        raise RequestRefused(msg, source=source, hint="leave uf out; some lie in several states")
    level = request.get("level", kind.level)
    return replace(kind, level=level, scheme=SCHEMES.get(level or "", kind.scheme))


def read_states(answer: Answer) -> tuple[State, ...]:
    """Read the list of states. Raises `SourceChanged`."""
    with agreed_shape(SOURCE, "the list of states"):
        return tuple(State(str(one["id"]), text(one["sigla"]), text(one["nome"])) for one in items(answer))


def choose_states(states: tuple[State, ...], named: str, source: str) -> tuple[State, ...]:
    """Return the states named by their numbers or letters, parted by commas; all for an empty one."""
    wanted = [part.strip().upper() for part in named.split(",") if part.strip()]
    chosen = tuple(state for state in states if state.id in wanted or state.letters in wanted)
    if set(wanted) - {name for state in chosen for name in (state.id, state.letters)}:
        msg = f"uf={named} names a state that is not among {', '.join(state.letters for state in states)}"
        raise RequestRefused(msg, source=source, hint="name states by letters or numbers, e.g. uf=AM,13")
    return chosen or states


def read_localities(answer: Answer, kind: Listing, states: tuple[State, ...]) -> list[dict[str, Any]]:
    """Return the localities as rows of `Places`. Raises `SourceChanged`."""
    by_id = {state.id: state for state in states}
    with agreed_shape(SOURCE, f"the list of {kind.word}"):
        return [_row(one, kind, by_id) for one in items(answer)]


def _row(one: Mapping[str, Any], kind: Listing, states: Mapping[str, State]) -> dict[str, Any]:
    code, name = str(one["id"]), one["nome"].strip()
    shortened = _SUFFIX.sub("", name)
    above = states.get(code[:2]) if kind.path else None
    admin = {kind.scheme: code}
    if above:
        admin |= {"ibge-uf": above.id, "uf": above.letters, "state": above.name}
    if kind.word == "distrito":
        admin |= {"ibge-mun": code[:_DISTRICT_ABOVE], "municipality": text(one["municipio"]["nome"])}
    return {
        "id": code,
        "names": [name] if shortened == name else [name, shortened],
        "country": "BRA",
        "admin": list(admin.items()),
        "kind": kind.kind,
        "level": kind.word,
        "parent": admin.get("municipality") or (above.name if above and kind.word != "estado" else None),
    }
