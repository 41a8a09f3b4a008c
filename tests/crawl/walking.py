"""Walking: every operation of an application, every page and format, asked by every audience; answers searched."""

from __future__ import annotations

import io
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Any

from tests.crawl.filling import Ask, Filler, Operation, Unfillable, operations
from tests.crawl.mapping import in_words
from tests.crawl.oracle import Audience
from tests.crawl.reading import plain
from tests.crawl.scanning import Hidden

_NO_PAGES: Mapping[str, str] = MappingProxyType({})
_PAGES = 4  # followed by `next`
_NOWHERE = "/nothing-is-here"
_REFUSED_AT_ONCE = 2  # requests of each operation with a key that is none
_OTHER_METHODS = ("HEAD", "OPTIONS", "DELETE", "PATCH", "POST", "PUT", "GET")


@dataclass(frozen=True, slots=True)
class Leak:
    """Something an audience was told that it may not know."""

    audience: Audience
    asked: str  # method and template
    what: str
    where: str
    path: str = ""

    def __str__(self) -> str:
        """Say it in one line, without what leaked."""
        return f"{self.audience}: {self.asked} tells {self.what} in {self.where} ({self.path})"


@dataclass
class Told:
    """What a crawl came to."""

    requests: Counter[str] = field(default_factory=Counter)  # by audience
    statuses: Counter[int] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    well: set[str] = field(default_factory=set)  # operations that were answered 2xx to somebody
    operations: set[str] = field(default_factory=set)
    leaks: list[Leak] = field(default_factory=list)
    unfillable: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)  # answers 5xx

    @property
    def unanswered(self) -> list[str]:
        """Operations of which nothing was seen, because nobody was answered well."""
        return sorted(self.operations - self.well)


@dataclass
class Crawl:
    """One application with what was planted in it."""

    client: Any
    filler: Filler
    hidden: Mapping[Audience, Hidden]
    keys: Mapping[Audience, Mapping[str, str]]
    told: Told = field(default_factory=Told)
    _held: set[tuple[Audience, str]] = field(default_factory=set)  # asked again with an ETag

    def walk(self, document: Mapping[str, Any], pages: Mapping[str, str] = _NO_PAGES) -> Told:
        """Ask everything, pages (address, template) among it, what only reads first; search the answers and the log."""
        found = operations(document)
        self.told.operations |= {one.name for one in found} | {f"GET {template}" for template in pages.values()}
        reading = [one for one in found if one.method == "GET"]
        with logged() as log:
            for audience in self.keys:
                self._operations(reading, audience)
                for page, template in {**pages, _NOWHERE: _NOWHERE}.items():
                    self.ask(Ask("GET", template, page), audience)
                self._undeclared(found, audience)
            for audience in self.keys:
                self._operations([one for one in found if one not in reading], audience)
        hidden = self.hidden.get(Audience.LOG)
        if hidden is not None:
            for what in dict.fromkeys(hidden.in_text(plain(log.getvalue()))):
                self.told.leaks.append(Leak(Audience.LOG, "all requests", what, "log"))
        return self.told

    def ask(self, ask: Ask, audience: Audience) -> Any:
        """Send one request, search its answer, and return it."""
        options: dict[str, Any] = {"params": list(ask.query)} if ask.query else {}
        if ask.body is not None:
            options |= {"content": ask.body} if isinstance(ask.body, bytes) else {"json": ask.body}
        headers = dict(self.keys[audience]) | dict(ask.headers)
        answer = self.client.request(ask.method, ask.path, headers=headers, follow_redirects=False, **options)
        told = self.told
        told.requests[audience] += 1
        told.statuses[answer.status_code] += 1
        told.formats[answer.headers.get("content-type", "nothing").partition(";")[0]] += 1
        if answer.status_code < 300:
            told.well.add(f"{ask.method} {ask.template}")
        if answer.status_code >= 500:
            told.failures.append(f"{audience}: {ask.method} {ask.path} {ask.query}: {answer.status_code}")
        hidden = self.hidden.get(audience)
        if hidden is not None:
            sent = dict(answer.headers)
            content = in_words(ask.path, answer.content) if answer.content[:1] == b"\x1a" else answer.content  # a tile
            for one in hidden.search((sent, content), ask.text()):
                asked = f"{ask.method} {ask.template}"
                told.leaks.append(Leak(audience, asked, one.what, one.where, f"{ask.path} {ask.query}"))
        return answer

    def _operations(self, some: Sequence[Operation], audience: Audience) -> None:
        for operation in some:
            self._operation(operation, audience)

    def _operation(self, operation: Operation, audience: Audience) -> None:
        try:
            most = _REFUSED_AT_ONCE if audience is Audience.WRONG_KEY else None
            for ask in islice(self.filler.asks(operation), most):
                answer = self.ask(ask, audience)
                if operation.method == "GET":
                    self._again(ask, answer, audience)
        except Unfillable as error:
            if str(error) not in self.told.unfillable:
                self.told.unfillable.append(str(error))

    def _again(self, ask: Ask, answer: Any, audience: Audience) -> None:
        """Follow `next`, and ask again with the ETag, as whoever keeps what was answered does."""
        for _ in range(_PAGES):
            following = answer.links.get("next", {}).get("url")
            if not following or not ask.query:
                break
            answer = self.ask(Ask("GET", ask.template, following, headers=ask.headers), audience)
        if "etag" in answer.headers and (audience, ask.template) not in self._held:
            self._held.add((audience, ask.template))
            self.ask(Ask("GET", ask.template, ask.path, headers=(("If-None-Match", answer.headers["etag"]),)), audience)

    def _undeclared(self, found: Sequence[Operation], audience: Audience) -> None:
        """Ask each address by the methods it does not take."""
        declared = {(one.method, one.template) for one in found}
        for template in sorted({one.template for one in found}):
            one = next(each for each in found if each.template == template)
            for path in islice(self._paths(one), 1):
                for method in _OTHER_METHODS:
                    if (method, template) not in declared:
                        self.ask(Ask(method, template, path), audience)

    def _paths(self, operation: Operation) -> Iterator[str]:
        try:
            yield from (ask.path for ask in self.filler.asks(operation) if not ask.query)
        except Unfillable:
            return


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Collect everything that is logged or written to standard error."""
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        with redirect_stderr(told):
            yield told
    finally:
        root.removeHandler(handler)
