"""Rows as binary COPY reads them: the same values come out of the bytes again, whatever columns they were given as."""

from __future__ import annotations

import struct
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from service.store import copied
from service.store.records import RECORDS

AT = datetime(2026, 3, 1, 12, 30, 0, 123456, tzinfo=UTC)


def fields(sent: bytes) -> list[list[bytes | None]]:
    """Return the fields of every row, read as PostgreSQL documents them."""
    assert sent[:19] == b"PGCOPY\n\xff\r\n\0" + bytes(8)
    at, rows = 19, []
    while (number := struct.unpack_from(">h", sent, at)[0]) != -1:
        at, row = at + 2, []
        for _ in range(number):
            size = struct.unpack_from(">i", sent, at)[0]
            row.append(None if size < 0 else sent[at + 4 : at + 4 + size])
            at += 4 + max(size, 0)
        rows.append(row)
    assert len(sent) == at + 2
    return rows


def test_every_kind_of_column_is_written_with_its_nulls():
    """Texts by their bytes, numbers in the width of their column, a moment in microseconds since 2000."""
    columns = {
        "own_id": pa.chunked_array([["", "x"], [None, "মিরপুর"]]),
        "revision": pa.array([1, 2, 3, 4]),
        "lat": pa.array([None, 0.0, -1.5, 90.0]),
        "cell": pa.array([9, 1, None, 2**30, 7])[1:],
        "organisation": "map-kibera",
        "verdict": None,
        "created_at": AT,
    }
    rows = fields(b"".join(copied.binary(RECORDS, columns, 4)))
    moment = round((AT - datetime(2000, 1, 1, tzinfo=UTC)).total_seconds() * 1e6)
    same = [b"map-kibera", None, struct.pack(">q", moment)]
    width = len(rows[0][3] or b"")
    assert [row[4:] for row in rows] == [same] * 4
    assert [row[0] for row in rows] == [b"", b"x", None, "মিরপুর".encode()]
    assert [row[1] for row in rows] == [struct.pack(">i", number) for number in (1, 2, 3, 4)]
    assert [row[2] for row in rows] == [None, *(struct.pack(">d", degrees) for degrees in (0.0, -1.5, 90.0))]
    assert [row[3] and int.from_bytes(row[3], "big") for row in rows] == [1, None, 2**30, 7]
    assert width in {4, 8}


@pytest.mark.parametrize("length", [1, 3])
def test_rows_that_all_say_the_same_are_as_many_as_asked_for(length):
    """No column needs to be an array."""
    assert fields(b"".join(copied.binary(RECORDS, {"own_id": "a", "verdict": None}, length))) == [[b"a", None]] * length
