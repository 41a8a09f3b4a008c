"""The columns of a sheet of the queue: what stands in each, and which of them people fill."""

from __future__ import annotations

from dataclasses import dataclass

#: The sheet of a workbook that holds the flags.
QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Its width is in characters; `score` says that it is left out where people look without one."""

    name: str
    meaning: str
    width: int = 12
    score: bool = False
    filled: bool = False  # by people


COLUMNS = (
    Column("name", "what the community is called", 28),
    Column("other_names", "its other names", 24),
    Column("country", "ISO 3166 code", 9),
    Column("units", "administrative units it was reported in", 30),
    Column("kind", "kind of place", 14),
    Column("lat", "degrees north, WGS 84", 11),
    Column("lon", "degrees east, WGS 84", 11),
    Column("uncertainty_m", "radius around that point which holds the true place, metres", 14),
    Column("persons", "people counted there", 10),
    Column("counts", "all counts, with unit, year and how they were made", 32),
    Column("organisation", "who reported it", 18),
    Column("reports", "how many records there are of it", 9),
    Column("list", "the official list it was held against, with its vintage", 30),
    Column("verdict", "what the comparison found", 20, score=True),
    Column("probability", "that the list does not name it, from 0 to 1", 11, score=True),
    Column("reason", "why, in words", 60, score=True),
    Column("candidate_id", "the best candidate on the list (blind: the nearest one): its identifier there", 18),
    Column("candidate_name", "its name on the list", 26),
    Column("candidate_distance_m", "how far it lies from the point given, metres", 20),
    Column("candidate_probability", "that it is this community, from 0 to 1", 20, score=True),
    Column("evidence", "what speaks for and against that candidate", 60),
    Column("status", "where people stand with the flag", 18, score=True),
    Column("claimed_by", "who is looking at it now", 18),
    Column("decision", "what the flag becomes; empty: nothing is decided", 20, filled=True),
    Column("reason_code", "why, from the sheet of codes; a decision needs one", 22, filled=True),
    Column("note", "in your own words, up to 4,000 characters; never published", 40, filled=True),
    Column("official_id", "with matched_existing: the entry of the list that it is", 20, filled=True),
    Column("until", "with deferred: the day on which it is open again, such as 2026-03-31", 12, filled=True),
    Column("flag_id", "which flag; do not change it", 34),
    Column("version", "of the flag you looked at; do not change it", 9),
)

#: What a filled sheet must hold; all else may be removed.
NEEDED = ("flag_id", "version", "decision", "reason_code")


def columns(*, blind: bool) -> tuple[Column, ...]:
    """Return the columns; for people who look `blind`, without what the machine and others think of it."""
    return tuple(column for column in COLUMNS if not (blind and column.score))
