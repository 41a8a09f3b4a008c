"""docs/watching.md names every metric there is, and none that is not."""

from __future__ import annotations

import re
from pathlib import Path

from service.health.vitals import VitalSigns
from service.running import metrics

PAGE = Path(__file__).resolve().parents[2] / "docs" / "watching.md"


def test_every_metric_is_described_and_every_described_one_exists(sqlite_context):
    """The table, and the queries below it, speak of the metrics that the service tells."""
    found = [*metrics.REGISTRY.collect(), *VitalSigns(sqlite_context).collect()]
    names = {f"{one.name}_total" if one.type == "counter" else one.name for one in found}
    text = PAGE.read_text(encoding="utf-8")
    described = set(re.findall(r"^\| `(uncounted_\w+)` \|", text, flags=re.MULTILINE))
    assert described == names
    asked = {name.removesuffix("_bucket") for name in re.findall(r"\buncounted_\w+", text)}
    assert asked <= names
