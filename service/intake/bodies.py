"""Bodies: the accounts of a part as they are kept, JSON and fingerprint, without making an account of each row.

What `service.accounts.account` says of its fields holds here: the same row gives the same body and fingerprint, byte by
byte.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from shapely.geometry import mapping

from geodata.names.scripts import script_of
from geodata.places import COUNT
from service.accounts.account import Account
from service.intake.fragments import NULL, Fragment, by_value, days, listed, lists, members, numbers, pairs, texts
from service.intake.values import Intake

#: Members of a body whose value is written the same way whether or not members are ordered, with how.
_FLAT = {
    "country": texts,
    "lat": numbers,
    "lon": numbers,
    "r95_m": numbers,
    "admin": pairs,
    "kind": texts,
    "observed": days,
    "founded": days,
    "attributes": pairs,
}
_WRITERS = {pa.string(): texts, pa.float64(): numbers, pa.date32(): days}


def bodies(intake: Intake) -> tuple[pa.Array, pa.Array]:
    """Return the body of each account as JSON, and the fingerprint of each."""
    flat, names, counts = _flat(intake), _names(intake.places.column("names")), _counts(intake.places.column("counts"))
    kept, canonical = (_whole(intake, flat, (names, counts), ordered=ordered) for ordered in (False, True))
    digests = [hashlib.sha256(body).hexdigest() for body in canonical.cast(pa.binary()).to_pylist()]
    return kept, pa.array(digests, pa.string())


def _whole(
    intake: Intake,
    flat: Mapping[str, Fragment],
    nested: tuple[Mapping[str, Fragment], Mapping[str, Fragment]],
    *,
    ordered: bool,
) -> pa.Array:
    """Return each account as JSON, with its members in the order of `Account`, or ordered by their names."""
    column = intake.places.column
    names, counts = nested
    of = {
        **flat,
        "names": lists(column("names"), members(names, ordered=ordered)),
        "area": _areas(column("area"), ordered=ordered),
        "counts": lists(column("counts"), members(counts, ordered=ordered)),
    }
    whole = members({field.name: of[field.name] for field in fields(Account)}, ordered=ordered)
    return pa.repeat(whole, len(intake.places)) if isinstance(whole, str) else whole


def _flat(intake: Intake) -> dict[str, Fragment]:
    groups = intake.places.column("groups")
    of = {name: write(intake.places.column(name)) for name, write in _FLAT.items()}
    of |= {name: texts(intake.beyond(name)) for name in ("consent", "sensitivity")}
    of |= {name: listed(intake.beyond(name)) for name in ("drivers", "sdg", "evidence")}
    own_id, collection = texts(intake.places.column("id")), orjson.dumps(intake.collection).decode()
    return of | {"own_id": own_id, "groups": listed(groups), "collection": collection}


def _names(column: pa.Array) -> dict[str, Fragment]:
    """Return the members of every name of every row; where its script is not said, its letters tell it."""
    text, language, script = (pc.struct_field(column.flatten(), name) for name in ("text", "language", "script"))
    said = pc.if_else(pc.equal(script, ""), pa.scalar(None, pa.string()), script)
    told = pc.coalesce(said, _scripts(text)) if said.null_count else said
    return {"text": texts(text), "language": texts(language), "script": texts(told)}


def _scripts(text: pa.Array) -> pa.Array:
    """Return the script of each text; of those in ASCII, most of them, without looking at each."""
    latin = pc.if_else(pc.match_substring_regex(text, "[A-Za-z]"), "Latn", pa.scalar(None, pa.string()))
    plain = pc.string_is_ascii(text)
    if pc.all(plain).as_py():
        return latin
    others = by_value(pc.if_else(plain, pa.scalar(None, pa.string()), text), script_of)
    return pc.if_else(plain, latin, others)


def _counts(column: pa.Array) -> dict[str, Fragment]:
    held = column.flatten()
    return {field.name: _WRITERS[field.type](pc.struct_field(held, field.name)) for field in COUNT}


def _areas(column: pa.Array, *, ordered: bool) -> Fragment:
    if column.null_count == len(column):
        return NULL
    option = orjson.OPT_SORT_KEYS if ordered else 0

    def write(area: bytes) -> str:
        return orjson.dumps(mapping(shapely.from_wkb(area)), option=option).decode()

    return pc.fill_null(by_value(column, write), NULL)
