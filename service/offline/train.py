"""Train: learn the model's numbers from the user's own files, and keep them as a file of parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from connectors.register import official_file
from geodata.files.columns import read_places
from geodata.files.tables import read_table
from matchers.circumstances import Circumstances
from matchers.evaluation.outcomes import Known
from matchers.parameters import Parameters
from matchers.training.coverage import Coverage, from_counts
from matchers.training.folds import CrossValidation, Trained, train
from matchers.training.learn import ENOUGH_MATCHES, Change, changes_of, from_unlabelled
from matchers.training.levels import PSEUDO_MATCHES
from matchers.training.saved import named, written
from matchers.training.tally import Labelled
from service.errors import INVALID, Problem
from service.offline.growth import read_growth
from service.offline.inputs import listed, written_ids
from service.offline.parameters import read_parameters
from service.offline.truth import read_truth

_SHOWN = 3  # ids, enough to know them by


@dataclass(frozen=True, slots=True)
class Request:
    """Two files, what is true of them, where to write, and which column is which (field -> header)."""

    citizen: Path
    official: Path
    out: Path
    truth: Path | None = None  # without it, learning is from pairs alone
    parameters: Path | None = None  # to start from; the defaults where none
    growth: Path | None = None  # growth rates of populations, for counts of different years
    citizen_columns: Mapping[str, str] = field(default_factory=dict)
    official_columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Summary:
    """What training came to."""

    version: str
    base: str  # version of the parameters it started from
    records: int
    labelled: int
    matches: float  # true pairs, known or expected
    changes: tuple[Change, ...]
    held: CrossValidation | None  # None without labels of both kinds
    notes: tuple[str, ...]


def train_files(request: Request, *, today: date) -> Summary:
    """Learn from two files and write the parameters.

    Raises `UnreadableTable` or `UnreadableFile` when a file cannot be read, `UnknownColumn` when a mapping names what
    is not there, `Problem` (invalid) when the truth, the parameters or the growth rates cannot be used, the truth and
    the citizen file have no record in common, or the output would overwrite an input or has no folder.
    """
    _check_output(request)
    base, circumstances = read_parameters(request.parameters), Circumstances(read_growth(request.growth))
    known, notes = _labelled(request)
    trained = (
        train(known, base, today)
        if request.truth
        else Trained(from_unlabelled((known.citizen, known.official), base, today), None)
    )
    learned = trained.learned
    counts = from_counts(known, learned.parameters, today, circumstances)
    counted = replace(learned.parameters, counting=counts.within(learned.parameters.counting))
    spoken = dict.fromkeys(counted.flat(), float(counts.pairs))
    changes = (*learned.changes, *changes_of(learned.parameters, counted, spoken))
    parameters = named(counted) if changes else base
    provenance = _provenance(request, known, base, today) | {"counts": counts.pairs if counts.learned else 0}
    request.out.write_text(written(parameters, provenance), encoding="utf-8")
    return Summary(
        version=parameters.version,
        base=base.version,
        records=len(known.citizen),
        labelled=int(known.labelled.sum()),
        matches=learned.matches,
        changes=changes,
        held=trained.held,
        notes=(*notes, *_told(request, trained), _coverage_told(counts)),
    )


def _labelled(request: Request) -> tuple[Labelled, tuple[str, ...]]:
    table = read_table(request.citizen)
    reading = read_places(table, mapping=request.citizen_columns)
    official = official_file(request.official, request.official_columns)
    against = listed(official)
    if request.truth is None:
        return Labelled(reading.places, against, (None,) * len(reading.places)), ()
    truth = read_truth(request.truth)
    ids = written_ids(reading, table)
    known = Labelled(reading.places, against, tuple(truth.get(record) for record in ids))
    return known, _mismatch(request, ids, truth, set(against.index.places.ids))


def _mismatch(request: Request, ids: list[str], truth: Mapping[str, Known], entries: set[str]) -> tuple[str, ...]:
    name, unknown = request.truth.name if request.truth else "", sorted(truth.keys() - set(ids))
    if len(unknown) == len(truth):
        detail = (
            f"No record of {name} (such as {unknown[0]}) is in {request.citizen.name}. "
            "Both must call a record by the same record_id."
        )
        raise Problem(INVALID, detail)
    strange = sorted({entry for one in truth.values() for entry in one.entries} - entries)
    told = [
        _some(unknown, f"records of {name} are not in {request.citizen.name} and were left out"),
        _some(
            strange, f"entries that {name} names are not in {request.official.name}; their records are listed, no more"
        ),
    ]
    there = [one for one in truth.values() if not one.hidden]
    if there and all(entries.isdisjoint(one.entries) for one in there):
        told.append(f"{name} names no listed record's entry, so only prior and calibration can be learned.")
    return tuple(note for note in told if note)


def _some(ids: list[str], what: str) -> str:
    shown = ", ".join(ids[:_SHOWN]) + (" …" if len(ids) > _SHOWN else "")
    return f"{len(ids):,} {what}: {shown}." if ids else ""


def _told(request: Request, trained: Trained) -> list[str]:
    learned, held, notes = trained.learned, trained.held, []
    if learned.matches < ENOUGH_MATCHES:
        known = "known" if request.truth else "expected"
        stands = (
            f"the numbers started from count as {PSEUDO_MATCHES:.0f} more beside them"
            if learned.changes
            else "nothing was changed in how pairs are matched"
        )
        notes.append(f"Only {learned.matches:.0f} true pairs are {known}, fewer than {ENOUGH_MATCHES}: {stands}.")
    if request.truth and held is None:
        notes.append("Too few records are labelled hidden, or listed, to tell how well this holds on others.")
    if held is not None and not held.calibration_helps:
        notes.append("Calibration did not help on records not learned from, and was left as it was.")
    if held is not None and min(held.learned.brier, held.calibrated.brier) > held.before.brier:
        notes.append("On records not learned from, what was learned is no better than what it started from: keep that.")
    return notes


def _coverage_told(counts: Coverage) -> str:
    """Return what the counts taught, or how many are missing for it."""
    if counts.learned is None:
        spoke = f"Counts of {counts.pairs:,} matched pairs can be compared"
        return f"{spoke}; what coverage usually is stays as it was, for which {counts.missing:,} more are needed."
    return (
        f"What coverage usually is was learned from the counts of {counts.pairs:,} matched pairs: its median is "
        f"{counts.learned.median:.2f}, {counts.before.median:.2f} before."
    )


def _provenance(request: Request, known: Labelled, base: Parameters, today: date) -> dict[str, str | int]:
    return {
        "base": base.version,
        "date": today.isoformat(),
        "citizen": request.citizen.name,
        "official": request.official.name,
        "official_sha256": known.official.snapshot,
        "method": "labelled pairs" if request.truth else "EM on unlabelled pairs",
        "records": len(known.citizen),
        "listed": int((known.labelled & ~known.absent).sum()),
        "hidden": int(known.absent.sum()),
    }


def _check_output(request: Request) -> None:
    """Make sure that the output can be written before anything is learned: nobody waits for a refusal."""
    inputs = (request.citizen, request.official, request.truth, request.parameters, request.growth)
    if request.out.resolve() in {path.resolve() for path in inputs if path}:
        detail = f"{request.out} is one of the files learned from; name another file to write."
        raise Problem(INVALID, detail)
    if not request.out.resolve().parent.is_dir():
        detail = f"The folder of {request.out} does not exist."
        raise Problem(INVALID, detail)
