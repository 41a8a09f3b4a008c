"""The house itself: small files, pinned packages, nothing of a third party, no addresses."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def tracked(*patterns: str) -> list[Path]:
    """Return the files git tracks that match, or all files below the root where this is no checkout."""
    listed = subprocess.run(  # noqa: S603 - a fixed command
        ["git", "ls-files", *patterns],  # noqa: S607 - whichever git the developer has
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


def test_no_source_file_is_longer_than_400_lines() -> None:
    """A file is one idea; one over 400 lines holds several."""
    sources = [path for path in tracked("*.py") if "versions" not in path.parts]
    long = {path.name: count for path in sources if (count := len(path.read_text().splitlines())) > 400}
    assert sources
    assert long == {}


def test_no_module_is_named_for_a_pattern_instead_of_a_thing() -> None:
    """Names come from the field: nothing is called utils, helpers, manager or common."""
    stems = {path.stem for path in tracked("*.py")}
    assert stems & {"utils", "util", "helpers", "helper", "manager", "common", "misc"} == set()


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt", "build.txt"])
def test_every_pinned_package_has_hashes_and_no_address(name: str) -> None:
    """An install can be verified and repeated behind any mirror."""
    text = (ROOT / "requirements" / name).read_text()
    pins = re.findall(r"^[a-z0-9][\w.\-]*(?:\[[\w,\-]+\])?==", text, flags=re.MULTILINE)
    hashed = re.findall(r"^[a-z0-9][^\n]*\\\n    --hash=sha256:[0-9a-f]{64}", text, flags=re.MULTILINE)
    assert pins
    assert len(hashed) == len(pins)
    assert "://" not in text
    assert "index-url" not in text


def test_make_offers_at_most_nine_targets_and_says_what_each_does() -> None:
    """A newcomer can take in all of them at one glance."""
    text = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", text, flags=re.MULTILINE)
    assert phony
    targets = set(phony.group(1).split())
    described = set(re.findall(r"^([a-z]+):.*## ", text, flags=re.MULTILINE))
    assert targets == described
    assert len(targets) <= 9
