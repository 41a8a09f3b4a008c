"""What all plots share: words for those who hear them, and nothing that changes from run to run."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from service.plots.figure import Caption, drawn

SVG = "{http://www.w3.org/2000/svg}"
CAPTION = Caption("Counts < 10 & more", "Nothing is drawn.", "Source: a < b")


def test_a_plot_names_and_describes_itself_for_screen_readers() -> None:
    """Title and description come first and label the picture; signs of markup in them stay text."""
    root = ET.fromstring(drawn(CAPTION, lambda _figure: None))  # noqa: S314 - our own bytes
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "title desc"
    assert [(one.tag, one.get("id"), one.text) for one in list(root)[:2]] == [
        (f"{SVG}title", "title", CAPTION.title),
        (f"{SVG}desc", "desc", CAPTION.description),
    ]


def test_a_plot_shows_its_title_and_source_and_no_date() -> None:
    """Both stand in the picture as text; the same figures give the same bytes."""
    svg = drawn(CAPTION, lambda _figure: None)
    words = "".join(ET.fromstring(svg).itertext())  # noqa: S314 - our own bytes
    assert CAPTION.source in words
    assert words.count(CAPTION.title) == 2
    assert b"dc:date" not in svg
    assert svg == drawn(CAPTION, lambda _figure: None)
