"""What the fused pass reads: a list's places in the order of walks, and what is known of records, as columns.

Everything that decides over a place is kept together in one cache line, and places that lie near each other stand near
each other in memory: most candidates of a record are read one after the other.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.bands import Bands, Spots
from matchers.pairs import Flags, Floats, Rows

Short = NDArray[np.int32]

#: What is known of one place of a list; 64 bytes.
SITE = np.dtype(
    {
        "names": ["phi", "lam", "across", "sigma", "row", "order", "first", "names", "name", "kind", "bracket"],
        "formats": [np.float64] * 4 + [np.int32] * 7,
        "itemsize": 64,
    }
)
# phi, lam   latitude and longitude in radians, NaN where it has no point
# across     cosine of the latitude
# sigma      standard deviation of its location in metres
# order      its place by identifier
# first      where its names begin in `Sites.called`; `names` says how many they are, `name` is the first of them
# kind       `ListedKinds.code`
# bracket    `Qualifiers.row`

#: What is found out about one candidate of a record.
CANDIDATE = np.dtype(
    [
        *((name, np.float64) for name in ("distance", "ratio", "name_ratio", "similarity")),
        *((name, np.int64) for name in ("site", "level", "mine", "theirs")),
    ]
)

#: One name of a record beside one of a candidate, where they may have something in common. `words` is the likelihood
#: ratio of words shared and then of all, `place` a position in `Sites.called`, `otherwise` whether the letters are the
#: same and another is written as the record's own name.
ENTRY = np.dtype(
    [
        *((name, np.float64) for name in ("similarity", "words")),
        *((name, np.int64) for name in ("candidate", "place", "number", "own", "level", "parts", "otherwise")),
    ]
)

#: One pair that may matter.
KEPT = np.dtype(
    [
        *((name, np.float64) for name in ("ratio", "similarity")),
        *((name, np.int64) for name in ("record", "row", "level", "mine", "theirs")),
    ]
)


class Sites(NamedTuple):
    """The places of a list in the order of walks, those without a point last."""

    bands: Bands
    site: NDArray[Any]  # `SITE`
    at: Short  # by row: its position in `site`
    unit: Short  # position x administrative column: number of its unit, -1 where it does not say
    measure: Floats  # position x unit of measure: `Measured.log`
    called: Short  # names, by their number in `Held.side`
    outside: Floats  # by position: likelihood ratio of lying outside its polygon; NaN where it has none


class Errors(NamedTuple):
    """What errors of locations are taken to be like."""

    tail_share: float
    tail_scale: float
    gross_error: float
    lost: float  # exponent of a normal error in the middle from which its very tail is zero


class Worth(NamedTuple):
    """What agreement is worth, whoever asks; pairs of columns are without and beside a distance."""

    errors: Errors
    has_areas: bool
    agree: Floats  # 2 x text in brackets
    differ: Floats
    is_country: Flags  # by text
    apart: float  # difference of sizes from which they are evidence
    least: float  # likelihood ratio that counts as hopeful
    top: int  # candidates kept of every record


class Columns(NamedTuple):
    """Cells by record: those of record i stand from `begin[i]` up to `begin[i + 1]`."""

    begin: Rows
    cell: Rows
    value: Floats  # of each cell; empty where there are none


class Accounts(NamedTuple):
    """What is known of records."""

    spots: Spots
    turn: tuple[Floats, Floats, Floats]  # latitude and longitude in radians, and the cosine of the latitude
    sigma: Floats  # standard deviation of the location in metres
    radius: Floats  # search radius in metres, NaN without a location
    crowd: Floats  # share of the list's places on a km² around it
    kind: Rows  # row of `kinds`
    kinds: Floats  # kind of record x kind in the list: likelihood ratio
    said: Rows  # administrative column x record (`said_units`)
    same: Floats  # 2 x column x record: likelihood ratio of the same unit
    sibling: Floats  # of a coarser unit that is the same; 0 where it tells nothing
    different: Floats
    brackets: Columns  # texts that mean the record's own unit or country
    elsewhere: Flags  # whether it says its country
    held: Columns  # rows whose polygon holds the record or nearly, and their likelihood ratio
    proposed: Columns  # rows proposed by anything but their distance, each once
    measure: Floats  # unit of measure x record
    far: Floats  # unit of measure x record: likelihood ratio of a size far apart, at most 1
