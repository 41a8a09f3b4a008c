"""Reconciliation as version 1.0-draft of the protocol has it: JSON, lists in order, addresses below the manifest."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.api.responses import LISTING, problems, written_as
from service.http.questions import Question as QuestionRoute
from service.interop.reconcile import examples
from service.interop.reconcile.answers import (
    DraftManifestShown,
    ExtendedShown,
    ProposedShown,
    ResultsShown,
    SuggestedShown,
)
from service.interop.reconcile.asked import ExtensionAsked, QueriesAsked
from service.interop.reconcile.batches import not_too_many
from service.interop.reconcile.manifests import draft_manifest
from service.interop.reconcile.router import POSTED, PREVIEWED
from service.interop.reconcile.services import (
    Id,
    Kind,
    Proposing,
    Question,
    Typed,
    page,
    proposals,
    public,
    rooms,
    suggestions,
    told,
)
from service.interop.reconcile.told import candidate, extended_in_order

_PREFIX = "/reconcile/{database}/1.0-draft"

router = APIRouter(prefix=_PREFIX, tags=["reconciliation"])
asking = APIRouter(prefix=_PREFIX, tags=["reconciliation"], route_class=QuestionRoute)


@router.get(
    "",
    operation_id="getDraftReconciliation",
    summary="The manifest of version 1.0-draft",
    response_model=DraftManifestShown,
    responses=problems(LISTING),
)
def get_draft_reconciliation(question: Question) -> Response:
    """Return what this service offers, to clients of the Reconciliation Service API 1.0-draft."""
    return public(question.request, draft_manifest(question.service, rooms(question.request)[0]))


@asking.post(
    "/reconcile",
    operation_id="reconcileDraft",
    summary="Reconcile by conditions",
    response_model=ResultsShown,
    responses=problems(POSTED),
    openapi_extra=examples.QUERIES,
)
def reconcile_draft(question: Question, asked: QueriesAsked) -> Response:
    """Return the candidates for each query in order. A name may be missing: then places are found by where they are.

    Scores and matches are those of version 0.2. A required condition leaves out whatever does not agree in it.
    """
    not_too_many(question.request, asked.queries, "queries")
    service = question.service
    found = service.find(question.by, [one.plain(service) for one in asked.queries])
    return told({"results": [{"candidates": list(map(candidate, some))} for some in found]})


@asking.post(
    "/extend",
    operation_id="extendDraft",
    summary="Extend what was reconciled",
    response_model=ExtendedShown,
    responses=problems(POSTED),
    openapi_extra=examples.EXTENSIONS,
)
def extend_draft(question: Question, wanted: ExtensionAsked) -> Response:
    """Return the values of properties by entity, in order; none where nothing is known or your key does not see it."""
    not_too_many(question.request, wanted.ids, "ids")
    service = question.service
    names = wanted.names(service)
    return told(extended_in_order(service, names, wanted.ids, service.extend(question.by, wanted.ids, names)))


@router.get(
    "/suggest/{what}",
    operation_id="suggestDraft",
    summary="Complete what somebody types",
    response_model=SuggestedShown,
    responses=problems(LISTING),
)
def suggest_draft(question: Question, what: Kind, typed: Annotated[Typed, Query()]) -> Response:
    """Return the same as version 0.2 does."""
    return suggestions(question, what, typed)


@router.get(
    "/preview",
    operation_id="previewDraft",
    summary="A small page about an entity",
    response_class=Response,
    responses=PREVIEWED | written_as("text/html"),
)
def preview_draft(question: Question, one_id: Id) -> Response:
    """Return the same page as version 0.2 does."""
    return page(question, one_id)


@router.get(
    "/extend/propose",
    operation_id="proposeDraft",
    summary="Properties to extend with",
    response_model=ProposedShown,
    responses=problems(LISTING),
)
def propose_draft(question: Question, wanted: Annotated[Proposing, Query()]) -> Response:
    """Return the same as version 0.2 does."""
    return proposals(question, wanted)
