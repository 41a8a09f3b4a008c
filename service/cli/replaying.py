"""The command that repeats a finding: offline, from what is kept, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from matchers.certificates.certificate import Plain, Replayed, canonical
from service.cli import terminal
from service.cli.opening import opened
from service.offline import certificates as certificate_file
from service.offline.replay import Where, replay_file
from service.replay import replay as replay_finding
from service.replay import replay_certificate
from service.running.release import release

_SHOWN = 20  # differences of one certificate, and certificates that differ; more would scroll the rest away


def replay(  # noqa: PLR0913 - every option of a command is a parameter
    what: Annotated[
        str, typer.Argument(metavar="FINDING|FILE[#RECORD]", help="A finding's id, or a file of certificates.")
    ],
    *,
    record: Annotated[str | None, typer.Option(help="Of a file only this record: its id or row.")] = None,
    citizen: Annotated[Path | None, typer.Option(help="The citizen file, where it is not beside FILE.")] = None,
    official: Annotated[Path | None, typer.Option(help="The official list, where it is not beside FILE.")] = None,
    decisions: Annotated[Path | None, typer.Option(help="The decisions, where they are not beside FILE.")] = None,
    growth: Annotated[Path | None, typer.Option(help="The growth rates, where they are not beside FILE.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write the certificate to.")] = None,
) -> None:
    """Make a finding's search certificate again from what is kept, offline, and say whether it is the same.

    Exit code 1 where it is not, with what differs.

    Examples: **uncounted replay 5f2b0c9d8e7a4b6c9d0e1f2a3b4c5d6e -o certificate.json**

    **uncounted replay certificates.ndjson#village-12**
    """
    name, _, after = what.partition("#")
    path = Path(what) if Path(what).exists() else Path(name)
    again: Iterable[Replayed]
    if not path.exists():
        with opened() as context:
            again = [replay_finding(context, what)]
    elif (saved := certificate_file.single(path)) is not None:
        with opened() as context:
            again = [replay_certificate(context, saved)]
    else:
        wanted = record or (after if path == Path(name) else "") or None
        again = replay_file(Where(path, wanted, citizen, official, decisions, growth))
    made, differing = _tell(again)
    if out is not None:
        out.write_bytes(b"".join(canonical(found) + b"\n" for found in made))
    if differing:
        raise typer.Exit(1)


def _tell(again: Iterable[Replayed]) -> tuple[list[Plain], int]:
    """Say of each certificate whether it was reproduced; return those made again, and how many differ."""
    made, differing = [], 0
    for one in again:
        made.append(one.found)
        if not one.reproduced:
            differing += 1
            if differing <= _SHOWN:
                _differ(one)
    if len(made) == 1 and not differing:
        _summary(made[0])
    terminal.out.print("reproduced" if len(made) == 1 and not differing else _count(len(made), differing), markup=False)
    return made, differing


def _count(total: int, differing: int) -> str:
    return "not reproduced" if total == differing == 1 else f"{total - differing:,} of {total:,} reproduced"


def _differ(one: Replayed) -> None:
    terminal.err.print(f"Record {one.stated['record']['id']} differs:", markup=False)
    for line in islice(one.differences, _SHOWN):
        terminal.err.print(f"  {line}", markup=False, soft_wrap=True)
    made_by = one.stated.get("release")
    if made_by != release():
        terminal.err.print(f"  It was made by release {made_by}; this is release {release()}.", markup=False)


def _summary(certificate: Plain) -> None:
    finding, listed = certificate["finding"], certificate["list"]
    told = {
        "verdict": finding["verdict"],
        "reason": finding["reason"],
        "list": f"{listed['title']} ({listed['vintage']}), {certificate['search']['entries']:,} entries",
        "candidates weighed": f"{certificate['search']['candidates']:,}",
    }
    changes = certificate["smallest_changes"] or [{"sentence": "No change of one feature would have made another."}]
    terminal.summary(f"Record {certificate['record']['id']}", told | {"smallest change": changes[0]["sentence"]})
