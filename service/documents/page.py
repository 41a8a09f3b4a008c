"""The document as one page of HTML: no script, nothing from anywhere else, so it can be saved, mailed and printed."""

from __future__ import annotations

import base64
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.documents.document import Document

_HERE = Path(__file__).parent
_STYLE = (_HERE / "document.css").read_text(encoding="utf-8").strip()

#: What a browser lets such a page do: show its own style, by its hash, and its own pictures.
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(sha256(_STYLE.encode()).digest()).decode()}'; "
    "img-src data:; base-uri 'none'; form-action 'none'"
)


def html(document: Document) -> bytes:
    """Return a document as UTF-8 HTML; everything in it is escaped. The same document gives the same bytes."""
    return _templates().get_template("document.html").render(document=document, style=_STYLE, policy=POLICY).encode()


def _embedded(svg: str) -> str:
    """Return a picture as an address of itself, so that its styles stay its own."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["embedded"] = _embedded
    return environment
