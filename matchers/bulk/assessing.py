"""What a comparison comes to for every record, as columns: the numbers and codes of a finding without its sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from geodata.places import Places
from matchers.base import FINDINGS, OfficialList
from matchers.compare import compare
from matchers.parameters import Parameters

_COUNTED = ("p_under", "ratio", "ratio_low", "ratio_high")

#: One row per record; what each column means is said in `matchers.base.FINDINGS` and `COUNTED`.
VERDICTS = pa.schema(
    [
        *(
            FINDINGS.field(name)
            for name in (
                "verdict",
                "subtype",
                "p_absent",
                "p_absent_alone",
                "official_id",
                "official_name",
                "p_match",
                "competitor",
                "needs_review",
                "attributes",
                "failed_preconditions",
                "causes",
            )
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
    found = compare(records, official, how.parameters, today=how.today).findings
    counted = found.column("counted").combine_chunks()
    numbers = {name: pc.struct_field(counted, name) for name in _COUNTED}
    columns = [numbers[name] if name in numbers else found.column(name) for name in VERDICTS.names]
    return pa.Table.from_arrays(columns, schema=VERDICTS)


def findings(records: Places, official: OfficialList, how: How) -> pa.Table:
    """Return the findings of all records of a table with their reasons, in order, as `matchers.base.FINDINGS`."""
    return compare(records, official, how.parameters, today=how.today).findings
