"""Questions to a service of SDMX: addresses by the grammar of the standard, from a description and its options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from connectors.client import Question
from connectors.errors import RequestRefused
from connectors.sdmx.description import FORMATS, Description

#: Options that are no dimension.
OPTIONS = frozenset({"source", "title", "service", "description", "path", "metadata", "start", "end", "endpoint"})

_CODES = re.compile(r"[\w@$.-]+(\+[\w@$.-]+)*", re.ASCII)
_PERIOD = re.compile(r"\d{4}(-\w{1,5}){0,2}", re.ASCII)
_STRUCTURE = "application/vnd.sdmx.structure+xml;version={version}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a dataflow: codes by dimension (none: all), and the first and last period."""

    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    start: str = ""
    end: str = ""

    def holds(self, dimension: str, code: str | None) -> bool:
        """Return whether a code was asked for."""
        wanted = self.codes.get(dimension)
        return not wanted or code in wanted

    def within(self, period: str) -> bool:
        """Return whether a period lies, by its year, in the time asked for."""
        year = period[:4]
        return (not self.start or year >= self.start[:4]) and (not self.end or year <= self.end[:4])


def read_options(described: Description, request: Mapping[str, str], source: str) -> Asked:
    """Return what the options ask for. Raises `RequestRefused` for an unknown one: it would be ignored in silence."""
    dimensions = {name.casefold(): name for name in described.dimensions}
    unknown = [name for name in request if name not in OPTIONS and name.casefold() not in dimensions]
    if unknown:
        msg = f"{', '.join(unknown)} is neither a dimension of {described.flow} nor an option"
        raise RequestRefused(msg, source=source, hint=f"its dimensions are {', '.join(described.dimensions)}")
    chosen = {dimensions[name.casefold()]: text for name, text in request.items() if name not in OPTIONS}
    codes = {}
    for dimension, said in {**described.filters, **chosen}.items():
        text = re.sub(r"\s*[,+]\s*", "+", said.strip())
        if text in {"", "*", "all"}:
            continue
        if not _CODES.fullmatch(text):
            msg = f"{dimension}={said} cannot be read"
            raise RequestRefused(msg, source=source, hint="give codes parted by commas, or * for all")
        codes[dimension] = frozenset(text.split("+"))
    start, end = (_period(request.get(name, ""), name, source) for name in ("start", "end"))
    return Asked(codes, start, end)


def check_required(described: Description, asked: Asked, source: str) -> None:
    """Raise `RequestRefused` when everything of a dimension is asked for that holds too much."""
    if missing := [name for name in described.required if name not in asked.codes]:
        msg = f"all of {', '.join(missing)} would be too much"
        raise RequestRefused(msg, source=source, hint=f"set {missing[0]} to the codes that are wanted")


def data_question(described: Description, asked: Asked, endpoint: str, source: str) -> Question:
    """Return the question for the figures."""
    flow, parameters = described.flow, dict(described.parameters)
    key = ".".join("+".join(sorted(asked.codes.get(name, ()))) for name in described.dimensions)
    key = key if key.strip(".") else "all"
    if described.standard == "sdmx-3.0":  # whose key holds one code or any; several are a matter of filters
        place = f"data/dataflow/{flow.agency}/{flow.id}/{flow.version}/{'.'.join('*' for _ in described.dimensions)}"
        parameters |= {f"c[{name}]": ",".join(sorted(codes)) for name, codes in asked.codes.items()}
        limits = [f"{sign}:{one}" for sign, one in (("ge", asked.start), ("le", asked.end)) if one]
        parameters |= {f"c[{described.period}]": "+".join(limits)} if limits else {}
    else:
        place = f"data/{flow.agency},{flow.id},{flow.version}/{key}"
        limited = {"startPeriod": asked.start, "endPeriod": asked.end}
        parameters |= {name: one for name, one in limited.items() if one}
    if described.data_path:
        place = described.data_path.replace("{key}", key)
    headers = {"Accept": FORMATS[described.format], "Accept-Language": "en"}
    return Question(source, f"{endpoint}/{place}", parameters, headers, described.read_s)


def structure_question(described: Description, endpoint: str, source: str) -> Question:
    """Return the question for the dataflow with its dimensions and code lists."""
    flow = described.flow
    version = "3.0.0" if described.standard == "sdmx-3.0" else "2.1"
    folder = "structure/dataflow" if described.standard == "sdmx-3.0" else "dataflow"
    headers = {"Accept": _STRUCTURE.format(version=version), "Accept-Language": "en"}
    url = f"{endpoint}/{folder}/{flow.agency}/{flow.id}/{flow.version}"
    return Question(source, url, {"references": "descendants"}, headers, described.read_s)


def _period(text: str, name: str, source: str) -> str:
    if text and not _PERIOD.fullmatch(text.strip()):
        msg = f"{name}={text} cannot be read"
        raise RequestRefused(msg, source=source, hint="give a period such as 2015, 2015-Q1 or 2015-06")
    return text.strip()
