"""The pages that explain: how often findings are right, and how one is come by, with the numbers in force."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from matchers.evaluation.measured import LABELLED, measured
from service.verifying.judging import PARAMETERS
from service.web.reader import reader_of
from service.web.speech import deferred
from service.web.wording import VERDICTS

router = APIRouter(include_in_schema=False)

#: Figure -> (what it is called, what it says), in the order of the columns.
FIGURES = {
    "precision": (deferred("Precision"), deferred("of those said to be missing, how many are")),
    "recall": (deferred("Recall"), deferred("of those that are missing, how many were said to be")),
    "false_hidden": (deferred("Wrongly flagged"), deferred("of those on the list, how many were said to be missing")),
    "first_choice": (deferred("Right entry first"), deferred("how often the best candidate is the right entry")),
    "review": (deferred("Left to a person"), deferred("how many the model does not decide by itself")),
    "calibration_error": (
        deferred("Calibration error"),
        deferred("how far stated probabilities lie from what is true"),
    ),
}


@router.get("/measured-error")
async def measured_error(request: Request) -> Response:
    """Show how often findings of the parameters in force were measured to be right, and what each figure means."""
    reader = await reader_of(request)
    known = measured(PARAMETERS.version)
    values = {"known": known, "sets": known.sets, "figures": FIGURES, "labelled": LABELLED}
    return await reader.show("measured_error.html", values)


@router.get("/how-we-decide")
async def how_we_decide(request: Request) -> Response:
    """Show how a record becomes a verdict and a verdict becomes public; thresholds are those of the code."""
    reader = await reader_of(request)
    values = {
        "absence": PARAMETERS.absence,
        "counting": PARAMETERS.counting,
        "version": PARAMETERS.version,
        "policy": await reader.ask("/v1/disclosure-policy"),
        "verdicts": {term: words for term, words in VERDICTS.items() if term != "pending"},
    }
    return await reader.show("how_we_decide.html", values)
