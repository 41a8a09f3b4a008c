"""What changed this week: a table of the flags that did, and a chart of their verdicts, to attach to a mail.

    python weekly_report.py http://127.0.0.1:8000 reports/      (writes changed-2026-03-07.csv and .svg)

Run it by cron. Without UNCOUNTED_KEY it reports what is public.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from matplotlib.figure import Figure

from service.client import Client, Flag, UncountedError

COLUMNS = ("id", "status", "verdict", "probability", "name", "country", "lat", "lon", "uncertainty_m", "updated_at")


def save_table(flags: Sequence[Flag], path: Path) -> None:
    """Write a row for each flag; a cell that a spreadsheet would run as a formula gets an apostrophe in front."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for flag in flags:
            cells = [getattr(flag, name) for name in COLUMNS]
            writer.writerow(
                [f"'{cell}" if str(cell)[:1] in "=+@" and isinstance(cell, str) else cell for cell in cells]
            )


def save_chart(flags: Sequence[Flag], path: Path, title: str) -> None:
    """Draw how many flags stand at each verdict."""
    found = Counter(flag.verdict.replace("_", " ") for flag in flags).most_common()
    figure = Figure(figsize=(7, 1.2 + 0.4 * len(found)), layout="constrained")
    axes = figure.add_subplot(title=title, xlabel="flags")
    bars = axes.barh([name for name, _ in found], [count for _, count in found], color="#2b6cb0")
    axes.bar_label(bars, padding=3)
    axes.invert_yaxis()
    figure.savefig(path)


def main() -> None:
    """Read what changed, and write the table and the chart."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", help="of the service")
    parser.add_argument("folder", type=Path, help="where the report is written")
    parser.add_argument("--days", type=int, default=7, help="how far to look back (7)")
    parser.add_argument("--country", help="ISO 3166 code or English name")
    asked = parser.parse_args()

    today = datetime.now(UTC)
    since = today - timedelta(days=asked.days)
    try:
        with Client(asked.address, os.environ.get("UNCOUNTED_KEY")) as uncounted:
            flags = list(uncounted.flags(updated_since=since.isoformat(), country=asked.country))
    except UncountedError as error:
        sys.exit(str(error))
    asked.folder.mkdir(parents=True, exist_ok=True)
    path = asked.folder / f"changed-{today:%Y-%m-%d}"
    save_table(flags, path.with_suffix(".csv"))
    save_chart(flags, path.with_suffix(".svg"), f"{len(flags)} flags changed since {since:%-d %B %Y}")
    print(f"{len(flags)} flags changed: {path}.csv, {path}.svg")


if __name__ == "__main__":
    main()
