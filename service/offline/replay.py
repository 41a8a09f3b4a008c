"""Replay a file of certificates: compare its rows again, from the files it names, without a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from matchers.certificates.certificate import Replayed, company_from
from matchers.certificates.certifying import certificates
from matchers.circumstances import circumstances_from
from service.errors import INVALID, NOT_FOUND, Problem
from service.offline import certificates as certificate_file
from service.offline.certificates import Header, Source
from service.offline.inputs import Request, read_files


@dataclass(frozen=True, slots=True)
class Where:
    """A file of certificates, the one record asked for, and the files compared where they lie elsewhere."""

    path: Path
    record: str | None = None  # an id, or the number of a row; all records where None
    citizen: Path | None = None
    official: Path | None = None
    decisions: Path | None = None
    growth: Path | None = None


def replay_file(where: Where) -> Iterator[Replayed]:
    """Yield each certificate of a file, as stated and as made again.

    The files compared are looked for beside the certificates, by name. Raises `Problem`: invalid when one of them is
    missing or no longer what it was, or the file holds no certificates or damaged ones; not found when it has none of
    that record.
    """
    header, stated = certificate_file.read(where.path)
    with _legible(where.path):
        wanted = [one for one in stated if where.record in {None, one["record"]["id"], str(one["record"]["row"])}]
    if where.record is not None and not wanted:
        detail = f"{where.path} holds no certificate of a record {where.record}."
        raise Problem(NOT_FOUND, detail)
    with _legible(where.path):
        files = read_files(_request(where, header))
        today, parameters = date.fromisoformat(header.today), header.set_of()
        how = replace(files.ground(today), parameters=parameters, release=header.release)
        position = {number: at for at, number in enumerate(files.reading.rows.tolist())}
    accounts = files.accounts()
    for one in wanted:
        with _legible(where.path):
            at = position[one["record"]["row"]]
            places = files.reading.places.take([at])
            known = circumstances_from(places.ids[0], one["search"].get("known") or {}, files.growth)
            ground = replace(how, known=known)
            again = ground.again(places, {places.ids[0]: company_from(one["search"])})
            found = next(certificates(ground, places, [accounts[at]], again))
        yield Replayed(one, found)


@contextmanager
def _legible(path: Path) -> Iterator[None]:
    """Tell what a damaged file of certificates fails with, wherever in it the damage is."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        detail = f"{path} is damaged: what stands in it cannot be compared again. Take the file as it was written."
        raise Problem(INVALID, detail) from error


def _request(where: Where, header: Header) -> Request:
    return Request(
        citizen=_unchanged(header.citizen, where.citizen, where.path),
        official=_unchanged(header.official, where.official, where.path),
        out=where.path,
        citizen_columns=header.citizen.columns,
        official_columns=header.official.columns,
        decisions=_unchanged(header.decisions, where.decisions, where.path) if header.decisions else None,
        growth=_unchanged(header.growth, where.growth, where.path) if header.growth else None,
    )


def _unchanged(said: Source, given: Path | None, beside: Path) -> Path:
    """Return the path of a file compared, after making sure that it is still the same."""
    path = given or beside.with_name(said.file)
    found = Source.of(path).sha256
    if found != said.sha256:
        detail = f"{path} is not the file that was compared: its sha256 was {said.sha256} then, and is {found} now."
        raise Problem(INVALID, detail)
    return path
