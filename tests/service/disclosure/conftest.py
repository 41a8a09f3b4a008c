"""Statements as they are kept, made by hand."""

from __future__ import annotations

import pytest

from service.accounts.statement import Answers, Form, Statement
from service.store.statements import Kept


def kept(number: int, arrival: int = 1, superseded: int | None = None, **parts: object) -> Kept:
    """Return one version of a statement of the respondent or meeting of this number."""
    own = {name: parts.pop(name, default) for name, default in (("organisation", "civil"), ("revision", 1))}
    groups = parts.pop("groups", ())
    given = {"form": Form.RESPONSE, "country": "KEN", "consent": "public_aggregate", **parts}
    statement = Statement(**given, groups=Answers(tuple(groups)))
    return Kept(f"s{number}", own["revision"], own["organisation"], "survey", arrival, superseded, statement)


@pytest.fixture
def keep():
    """Give the function that makes one."""
    return kept
