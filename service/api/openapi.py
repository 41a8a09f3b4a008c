"""The OpenAPI document: the contract, with every failure declared as the problem it is."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from service.api import (
    appeals,
    batches,
    blind_reviews,
    cases,
    certificates,
    changes,
    coalition,
    collections,
    consultations,
    contact,
    coverage,
    deliveries,
    disclosure_policy,
    embargoes,
    exports,
    flag_counts,
    flags,
    form,
    frame_updates,
    gap_reports,
    health,
    holds,
    imports,
    invitations,
    keys,
    limits,
    mappings,
    metrics,
    offices,
    official,
    organisations,
    outcomes,
    personal_data,
    queue,
    queue_sheets,
    reason_codes,
    records,
    releases,
    report_editions,
    submissions,
    summaries,
    tiles,
    together,
    tombstones,
    webhooks,
    withdrawals,
)
from service.api.responses import shown
from service.api.statements import MeetingGiven, ResponseGiven
from service.errors import HEADERS_TOO_LARGE, RATE_LIMITED, TOO_LONG, WRONG_HOST
from service.http import scopes
from service.http.problems import MEDIA_TYPE
from service.http.scopes import Budget
from service.interop import ogc, reconcile

TITLE = "Uncounted"

DESCRIPTION = """
Is this community on the official list? Send what a community says about itself; get back whether official statistics
name it, with a probability and reasons in plain words.

* **Keys.** Send yours as `Authorization: Bearer KEY` or `X-API-Key: KEY`. Without one you read what was published.
* **Failures** are problems (RFC 9457) with a stable `code`, a `hint` how to mend it, and under `errors` a pointer to
  each field.
* **Lists** come in pages: follow `next`, or the `Link` header. A parameter that is not known is refused, because a
  misspelt filter would return everything.
* **Disclosure.** Nothing is public until people decide so, and then only as exactly as the community agreed. What is
  left out is named under `withheld`; what you may not see answers like what does not exist.
* **Absence** from a list says something about the list, never about people.
""".strip()

TAGS = [
    {"name": "records", "description": "What organisations say about communities, and what was found about it."},
    {"name": "collections", "description": "How organisations made their records, and what that makes these worth."},
    {"name": "imports", "description": "Files as people have them, read row by row; what could not be kept, and why."},
    {"name": "findings", "description": "How each comparison came to what it says, so that anybody can repeat it."},
    {"name": "flags", "description": "The open matters: communities that a list does not seem to name."},
    {"name": "review", "description": "The desk of reviewers: what waits, who is at work on it, both sides of it."},
    {"name": "gap reports", "description": "What was found in a country, an administrative unit or against one list."},
    {"name": "maps", "description": "Flags and official places as maps and bulk tools take them."},
    {"name": "consultations", "description": "Whom people name as left behind, beside whom official lists count."},
    {"name": "coverage", "description": "How many communities are on no list, as far as lists can tell."},
    {"name": "official", "description": "What states published: sources, snapshots, places."},
    {"name": "reconciliation", "description": "Columns of names become official codes, from OpenRefine or a script."},
    {"name": "rights", "description": "Embargo, withdrawal, limits, emergency hold, and whom to tell of harm."},
    {"name": "access", "description": "Keys, invitations, organisations, and what these share with one another."},
    {"name": "webhooks", "description": "Being told of changes instead of asking for them."},
    {"name": "health", "description": "Is the service alive and ready."},
]


ROUTERS = (
    records.sending_one,
    records.router,
    batches.router,
    withdrawals.router,
    withdrawals.admitting,
    withdrawals.several,
    collections.router,
    mappings.router,
    mappings.proposing,
    imports.sending,
    imports.router,
    imports.stopping,
    submissions.router,
    consultations.router,
    summaries.router,
    certificates.router,
    flags.router,
    flag_counts.router,
    queue_sheets.router,
    queue_sheets.sending,
    together.router,
    cases.router,
    cases.releasing,
    queue.router,
    queue.taking,
    appeals.router,
    blind_reviews.drawing,
    blind_reviews.router,
    outcomes.router,
    offices.router,
    reason_codes.router,
    embargoes.router,
    gap_reports.router,
    frame_updates.router,
    report_editions.router,
    coverage.router,
    tiles.router,
    exports.router,
    *ogc.ROUTERS,
    official.router,
    releases.router,
    personal_data.router,
    disclosure_policy.router,
    form.router,
    holds.router,
    holds.lifting,
    limits.router,
    limits.lifting,
    tombstones.router,
    changes.router,
    deliveries.router,
    deliveries.sending,
    webhooks.router,
    webhooks.removing,
    keys.router,
    keys.revoking,
    invitations.router,
    invitations.bare,
    coalition.router,
    coalition.agreeing,
    organisations.router,
    contact.router,
    *reconcile.ROUTERS,
    health.router,
    metrics.router,
)


@cache
def routes() -> tuple[BaseRoute, ...]:
    """Return the routes of every part, which all applications of a process share.

    The framework makes what serving a route needs when it is first looked at. That is when the document is made, once,
    before anything is served: no first request waits for it.
    """
    whole = APIRouter()
    for router in ROUTERS:
        whole.include_router(router)
    return tuple(whole.routes)


@cache
def document() -> dict[str, Any]:
    """Return the document. It needs no database: it is about the routes alone, so it is made once for all."""
    made = get_openapi(
        title=TITLE,
        version=version("uncounted"),
        description=DESCRIPTION,
        tags=TAGS,
        routes=routes(),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    for body in (ResponseGiven, MeetingGiven):  # only ever sent in batches, so that no route declares them
        schema = body.model_json_schema(ref_template="#/components/schemas/{model}")
        parts = schema.pop("$defs", {})
        made["components"]["schemas"] = {**parts, **made["components"]["schemas"], body.__name__: schema}
    for item in made["paths"].values():
        for operation in item.values():
            _mend(operation)
    for unused in ("HTTPValidationError", "ValidationError"):  # the framework's own shapes of failures
        made["components"]["schemas"].pop(unused, None)
    return made


def _mend(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    needed = scopes.of(operation["operationId"])
    counted = needed is None or needed.budget is not Budget.FREE
    for kind in (TOO_LONG, HEADERS_TOO_LARGE, *((WRONG_HOST, RATE_LIMITED) if counted else ())):
        responses[str(kind.status)] = shown(kind)
    for status, response in responses.items():
        content = response.get("content", {})
        if int(status) >= 400 and "application/json" in content:  # noqa: PLR2004 - failures are problems
            content[MEDIA_TYPE] = {**content.get(MEDIA_TYPE, {}), **content.pop("application/json")}
    if "get" in operation["operationId"].lower()[:4] or operation["operationId"].startswith(("list", "search")):
        responses["304"] = {"description": "You hold this content already (If-None-Match)"}
    operation["x-scope"] = needed.scope if needed else "nobody"
    if needed and needed.right is None and operation.get("security"):
        operation["security"].append({})  # a key widens what is shown, but none is needed
