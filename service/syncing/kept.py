"""What lies on the disk beside the snapshots: files kept until they change, indexes, and what killed processes left."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.bulk import leftovers
from connectors.kept.shelf import Shelf
from geodata import saved
from service.context import Context
from service.official import indexes
from service.official.indexes import Indexes
from service.store import grounds

#: What a killed process left half written is rubbish once it is older than any write could take.
_RUBBISH_AFTER = timedelta(days=1)


def weights(context: Context) -> dict[str, int]:
    """Return by source what the files weigh that are kept of it, in bytes; those of which none is are left out."""
    sizes = {shelf.folder.name: shelf.size for shelf in _shelves(context)}
    return {source: size for source, size in sizes.items() if size}


def spare(context: Context) -> tuple[Path, ...]:
    """Return the kept files that nobody waits for: the last sync did not ask for them, or they broke off a day ago."""
    return tuple(path for shelf in _shelves(context) for path in shelf.spare(datetime.now(UTC) - _RUBBISH_AFTER))


def spare_indexes(context: Context) -> tuple[Path, ...]:
    """Return the indexes that nobody needs: of lists that are not present, or made by another version."""
    with context.store.read() as session:
        present = grounds.present(session)
    return tuple(Indexes(context.settings.indexes).spare(present, datetime.now(UTC) - _RUBBISH_AFTER))


def spare_bytes(context: Context) -> int:
    """Return the bytes of all of those."""
    files = sum(path.stat().st_size for path in spare(context))
    return files + sum(map(indexes.weight, spare_indexes(context)))


def sweep(context: Context) -> int:
    """Remove those, and what killed processes left in the archive and among temporary files; return the bytes."""
    freed = 0
    for path in spare(context):
        with suppress(OSError):
            freed += path.stat().st_size
            path.unlink()
    for path in spare_indexes(context):
        size = indexes.weight(path)
        with suppress(OSError):
            saved.remove(path)
            freed += size
    before = datetime.now(UTC) - _RUBBISH_AFTER
    context.archive.sweep(before)
    leftovers.sweep(before)
    return freed


def _shelves(context: Context) -> list[Shelf]:
    folder = context.settings.kept
    return [Shelf(one) for one in sorted(folder.iterdir()) if one.is_dir()] if folder.is_dir() else []
