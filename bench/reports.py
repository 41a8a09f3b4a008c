"""A gap report of 100,000 flags: how fast each format is written from what the redactor gives, and in how much memory.

Beside them what a framework would do: every flag through the pydantic model that the API declares, validated and
written as JSON, at once. Each runs in a process of its own on the same made-up flags, which come 500 at a time as they
do from the database. Reading and redacting are not measured here, because they are the same for all. Run:
python -m bench reports (FLAGS=5000 for a short run)
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import TypeAdapter

from bench.table import Table
from service.api.answers_flag import FlagShown
from service.configuration.settings import Settings
from service.gap_reports.writers import WRITERS, Form, writer

FLAGS = int(os.environ.get("FLAGS", "100000"))
CHUNK = 500
MODEL = "pydantic"
COLUMNS = ("written as", "flags", "seconds on the CPU", "flags a second", "as fast as the model", "MB", "MB of memory")
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_KNOWN = ("distance", "name", "admin", "kind", "count")


def run() -> list[Table]:
    """Measure every way, each in a process of its own."""
    ways = [MODEL, *(form.value for form in WRITERS)]
    measured = {way: _measured(way) for way in ways}
    model = measured[MODEL]["seconds"]
    rows = [
        (
            "JSON, through the model" if way == MODEL else way,
            f"{FLAGS:,}",
            f"{one['seconds']:.1f}",
            f"{FLAGS / one['seconds']:,.0f}",
            f"{model / one['seconds']:.1f}",
            f"{one['bytes'] / 1e6:.0f}",
            f"{one['memory'] / 1024:.0f}",
        )
        for way, one in measured.items()
    ]
    return [Table("reports", f"A gap report of {FLAGS:,} flags, written", COLUMNS, tuple(rows))]


def _measured(way: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.reports", way]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    told: dict[str, float] = json.loads(done.stdout)
    return told


def chunks(count: int) -> Iterator[list[dict[str, Any]]]:
    """Yield flags as a reviewer sees them, of which each has five candidates with their evidence."""
    for start in range(0, count, CHUNK):
        yield [flag(number) for number in range(start, min(start + CHUNK, count))]


def flag(number: int) -> dict[str, Any]:
    """Return one flag as the redactor gives it."""
    evidence = [
        {
            "feature": one,
            "level": "far",
            "bits": -1.5,
            "citizen": "a",
            "official": "b",
            "sentence": f"The {one} is off.",
        }
        for one in _KNOWN
    ]
    candidates = [
        {
            "rank": rank,
            "official_id": f"{number % 9_999:05d}",
            "official_name": f"Côte {number}",
            "probability": 0.01,
            "distance_m": 900.0 + rank,
            "similarity": 0.4,
            "evidence": evidence,
        }
        for rank in range(1, 6)
    ]
    named = {"source": "places", "title": "Places", "vintage": "2024", "snapshot": "f" * 64}
    named |= {"holds_at": None, "holds_at_vintage": None}
    count = {"value": 50.0 + number % 900, "low": None, "high": None, "unit": "persons", "group": None}
    count |= {"method": "full enumeration", "date": date(2025, 5, 1), "status": "observed"}
    tags = {name: [] for name in ("dimensions", "factors", "themes", "seeds", "groups")}
    location = {"lat": -3.0 + number * 1e-5, "lon": -60.0, "uncertainty_m": 100.0, "precision": "as_given"}
    community = {
        "name": f"São {number}",
        "names": [{"text": f"São {number}", "language": None, "script": "Latn"}],
        "country": "BRA",
        "location": location | {"label": None, "cell": None, "unit": None},
        "area": None,
        "admin": {"municipality": f"{number // 50}"},
        "kind": "village",
        "groups": [],
        "counts": [count],
        "observed": None,
        "founded": None,
        "drivers": [],
        "sdg": [],
        "consent": "reviewers",
        "evidence": [],
        "sensitivity": "open",
        "tags": {"sdg": [{"code": "11.1.1", "formerly": [], "basis": ["kind"]}], **tags, "score": 0},
    }
    return {
        "id": f"{number:032x}",
        "status": "open",
        "version": 1,
        "created_at": _AT,
        "updated_at": _AT,
        "verdict": "hidden_place",
        "machine_verdict": "hidden_place",
        "subtype": None,
        "probability": 0.97,
        "needs_review": False,
        "reason": "Not found in Places, vintage 2024.",
        "reasons": ["Not found in Places, vintage 2024."],
        "list": named,
        "official": None,
        "candidates": candidates,
        "findings": [],
        "record_id": f"{number:032x}",
        "organisation": "map-rios",
        "community": community,
        "code": f"X-BRA-{number % 10_000:04d}",
        "embargo_until": None,
        "deferred_until": None,
        "community_id": f"{number:032x}",
        "members": [],
        "corroboration": None,
        "reviews": [],
        "withheld": {},
    }


def _written(way: str, folder: Path) -> int:
    if way == MODEL:
        adapter = TypeAdapter(list[FlagShown])
        return len(adapter.dump_json(adapter.validate_python([one for chunk in chunks(FLAGS) for one in chunk])))
    stream = writer(Form(way), Settings(data_dir=folder, _env_file=None))
    for chunk in chunks(FLAGS):
        stream.take(chunk)
    return len(stream.done(_TOLD))


_PEOPLE = {"estimate": 1, "low": 1, "high": 1, "communities": 1, "withheld": None}
_TOLD: dict[str, Any] = {
    **dict.fromkeys(("cite", "id", "audience", "content", "licence", "made_at", "edition", "reissued"), ""),
    "flags": FLAGS,
    "people": _PEOPLE,
    "undercounts": {"people": _PEOPLE},
    **{name: {} for name in ("verdicts", "statuses", "since_previous")},
    **{name: [] for name in ("releases", "models", "limits", "measured_error", "methods", "snapshots")},
}


def main() -> None:
    """Write one way and print what it took, without what making the flags took."""
    way = sys.argv[1]
    began = time.process_time()
    for _ in chunks(FLAGS):
        pass
    made = time.process_time() - began
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with TemporaryDirectory(prefix="reports-") as folder:
        began = time.process_time()
        size = _written(way, Path(folder))
        seconds = time.process_time() - began - made
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(json.dumps({"seconds": seconds, "bytes": size, "memory": memory}))


if __name__ == "__main__":
    main()
