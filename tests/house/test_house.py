"""The house itself: small files, pinned packages, nothing of a third party, no addresses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


#: Folders that are made here, not written.
MADE = {".venv", ".git", "var", "dist", "build", "node_modules", "__pycache__"}


def sources() -> list[Path]:
    """Return every Python file that was written, in a checkout as in an unpacked archive."""
    return [path for path in ROOT.rglob("*.py") if not MADE & set(path.relative_to(ROOT).parts)]


def test_no_source_file_is_longer_than_400_lines() -> None:
    """A file is one idea; one over 400 lines holds several."""
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines()) for path in sources()}
    long = {name: count for name, count in lengths.items() if count > 400}
    assert "geodata/places.py" in lengths
    assert long == {}


def test_no_module_is_named_for_a_pattern_instead_of_a_thing() -> None:
    """Names come from the field: nothing is called utils, helpers, manager or common."""
    stems = {path.stem for path in sources()}
    assert stems & {"utils", "util", "helpers", "helper", "manager", "common", "misc"} == set()


def test_contributing_names_every_room_of_the_service_once() -> None:
    """A newcomer finds out from one table what each room is for."""
    table = (ROOT / "CONTRIBUTING.md").read_text().split("| what happens | rooms |")[1].split("\n\n")[0]
    rooms = [path.parent.name for path in (ROOT / "service").glob("*/__init__.py")]
    assert sorted(re.findall(r"`(\w+)`", table)) == sorted(rooms)


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt", "bench.txt", "build.txt", "fuzz.txt", "peers.txt"])
def test_every_pinned_package_has_hashes_and_no_address(name: str) -> None:
    """An install can be verified and repeated behind any mirror."""
    text = (ROOT / "requirements" / name).read_text()
    pins = re.findall(r"^[a-z0-9][\w.\-]*(?:\[[\w,\-]+\])?==", text, flags=re.MULTILINE)
    hashed = re.findall(r"^[a-z0-9][^\n]*\\\n    --hash=sha256:[0-9a-f]{64}", text, flags=re.MULTILINE)
    assert pins
    assert len(hashed) == len(pins)
    assert "://" not in text
    assert "index-url" not in text


def test_every_package_of_the_map_has_a_hash_and_no_address() -> None:
    """What the map is built from can be verified, and comes from whichever mirror npm is told of."""
    text = (ROOT / "service" / "web" / "map" / "package-lock.json").read_text()
    packages = {name: said for name, said in json.loads(text)["packages"].items() if name}
    assert "node_modules/maplibre-gl" in packages
    assert [name for name, said in packages.items() if not said.get("integrity", "").startswith("sha512-")] == []
    assert "://" not in re.sub(r'"(url|funding)": "[^"]*"', "", text)
    assert '"resolved"' not in text


def test_make_offers_at_most_sixteen_targets_and_says_what_each_does() -> None:
    """A newcomer can take in all of them at one glance."""
    text = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", text, flags=re.MULTILINE)
    assert phony
    targets = set(phony.group(1).split())
    described = set(re.findall(r"^([a-z]+):.*## ", text, flags=re.MULTILINE))
    assert targets == described
    assert len(targets) <= 16
