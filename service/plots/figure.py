"""What all plots share: one look, readable in black and white and without eyes; the same figures, the same bytes.

A plot is a function that draws on a Matplotlib figure; `drawn` opens the figure, adds title and source, and returns it
as bytes. Colours are those of Okabe and Ito (2008), which people with any colour vision tell apart; where a colour
carries meaning, a hatch carries it too.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from service.errors import INVALID, NOT_ACCEPTABLE, Problem

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Colours by what they stand for, so that one thing has one colour in every plot.
MAIN, OTHER, GOOD, WARM, CALM = "#0072b2", "#d55e00", "#009e73", "#e69f00", "#56b4e9"
INK, FAINT = "#222222", "#9a9a9a"

#: Colours in the order that series take them, each with the hatch that tells it apart in print. Hatches of dots would
#: take a hundred kilobytes of SVG.
SERIES = ((MAIN, ""), (WARM, "///"), (GOOD, "---"), (OTHER, "xxx"), (CALM, "\\\\\\"))

Form = Literal["svg", "png"]
_FORMS: dict[str, Form] = {".svg": "svg", ".png": "png"}


@dataclass(frozen=True, slots=True)
class Caption:
    """What a plot says in words."""

    title: str
    description: str  # what the picture shows, for those who hear it: a sentence or two with the numbers that matter
    source: str = ""  # what it was drawn from; stands small under the plot


def form_of(out: Path) -> Form:
    """Return the form a plot is written in by its ending, before anybody waits for figures.

    Raises `Problem`: not acceptable for another ending, invalid for a folder that is not there.
    """
    form = _FORMS.get(out.suffix.casefold())
    if form is None:
        detail = f"A plot is not written as {out.suffix or 'a file without an ending'}; use {' or '.join(_FORMS)}."
        raise Problem(NOT_ACCEPTABLE, detail)
    if not out.resolve().parent.is_dir():
        detail = f"The folder of {out} does not exist."
        raise Problem(INVALID, detail)
    return form


def drawn(
    caption: Caption, draw: Callable[[Figure], None], size: tuple[float, float] = (6.4, 4.4), form: Form = "svg"
) -> bytes:
    """Return a plot of `size` inches, width first. SVG holds its words as text, a title and a description.

    `draw` gets an empty figure with constrained layout. The same figures give the same bytes of SVG.
    """
    import matplotlib as mpl  # noqa: PLC0415 - takes half a second to load, and most runs draw nothing
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above; without pyplot no window system is touched

    with (
        warnings.catch_warnings(),
        mpl.rc_context(
            {
                "svg.hashsalt": "uncounted",
                "svg.fonttype": "none",
                "font.size": 9,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "hatch.linewidth": 0.6,
            }
        ),
    ):
        warnings.filterwarnings("ignore", "Glyph", UserWarning)  # a title in a script the font lacks
        figure = Figure(figsize=size, layout="constrained")
        draw(figure)
        figure.suptitle(caption.title, x=0.02, ha="left", fontsize=10, fontweight="bold", wrap=True, parse_math=False)
        if caption.source:
            figure.supxlabel(caption.source, x=0.02, ha="left", fontsize=7, color=INK, wrap=True, parse_math=False)
        out = BytesIO()
        figure.savefig(out, format=form, dpi=150, metadata={"Date": None} if form == "svg" else {})
    return _told(out.getvalue(), caption) if form == "svg" else out.getvalue()


def _told(svg: bytes, caption: Caption) -> bytes:
    """Put title and description where screen readers look for them: first in the picture, named by it."""
    start = svg.index(b">", svg.index(b"<svg")) + 1
    named = svg[:start].replace(b"<svg ", b'<svg role="img" aria-labelledby="title desc" ', 1)
    words = (
        f'\n <title id="title">{escape(caption.title)}</title>\n <desc id="desc">{escape(caption.description)}</desc>'
    )
    return named + words.encode() + svg[start:]
