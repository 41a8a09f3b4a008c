"""A sync that is killed half way leaves everything as it was, and is simply repeated."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from service import sync
from service.sources import turns
from service.store import snapshots
from service.sync import Outcome
from service.syncing.upkeep import upkeep

ROOT = Path(__file__).parents[3]
MANIFEST = """
[source]
title = "Villages"
vintage = "{vintage}"
vintage_kind = "release"
licence = "CC0-1.0"
attribution = "Written for a test"
"""

#: Dies where a power cut hurts most: with one file of the snapshot on the disk and the others not.
DYING = """
import os, sys
from service import sync
from service.context import open_context
from service.configuration.settings import Settings
os.fsync = lambda _: os._exit(9)
sync.sync(open_context(Settings(data_dir=sys.argv[1], database_url=sys.argv[2])), "villages")
"""


def test_a_killed_sync_is_told_and_repeated(context, tmp_path):
    """The state of before stays present and whole; the next sync begins anew, says so, and brings the new state."""
    path = tmp_path / "villages.csv"
    path.write_text("id,name,country,lat,lon\n1,Lindi,KE,-1.31,36.79\n")
    path.with_name("villages.csv.toml").write_text(MANIFEST.format(vintage="2019"))
    sync.configure(context, "villages", "register", {"path": str(path)})
    before = sync.sync(context, "villages")
    path.with_name("villages.csv.toml").write_text(MANIFEST.format(vintage="2024"))
    url = context.store.url.render_as_string(hide_password=False)
    words = [sys.executable, "-c", DYING, str(context.settings.data_dir), url]
    assert subprocess.run(words, cwd=ROOT, timeout=60, check=False).returncode == 9  # noqa: S603 - our own code
    with context.store.read() as session:
        assert snapshots.current(session, "villages").sha256 == before.snapshot
        assert len(snapshots.page(session).items) == 1
        died = turns.under_way(session)["villages"]
        assert died.until > datetime.now(UTC)  # and nobody waits for that: its process is seen to be gone
    assert context.archive.get(before.snapshot).places is not None
    assert upkeep(context)["villages"].broken_off_at == died.since
    again = sync.sync(context, "villages")
    assert (again.outcome, again.broken_off) == (Outcome.UPDATED, died.since)
    assert upkeep(context) == {}
    assert context.archive.sweep(datetime(2100, 1, 1, tzinfo=UTC)) == 1
