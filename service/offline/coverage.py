"""Coverage from files: how many communities are on no list, from lists of them or from a table of capture histories."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from connectors.register import official_file
from geodata.files.columns import Reading, read_places
from geodata.files.tables import read_table
from matchers.coverage.division import divided, strata_of
from matchers.coverage.estimate import Estimate, estimate
from matchers.coverage.histories import MOST_LISTS, Histories, Impossible
from matchers.coverage.linking import Linked, linked
from matchers.coverage.refusal import Known, Shared, Unit
from matchers.coverage.sentences import sentences
from matchers.coverage.strata import Stratified, stratified
from service.errors import INVALID, Problem
from service.offline.clerical import read_clerical
from service.offline.histories import read_histories
from service.offline.inputs import written_ids


@dataclass(frozen=True, slots=True)
class Request:
    """Lists of communities as files, and what is known of them."""

    lists: tuple[Path, ...]
    labels: Path | None = None  # a clerical sample of pairs
    strata: tuple[str, ...] = ()  # "kind", "admin" or levels; the whole where none
    seeded: tuple[str, ...] = ()  # "B:A" where B was made from A
    columns: Mapping[str, str] = field(default_factory=dict)  # field -> header, of every list


@dataclass(frozen=True)
class Coverage:
    """What the lists tell."""

    estimate: Estimate  # of all of them as one
    stratified: Stratified | None
    notes: tuple[str, ...]  # what could not be used

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        parts = self.stratified
        return {
            "summary": sentences(self.estimate),
            **self.estimate.as_dict(),
            "stratified": parts and parts.as_dict(),
            "notes": list(self.notes),
        }


def coverage_of_lists(request: Request, step: Callable[[int, int], None], *, today: date) -> Coverage:
    """Read the lists, link them and estimate. `step` is told how many of all comparisons of two lists are done.

    Raises `UnreadableTable` or `UnreadableFile` when a file cannot be read, `UnknownColumn` when a mapping names what
    is not there, `Problem` (invalid) for lists that cannot be compared and labels that cannot be used.
    """
    paths = zip(_names(request.lists), request.lists, strict=True)
    readings = {name: _read(path, request.columns) for name, path in paths}
    found = linked({name: one.reading.places for name, one in readings.items()}, today=today, step=step)
    notes = [f"{name}: {problem.sentence()}" for name, one in readings.items() for problem in one.reading.problems]
    known = Known(shared=_shared(request.seeded))
    if request.labels is not None:
        clerical = read_clerical(request.labels, found, _ids(found, readings))
        notes += [f"{request.labels.name}, {problem.sentence()}" for problem in clerical.problems]
        known = Known(shared=known.shared, links=clerical.quality)
    try:
        parts = divided(found.lists, found.on(), strata_of(found, request.strata)) if request.strata else None
        return _estimated(found.histories(), parts, known, notes)
    except Impossible as impossible:
        raise _refused(impossible) from impossible


def coverage_of_histories(path: Path, unit: Unit, seeded: tuple[str, ...] = ()) -> Coverage:
    """Estimate from a table of capture histories, whose links are those of whoever made it.

    Raises `UnreadableTable` when the file cannot be read, `Problem` (invalid) for cells that are no histories.
    """
    parts = read_histories(path)
    whole = Histories.together(list(parts.values()))
    try:
        return _estimated(whole, parts if len(parts) > 1 else None, Known(unit, given=True, shared=_shared(seeded)), [])
    except Impossible as impossible:
        raise _refused(impossible) from impossible


@dataclass(frozen=True)
class _List:
    reading: Reading
    ids: list[str]  # as the file writes them


def _read(path: Path, columns: Mapping[str, str]) -> _List:
    """Read one list: with a manifest beside it as an official one, else as anybody's."""
    table = read_table(path)
    manifest = path.with_name(f"{path.name}.toml").exists()
    reading = official_file(path, columns).reading if manifest else read_places(table, mapping=columns)
    if not len(reading.places):
        detail = f"{path.name} names no community, so it cannot be held against other lists."
        raise Problem(INVALID, detail)
    return _List(reading, written_ids(reading, table))


def _names(paths: tuple[Path, ...]) -> list[str]:
    """Return what each list is called: its file without the ending, where that tells them apart."""
    if len(paths) > MOST_LISTS:
        detail = (
            f"{len(paths)} lists are more than the {MOST_LISTS} that can be compared at once; leave out the smallest."
        )
        raise Problem(INVALID, detail)
    contents: dict[str, Path] = {}
    for path in paths:
        content = sha256(path.read_bytes()).hexdigest() if path.is_file() else str(path)
        if content in contents:
            detail = f"{contents[content]} and {path} are the same list, which overlaps with itself and proves nothing."
            raise Problem(INVALID, detail)
        contents[content] = path
    stems = [path.stem for path in paths]
    return stems if len(set(stems)) == len(stems) else [str(path) for path in paths]


def _ids(found: Linked, readings: Mapping[str, _List]) -> list[dict[str, int]]:
    """Return for each list the row of `found` that each identifier of its file stands in."""
    ids: list[dict[str, int]] = []
    start = 0
    for name in found.lists:
        own = readings[name].ids
        ids.append({text: start + row for row, text in enumerate(own)})
        start += len(own)
    return ids


def _shared(seeded: tuple[str, ...]) -> tuple[Shared, ...]:
    pairs = []
    for text in seeded:
        child, colon, parent = text.partition(":")
        if not (child and colon and parent):
            detail = f"{text!r} does not say which list was made from which. Write B:A where B was seeded from A."
            raise Problem(INVALID, detail)
        pairs.append(Shared(child, parent, f"{child} was made from {parent}"))
    return tuple(pairs)


def _estimated(whole: Histories, parts: Mapping[str, Histories] | None, known: Known, notes: list[str]) -> Coverage:
    if parts is None:
        return Coverage(estimate(whole, known), None, tuple(notes))
    found = stratified(parts, known)
    return Coverage(found.pooled, found, tuple(notes))


def _refused(impossible: Impossible) -> Problem:
    said = str(impossible)
    return Problem(INVALID, f"{said[0].upper()}{said[1:]}; {impossible.hint}.")
