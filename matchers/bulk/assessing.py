"""What an assessment comes to for every record, as flat columns that files of any kind can hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from geodata.places import Places
from matchers.assess import ASSESSED, assess
from matchers.base import OfficialList
from matchers.bulk.crowds import in_crowds
from matchers.compare import compare
from matchers.parameters import Parameters

#: Of the test of counts: what a statistician looks at first (`matchers.base.COUNTED`).
_COUNTED = ("p_under", "ratio", "ratio_low", "ratio_high")
_TEXTS = ("verdict", "subtype")  # dictionaries, which every file would have to hold again

#: One row per record, in the order given; columns as in `matchers.assess.ASSESSED` and `matchers.base.FINDINGS`.
VERDICTS = pa.schema(
    [
        pa.field("verdict", pa.string()),
        pa.field("subtype", pa.string()),
        *(ASSESSED.field(name) for name in ("p_absent", "p_absent_alone", "official_id")),
        pa.field("official_name", pa.string()),
        *(
            ASSESSED.field(name)
            for name in ("p_match", "competitor", "needs_review", "attributes", "failed_preconditions")
        ),
        *(pa.field(name, pa.float64()) for name in _COUNTED),
    ]
)


@dataclass(frozen=True, slots=True)
class How:
    """How records are compared."""

    parameters: Parameters
    today: date
    threads: int = 1


def assessed(records: Places, official: OfficialList, how: How) -> pa.Table:
    """Return the verdicts of all records of a table, in order, with the columns of `VERDICTS`."""
    return in_crowds(records, lambda crowd: _assessed(crowd, official, how))


def findings(records: Places, official: OfficialList, how: How) -> pa.Table:
    """Return the findings of all records of a table with their reasons, in order, as `matchers.base.FINDINGS`."""
    return in_crowds(records, lambda crowd: compare(crowd, official, how.parameters, today=how.today).findings)


def _assessed(records: Places, official: OfficialList, how: How) -> pa.Table:
    found = assess(records, official, how.parameters, today=how.today, threads=how.threads).table
    counted = found.column("counted").combine_chunks()
    columns = {
        **{name: found.column(name) for name in VERDICTS.names if name in ASSESSED.names},
        **{name: found.column(name).cast(pa.string()) for name in _TEXTS},
        **{name: pc.struct_field(counted, name) for name in _COUNTED},
        "official_name": _names(official.index.places, found.column("official_id").combine_chunks()),
    }
    return pa.Table.from_arrays([columns[name] for name in VERDICTS.names], schema=VERDICTS)


def _names(official: Places, ids: pa.Array) -> pa.Array:
    """Return the first name of the entry of each identifier; null where there is none."""
    rows = pc.index_in(ids, value_set=official.column("id"))
    first = pc.list_slice(official.column("names").take(rows), 0, 1)
    at = pc.index_in(pa.array(range(len(ids)), pa.int64()), value_set=pc.list_parent_indices(first))
    return pc.struct_field(pc.list_flatten(first), "text").take(at)
