"""The command for gap reports: as things stand now, or as an edition that can be cited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from geodata.countries import country_code
from geodata.tags import goals, tagging
from geodata.tags.tag import Factor, TagKind
from service import report as report_verb
from service.api.rows import FLAG_COLUMNS, flag_row
from service.api.tags_asked import group_id
from service.cli import terminal
from service.cli.opening import OPERATOR, opened
from service.configuration.settings import Settings
from service.context import Context
from service.disclosure.tags import AskedTags
from service.documents import DocumentStream, html, pdf
from service.errors import INVALID, NOT_ACCEPTABLE, Problem
from service.gap_reports.edition import Audience, Licence, Wish
from service.gap_reports.making import begin, make
from service.gap_reports.printing import edition_stream
from service.gap_reports.telling import tell
from service.gap_reports.writers import Form
from service.housekeeping.retagging import retag
from service.plots import gaps
from service.plots.figure import Form as Drawing
from service.report import ReportScope, Shown
from service.store import gap_reports
from service.store.gap_reports import Edition
from service.writing.spool import Spool
from service.writing.spreadsheets import dialects
from service.writing.spreadsheets.dialects import PLAIN, Dialect
from service.writing.streams import CsvStream, GeoJsonStream, Items, JsonStream, Stream


def report(  # noqa: PLR0913 - every option of a command is a parameter
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            help="File to write: .html, .pdf, .json, .geojson, .csv, .svg or .png; frozen .xlsx, .gpkg too.",
        ),
    ],
    *,
    country: Annotated[str | None, typer.Option(help="Only this country (code or name).")] = None,
    admin: Annotated[str | None, typer.Option(help="Only this unit: its code or name, or level=value.")] = None,
    source: Annotated[str | None, typer.Option(help="Only findings against this source.")] = None,
    sdg: Annotated[list[str] | None, typer.Option(help="Only with this goal, target or indicator. Repeatable.")] = None,
    factor: Annotated[list[Factor] | None, typer.Option(help="Only left behind by this factor. Repeatable.")] = None,
    theme: Annotated[list[str] | None, typer.Option(help="Only of this theme. Repeatable.")] = None,
    group: Annotated[
        list[str] | None, typer.Option(help="Only of this group of people, by id or name. Repeatable.")
    ] = None,
    freeze: Annotated[bool, typer.Option("--freeze", help="Make the next edition of it, which can be cited.")] = False,
    public: Annotated[
        bool, typer.Option("--public", help="With --freeze: everybody may read its public edition.")
    ] = False,
    licence: Annotated[Licence, typer.Option(help="With --freeze: under which it is given away.")] = Licence.CC_BY,
    edition: Annotated[str | None, typer.Option(help="Write this edition, by its identifier, instead.")] = None,
    audience: Annotated[Audience, typer.Option("--for", help="For whom an edition is written.")] = Audience.RESTRICTED,
    excel: Annotated[
        str | None, typer.Option(help="A .csv of an edition for the spreadsheets of this locale, such as fr or en-GB.")
    ] = None,
) -> None:
    """Write a gap report: what official lists do not name, per verdict and tag, with the snapshots used.

    Examples: **uncounted report --country KE -o gaps.csv**

    **uncounted report --sdg 11.1 --factor shocks -o settlements.geojson**

    **uncounted report --country KE -o gaps.pdf** is to be read and printed, **.html** is a page, **.svg** one picture.

    **uncounted report --country KE --freeze -o gaps.xlsx** makes an edition of it that can be cited.

    **uncounted report --edition 01a2… --for public --excel fr -o gaps.csv**
    """
    scope = ReportScope(
        country_code(country) if country else None,
        admin,
        source,
        tags=_asked(AskedTags(tuple(sdg or ()), tuple(factor or ()), tuple(theme or ()), tuple(group or ()))),
    )
    with opened() as context:
        retag(context)  # the rules may be others than when the service last ran
        if freeze or edition:
            form = _form(out)
            kept = _made(context, Wish(scope, public, licence)) if edition is None else _kept(context, edition)
            _write(context, kept, out, _Written(form, audience, _dialect(excel)))
        else:
            _live(context, scope, out)


class _Written:
    """How an edition is written."""

    def __init__(self, form: Form, audience: Audience, dialect: Dialect) -> None:
        self.form, self.audience, self.dialect = form, audience, dialect


def _dialect(locale: str | None) -> Dialect:
    try:
        return PLAIN if locale is None else dialects.excel(locale)
    except ValueError as error:
        detail = f"--excel: {error}."
        raise Problem(INVALID, detail) from error


def _made(context: Context, wish: Wish) -> Edition:
    with terminal.progress("Reading") as step:
        read = 0

        def more(flags: int) -> None:
            nonlocal read
            read += flags
            step(read, what="flags read")

        return make(context, begin(context, wish, OPERATOR), more)


def _kept(context: Context, report_id: str) -> Edition:
    with context.store.read() as session:
        return gap_reports.get(session, report_id)


def _write(context: Context, edition: Edition, out: Path, how: _Written) -> None:
    stream, written = edition_stream(context, how.form, how.dialect), 0
    with terminal.progress("Writing") as step:

        def take(shown: Shown) -> None:
            nonlocal written
            stream.take(shown)
            written += len(shown)
            step(written, edition.flags, "flags written")

        told = tell(context, edition, how.audience, take)
        _save(out, stream.done(told))
    terminal.err.print(told["cite"], markup=False)
    if told["taken_out"]:
        terminal.err.print(f"{told['taken_out']:,} flags were taken out since it was made.")
    terminal.err.print(f"{terminal.counted(written, 'flag')} written to {out}.")


def _live(context: Context, scope: ReportScope, out: Path) -> None:
    ending, flags = out.suffix.casefold(), 0
    if ending not in _LIVE:
        frozen = " Add --freeze for an edition in this format." if ending.removeprefix(".") in set(Form) else ""
        detail = (
            f"A report is not written as {out.suffix or 'a file without an ending'}; use {', '.join(_LIVE)}.{frozen}"
        )
        raise Problem(NOT_ACCEPTABLE, detail)
    stream = _LIVE[ending](context)

    def take(shown: Shown) -> None:
        nonlocal flags
        flags += len(shown)
        stream.take(shown)

    told = report_verb.gap_report(context, scope, OPERATOR, take)
    _save(out, stream.done(told))
    for measured in told["measured_error"]:
        terminal.err.print(measured["sentence"], markup=False)
    verb = "drawn" if ending in {".svg", ".png"} else "written"
    terminal.err.print(f"{terminal.counted(flags, 'flag')} {verb} to {out}.")


def _save(out: Path, content: Spool) -> None:
    with out.open("wb") as file:
        file.writelines(content.pieces())


def _form(out: Path) -> Form:
    ending = out.suffix.casefold().removeprefix(".")
    if ending not in set(Form):
        endings = ", ".join(f".{form}" for form in Form)
        detail = f"An edition is not written as {out.suffix or 'a file without an ending'}; use {endings}."
        raise Problem(NOT_ACCEPTABLE, detail)
    return Form(ending)


def _asked(given: AskedTags) -> AskedTags:
    themes = tagging.rules_in_force().labels[TagKind.THEME]
    if unknown := [code for code in given.sdg if not goals.is_sdg(code)]:
        detail = f"--sdg {unknown[0]}: there is no such goal, target or indicator. Write 11, 11.1 or 11.1.1."
        raise Problem(INVALID, detail)
    if unknown := [one for one in given.theme if one not in themes]:
        detail = f"--theme {unknown[0]}: there is no such theme. Write one of {', '.join(sorted(themes))}."
        raise Problem(INVALID, detail)
    try:
        return replace(given, group=tuple(map(group_id, given.group)))
    except LookupError as error:
        detail = f"--group: no one group is called so. {error}"
        raise Problem(INVALID, detail) from error


class _Drawn:
    """Draws where the gaps of a report lie; its flags are not in the picture."""

    def __init__(self, settings: Settings, form: Drawing) -> None:
        self._out, self._form = Spool(settings), form

    def take(self, _items: Items) -> None:
        pass

    def done(self, told: Mapping[str, Any]) -> Spool:
        self._out.write(gaps.plot(told, self._form))
        return self._out


_LIVE: dict[str, Callable[[Context], Stream]] = {
    ".html": lambda context: DocumentStream(context, html),
    ".pdf": lambda context: DocumentStream(context, pdf),
    ".json": lambda context: JsonStream(context.settings),
    ".geojson": lambda context: GeoJsonStream(context.settings, flag_row),
    ".csv": lambda context: CsvStream(context.settings, FLAG_COLUMNS, flag_row),
    ".svg": lambda context: _Drawn(context.settings, "svg"),
    ".png": lambda context: _Drawn(context.settings, "png"),
}
