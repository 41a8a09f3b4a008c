"""How the pages of this folder become a site: `make docs` writes it to docs/_build."""

from __future__ import annotations

import sys
from importlib.metadata import version as version_of
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

project = "Uncounted"
author = "The Uncounted maintainers"
release = version = version_of("uncounted")

extensions = ["myst_parser"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 4  # as the links between pages name them
nitpicky = True
suppress_warnings: list[str] = []

html_theme = "furo"
html_title = "Uncounted"
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"source_repository": "", "footer_icons": []}


def setup(app: Sphinx) -> None:
    """Read the reference off the code before the pages are read, and show files of columns as they are."""
    from from_code import figures, write  # noqa: PLC0415 - found only after this folder is on the path

    app.add_lexer("csv", TextLexer)
    app.connect("builder-inited", lambda _: write(HERE / "reference"))
    app.connect("source-read", lambda _, __, source: source.__setitem__(0, figures.linked(source[0])))
