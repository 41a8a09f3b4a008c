"""The made-up list and records as peers read them: flat, their names cleaned as an analyst would, as Parquet.

Columns: row (its number), unique_id, name (the first), names, country, admin, lat, lon, reach_m, kind.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.peers.cleaning import cleaned
from bench.speed import kept
from geodata.places import Places

#: A record is looked for a little farther than the radius that it states, and at least so far.
_FARTHER, _LEAST_M = 1.2, 600.0


def flat_list(count: int = kept.MILLION, folder: Path = kept.FOLDER) -> Path:
    """Return the file of the list, written on the first call."""
    file = folder / f"flat-list-{kept.EDITION}-{count}.parquet"
    if not file.exists():
        pq.write_table(flat(kept.listed(count, folder)), file)
    return file


def flat_records(count: int, about: int = kept.MILLION, folder: Path = kept.FOLDER) -> Path:
    """Return the file of the records, written on the first call."""
    file = folder / f"flat-records-{kept.EDITION}-{count}-of-{about}.parquet"
    if not file.exists():
        pq.write_table(flat(kept.records(count, about, folder).places), file)
    return file


def flat(places: Places) -> pa.Table:
    """Return the columns said above."""
    texts, of = places.flat_names
    written = pa.array([cleaned(text) for text in texts], pa.string())
    ends = np.zeros(len(places) + 1, np.int32)
    np.cumsum(np.bincount(of, minlength=len(places)), out=ends[1:])
    names = pa.ListArray.from_arrays(pa.array(ends), written)
    reach = np.fmax(_FARTHER * places.r95_m, _LEAST_M)
    columns = {
        "row": pa.array(np.arange(len(places), dtype=np.int32)),
        "unique_id": places.column("id"),
        "name": pc.list_element(names, 0),
        "names": names,
        "country": places.column("country"),
        "admin": pc.map_lookup(places.column("admin"), "admin1", "first"),
        "lat": places.column("lat"),
        "lon": places.column("lon"),
        "reach_m": pa.array(reach),
        "kind": places.column("kind"),
    }
    return pa.table(columns)
