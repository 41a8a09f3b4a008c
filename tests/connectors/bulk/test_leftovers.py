"""What killed processes left among temporary files goes after a while, and nothing else does."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.bulk import leftovers
from connectors.bulk.places_on_disk import PlaceWriter

LONG_AGO = 1_000_000_000


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a directory for temporary files of its own."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def old(folder: Path) -> Path:
    """Make a folder with a file, as one of a process that died long ago."""
    folder.mkdir()
    (folder / "rows.arrow").write_bytes(b"half")
    for path in (folder / "rows.arrow", folder):
        os.utime(path, (LONG_AGO, LONG_AGO))
    return folder


def test_only_our_own_old_folders_go(temporary: Path):
    """Young ones, those that are still written to, links, and folders of others stay."""
    gone = [old(temporary / name) for name in ("uncounted-places-a", "uncounted-geonames-b", "uncounted-gnis-c")]
    others, busy = old(temporary / "somebody-else"), old(temporary / "uncounted-places-busy")
    (busy / "rows.arrow").write_bytes(b"more")
    os.utime(busy, (LONG_AGO, LONG_AGO))
    (temporary / "uncounted-places-link").symlink_to(others)
    with PlaceWriter():
        assert leftovers.sweep(datetime.now(UTC) - timedelta(days=1)) == 3
        assert len(list(temporary.glob("uncounted-places-*"))) == 3
    assert not any(path.exists() for path in gone)
    assert others.is_dir()
