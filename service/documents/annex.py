"""What stands behind a report: its limits, its sources, how findings are made, and how often they were right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.documents.methods import METHODS
from service.documents.parts import Cell, Column, Part, Points, Section, Table, Words, plain
from service.documents.words import UNKNOWN, count, day, percent

#: Figures of measured error, by their keys: the one nobody should miss last.
_FIGURES = {
    "precision": "Hidden verdicts that are right",
    "recall": "Hidden places that have one",
    "false_hidden": "Listed places wrongly flagged",
    "review": "Left to a person",
}


def limits(report: Mapping[str, Any]) -> Section:
    """Return what the report does not say."""
    return Section("limits", "What this report does not say", (Points(tuple(report["limits"])),))


def sources(report: Mapping[str, Any]) -> Section:
    """Return the lists the findings rest on, by their content."""
    rows = tuple(
        plain(
            Cell(one["title"], one["attribution"] or ""),
            one["vintage"],
            one["licence"] or UNKNOWN,
            count(one["places"]),
            day(one["retrieved_at"]),
        )
        for one in report["snapshots"]
    )
    if not rows:
        return Section("sources", "Sources", (Words(("This report rests on no list.",)),))
    columns = (
        Column("Official list", 38),
        Column("Vintage", 16),
        Column("Licence", 18),
        Column("Entries", 10, number=True),
        Column("Retrieved", 18),
    )
    models = "Models and parameters: " + (", ".join(report["models"]) or "none") + "."
    table = Table("Snapshots of official lists", columns, rows)
    contents = (
        f"{one['source']}, {one['vintage']}: content with sha256 {one['sha256']}" for one in report["snapshots"]
    )
    return Section("sources", "Sources", (table, Words((models,)), Points(tuple(contents))))


def methods(report: Mapping[str, Any]) -> Section:
    """Return how findings come about: as an edition says it, which adds what an edition is."""
    return Section("methods", "Annex A: Methods", (Points(tuple(report.get("methods") or METHODS)),))


def error(report: Mapping[str, Any]) -> Section:
    """Return how often findings of these parameters were measured to be right."""
    parts: list[Part] = []
    for one in report["measured_error"]:
        parts.append(Words((one["sentence"],)))
        if one["sets"]:
            parts.append(_measured(one))
    if not parts:
        words = "No error was measured for what this report rests on. Treat its probabilities as stated, not as tested."
        parts.append(Words((words,)))
    return Section("error", "Annex B: Measured error", tuple(parts))


def _measured(one: Mapping[str, Any]) -> Table:
    rows = tuple(
        (
            Cell(tried["name"], f"{tried['sort']}, {tried['records']:,} records, {tried['hidden']:,} hidden"),
            *(_figure(tried["figures"].get(name)) for name in _FIGURES),
        )
        for tried in one["sets"]
    )
    columns = (Column("Tried on", 32), *(Column(words, 17, number=True) for words in _FIGURES.values()))
    return Table(f"Parameters {one['parameters']}: shares with 95 % intervals", columns, rows)


def _figure(told: Mapping[str, Any] | None) -> Cell:
    if told is None or told["value"] is None:
        return Cell("not measured")
    within = "" if told["low"] is None else f"{percent(told['low'], 1)} to {percent(told['high'], 1)}"
    return Cell(percent(told["value"], 1), within)
