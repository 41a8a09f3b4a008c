"""Following: every table in the next edition, and those that rest because there is nothing to count in them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from service.disclosure.registry.block import Block, World, advanced
from service.disclosure.registry.kept import read, written
from service.store.editions import Kept

#: Said of a table that nothing is told of at present: whether somebody left since.
RESTING = "stale"


@dataclass(frozen=True, slots=True)
class Reporting:
    """One table to be told: its shape without a past, and what there is to count now."""

    shape: Block
    world: World


def following(last: Kept | None, reports: Mapping[str, Reporting], step: Callable[[], None]) -> dict[str, Block]:
    """Return every table in its next edition; those alike, as of tags that go together, are worked out once."""
    number = last.number + 1 if last else 1
    found: dict[str, Block] = {}
    alike: dict[bytes, Block] = {}
    for name, one in reports.items():
        step()
        kept = last.tables.get(name) if last else None
        afresh = last is not None and kept is not None and (last.superseded or kept.get(RESTING, False))
        only = (
            last.superseded_in if last is not None and one.shape.countries and not (kept or {}).get(RESTING) else None
        )
        world = replace(one.world, afresh=afresh, only=only or frozenset())
        content = _content(kept, one.shape, world)
        found[name] = alike[content] if content in alike else advanced(read(kept, one.shape), world, number)
        alike[content] = found[name]
    return found


def _content(kept: Mapping[str, Any] | None, shape: Block, world: World) -> bytes:
    """Return all that the next edition of a table comes of, in short."""
    counted, amounts = (
        sorted((cell, sorted(of.items())) for cell, of in some.items()) for some in (world.counted, world.amounts)
    )
    said = repr((shape, world.afresh, sorted(world.only), counted, amounts)).encode()
    return hashlib.sha256(orjson.dumps(kept, option=orjson.OPT_SORT_KEYS) + said).digest()


def resting(last: Kept | None, blocks: Mapping[str, Block]) -> dict[str, Any]:
    """Return the tables that nothing is told of at present; they are remembered, and told afresh after a withdrawal."""
    if last is None:
        return {}
    resting = {name: told for name, told in last.tables.items() if name not in blocks}
    return {name: told | {RESTING: last.superseded or told.get(RESTING, False)} for name, told in resting.items()}


def differ(last: Kept, blocks: Mapping[str, Block]) -> bool:
    """Return whether the next edition would be another one than the last."""
    gone = {name for name, told in last.tables.items() if RESTING not in told} - blocks.keys()
    moved = any(written(block) != last.tables.get(name) for name, block in blocks.items() if block.cells)
    return moved or bool(gone)
