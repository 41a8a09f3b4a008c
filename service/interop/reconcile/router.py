"""Reconciliation as version 0.2 of the protocol has it: what OpenRefine asks."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from service.api.responses import FINDING, LISTING, problems, written_as
from service.errors import FORGED, INVALID, MALFORMED, NOT_FOUND, TOO_LARGE, TOO_SLOW, UNSUPPORTED, Mistake, Problem
from service.http.questions import FormQuestion, form_of
from service.interop.reconcile import examples
from service.interop.reconcile.answers import FlyoutShown, ManifestShown, ProposedShown, SuggestedShown
from service.interop.reconcile.batches import extension_of, queries_of
from service.interop.reconcile.manifests import manifest
from service.interop.reconcile.preview import flyout
from service.interop.reconcile.services import (
    Asked,
    Id,
    Kind,
    Proposing,
    Question,
    Typed,
    What,
    known,
    page,
    properties,
    proposals,
    public,
    rooms,
    suggestions,
    told,
)
from service.interop.reconcile.told import candidate, extended

QUESTION = (*FINDING, INVALID, MALFORMED)
POSTED = (*QUESTION, FORGED, TOO_LARGE, TOO_SLOW, UNSUPPORTED)
PREVIEWED = problems((*LISTING, NOT_FOUND))

router = APIRouter(prefix="/reconcile/{database}", tags=["reconciliation"])
asking = APIRouter(prefix="/reconcile/{database}", tags=["reconciliation"], route_class=FormQuestion)

_Json = Annotated[str | None, Query(max_length=50_000)]


@router.get(
    "",
    operation_id="getReconciliation",
    summary="The manifest for OpenRefine",
    response_model=ManifestShown | dict[str, Any],
    responses=problems(QUESTION),
)
def get_reconciliation(
    question: Question,
    queries: Annotated[_Json, Query(description="JSON: queries by name, answered instead of the manifest")] = None,
    extend: Annotated[_Json, Query(description="JSON: `ids` and `properties`, answered instead")] = None,
) -> Response:
    """Return what this service offers (Reconciliation Service API 0.2); with `queries` or `extend`, the answer to them.

    Enter this address in OpenRefine under *Add standard service*. Long questions go into the body of a POST.
    """
    room, own = rooms(question.request)
    if queries is None and extend is None:
        return public(question.request, manifest(question.service, room, own))
    return _answered(question, queries, extend)


@asking.post(
    "",
    operation_id="reconcile",
    summary="Reconcile names, or extend what was reconciled",
    response_model=dict[str, Any],
    responses=problems(POSTED),
    openapi_extra=examples.FORM_BODY,
)
def reconcile(question: Question) -> Response:
    """Return the candidates for each of the `queries`, or with `extend` the values of properties (0.2).

    The score is the probability, in percent, that the candidate is the one; `match` is true where no person has to
    look, of one candidate at most. What could not be compared is no feature. No key is needed; with one, `extend` also
    tells what was found at a place, as far as the key sees it.
    """
    form = form_of(question.request)
    return _answered(question, form.get("queries"), form.get("extend"))


@router.get(
    "/suggest/{what}",
    operation_id="suggestReconciled",
    summary="Complete what somebody types",
    response_model=SuggestedShown,
    responses=problems(LISTING),
)
def suggest_reconciled(question: Question, what: Kind, typed: Annotated[Typed, Query()]) -> Response:
    """Return entities, properties or types whose names begin like this, then those that are alike."""
    return suggestions(question, what, typed)


@router.get(
    "/flyout/{what}",
    operation_id="describeReconciled",
    summary="A line about an entity, a property or a type",
    response_model=FlyoutShown,
    responses=PREVIEWED,
)
def describe_reconciled(question: Question, what: Kind, one_id: Id) -> Response:
    """Return a line of HTML to be shown beside what somebody types."""
    service = question.service
    if what is What.ENTITY:
        return told({"id": one_id, "html": flyout(known(service.entity(question.by, one_id), one_id))})
    some = service.types if what is What.TYPE else properties(service)
    one = next((each for each in some if each.id == one_id), None)
    if one is None:
        detail = f"There is no {what} {one_id[:100]!r}."
        raise Problem(NOT_FOUND, detail)
    return told({"id": one_id, "html": flyout(one)})


@router.get(
    "/preview",
    operation_id="previewReconciled",
    summary="A small page about an entity",
    response_class=Response,
    responses=PREVIEWED | written_as("text/html"),
)
def preview_reconciled(question: Question, one_id: Id) -> Response:
    """Return a page that any program may show in a window of its own; it holds no script and loads nothing."""
    return page(question, one_id)


@router.get(
    "/extend/propose",
    operation_id="proposeReconciled",
    summary="Properties to extend with",
    response_model=ProposedShown,
    responses=problems(LISTING),
)
def propose_reconciled(question: Question, wanted: Annotated[Proposing, Query()]) -> Response:
    """Return the properties that entities can be extended with; they are the same for all types."""
    return proposals(question, wanted)


def _answered(question: Asked, queries: str | None, extend: str | None) -> Response:
    """Answer what was asked. Raises `Problem` (malformed, invalid)."""
    service, request = question.service, question.request
    if queries is not None:
        batch = queries_of(request, queries)
        found = service.find(question.by, [one.plain(service) for one in batch.values()])
        results = ({"result": list(map(candidate, some))} for some in found)
        return told(dict(zip(batch, results, strict=True)))
    if extend is not None:
        wanted = extension_of(request, extend)
        names = wanted.names(service)
        return told(extended(service, names, wanted.ids, service.extend(question.by, wanted.ids, names)))
    wrong = Mistake("", "Nothing was asked.", "Send `queries` or `extend`, each as JSON.")
    raise Problem(INVALID, f"{wrong.message} {wrong.hint}", errors=[wrong.members()])
