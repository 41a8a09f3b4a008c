"""Exports: every flag that a caller sees and asked for, some hundreds in memory at a time, as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from geodata.pointparquet import PointsFile
from service.context import Context
from service.layers.spot import SpotFilter, spot_of
from service.running.disk import written
from service.store import flags
from service.store.engine import Session
from service.store.filters import FlagFilter
from service.store.values import Flag
from service.writing.formats import json_text
from service.writing.spool import Aside, Spool

Shown = Mapping[str, Any]


def wanted(
    session: Session, stored: FlagFilter, asked: SpotFilter, show: Callable[[Flag], Shown | None]
) -> Iterator[list[Shown]]:
    """Yield flags of the store as they are shown, those that are, as they are shown, what was asked for."""
    for chunk in flags.chunks(session, stored):
        shown = [(flag, told) for flag in chunk if (told := show(flag)) is not None]
        yield [told for flag, told in shown if asked.holds(spot_of(flag, told, 0))]


def ndjson(context: Context, chunks: Iterator[list[Shown]]) -> Spool:
    """Return flags as lines of JSON, one each."""
    out = Spool(context.settings)
    for chunk in chunks:
        for shown in chunk:
            out.write(json_text(shown) + b"\n")
    return out


def parquet(
    context: Context, chunks: Iterator[list[Shown]], columns: Mapping[str, str], flat: Callable[[Any], Any]
) -> Spool:
    """Return flags as GeoParquet; `flat` makes a row of one, with these columns (`geodata.pointparquet.KINDS`)."""
    aside = Aside(context.settings, "flags.parquet")
    with written(), PointsFile(aside.path, columns) as file:
        for chunk in chunks:
            rows: Sequence[Any] = [flat(shown) for shown in chunk]
            file.add(rows)
    return aside.spooled()
