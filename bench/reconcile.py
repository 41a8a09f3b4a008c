"""Reconciling a column of names with an official list: all in one question, in tens as OpenRefine asks, and one by one.

The list is made up (`bench.lists`), 100,000 places in 50 districts; the names have one letter changed, half come with a
point and half with their district. Each way asks for the same thousand and gets the same answers. The protocol's JSON
is read and written, nothing travels over a network. Run: python -m bench reconcile
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from bench.lists import SEED, official, record
from bench.table import Table
from geodata.coverage import CoverageManifest
from geodata.index import PlaceIndex
from matchers.base import OfficialList
from service.interop.reconcile.asked import QueryAsked
from service.interop.reconcile.matching import candidates
from service.interop.reconcile.places import OfficialPlaces
from service.interop.reconcile.told import candidate
from service.writing.formats import json_text

PLACES, NAMES = 100_000, 1_000
SIZES = (1_000, 100, 10, 1)
ALONE = 100  # of the names, where each is asked by itself
COLUMNS = ("queries in one question", "questions", "ms a question", "ms a name", "times as fast as one by one")


def run() -> list[Table]:
    """Ask in questions of several sizes and return the table."""
    random = np.random.default_rng(SEED)
    places = official(random, PLACES)
    listed = OfficialList(
        "list", "List", "0" * 64, "2026", date(2026, 1, 1), CoverageManifest(), PlaceIndex.build(places)
    )
    queries = [_query(random, places, at) for at in range(NAMES)]
    _answers(listed, queries[:10])  # what a first comparison works out is worked out when the service starts
    whole = _answers(listed, queries)
    rows, took = [], {}
    for size in SIZES:
        asked = queries if size > 1 else queries[:ALONE]
        began = time.perf_counter()
        parts = [_answers(listed, asked[start : start + size]) for start in range(0, len(asked), size)]
        took[size] = (time.perf_counter() - began) / len(asked)
        assert [one for part in parts for one in part] == whole[: len(asked)], "the same answers, however asked"
        rows.append((size, len(parts)))
    matched = sum(any(one["match"] for one in answer) for answer in whole)
    return [
        Table(
            name="reconcile",
            title=f"Reconciling {NAMES:,} names with {PLACES:,} places ({matched:,} matched)",
            columns=COLUMNS,
            rows=tuple(
                (
                    f"{size:,}",
                    f"{n:,}",
                    f"{1000 * took[size] * size:.1f}",
                    f"{1000 * took[size]:.2f}",
                    f"{took[1] / took[size]:.1f}",
                )
                for size, n in rows
            ),
        )
    ]


def _query(random: np.random.Generator, places: Any, at: int) -> dict[str, Any]:
    one = record(random, places, int(random.integers(PLACES)))
    where = {"lat": one["lat"], "lon": one["lon"]} if at % 2 else {"admin1": one["admin"][0][1]}
    return {"query": one["names"][0], "properties": [{"pid": name, "v": value} for name, value in where.items()]}


def _answers(listed: OfficialList, queries: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    service = OfficialPlaces()
    read = [QueryAsked.model_validate(query).plain(service) for query in queries]
    answers = [list(map(candidate, some)) for some in candidates([listed], read)]
    json_text({str(at): {"result": answer} for at, answer in enumerate(answers)})
    return answers
