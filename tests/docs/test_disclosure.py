"""The page on disclosure says what holds: its policies are read, its table is that of the shipped classes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geodata.sensitivity import in_force, install, shipped
from geodata.taxonomy import SensitivityClass

PAGE = (Path(__file__).parents[2] / "docs" / "disclosure.md").read_text(encoding="utf-8")
POLICIES = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.mark.parametrize("text", POLICIES)
def test_the_policies_of_the_page_can_be_put_in_force(text, tmp_path):
    """Whoever copies an example gets a policy that is read, and that says something else than the shipped one."""
    path = tmp_path / "our-policy.toml"
    path.write_text(text, "utf-8")
    try:
        install(path)
        assert in_force().digest != shipped().digest
        assert bool(in_force().boards) is ("[board]" in text)
    finally:
        install()


def test_the_table_of_the_page_is_that_of_the_classes():
    """Numbers and embargoes in the table are those that ship."""
    rows = [line for line in PAGE.splitlines() if re.match(r"\| `\w+` \(S\d\)", line)]
    assert len(rows) == len(SensitivityClass)
    for row, one in zip(rows, SensitivityClass, strict=True):
        handling = shipped().handlings[one]
        assert f"{handling.embargo_days} days" in row
        if one < SensitivityClass.S2:
            assert f"resolution {handling.finest_cell} at most" in row
            assert f"{handling.least_population:,} residents" in row
        if one < SensitivityClass.S3:
            assert f"from {handling.smallest_count}" in row
