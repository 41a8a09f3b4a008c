"""The page on roles says what holds: its table is that of the code."""

from __future__ import annotations

import re
from pathlib import Path

from service.callers.caller import PLACED, RIGHTS, Right, Role

PAGE = (Path(__file__).parents[2] / "docs" / "roles.md").read_text(encoding="utf-8")


def test_the_table_of_the_page_is_the_table_of_rights():
    """Each right stands in its row, with each role that has it, everywhere or within a territory."""
    table = PAGE.partition("<!-- roles -->")[2].partition("<!-- /roles -->")[0].strip().splitlines()
    head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    assert head[1:-1] == list(Role)
    assert [row[0] for row in rows] == list(Right)
    for name, *cells, what in rows:
        right = Right(name)
        assert what
        for role, cell in zip(Role, cells, strict=True):
            within = right in PLACED and role is not Role.ADMIN
            assert cell == (("there" if within else "yes") if right in RIGHTS[role] else ""), (right, role)


def test_every_address_of_the_page_is_one_of_the_service():
    """Nobody is sent to an address that is not there."""
    from service.api.openapi import document  # noqa: PLC0415 - made once, only here

    paths = {re.sub(r"\{\w+\}|shelter-forum", "*", path) for path in document()["paths"]}
    named = {re.sub(r"\{\w+\}|shelter-forum", "*", path) for path in re.findall(r"/v1/[\w/{}-]+", PAGE)}
    assert named
    assert named <= paths
