"""A report over many flags takes no more memory than one over few."""

from __future__ import annotations

import tracemalloc

import pytest

from service.gap_reports.writers import Form, writer

FEW, MANY = 100, 1_000


def peak(desk, form: Form, flags: int) -> int:
    """Return the most bytes that Python held while so many flags were written, some at a time."""
    stream = writer(form, desk.settings)
    stream.take([desk.item("warm", 0)])
    tracemalloc.start()
    try:
        for start in range(0, flags, 50):
            stream.take([desk.item("Lindi", number) for number in range(start, start + 50)])
        stream.done(desk.told).close()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("form", [Form.JSON, Form.CSV, Form.GEOJSON, Form.XLSX])
def test_ten_times_the_flags_take_no_more_memory(desk, form):
    """What was written leaves memory: the peak over ten times as many flags is less than twice that over one time."""
    assert peak(desk, form, MANY) < 2 * max(peak(desk, form, FEW), 1_500_000)
