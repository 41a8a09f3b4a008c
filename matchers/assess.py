"""Compare citizen accounts with one official list as columns: verdicts and probabilities for many, words for nobody.

What is decided here is what `matchers.compare` tells in sentences, for the same records to the same numbers. No
candidates are kept and nothing is explained: whoever asks about one of the records compares that one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from geodata.places import Places
from geodata.taxonomy import Taxonomy
from matchers.base import COUNTED, OfficialList
from matchers.blocks import weigh_blocks
from matchers.circumstances import NOTHING_KNOWN, Circumstances
from matchers.company.claims import NOBODY, Others, claimed
from matchers.company.joint import in_company
from matchers.judging.verdicts import Verdicts
from matchers.memory.decisions import NOTHING, Memory
from matchers.model import Task
from matchers.parameters import DEFAULTS, Parameters
from matchers.quality.standing import carried, inherited

_TERM = pa.dictionary(pa.int8(), pa.string())

#: One row per citizen row, in the order given; every column as in `matchers.base.FINDINGS` where not said otherwise.
ASSESSED = pa.schema(
    [
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("verdict", _TERM, nullable=False),
        pa.field("subtype", _TERM),
        pa.field("p_absent", pa.float64()),
        pa.field("p_absent_alone", pa.float64()),
        pa.field("official_id", pa.string()),
        pa.field("p_match", pa.float64()),
        pa.field("competitor", pa.string()),
        pa.field("needs_review", pa.bool_(), nullable=False),
        pa.field("attributes", pa.list_(pa.string()), nullable=False),
        # Names of what does not hold (`matchers.judging.preconditions`), of which a finding gives the sentences.
        pa.field("failed_preconditions", pa.list_(pa.string()), nullable=False),
        pa.field("counted", COUNTED),
    ]
)


@dataclass(frozen=True)
class Assessment:
    """The verdicts on one table of citizen accounts against one official list, with the columns of `ASSESSED`."""

    table: pa.Table
    source: str
    snapshot: str
    model: str  # version of the model and its parameters

    def __post_init__(self) -> None:
        """Refuse a table of another shape."""
        if not self.table.schema.equals(ASSESSED):
            msg = f"not the agreed columns: {self.table.schema.names}"
            raise ValueError(msg)


def assess(  # noqa: PLR0913 - what is compared by position, the rest by keyword
    citizen: Places,
    official: OfficialList,
    parameters: Parameters = DEFAULTS,
    *,
    today: date,
    memory: Memory = NOTHING,
    others: Callable[[Sequence[str]], Others] = lambda _entries: NOBODY,
    known: Circumstances = NOTHING_KNOWN,
    threads: int = 1,
    step: Callable[[int, int], None] = lambda _done, _all: None,
    taxonomy: Taxonomy | None = None,
) -> Assessment:
    """Return the verdict on every citizen row, in order.

    Arguments are those of `matchers.compare.compare`; `threads` says how many weigh records at once, and never changes
    an answer.
    """
    table = inherited(Places(citizen.table.combine_chunks()), known.quality)
    blocks, done = [], 0
    for task, weighed in weigh_blocks(table, lambda places: Task.of(places, official, parameters, memory), threads):
        blocks.append((task, weighed))
        done += len(weighed.alone)
        step(done, len(table))
    joint = in_company(table, blocks, parameters, others(claimed(blocks)))
    parts = [
        assessed(Verdicts(task, weighed, today, taxonomy, known))
        for (task, _), weighed in zip(blocks, joint, strict=True)
    ]
    whole = pa.concat_tables([ASSESSED.empty_table(), *parts]).unify_dictionaries().combine_chunks()
    return Assessment(whole, official.source, official.snapshot, f"open-set/{parameters.version}")


def assessed(verdicts: Verdicts) -> pa.Table:
    """Return the verdicts on a block as rows of `ASSESSED`, as far as the records' quality carries them."""
    quality = verdicts.known.quality
    counts = verdicts.accounts.column("counts") if quality else ()
    columns: dict[str, Any] = carried({"causes": [()] * len(verdicts), **verdicts.columns}, quality, counts)
    arrays = [
        verdicts.counted if field.name == "counted" else _array(columns[field.name], field.type) for field in ASSESSED
    ]
    return pa.Table.from_arrays(arrays, schema=ASSESSED)


def _array(column: list[Any], kind: pa.DataType) -> pa.Array:
    """Return a column; lists of words, of which many are the same, by way of the distinct ones."""
    if not pa.types.is_list(kind):
        return pa.array(column, kind)
    number: dict[tuple[str, ...], int] = {}
    which = [number.setdefault(tuple(words), len(number)) for words in column]
    return pa.array(list(number), kind).take(pa.array(which, pa.int32()))
