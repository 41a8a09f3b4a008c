"""Unstamped: a GeoPackage without the moments and counters of its writing, so that the same rows are the same bytes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

#: Written where GDAL writes the moment.
_MOMENT = "2000-01-01T00:00:00.000Z"
_COUNTERS = (24, 92)  # bytes at which SQLite counts changes (sqlite.org, Database File Format, 1.3)


def unstamp(path: Path) -> None:
    """Take out of a GeoPackage that nobody writes any more when and how often it was written.

    Raises `OSError` where the file cannot be read or written.
    """
    database = sqlite3.connect(path)
    try:
        with database:
            database.execute("UPDATE gpkg_contents SET last_change = ?", (_MOMENT,))
        database.execute("VACUUM")
    except sqlite3.Error as error:
        msg = f"the GeoPackage cannot be written: {error}"
        raise OSError(msg) from error
    finally:
        database.close()
    with path.open("r+b") as file:
        for at in _COUNTERS:  # both say the same, else SQLite would count the pages of the file anew
            file.seek(at)
            file.write((1).to_bytes(4, "big"))
