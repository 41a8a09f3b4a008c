"""The worked examples: real studies, as their tables were published."""

from __future__ import annotations

from itertools import product

import pytest

from matchers.coverage.histories import Histories

_KOSOVO = (
    "1000:1131 0100:845 1100:177 0010:936 1010:228 0110:217 1110:181 0001:306 "
    "1001:106 0101:31 1101:18 0011:123 1011:42 0111:32 1111:27"
)
_SPINA_BIFIDA = "001:60 010:49 011:4 100:247 101:112 110:142 111:12"
_ROME = (0, 3, 1, 33, 0, 20, 6, 403, 3, 35, 10, 545, 11, 621, 205)


def table(lists: str, cells: str) -> Histories:
    """Return histories written as digits and counts."""
    pairs = (cell.split(":") for cell in cells.split())
    return Histories.of(lists.split(), {tuple(map(int, digits)): int(count) for digits, count in pairs})


@pytest.fixture(scope="session")
def kosovo() -> Histories:
    """Return killings in Kosovo, March to June 1999, on four lists (Ball et al. 2002)."""
    return table("EXH ABA OSCE HRW", _KOSOVO)


@pytest.fixture(scope="session")
def spina_bifida() -> Histories:
    """Return births with spina bifida in upstate New York on three lists (Madigan and York 1997)."""
    return table("1 2 3", _SPINA_BIFIDA)


@pytest.fixture(scope="session")
def rome() -> Histories:
    """Return people with HIV in Rome on four lists (Abeni et al. 1994)."""
    return Histories.of("1234", dict(zip(list(product((1, 0), repeat=4))[:-1], _ROME, strict=True)))
