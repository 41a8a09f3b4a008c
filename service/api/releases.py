"""Releases: what one snapshot of a list says otherwise than another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from matchers.releases.diff import Diff, Entry
from service.api.answers_release import DiffPage
from service.api.identifiers import Identifier, known_form
from service.api.listing import Rows, Shown, answer_page, next_address
from service.api.queries import DiffQuery
from service.api.responses import FINDING, FORMATTED, problems, written_as
from service.disclosure import redact_snapshot
from service.disclosure.hidden import Totals, hidden_totals
from service.disclosure.releases import redact_change, redact_visible
from service.http.answers import Answer, Format, format_asked, reply
from service.http.bodies import Route
from service.http.callers import Calling, Opened
from service.releases.comparing import compared
from service.store.filters import cursor_at, position
from service.writing.formats import json_text

router = APIRouter(prefix="/v1", tags=["official"], route_class=Route)

COLUMNS = (
    "id",
    "previous_id",
    "changes",
    "name",
    "previous_name",
    "country",
    "kind",
    "level",
    "parent",
    "lat",
    "lon",
    "previous_lat",
    "previous_lon",
    "moved_m",
    "count",
    "previous_count",
    "unit",
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The two snapshots of an address, and which of their differences."""

    sha256: Identifier
    other: Identifier
    query: Annotated[DiffQuery, Query()]


@router.get(
    "/snapshots/{sha256}/diff/{other}",
    operation_id="compareSnapshots",
    summary="What changed between two snapshots",
    response_model=DiffPage,
    responses=problems(tuple(dict.fromkeys((*FINDING, *FORMATTED)))) | written_as("application/geo+json", "text/csv"),
)
def compare_snapshots(
    request: Request, asked: Annotated[_Asked, Depends()], calling: Calling, context: Opened
) -> Response:
    """Return the entries that the second snapshot has otherwise than the first, and how many communities that shows.

    An entry that only got another identifier is `recoded`, not removed and added. Both are of one source.
    """
    query = asked.query
    form = format_asked(request, query.f)
    found = compared(context, known_form(asked.sha256, "snapshot"), known_form(asked.other, "snapshot"))
    entries = found.entries(frozenset(query.change))
    start = position(query.cursor) if query.cursor else 0
    some = entries[start : start + query.limit]
    following = cursor_at(start + query.limit) if start + query.limit < len(entries) else None
    page = Shown(_items(found.diff, some), following)
    if form is not Format.JSON:
        return reply(request, calling, answer_page(request, page, form, Rows(COLUMNS, _flat)))
    address = next_address(request, following)
    body = {
        "before": redact_snapshot(found.before, calling),
        "after": redact_snapshot(found.after, calling),
        "counted": {change.value: number for change, number in found.diff.counted.items()},
        "made_visible": redact_visible(
            found.resolved, calling.counting(None, None), Totals(hidden_totals(context.store), None)
        ),
        "numberReturned": len(page.items),
        "next": address,
        "items": page.items,
    }
    headers = {"Link": f'<{address}>; rel="next"'} if address else {}
    return reply(request, calling, Answer(json_text(body), headers=headers))


def _items(diff: Diff, entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
    before, after = (
        dict(zip(rows, places.take(rows).table.to_pylist(), strict=True))
        for places, rows in (
            (diff.before, [entry.before for entry in entries if entry.before is not None]),
            (diff.after, [entry.after for entry in entries if entry.after is not None]),
        )
    )
    return [
        {
            **redact_change(
                None if entry.before is None else before[entry.before],
                None if entry.after is None else after[entry.after],
            ),
            "changes": [change.value for change in entry.changes],
            "moved_m": None if entry.moved_m is None else round(entry.moved_m, 1),
        }
        for entry in entries
    ]


def _flat(item: dict[str, Any]) -> dict[str, Any]:
    """Return one entry as a flat row with `COLUMNS`; of several counts the first."""
    now, was = ((item[name] or [{}])[0] for name in ("counts", "previous_counts"))
    counts = {"count": now.get("value"), "previous_count": was.get("value"), "unit": now.get("unit") or was.get("unit")}
    row = item | counts | {"changes": "; ".join(item["changes"])}
    return {name: row[name] for name in COLUMNS}
