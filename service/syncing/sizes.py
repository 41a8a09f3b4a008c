"""What snapshots weigh on the disk."""

from __future__ import annotations

from connectors.archive import SnapshotMissing
from service.context import Context
from service.store import snapshots


def measure(context: Context) -> int:
    """Measure the snapshots that were never measured, and return how many that were; the lost weigh nothing."""
    with context.store.read() as session:
        unmeasured = snapshots.unmeasured(session)
    sizes = {sha256: _size(context, sha256) for sha256 in unmeasured}
    if sizes:
        context.store.write(lambda session: snapshots.set_sizes(session, sizes))
    return len(sizes)


def _size(context: Context, sha256: str) -> int:
    try:
        return context.archive.size(sha256)
    except SnapshotMissing:
        return 0
