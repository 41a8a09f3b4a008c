"""Compare citizen accounts with one official list: one finding per account, with its best candidates and reasons.

A table of one row and of a million take the same path, and a row's finding does not depend on its company.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from geodata.places import Places
from matchers.base import CANDIDATES, FINDINGS, Comparison, OfficialList
from matchers.judge import Judge
from matchers.model import Task, weigh
from matchers.parameters import DEFAULTS, Parameters

_BLOCK = 5_000  # records weighed at once, which bounds memory


def compare(citizen: Places, official: OfficialList, parameters: Parameters = DEFAULTS, *, today: date) -> Comparison:
    """Return a finding for every citizen row, in order, and its best candidates.

    `today` stands in for the date of an account that has none. A coverage manifest that says nothing is taken to mean
    that the list should name every place compared with it.
    """
    findings: list[dict[str, Any]] = []
    candidates: list[dict[str, Any]] = []
    table = citizen.table.combine_chunks()
    for start in range(0, len(citizen), _BLOCK):
        block = Places(table.slice(start, _BLOCK))
        task = Task.of(block, official, parameters)
        judge = Judge(task, weigh(task), today)
        for row in range(len(block)):
            findings.append(judge.finding(row))
            candidates.extend({"record_row": start + row, **candidate} for candidate in judge.candidates(row))
    return Comparison(
        findings=pa.Table.from_pylist(findings, schema=FINDINGS),
        candidates=pa.Table.from_pylist(candidates, schema=CANDIDATES),
        source=official.source,
        snapshot=official.snapshot,
        model=f"open-set/{parameters.version}",
        parameters=parameters.flat(),
    )
