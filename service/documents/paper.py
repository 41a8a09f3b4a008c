"""The document on paper: a tagged PDF (PDF/UA-1), A4, legible in black and white."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import as_file, files
from typing import Any

from service.documents.document import Document
from service.documents.printable import Printable
from service.plots import lettering

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # that of the file, not of the report: the same report is the same file


def pdf(document: Document) -> bytes:
    """Return a document as PDF/UA-1. Every text in it is text, never typeset as code.

    Letters that no typeface on this machine has are transliterated, and the document says so. The same document gives
    the same bytes on the same machine; another machine may have other typefaces.
    """
    import typst  # noqa: PLC0415 - forty megabytes, for the few who print

    told = asdict(document) | {"date": [document.date.year, document.date.month, document.date.day]}
    printable = Printable(_texts(told))
    content = _with_texts(told, printable) | {"note": printable.note, "families": printable.families}
    with as_file(files("service.documents").joinpath("document.typ")) as template:
        made = typst.compile(
            str(template),
            format="pdf",
            pdf_standards="ua-1",
            ignore_system_fonts=not printable.from_system,
            font_paths=[str(lettering.folder())],
            timestamp=_EPOCH,
            sys_inputs={"document": json.dumps(content, ensure_ascii=False)},
        )
    assert isinstance(made, bytes)  # noqa: S101 - one document, no pages of pictures
    return made


def _texts(value: Any) -> str:
    """Return every text in plain values, one after the other."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        value = list(value.values())
    return "".join(map(_texts, value)) if isinstance(value, list | tuple) else ""


def _with_texts(value: Any, printable: Printable) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: _with_texts(one, printable) for name, one in value.items()}
    return [_with_texts(one, printable) for one in value] if isinstance(value, list | tuple) else value
