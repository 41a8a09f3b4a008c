"""Filling: requests for any operation of an OpenAPI document, from what the document says and what was planted.

A parameter is filled by its name where the name is one of ours, else by its schema. A required one that neither tells
how to fill makes the crawl fail: teach it here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from urllib.parse import quote
from zlib import crc32

_CSV = b"id,name,country,latitude,longitude\nf1,Kwanza,Kenya,0.7113,37.5917\n"


class Unfillable(Exception):
    """An operation that nobody taught the crawl to ask."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request."""

    method: str
    template: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: Any = None  # JSON, or bytes

    def text(self) -> str:
        """Return all that is asked, to know what is merely repeated."""
        shown = self.body.decode("utf-8", "replace") if isinstance(self.body, bytes) else str(self.body)
        return " ".join([self.path, *chain(*self.query), *chain(*self.headers), shown])


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, as the document declares it."""

    method: str
    template: str
    entry: Mapping[str, Any]
    schemas: Mapping[str, Any]

    @property
    def name(self) -> str:
        """How it is told."""
        return f"{self.method} {self.template}"


@dataclass
class Filler:
    """What is known about parameters: values by name, of paths and of queries."""

    paths: Mapping[str, Sequence[str]]
    queries: Mapping[str, Sequence[str]]
    headers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    bodies: Mapping[str, Sequence[Any]] = field(default_factory=dict)  # by operation id; bytes are a CSV
    tokens: Mapping[str, str] = field(default_factory=dict)  # that open an operation beside keys, by its id
    most: int | None = None  # paths of one operation; operations take turns in which of all they are

    def asks(self, operation: Operation) -> Iterator[Ask]:
        """Yield requests: each path with nothing else, then one path with each value of each parameter."""
        bodies = list(self._bodies(operation))
        paths = list(self._paths(operation))
        for path in paths:
            for kind, body in bodies[:1]:
                yield Ask(operation.method, operation.template, path, (), kind, body)
        for kind, body in bodies[1:]:
            yield Ask(operation.method, operation.template, paths[0], (), kind, body)
        kind, body = bodies[0]
        few = paths[:: max(1, len(paths) // 3)]
        for query, headers in self._parameters(operation):
            for path in few:
                yield Ask(operation.method, operation.template, path, query, (*kind, *headers), body)

    def _paths(self, operation: Operation) -> Iterator[str]:
        names = [one["name"] for one in operation.entry.get("parameters", ()) if one["in"] == "path"]
        missing = [name for name in names if not self.paths.get(name)]
        if missing:
            msg = f"{operation.name}: teach the filler what {', '.join(missing)} may be (tests/crawl/filling.py)"
            raise Unfillable(msg)
        for at in self._turn(operation, max((len(self.paths[name]) for name in names), default=1)):
            path = operation.template
            for name in names:
                values = self.paths[name]
                path = path.replace(f"{{{name}}}", quote(values[at % len(values)], safe=""))
            yield path

    def _turn(self, operation: Operation, count: int) -> range:
        """Return which of so many paths are asked, spread over all of them.

        What only reads takes turns; what changes one thing is asked of the same ones, because one undoes another.
        """
        step = 1 if self.most is None else max(1, -(-count // self.most))
        turn = operation.name if operation.method == "GET" else operation.template.partition("}")[0]
        return range(crc32(turn.encode()) % step, count, step)

    def _parameters(
        self, operation: Operation
    ) -> Iterator[tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]]:
        for one in operation.entry.get("parameters", ()):
            if one["in"] == "query":
                for value in self.queries.get(one["name"]) or list(self._by_schema(one["schema"], operation)):
                    yield ((one["name"], value),), ()
            if one["in"] == "header":
                for value in self.headers.get(one["name"], ()):
                    yield (), ((one["name"], value),)
        for opened in self._opening(operation):
            yield (), opened
        for kind in sorted(
            {kind for answer in operation.entry["responses"].values() for kind in answer.get("content", ())}
        ):
            yield (), (("Accept", kind),)

    def _by_schema(self, schema: Mapping[str, Any], operation: Operation) -> Iterator[str]:
        if "$ref" in schema:
            yield from self._by_schema(operation.schemas[schema["$ref"].rpartition("/")[2]], operation)
        for part in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
            yield from self._by_schema(part, operation)
        if schema.get("type") == "array":
            yield from self._by_schema(schema["items"], operation)
        yield from (str(value) for value in (*schema.get("enum", ()), *schema.get("examples", ())))
        if schema.get("type") == "boolean":
            yield from ("true", "false")
        if schema.get("type") in {"integer", "number"}:
            yield from (str(schema[bound]) for bound in ("minimum", "maximum") if bound in schema)

    def _bodies(self, operation: Operation) -> Iterator[tuple[tuple[tuple[str, str], ...], Any]]:
        content = operation.entry.get("requestBody", {}).get("content", {})
        if not content:
            yield (), None
            return
        known = [
            ((("Content-Type", "text/csv" if isinstance(body, bytes) else "application/json"),), body)
            for body in self.bodies.get(operation.entry["operationId"], ())
        ]
        for kind, told in content.items():
            header = (("Content-Type", kind),)
            for example in told.get("examples", {}).values():
                value = example["value"]
                known.append((header, value.encode() if isinstance(value, str) else value))
        if "text/csv" in content:
            known.append(((("Content-Type", "text/csv"),), _CSV))
        if not known:
            msg = f"{operation.name}: give its body an example, or teach the filler one (tests/crawl/filling.py)"
            raise Unfillable(msg)
        yield from known

    def _opening(self, operation: Operation) -> Iterator[tuple[tuple[str, str], ...]]:
        """Yield the headers in which a token is sent, by whoever asks: what it opens is searched for each of them."""
        token = self.tokens.get(operation.entry["operationId"])
        if token is not None:
            yield (("Authorization", f"Bearer {token}"),)


def operations(document: Mapping[str, Any]) -> list[Operation]:
    """Return every operation of a document, those that only read first."""
    schemas = document.get("components", {}).get("schemas", {})
    found = [
        Operation(method.upper(), template, entry, schemas)
        for template, item in document["paths"].items()
        for method, entry in item.items()
        if method in {"get", "post", "put", "patch", "delete"}
    ]
    return sorted(found, key=lambda one: one.method != "GET")
