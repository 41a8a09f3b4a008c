"""Gap reports as documents: the page and the PDF, with what a browser is told about them."""

from __future__ import annotations

from starlette.responses import Response

from service import documents

#: Media type -> headers of a document of that type: what a page may show, and what a PDF is called when it is saved.
_HEADERS = {
    "text/html": {"Content-Security-Policy": f"{documents.POLICY}; frame-ancestors 'none'"},
    "application/pdf": {"Content-Disposition": 'inline; filename="gap-report.pdf"'},
}


def as_document(answer: Response, media_type: str) -> Response:
    """Return an answer with the headers of its media type, where it is that of a document."""
    answer.headers.update(_HEADERS.get(media_type.partition(";")[0], {}))
    return answer
