"""The collection of flags: pages in the order of the list, from what is kept of all flags that the caller sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Request, Response

from service.api.identifiers import Identifier, known_form
from service.api.layered import Layered, Seen
from service.api.reading import Reader
from service.api.responses import FORMATTED, problems, written_as
from service.api.rows import flag_row
from service.context import Context
from service.disclosure.unseen import worked_by
from service.errors import NOT_FOUND
from service.http.bodies import Route
from service.http.callers import Calling, Opened
from service.interop.ogc.answers import FeatureShown, FeaturesShown
from service.interop.ogc.asking import FlagItems, Written, span_of
from service.interop.ogc.catalogue import FLAGS
from service.interop.ogc.features import Asking, Feature, Found, feature_of, page_of, unknown_cursor
from service.interop.ogc.links import feature_path
from service.layers.spot import SpotFilter
from service.store import flags
from service.writing.formats import feature

router = APIRouter(prefix="/ogc/collections/flags/items", tags=["maps"], route_class=Route)

#: What a page for people shows of each.
_COLUMNS = ("name", "country", "verdict", "status", "probability", "reason")


@router.get(
    "",
    operation_id="listFlagFeatures",
    summary="Flags as features",
    response_model=FeaturesShown,
    responses=problems((*FORMATTED, NOT_FOUND)) | written_as("application/geo+json", "text/html"),
)
def list_flag_features(
    request: Request, query: Annotated[FlagItems, Query()], seen: Layered, context: Opened
) -> Response:
    """Return flags as points with flat properties, oldest first, with the number of all that were asked for.

    Follow the link `next`: new flags come at the end, so that every one is met once. `datetime` is when a flag was last
    changed. A box whose west is greater than its east crosses the antimeridian.
    """
    found = _found(context, seen, query)
    return page_of(Asking(request, seen.by, FLAGS, query.f), found, _COLUMNS)


@router.get(
    "/{flag_id}",
    operation_id="getFlagFeature",
    summary="One flag as a feature",
    response_model=FeatureShown,
    responses=problems((*FORMATTED, NOT_FOUND)) | written_as("application/geo+json", "text/html"),
)
def get_flag_feature(
    request: Request, flag_id: Identifier, query: Annotated[Written, Query()], calling: Calling
) -> Response:
    """Return one flag as a point with flat properties."""
    asking = Asking(request, calling, FLAGS, query.f)
    context: Context = request.app.state.context
    with context.store.read() as session:
        shown = Reader(session, calling).flag_by_id(known_form(flag_id, "flag"))
    return feature_of(asking, _feature(shown), feature_path(FLAGS.id, flag_id))


def _found(context: Context, seen: Seen, query: FlagItems) -> Found:
    rows = np.flatnonzero(seen.layer.selected(_asked(query)))
    first = 0
    if query.cursor is not None:
        at = seen.layer.by_id.get(query.cursor)
        if at is None:
            raise unknown_cursor()
        first = int(np.searchsorted(rows, at, "right"))
    some = rows[first : first + query.limit].tolist()
    ids = [seen.layer.spots[row].id for row in some]
    with context.store.read() as session:
        reader = Reader(session, seen.by)
        shown = [told for flag in flags.many(session, ids, worked_by(seen.by)) if (told := reader.flag(flag))]
    more = first + len(some) < len(rows)
    return Found([_feature(one) for one in shown], len(rows), ids[-1] if more else None)


def _asked(query: FlagItems) -> SpotFilter:
    wanted, span = query.spots(), span_of(query.datetime)
    return replace(wanted, updated_since=_later(wanted.updated_since, span.since), updated_until=span.until)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else one or other


def _feature(shown: dict[str, object]) -> Feature:
    return feature(flag_row(shown))
