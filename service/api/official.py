"""What states published: sources, their snapshots, and the places they list."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from service.api.answers_official import PlacesShown, SnapshotPage, SnapshotShown, SourcesShown
from service.api.identifiers import Identifier, known_form
from service.api.listing import next_address
from service.api.queries import PlaceQuery, SnapshotQuery, numbers
from service.api.responses import FINDING, LISTING, READING, problems
from service.disclosure import redact_place, redact_snapshot, redact_source
from service.errors import INVALID, Mistake, Problem
from service.http.answers import Answer, reply
from service.http.bodies import Route
from service.http.callers import Calling, Opened
from service.official.longlists import Listed, at_point
from service.store import snapshots, sources
from service.store.values import NEVER
from service.syncing.upkeep import upkeep
from service.writing.formats import json_text

router = APIRouter(prefix="/v1", tags=["official"], route_class=Route)


@router.get(
    "/sources",
    operation_id="listSources",
    summary="Official sources",
    response_model=SourcesShown,
    responses=problems(READING),
)
def list_sources(request: Request, calling: Calling, context: Opened) -> Response:
    """Return every source that is followed, with its present snapshot, what it weighs, and when it is next due."""
    standing = upkeep(context)
    with context.store.read() as session:
        followed = sources.all(session)
    found = [redact_source(source, calling, standing.get(source.id, NEVER)) for source in followed]
    body = {"numberReturned": len(found), "bytes": sum(source.bytes for source in followed), "items": found}
    return reply(request, calling, Answer(json_text(body)))


@router.get(
    "/snapshots",
    operation_id="listSnapshots",
    summary="Snapshots of official sources",
    response_model=SnapshotPage,
    responses=problems(LISTING),
)
def list_snapshots(
    request: Request, query: Annotated[SnapshotQuery, Query()], calling: Calling, context: Opened
) -> Response:
    """Return what sources said and when, newest first. Old snapshots stay: they are the evidence of old verdicts."""
    with context.store.read() as session:
        page = snapshots.page(session, query.source, query.cursor, query.limit)
    items = [redact_snapshot(entry, calling) for entry in page.items]
    following = next_address(request, page.next_cursor)
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    body = {"numberReturned": len(items), "next": following, "items": items}
    return reply(request, calling, Answer(json_text(body), headers=headers))


@router.get(
    "/snapshots/{sha256}",
    operation_id="getSnapshot",
    summary="One snapshot",
    response_model=SnapshotShown,
    responses=problems(FINDING),
)
def get_snapshot(request: Request, sha256: Identifier, calling: Calling, context: Opened) -> Response:
    """Return one snapshot by the sha256 of its content."""
    with context.store.read() as session:
        entry = snapshots.get(session, known_form(sha256, "snapshot"))
    return reply(request, calling, Answer(json_text(redact_snapshot(entry, calling))))


@router.get(
    "/places",
    operation_id="searchPlaces",
    summary="Search official places",
    response_model=PlacesShown,
    responses=problems(LISTING),
)
def search_places(
    request: Request, query: Annotated[PlaceQuery, Query()], calling: Calling, context: Opened
) -> Response:
    """Return the official places called so, or near a point, or both, the best first."""
    found = [place for official in _lists(context.lists.current(), query.source) for place in _hits(official, query)]
    found.sort(key=lambda place: (-(place["similarity"] or 0), place["distance_m"] or 0, place["source"], place["id"]))
    body = {"numberReturned": len(found[: query.limit]), "items": found[: query.limit]}
    return reply(request, calling, Answer(json_text(body)))


def _lists(lists: tuple[Listed, ...], source: str | None) -> list[Listed]:
    chosen = [official for official in lists if source in {None, official.source}]
    if source is not None and not chosen:
        known = ", ".join(official.source for official in lists) or "none yet"
        wrong = Mistake("?source", f"There is no list of places {source!r}.", f"These are in use: {known}.")
        raise Problem(INVALID, wrong.message, errors=[wrong.members()])
    return chosen


def _hits(listed: Listed, query: PlaceQuery) -> list[dict[str, Any]]:
    near = numbers(query.near) if query.near else None
    point = (near[0], near[1]) if near else None
    official = at_point(listed, point)
    hits = official.index.search(query.name, point, query.radius_m, query.limit)
    rows = official.index.places.take([hit.row for hit in hits]).table.to_pylist()
    return [
        {
            **redact_place(row, official.source),
            "vintage": official.vintage,
            "snapshot": official.snapshot,
            "similarity": hit.similarity,
            "distance_m": hit.distance_m,
        }
        for hit, row in zip(hits, rows, strict=True)
    ]
