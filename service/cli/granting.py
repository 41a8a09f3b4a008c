"""What commands that let somebody in say of where, and for whom, a key works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import typer

from geodata.countries import country_code
from service.access.granting import check
from service.callers.caller import Charge
from service.callers.territory import Area, in_words
from service.store.keys import Wanted

Areas = Annotated[
    list[str] | None,
    typer.Option(help="A country, or a unit of one as KEN/county=Kitui; several times. Else everywhere."),
]
Charges = Annotated[
    list[str] | None,
    typer.Option(help="Of a steward: a collection of the organisation, or another's as organisation/collection."),
]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What was said of where a key works, and for whom."""

    areas: Sequence[str] | None
    charges: Sequence[str] | None


def wanted(key: Wanted, narrowed: Narrowed) -> Wanted:
    """Return a key as it is narrowed. Raises `Problem` (invalid) where it would make no sense."""
    areas = None if not narrowed.areas else tuple(map(_area, narrowed.areas))
    charges = tuple(_charge(one, key.organisation) for one in narrowed.charges or ())
    made = replace(key, areas=areas, charges=charges)
    check(made)
    return made


def where(areas: Sequence[Area] | None, charges: Sequence[Charge]) -> str:
    """Return in words where, and for whom, a key works; nothing for everywhere."""
    theirs = ", ".join(f"{one.organisation}/{one.collection or one.record}" for one in charges)
    return theirs if areas is None else in_words(areas)


def _area(said: str) -> Area:
    country, _, admin = said.partition("/")
    return Area(country_code(country), admin.strip() or None)


def _charge(said: str, organisation: str) -> Charge:
    whose, slash, collection = said.partition("/")
    return Charge(whose, collection) if slash else Charge(organisation, said)
