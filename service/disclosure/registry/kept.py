"""Blocks as JSON, as the store keeps them, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from service.disclosure.registry.block import Block, Version
from service.disclosure.tables.cube import Coordinates


def written(block: Block) -> dict[str, Any]:
    """Return a block as JSON values, without what the code says of it: its dimensions and its K."""
    return {
        "cells": [[list(cell), [_written(one) for one in versions]] for cell, versions in sorted(block.cells.items())],
        "amounts": [[list(cell), one if one is None else dict(one)] for cell, one in sorted(block.kept.items())],
        "failed": block.failed,
    }


def read(told: Mapping[str, Any] | None, shape: Block) -> Block:
    """Return a block of a shape as it was kept; an empty one where nothing was."""
    if told is None:
        return shape
    return replace(
        shape,
        cells={tuple(cell): tuple(_read(one) for one in versions) for cell, versions in told["cells"]},
        kept={tuple(cell): one for cell, one in told["amounts"]},
        failed=told["failed"],
    )


def _written(one: Version) -> list[Any]:
    parts = [[[list(cell), since] for cell, since in together] for together in one.parts]
    return [one.since, one.value, dict(one.by), parts, one.told, one.sensitive]


def _read(told: list[Any]) -> Version:
    since, value, by, together, was_told, sensitive = told
    parts = tuple(tuple((_cell(part), at) for part, at in some) for some in together)
    return Version(since, value, by, parts, was_told, sensitive)


def _cell(terms: list[str]) -> Coordinates:
    return tuple(terms)
