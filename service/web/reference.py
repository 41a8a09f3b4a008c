"""The OpenAPI document as a page can show it: operations by tag, with parameters, bodies, examples and failures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

_DEEPEST = 2


@dataclass(frozen=True, slots=True)
class Field:
    """One member of a body, an answer or a query."""

    name: str
    kind: str
    needed: bool
    description: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """A body that works."""

    title: str
    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A kind of problem an operation may end in."""

    status: str
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    access: str  # who may call it
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    examples: tuple[Example, ...]
    answers: tuple[tuple[str, str], ...]  # status, description
    formats: tuple[str, ...]
    answer: tuple[Field, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """The operations about one noun."""

    name: str
    description: str
    operations: tuple[Operation, ...]


def chapters(document: Mapping[str, Any]) -> tuple[Chapter, ...]:
    """Return the document in chapters, one per tag, in the order of its tags."""
    reader = _Reader(document["components"]["schemas"])
    found = [
        (operation["tags"][0], reader.operation(method, path, operation))
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]
    return tuple(
        Chapter(tag["name"], tag["description"], tuple(one for name, one in found if name == tag["name"]))
        for tag in document["tags"]
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    schemas: Mapping[str, Any]

    def operation(self, method: str, path: str, operation: Mapping[str, Any]) -> Operation:
        responses = operation["responses"]
        good = {status: response for status, response in responses.items() if int(status) < 400}  # noqa: PLR2004
        first = next(iter(good.values()))["content"]
        body = operation.get("requestBody", {}).get("content", {})
        return Operation(
            id=operation["operationId"],
            method=method.upper(),
            path=path,
            summary=operation["summary"],
            description=operation.get("description", ""),
            access=_access(operation),
            parameters=tuple(self._parameter(one) for one in operation.get("parameters", ())),
            body=tuple(self._members(body.get("application/json", {}).get("schema", {}))),
            examples=tuple(_examples(body)),
            answers=tuple((status, response["description"]) for status, response in good.items()),
            formats=tuple(first),
            answer=tuple(self._members(first.get("application/json", {}).get("schema", {}))),
            failures=tuple(_failures(responses)),
        )

    def _parameter(self, parameter: Mapping[str, Any]) -> Field:
        schema = parameter["schema"]
        described = parameter.get("description") or schema.get("description", "")
        return Field(parameter["name"], self._kind(schema), parameter.get("required", False), described)

    def _members(self, schema: Mapping[str, Any], depth: int = 0) -> Iterator[Field]:
        """Yield the members of an object, each followed by the members of what it holds."""
        inner = self._object(schema)
        needed = inner.get("required", ())
        for name, member in inner.get("properties", {}).items():
            yield Field(name, self._kind(member), name in needed, self._described(member), depth)
            if depth + 1 < _DEEPEST:
                yield from self._members(member, depth + 1)

    def _object(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the object that a schema is, refers to, holds in a list, or has as an alternative."""
        if "$ref" in schema:
            return self._object(self.schemas[schema["$ref"].rpartition("/")[2]])
        if schema.get("type") == "array":
            return self._object(schema["items"])
        options = [self._object(option) for option in schema.get("anyOf", ())]
        objects = [option for option in options if "properties" in option]
        return objects[0] if objects else schema

    def _described(self, schema: Mapping[str, Any]) -> str:
        if "description" in schema:
            return str(schema["description"])
        target = self._resolved(schema)
        return str(target.get("description", "")) if target.get("type") == "object" else ""

    def _kind(self, schema: Mapping[str, Any]) -> str:
        if "anyOf" in schema or "oneOf" in schema:
            kinds = [self._kind(option) for option in (*schema.get("anyOf", ()), *schema.get("oneOf", ()))]
            return " or ".join(dict.fromkeys(kind for kind in kinds if kind != "null"))
        target = self._resolved(schema)
        if "enum" in target:
            return " | ".join(map(str, target["enum"]))
        if target.get("type") == "array":
            return f"list of {self._kind(target.get('items', {}))}"
        return str(target.get("format") or target.get("type", "any"))

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" in schema:
            resolved: Mapping[str, Any] = self.schemas[schema["$ref"].rpartition("/")[2]]
            return resolved
        return schema


def _access(operation: Mapping[str, Any]) -> str:
    if "security" not in operation:
        return "open to everybody"
    return "open to everybody; a key shows more" if {} in operation["security"] else "needs a key"


def _examples(body: Mapping[str, Any]) -> Iterator[Example]:
    for media_type, content in body.items():
        for example in content.get("examples", {}).values():
            value = example["value"]
            text = value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
            yield Example(example["summary"], media_type, text)


def _failures(responses: Mapping[str, Any]) -> Iterator[Failure]:
    for status, response in responses.items():
        for code, example in (
            response.get("content", {}).get("application/problem+json", {}).get("examples", {}).items()
        ):
            yield Failure(status, code, example["summary"])
