"""The command that writes the form "community record": for KoboToolbox and ODK, or on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geodata.communityform.paper import UnknownLanguage, line_list, paper
from geodata.communityform.xlsform import xlsform
from service.cli import terminal
from service.errors import INVALID, Problem


def form(
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write.")] = None,
    *,
    on_paper: Annotated[bool, typer.Option("--paper", help="To print: one community on two pages.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="To print: ten communities on one page, a line each.")] = False,
    language: Annotated[str, typer.Option(help="Of what is printed: en, fr, es or sw.")] = "en",
) -> None:
    """Write the form for collecting communities: an XLSForm in four languages, or a PDF to print.

    What KoboToolbox and ODK export of it, **uncounted** reads without a mapping.

    Examples: **uncounted form -o community-record.xlsx**

    **uncounted form --paper --language sw -o fomu.pdf**
    """
    try:
        content, name = _written(on_paper=on_paper, listed=listed, language=language)
    except UnknownLanguage as unknown:
        detail = f"{unknown} {unknown.hint}"
        raise Problem(INVALID, detail) from unknown
    path = out or Path(name)
    try:
        path.write_bytes(content)
    except OSError as error:
        detail = f"{path} cannot be written: {error.strerror}."
        raise Problem(INVALID, detail) from error
    terminal.err.print(f"The form was written to {path}.", markup=False)


def _written(*, on_paper: bool, listed: bool, language: str) -> tuple[bytes, str]:
    if listed:
        return line_list(language), f"community-list-{language}.pdf"
    if on_paper:
        return paper(language), f"community-record-{language}.pdf"
    return xlsform(), "community-record.xlsx"
