"""Compare citizen accounts with one official list: one finding per account, with its best candidates and reasons.

A table of one row and of a million take the same path, and a row's finding does not depend on its company.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from geodata.places import Places
from matchers.base import CANDIDATES, FINDINGS, Comparison, OfficialList
from matchers.certificate import searches
from matchers.judge import Judge
from matchers.memory import NOTHING, Memory
from matchers.model import Task, weigh
from matchers.parameters import DEFAULTS, Parameters
from matchers.tables import candidates_table

_BLOCK = 1_000  # records weighed at once, which bounds memory


def compare(  # noqa: PLR0913 - what is compared by position, the rest by keyword
    citizen: Places,
    official: OfficialList,
    parameters: Parameters = DEFAULTS,
    *,
    today: date,
    memory: Memory = NOTHING,
    certify: bool = False,
) -> Comparison:
    """Return a finding for every citizen row, in order, and its best candidates.

    `today` stands in for the date of an account that has none. A coverage manifest that says nothing is taken to mean
    that the list should name every place compared with it. `memory` is what people decided about pairs before.
    `certify` also keeps what was searched for each row (`matchers.certificate`).
    """
    findings: list[dict[str, Any]] = []
    searched: list[dict[str, Any]] = []
    candidates = [CANDIDATES.empty_table()]
    table = citizen.table.combine_chunks()
    for start in range(0, len(citizen), _BLOCK):
        block = Places(table.slice(start, _BLOCK))
        task = Task.of(block, official, parameters, memory)
        weighed = weigh(task)
        judge = Judge(task, weighed, today)
        findings.extend(map(judge.finding, range(len(block))))
        searched.extend(searches(judge) if certify else ())
        candidates.append(candidates_table(weighed, judge.said, official.index.places, start))
    return Comparison(
        findings=pa.Table.from_pylist(findings, schema=FINDINGS),
        candidates=pa.concat_tables(candidates),
        source=official.source,
        snapshot=official.snapshot,
        model=f"open-set/{parameters.version}",
        parameters=parameters.flat(),
        searches=tuple(searched),
    )
