"""SDMX-ML, parsed without its namespaces; what a harmless message has no need of is refused before it does harm."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

Element = ET.Element


class _NoDoctype(ET.TreeBuilder):
    """Builds the tree; a document type would bring entities, and with them files of ours or endless text."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Raise `ValueError`."""
        msg = f"a document type {name} {pubid or ''} {system or ''}".rstrip()
        raise ValueError(msg)


def parse(content: bytes) -> Element:
    """Return the root of a message. Raises `ValueError` for broken XML and for a document type."""
    parser = ET.XMLParser(target=_NoDoctype())  # noqa: S314 - document types, and so entities, are refused above
    try:
        parser.feed(content)
        root: Element = parser.close()
    except (ET.ParseError, LookupError) as error:  # an unknown encoding is the latter
        msg = f"broken XML: {error}"
        raise ValueError(msg) from error
    return root


def kind(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def every(element: Element, *names: str) -> Iterator[Element]:
    """Return the elements of these names, at any depth, in their order."""
    return (one for one in element.iter() if kind(one) in names)


def children(element: Element, *names: str) -> Iterator[Element]:
    """Return the elements of these names directly below."""
    return (one for one in element if kind(one) in names)


def text(element: Element) -> str:
    """Return the text of an element without the blanks around it."""
    return (element.text or "").strip()


def plain(element: Element) -> dict[str, str]:
    """Return the attributes that have no namespace; the others are the standard's own."""
    return {name: value for name, value in element.attrib.items() if not name.startswith("{")}
