"""Compare two files with no server and no database: one row out for every row of the citizen file."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from geodata.files.columns import Reading
from geodata.files.sheet import Table
from geodata.rows import RowProblem
from matchers.base import Comparison, Verdict
from matchers.certificates.certificate import Plain
from matchers.certificates.certifying import Ground, certificates
from matchers.compare import compare
from matchers.evaluation.measured import measured
from service.errors import INVALID, NOT_ACCEPTABLE, Problem
from service.offline.certificates import Header, Source
from service.offline.certificates import write as write_certificates
from service.offline.inputs import Request, read_files, written_ids
from service.offline.quality import told
from service.writing.formats import Row, csv_text, feature_collection, json_text

#: The columns written, in this order; the first eight are what every reader of such a file may rely on.
COLUMNS = pa.schema(
    [
        ("record_id", pa.string()),
        ("verdict", pa.string()),
        ("p_absent", pa.float64()),
        ("official_id", pa.string()),
        ("official_name", pa.string()),
        ("p_match", pa.float64()),
        ("needs_review", pa.bool_()),
        ("reason", pa.string()),
        ("name", pa.string()),
        ("subtype", pa.string()),
        ("attributes", pa.list_(pa.string())),
        ("failed_preconditions", pa.list_(pa.string())),
        ("distance_m", pa.float64()),
        ("lat", pa.float64()),
        ("lon", pa.float64()),
        ("row", pa.int64()),
        ("p_absent_alone", pa.float64()),
        ("competitor", pa.string()),
        ("causes", pa.list_(pa.string())),
        ("model", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a comparison of two files came to."""

    rows: int
    officials: int
    title: str
    verdicts: Mapping[str, int]
    problems: tuple[RowProblem, ...]  # of the citizen file
    official_problems: tuple[RowProblem, ...]
    measured: str  # how often findings of these parameters were right where that is known, in a sentence
    quality: str  # how the rows were graded, in a sentence
    decision_problems: tuple[RowProblem, ...] = ()


def compare_files(request: Request, step: Callable[[int, int], None], *, today: date) -> Summary:
    """Compare and write. Every row of the citizen file has exactly one row in the output, in the same order.

    Raises `UnreadableTable` or `UnreadableFile` when a file cannot be read at all, `UnknownColumn` when a mapping names
    a column that is not there, `Problem` (not acceptable) for an ending nothing is written as, or (invalid) when the
    output would overwrite an input or has no folder, or the parameters cannot be used. What is wrong in single rows is
    in the summary and in `reason`.
    """
    write, files = _writer(request), read_files(request)
    reading, how, certify = files.reading, files.ground(today), request.certificates is not None
    # All rows at once: an entry of the list goes to the row of the whole file that fits it best.
    found = compare(
        reading.places,
        how.official,
        how.parameters,
        today=today,
        memory=how.memory,
        certify=certify,
        step=step,
        known=how.known,
    )
    rows = _rows(found, reading.places.primary_names)
    merged = _with_broken(_located(rows, reading, files.table), reading)
    write(merged)
    if request.certificates is not None:
        made = certificates(how, reading.places, files.accounts(), found)
        write_certificates(request.certificates, _header(request, how), _stepped(made, step, len(rows)))
    return Summary(
        rows=len(merged),
        officials=len(files.official.reading.places),
        title=how.official.title,
        verdicts=_tally(merged),
        problems=reading.problems,
        official_problems=files.official.reading.problems,
        measured=measured(how.parameters.version).sentence(),
        quality=told(how.known.quality),
        decision_problems=files.decisions.problems,
    )


def _header(request: Request, how: Ground) -> Header:
    return Header(
        today=how.today.isoformat(),
        release=how.release,
        parameters=asdict(how.parameters),
        citizen=Source.of(request.citizen, request.citizen_columns),
        official=Source.of(request.official, request.official_columns),
        decisions=Source.of(request.decisions) if request.decisions else None,
        growth=Source.of(request.growth) if request.growth else None,
    )


def _stepped(made: Iterable[Plain], step: Callable[[int, int], None], total: int) -> Iterator[Plain]:
    for done, certificate in enumerate(made, 1):
        step(done, total)
        yield certificate


def _rows(comparison: Comparison, names: Sequence[str]) -> list[dict[str, Any]]:
    nearest = {
        row: distance
        for row, rank, distance in zip(
            *(comparison.candidates.column(name).to_pylist() for name in ("record_row", "rank", "distance_m")),
            strict=True,
        )
        if rank == 1
    }
    return [
        finding | {"name": name, "distance_m": nearest.get(row), "model": comparison.model}
        for row, (finding, name) in enumerate(zip(comparison.findings.to_pylist(), names, strict=True))
    ]


def _located(rows: list[dict[str, Any]], reading: Reading, table: Table) -> list[dict[str, Any]]:
    """Add what the file itself says of each row: its number, its id as written, its point."""
    points = zip(reading.places.table["lat"].to_pylist(), reading.places.table["lon"].to_pylist(), strict=True)
    numbered = zip(reading.rows.tolist(), written_ids(reading, table), strict=True)
    return [
        row | {"row": number, "record_id": record, "lat": lat, "lon": lon}
        for row, (number, record), (lat, lon) in zip(rows, numbered, points, strict=True)
    ]


def _with_broken(rows: list[dict[str, Any]], reading: Reading) -> list[dict[str, Any]]:
    """Add the rows that could not be read as rows, so that none is lost, and say in `reason` what was set aside."""
    doubts: dict[int, list[str]] = defaultdict(list)
    for problem in reading.problems:
        if problem.row is not None:
            doubts[problem.row].append(f"Set aside: {problem.sentence()}.")
    kept = {row["row"] for row in rows}
    for row in rows:
        row["reason"] = " ".join([row["reason"], *doubts[row["row"]]])
    lost = {problem.row for problem in reading.problems if problem.fatal and problem.row} - kept
    empty = dict.fromkeys(COLUMNS.names)
    broken = [
        empty
        | {
            "record_id": f"row-{number}",
            "verdict": Verdict.INSUFFICIENT_EVIDENCE.value,
            "needs_review": False,
            "attributes": ["unreadable_row"],
            "failed_preconditions": [],
            "causes": [],
            "reason": " ".join(doubts[number]),
            "row": number,
        }
        for number in lost
    ]
    return sorted([*rows, *broken], key=lambda row: int(row["row"]))


def _tally(rows: list[dict[str, Any]]) -> dict[str, int]:
    found = Counter(row["verdict"] for row in rows)
    return {verdict.value: found[verdict.value] for verdict in Verdict}


def _writer(request: Request) -> Callable[[list[dict[str, Any]]], None]:
    """Return what writes the output, after making sure that it can be written: nobody waits for a refusal."""
    out, taken = request.out, {request.citizen.resolve(), request.official.resolve()}
    for file in filter(None, (out, request.certificates)):
        if file.resolve() in taken:
            detail = f"{file} is one of the files compared, or written already; name another file to write."
            raise Problem(INVALID, detail)
        if not file.resolve().parent.is_dir():
            detail = f"The folder of {file} does not exist."
            raise Problem(INVALID, detail)
        taken.add(file.resolve())
    ending = out.suffix.casefold()
    if ending not in _WRITERS:
        detail = f"Nothing is written as {ending or 'a file without an ending'}; use {', '.join(sorted(_WRITERS))}."
        raise Problem(NOT_ACCEPTABLE, detail)
    return lambda rows: _WRITERS[ending](out, rows)


def _csv(out: Path, rows: list[Row]) -> None:
    out.write_bytes(csv_text(COLUMNS.names, rows))


def _json(out: Path, rows: list[Row]) -> None:
    out.write_bytes(json_text([{name: row[name] for name in COLUMNS.names} for row in rows]) + b"\n")


def _geojson(out: Path, rows: list[Row]) -> None:
    features = [{"id": row["record_id"]} | {name: row[name] for name in COLUMNS.names} for row in rows]
    out.write_bytes(feature_collection(features))


def _parquet(out: Path, rows: list[Row]) -> None:
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows], schema=COLUMNS), out)


_WRITERS: dict[str, Callable[[Path, list[Any]], None]] = {
    ".csv": _csv,
    ".geojson": _geojson,
    ".json": _json,
    ".parquet": _parquet,
}
