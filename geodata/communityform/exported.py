"""Our own form as tools export it: which column is which, and answers back from labels to terms, in any language.

Exports carry the names of the form or the labels of one of its languages, with or without the groups before them
("people/households"), and so do tables into which somebody typed the paper forms; answers to lists are names or labels,
several in one cell parted by blanks or semicolons.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from geodata.communityform.definition import Choice, Question, community_record
from geodata.files.arrays import joined_of
from geodata.files.headers import fold
from geodata.files.sheet import Table

#: Questions that only this form asks so: with two of them in a table, it is an export of this form.
_OURS = ("known_from", "authority", "consent", "sensitivity", "count_method", "groups_own_words")
_ENOUGH = 2

#: A mapping names a part once; these are other words for the part that a second question becomes.
_ALSO = {"alt_names": "other names"}

#: Words of the paper form for the parts of a point, each in a box of its own.
_POINT = {"latitude": "lat", "longitude": "lon", "accuracy": "accuracy_m"}


def answered(table: Table) -> Table:
    """Return an export of the form with its answers as terms and its columns known; any other table as it is."""
    columns = _columns(tuple(table.headers))
    if len(set(_OURS) & set(columns)) < _ENOUGH or "name" not in columns:
        return table
    mapping: dict[str, str] = {}
    read = {header: table.columns.column(header).combine_chunks() for header in table.headers}
    for question in community_record().questions():
        header = columns.get(question.name)
        if header is None:
            continue
        if question.choices:
            read[header] = _terms(read[header], question)
        if question.part is None:  # what no part takes is called the same in every language
            read = {question.name if each == header else each: cells for each, cells in read.items()}
        elif question.part not in mapping:
            mapping[question.part] = header
        elif question.part == "groups":
            first = mapping["groups"]
            read[first] = _joined(read[first], read.pop(header))
        else:
            mapping[_ALSO[question.part]] = header
    mapping |= {part: columns[word] for word, part in _POINT.items() if word in columns}
    known = {part: header for part, header in {**mapping, **table.known}.items() if header in read}
    return replace(table, columns=pa.table(read), known=known)


def _joined(*columns: pa.Array) -> pa.Array:
    said = [pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells) for cells in columns]
    return joined_of(said, "; ")


def _columns(headers: tuple[str, ...]) -> dict[str, str]:
    """Return question -> header; of several headers for one question the first."""
    columns: dict[str, str] = {}
    for header in headers:
        question = _asked().get(_key(header.rpartition("/")[2])) or _asked().get(_key(header))
        if question is not None:
            columns.setdefault(question, header)
    return columns


@cache
def _asked() -> dict[str, str]:
    asked = {_key(question.name): question.name for question in community_record().questions()}
    for question in community_record().questions():
        for label in (*question.label.values(), *question.short.values()):
            asked.setdefault(_key(label), question.name)
    for word in _POINT:
        for said in community_record().words[word].values():
            asked.setdefault(_key(said), word)
    return asked


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text.replace("/", " "))))


def _terms(cells: pa.Array, question: Question) -> pa.Array:
    """Return answers as terms; an answer that is none of the list stays as it is and is told when it is read."""
    encoded = cells.dictionary_encode()
    several = question.type == "select_multiple"
    meant = [_meant(text, question.choices, several=several) for text in encoded.dictionary.to_pylist()]
    return pa.array(meant, type=pa.string()).take(encoded.indices)


def _meant(text: str, choices: tuple[Choice, ...], *, several: bool) -> str:
    known = _known(choices)
    if not several:
        return known.get(_key(text), text)
    left, found = f" {_key(text)} ", []
    for words in sorted(known, key=len, reverse=True):  # "land" is no part of "no papers for the land"
        if f" {words} " in left:
            left = left.replace(f" {words} ", " | ")
            found.append(known[words])
    rest = [part.strip() for part in left.split("|") if part.strip()]
    order = [choice.means for choice in choices]
    return "; ".join([*sorted(dict.fromkeys(found), key=order.index), *rest])


@cache
def _known(choices: tuple[Choice, ...]) -> dict[str, str]:
    named = {_key(choice.name): choice.means for choice in choices}
    return {_key(label): choice.means for choice in choices for label in choice.label.values()} | named
