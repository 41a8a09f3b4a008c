"""Redirects that a source is known to answer with: followed to the hosts it keeps its files on, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import httpx

from connectors.client import Answer, Client, Question
from connectors.errors import SourceChanged

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HOPS = 4
_HINT = "fetch the file by hand and give its path"


def follow(client: Client, question: Question, hosts: Iterable[str]) -> Answer:
    """Ask, and go where the source sends, over https and to these hosts or hosts below them (".example.org") only.

    The exchange keeps the address that was asked first: the last one is often signed, and short-lived. Headers and
    parameters of the question go nowhere else. Raises what `Client.get` does, and `SourceChanged` for any other host.
    """
    allowed = tuple(hosts)
    answer = client.get(question)
    first, here = answer.exchange.url, httpx.URL(question.url)
    for _ in range(_HOPS):
        if answer.status not in _REDIRECTS:
            return replace(answer, exchange=replace(answer.exchange, url=first))
        here = _onward(here, answer, question.source)
        if here.scheme != "https" or not _within(here.host, allowed):
            msg = f"{httpx.URL(question.url).host} sends on to {here.scheme}://{here.host}"
            raise SourceChanged(msg, source=question.source, hint=_HINT)
        onward = Question(question.source, str(here), headers={"Accept": "*/*"}, read_s=question.read_s)
        answer = client.get(replace(onward, file=question.file))
    msg = f"{httpx.URL(question.url).host} keeps sending on"
    raise SourceChanged(msg, source=question.source, hint=_HINT)


def _onward(here: httpx.URL, answer: Answer, source: str) -> httpx.URL:
    try:
        if answer.location:
            return here.join(answer.location)
    except httpx.InvalidURL:
        pass  # an address that is none leads nowhere either
    msg = f"{here.host} sends on to nowhere (HTTP {answer.status})"
    raise SourceChanged(msg, source=source, hint=_HINT)


def _within(host: str, allowed: Iterable[str]) -> bool:
    return any(host == one or (one.startswith(".") and host.endswith(one)) for one in allowed)
