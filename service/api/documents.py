"""Gap reports as documents: the page and the PDF, with what a browser is told about them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from service import documents
from service.context import Context
from service.http.answers import MEDIA_TYPES, Answer, Format

#: What a gap report is written as for people to read.
DOCUMENTS = (Format.HTML, Format.PDF)


def as_document(context: Context, shown: Mapping[str, Any], found: documents.Gathered, form: Format) -> Answer:
    """Return a redacted report and its flags as a document, its map on the borders that the lists in force hold."""
    made = documents.document(shown, found, partial(documents.outlines, context))
    if form is Format.PDF:
        name = {"Content-Disposition": 'inline; filename="gap-report.pdf"'}
        return Answer(documents.pdf(made), MEDIA_TYPES[form], name)
    policy = {"Content-Security-Policy": f"{documents.POLICY}; frame-ancestors 'none'"}
    return Answer(documents.html(made), MEDIA_TYPES[form], policy)
