"""Tagging: the tags of a part, found once for all accounts that say the same in the fields that tags follow from."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from service.account import Account
from service.classes import is_group
from service.disclosure.tags import kept_tags
from service.intake.fragments import Fragment, by_value, joined, listed, texts
from service.intake.values import Intake


def tags(intake: Intake) -> pa.Array:
    """Return the lines of tags of each account, by the rules in force."""
    said = _said(intake)
    if isinstance(said, str):
        return pa.repeat(_tags(intake, [0])[0], len(intake.places))
    encoded = said.dictionary_encode()
    _, first = np.unique(encoded.indices.to_numpy(), return_index=True)
    return pa.array(_tags(intake, first.tolist()), pa.string()).take(encoded.indices)


def _tags(intake: Intake, rows: list[int]) -> list[str]:
    return [kept_tags(account).text for account in intake.take(rows).accounts()]


def _said(intake: Intake) -> Fragment:
    """Return what each account says in the fields that tags, and who may know of them, follow from."""
    column = intake.places.column
    counts = column("counts")
    parts = [
        texts(column("country")),
        texts(column("kind")),
        listed(column("groups")),
        listed(counts, "group"),
        listed(counts, "method"),
        *(listed(intake.beyond(name)) for name in ("drivers", "sdg")),
        *(texts(intake.beyond(name)) for name in ("consent", "sensitivity")),
        _names_of_groups(intake),
    ]
    return joined(*parts)


def _names_of_groups(intake: Intake) -> Fragment:
    """Return the names of accounts that are about a group of people, whose names say which."""
    kinds = intake.places.column("kind")
    about = by_value(kinds, lambda kind: "group" if is_group(Account(names=(), country="", kind=kind)) else "")
    named = pc.fill_null(pc.equal(about, "group"), pa.scalar(value=False))
    if not pc.any(named).as_py():
        return ""
    names = listed(intake.places.column("names"), "text")
    return names if isinstance(names, str) else pc.if_else(named, names, "")
