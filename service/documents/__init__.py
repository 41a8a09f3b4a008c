"""Documents: a gap report as people read it on a screen and on paper, with maps, plots and an annex of methods.

What goes in is a report as one caller may see it (`service.report.gap_report`), plain values; nothing is looked
up about any community here. The same report gives the same bytes.
"""

from service.documents.document import Borders, Document, document
from service.documents.gathering import Gathered
from service.documents.outlines import Outline, outlines
from service.documents.page import POLICY, html
from service.documents.paper import pdf
from service.documents.stream import DocumentStream

__all__ = [
    "POLICY",
    "Borders",
    "Document",
    "DocumentStream",
    "Gathered",
    "Outline",
    "document",
    "html",
    "outlines",
    "pdf",
]
