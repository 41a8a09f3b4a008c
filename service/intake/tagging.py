"""Tagging: the tags of a part, found once for all accounts that say the same in the fields that tags follow from."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.taxonomy import in_force
from service.accounts.account import Account
from service.accounts.classes import is_group
from service.disclosure.tags import kept_tags
from service.intake.fragments import Fragment, by_value, joined, listed, texts
from service.intake.values import Intake


def tags(intake: Intake, search: pa.Array) -> pa.Array:
    """Return the lines of tags of each account, by the rules in force; `search` holds the folded names of each."""
    said = _said(intake, search)
    if isinstance(said, str):
        return pa.repeat(_tags(intake, [0])[0], len(intake.places))
    encoded = said.dictionary_encode()
    _, first = np.unique(encoded.indices.to_numpy(), return_index=True)
    return pa.array(_tags(intake, first.tolist()), pa.string()).take(encoded.indices)


def _tags(intake: Intake, rows: list[int]) -> list[str]:
    return [kept_tags(account).text for account in intake.take(rows).accounts()]


def _said(intake: Intake, search: pa.Array) -> Fragment:
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
        _telling_names(intake, search),
    ]
    return joined(*parts)


def _telling_names(intake: Intake, search: pa.Array) -> Fragment:
    """Return the names of accounts that are about a group of people, or whose names may tell who lives there."""
    kinds = intake.places.column("kind")
    about = by_value(kinds, lambda kind: "group" if is_group(Account(names=(), country="", kind=kind)) else "")
    words = pc.split_pattern_regex(search, "[ \\n]")
    telling = pc.is_in(words.flatten(), pa.array(in_force().telling_words, pa.string()))
    told = np.zeros(len(search), np.bool_)
    told[words.value_parent_indices().to_numpy()[np.asarray(telling)]] = True
    named = pc.or_(pc.fill_null(pc.equal(about, "group"), pa.scalar(value=False)), pa.array(told))
    if not pc.any(named).as_py():
        return ""
    names = listed(intake.places.column("names"), "text")
    return names if isinstance(names, str) else pc.if_else(named, names, "")
