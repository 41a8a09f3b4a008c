"""A table of figures, printed and kept beside the versions it was measured with."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from matchers.evaluation.bootstrap import Figure

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("numpy", "pyarrow", "rapidfuzz", "scipy", "shapely", "fastapi", "sqlalchemy")


@dataclass(frozen=True, slots=True)
class Table:
    """One table: the name of its files, what it shows, its columns and rows."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """Return it as a Markdown table under its title."""
        lines = [self.columns, tuple("---" for _ in self.columns), *self.rows]
        return "\n".join([f"## {self.title}", "", *("| " + " | ".join(line) + " |" for line in lines), ""])


def told(figure: Figure) -> str:
    """Return a measured figure with its interval as one cell."""
    if figure.value is None or figure.low is None or figure.high is None:
        return "none"
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"


def keep(table: Table) -> None:
    """Write a table as Markdown and JSON under results/, with what it was measured on."""
    RESULTS.mkdir(exist_ok=True)
    measured_with = {
        "python": platform.python_version(),
        "cores": str(os.cpu_count()),
        **{package: version(package) for package in PACKAGES},
    }
    said = ", ".join(f"{name} {value}" for name, value in measured_with.items())
    (RESULTS / f"{table.name}.md").write_text(f"{table.markdown()}\nMeasured with {said}.\n", encoding="utf-8")
    body = asdict(table) | {"measured_with": measured_with}
    (RESULTS / f"{table.name}.json").write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")
