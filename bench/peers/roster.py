"""The peers: what they are called here, what answers for each, and whether their score is a probability."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Peer:
    """One system this project is held against."""

    title: str
    module: str  # in this folder
    function: str  # of that module: takes a `Task`, returns `Answers`
    package: str  # that does the work
    probability: bool = False  # one minus its score for absence is a probability of a match
    by_unit: bool = False  # made for lists whose entries lie in units; asked about no others


OURS = Peer("Uncounted", "", "", "", probability=True)
PEERS = {
    "splink": Peer("Splink", "splink", "answer", "splink", probability=True),
    "recordlinkage": Peer("recordlinkage", "recordlinkage", "answer", "recordlinkage", probability=True),
    "rapidfuzz-wratio": Peer("RapidFuzz, WRatio", "rapidfuzz", "wratio", "rapidfuzz"),
    "rapidfuzz-token-sort": Peer("RapidFuzz, token sort", "rapidfuzz", "token_sort", "rapidfuzz"),
    "hdx": Peer("hdx-python-country", "hdx", "answer", "hdx-python-country", by_unit=True),
    "exact": Peer("exact name", "exact", "answer", "anyascii"),
}
