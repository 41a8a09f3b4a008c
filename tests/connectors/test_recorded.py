"""Every recorded body that a connector of ours claims is parsed, or refused with the error that is right.

The table of what came of each source is printed whenever the tests run.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.connectors.recorded import agencies, american, humanitarian, offices, worldbank
from tests.connectors.recorded.body import RECORDED, Body
from tests.connectors.roster import declared

BODIES = (*agencies.BODIES, *american.BODIES, *humanitarian.BODIES, *offices.BODIES, *worldbank.BODIES)

#: What stands beside the bodies: how they were come by.
ABOUT = frozenset({"ORIGIN", "index.json"})

#: Folders that no connector reads, and why.
UNCLAIMED = {
    "kobo": "accounts of citizens, not of an office",
    "odk": "accounts of citizens, not of an office",
}

#: Connectors of which nothing was recorded: their specimens are their only bodies.
UNRECORDED = frozenset({"geonames", "ons", "register"})

pytestmark = pytest.mark.skipif(
    not all((RECORDED / body.file.partition("/")[0]).is_dir() for body in BODIES) or not worldbank.BODIES,
    reason="recorded bodies are missing beside the checkout: shared/data/recorded",
)


def test_every_recorded_body_is_parsed_or_refused_as_expected(capsys: pytest.CaptureFixture[str]) -> None:
    """Data are read to the last row; an error is the class of error that it is, and never data."""
    came = {body: body.came() for body in BODIES}
    with capsys.disabled():
        print(table(came))  # noqa: T201 - the table is for whoever runs the tests
    assert {body.file: found for body, found in came.items() if found != (body.expected, body.refused)} == {}


def test_no_recorded_body_is_left_out() -> None:
    """Every file belongs to one connector, and every connector has bodies or is known to have none."""
    files = {path.relative_to(RECORDED).as_posix() for path in RECORDED.rglob("*") if path.is_file()}
    open_ones = {file for file in files if file.partition("/")[0] not in UNCLAIMED and file.split("/")[-1] not in ABOUT}
    assert Counter(body.file for body in BODIES) == Counter(open_ones)
    assert {body.source for body in BODIES} | UNRECORDED == set(declared())


def table(came: dict[Body, tuple[int, object]]) -> str:
    """Return what came of each source, one line each."""
    lines = [f"\n{'source':<14}{'bodies':>8}{'parsed':>8}{'refused as expected':>21}"]
    for source in sorted({body.source for body in came}):
        found = [(body, error) for body, (_, error) in came.items() if body.source == source]
        parsed = sum(error is None for _, error in found)
        refused = sum(error is not None and error is body.refused for body, error in found)
        lines.append(f"{source:<14}{len(found):>8}{parsed:>8}{refused:>21}")
    return "\n".join(lines)
