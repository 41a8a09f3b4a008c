"""Growth rates out of figures that are at hand: World Bank observations, or a small table of one's own.

The World Bank's annual rates are exponential (`SP.POP.GROW`, `SP.URB.GROW`, `SP.RUR.TOTL.ZG`, per cent) and speak of
the year that ends in the middle of the one they are printed for.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.snapshot import OBSERVATIONS
from geodata.cells import CellStatus
from geodata.countries import UnknownCountry, country_code
from geodata.counts.growthrates import Part, Rate, between_counts, of_year
from geodata.files.headers import fold
from geodata.files.tables import UnreadableTable, read_table

#: Indicators that are rates, and whose.
INDICATORS = {"SP.POP.GROW": Part.ALL, "SP.URB.GROW": Part.URBAN, "SP.RUR.TOTL.ZG": Part.RURAL}

_YEAR = re.compile(r"(?:19|20)\d\d")
_HINT = "give a CSV with country, year and rate (per cent a year), or the observations.parquet of a World Bank snapshot"


class UnreadableGrowth(ValueError):
    """A file of growth rates cannot be read; the message says where and how to mend it."""


def rates_of(observations: pa.Table, source: str) -> tuple[Rate, ...]:
    """Return the annual growth rates among a snapshot's observations, by country; aggregates are no country."""
    wanted = pc.and_(
        pc.is_in(observations["indicator"], pa.array(list(INDICATORS))), pc.invert(observations["aggregate"])
    )
    usable = pc.and_(wanted, pc.is_in(observations["status"], pa.array([CellStatus.OBSERVED, CellStatus.TRUE_ZERO])))
    rows = observations.filter(usable).select(["area", "indicator", "period", "value"]).to_pylist()
    return tuple(
        Rate(*of_year(int(row["period"])), float(Decimal(row["value"]) / 100), row["area"], None, part, source)
        for row in rows
        if _YEAR.fullmatch(row["period"]) and (part := INDICATORS[row["indicator"]])
    )


def read_rates(content: bytes, name: str) -> tuple[Rate, ...]:
    """Read a file of growth rates.

    Either the observations of a World Bank snapshot (Parquet), or a table with `country`, `year` and `rate` (per cent
    a year), and where wanted `unit` and `value` of an administrative unit, `part` (all, urban, rural), and in the place
    of `year` and `rate` two censuses: `from`, `to` (dates), `persons_from`, `persons_to`.
    Raises `UnreadableGrowth` naming the row.
    """
    if name.casefold().endswith(".parquet"):
        return _from_parquet(content, name)
    try:
        table = read_table(content, name)
    except UnreadableTable as error:
        msg = f"{name}: {error}; {_HINT}"
        raise UnreadableGrowth(msg) from error
    headers = [fold(header) for header in table.columns.column_names]
    if "country" not in headers or not ({"rate", "persons from"} & set(headers)):
        msg = f"{name} has no columns country and rate; {_HINT}"
        raise UnreadableGrowth(msg)
    read = []
    for number, row in zip(table.rows.tolist(), table.columns.rename_columns(headers).to_pylist(), strict=True):
        try:
            read.append(_rate({key: (value or "").strip() for key, value in row.items()}, name))
        except (ValueError, KeyError, InvalidOperation) as error:
            why = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            msg = f"{name}, row {number}: {why}; {_HINT}"
            raise UnreadableGrowth(msg) from error
    return tuple(read)


def _from_parquet(content: bytes, name: str) -> tuple[Rate, ...]:
    try:
        observations = pq.read_table(io.BytesIO(content)).cast(OBSERVATIONS)
    except (OSError, ValueError, pa.ArrowInvalid) as error:
        msg = f"{name} holds no observations of a snapshot; {_HINT}"
        raise UnreadableGrowth(msg) from error
    if rates := rates_of(observations, "World Bank"):
        return rates
    msg = f"{name} holds no growth rates ({', '.join(INDICATORS)}); {_HINT}"
    raise UnreadableGrowth(msg)


def _rate(row: Mapping[str, str], source: str) -> Rate:
    try:
        country = country_code(row["country"])
    except UnknownCountry as error:
        msg = f"there is no country {row['country']!r}"
        raise ValueError(msg) from error
    unit = (row["unit"], row["value"]) if row.get("unit") and row.get("value") else None
    part = Part(row.get("part") or Part.ALL)
    if row.get("persons from"):
        start, end = (date.fromisoformat(row[key]) for key in ("from", "to"))
        before, after = (float(row[key].replace(",", "")) for key in ("persons from", "persons to"))
        per_year = between_counts((start, before), (end, after))
    else:
        if not _YEAR.fullmatch(row["year"]):
            msg = f"{row['year']!r} is no year"
            raise ValueError(msg)
        start, end = of_year(int(row["year"]))
        per_year = float(Decimal(row["rate"].removesuffix("%").strip()) / 100)
    return Rate(start, end, per_year, country, unit, part, row.get("source") or source)
