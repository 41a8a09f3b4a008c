"""Every way of writing an edition: as data (`service.gap_reports.writers`), and as a document for people."""

from __future__ import annotations

from service.context import Context
from service.documents import DocumentStream, html, pdf
from service.gap_reports.writers import Form, writer
from service.writing.spreadsheets.dialects import PLAIN, Dialect
from service.writing.streams import Stream

#: Formats that people read, with what writes them.
DOCUMENTS = {Form.HTML: html, Form.PDF: pdf}


def edition_stream(context: Context, form: Form, dialect: Dialect = PLAIN) -> Stream:
    """Return what writes an edition in a format; maps of documents are drawn on borders of the lists in force."""
    if form in DOCUMENTS:
        return DocumentStream(context, DOCUMENTS[form])
    return writer(form, context.settings, dialect)
