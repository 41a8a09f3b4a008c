"""The writer of documents: flags come some at a time, and at the end what is said about all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from service.context import Context, codes_of_reasons
from service.documents.document import Document, document
from service.documents.gathering import Gathered
from service.documents.outlines import outlines
from service.writing.spool import Spool
from service.writing.streams import Items


class DocumentStream:
    """Writes a document of a report, its map on borders of the lists in force (`service.writing.streams.Stream`)."""

    def __init__(self, context: Context, write: Callable[[Document], bytes]) -> None:
        """Begin with no flag; `write` is `html` or `pdf`."""
        self._context, self._write, self._found = context, write, Gathered()

    def take(self, items: Items) -> None:
        """Keep what the document shows of some flags."""
        self._found.take(items)

    def done(self, told: Mapping[str, Any]) -> Spool:
        """Return the document."""
        context, out = self._context, Spool(self._context.settings)
        label = partial(codes_of_reasons(context.settings).label, language="en")
        out.write(self._write(document(told, self._found, partial(outlines, context), label)))
        return out
