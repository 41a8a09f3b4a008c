"""A recorded refusal of IBGE is known for what it is."""

from __future__ import annotations

import pytest

from connectors.ibge.answers import too_many_values
from tests.connectors.recorded import offices
from tests.connectors.recorded.body import RECORDED

pytestmark = pytest.mark.skipif(
    not (RECORDED / "ibge").is_dir(), reason="the recorded bodies of IBGE are missing: ibge"
)


def test_too_many_values_are_known_whatever_their_number() -> None:
    """The question is then parted by states instead of given up (IB3)."""
    body = next(body for body in offices.BODIES if "too_many" in body.file)
    assert too_many_values(body.answer())
