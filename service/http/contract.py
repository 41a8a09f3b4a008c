"""The OpenAPI document as the contract the service holds itself to: which methods and parameters an address takes."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from re import Pattern
from typing import Any

from fastapi import FastAPI
from starlette.routing import compile_path

from service.errors import UNKNOWN_PARAMETER, Mistake, Problem

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


@dataclass(frozen=True, slots=True)
class Address:
    """One path of the document: its pattern, and for each method its query parameters and its operationId."""

    template: str
    pattern: Pattern[str]
    parameters: dict[str, tuple[str, ...]]
    operations: dict[str, str]


@dataclass(frozen=True, slots=True)
class Contract:
    """All addresses of an application, as its OpenAPI document declares them."""

    addresses: tuple[Address, ...]
    fields: tuple[str, ...]  # every field some body may carry
    plain: dict[tuple[str, str], str]  # operations of paths without parameters, by method and path

    def methods(self, path: str) -> list[str]:
        """Return the methods some address matching this path takes, in upper case."""
        methods = {method for address in self._at(path) for method in address.parameters}
        return sorted(methods | ({"HEAD"} if "GET" in methods else set()))

    def operation(self, method: str, path: str) -> str | None:
        """Return the operationId of what is asked for, None where the document declares nothing there."""
        plain = self.plain.get((method, path))
        return plain or next((a.operations[method] for a in self._at(path) if method in a.operations), None)

    def has_room_of(self, path: str) -> bool:
        """Return whether a path begins as addresses of the API do, so that programs ask there."""
        return _room(path) in {_room(address.template) for address in self.addresses}

    def unknown_parameters(self, template: str, method: str, given: list[str]) -> list[Mistake]:
        """Return a mistake for each given parameter the address does not declare, with the nearest it does."""
        known = next((a.parameters[method] for a in self.addresses if a.template == template), ())
        return [
            Mistake(
                pointer=f"?{name}",
                message=f"There is no parameter {name[:80]!r} here.",
                hint=_nearest(name, known),
            )
            for name in dict.fromkeys(given)
            if name not in known
        ]

    def _at(self, path: str) -> list[Address]:
        return [address for address in self.addresses if address.pattern.match(path)]


def contract_of(app: FastAPI) -> Contract:
    """Return the contract of an application, read once from its own document."""
    kept: Contract | None = getattr(app.state, "contract", None)
    if kept is None:
        kept = app.state.contract = _read(app.openapi())
    return kept


def refuse_unknown_parameters(app: FastAPI, template: str, request: tuple[str, list[str]]) -> None:
    """Raise the problem `unknown-parameter` when a request (method, names) carries a name nobody declared."""
    method, given = request
    mistakes = contract_of(app).unknown_parameters(template, method, given)
    if mistakes:
        errors = [mistake.members() for mistake in mistakes]
        raise Problem(UNKNOWN_PARAMETER, f"{mistakes[0].message} {mistakes[0].hint}", errors=errors)


def _read(document: dict[str, Any]) -> Contract:
    return Contract(
        fields=tuple(sorted(_body_fields(document))),
        plain={
            (method.upper(), template): item[method]["operationId"]
            for template, item in document["paths"].items()
            for method in _METHODS
            if method in item and "{" not in template
        },
        addresses=tuple(
            Address(
                template=template,
                pattern=compile_path(template)[0],
                parameters={
                    method.upper(): _query_names([*item.get("parameters", ()), *item[method].get("parameters", ())])
                    for method in _METHODS
                    if method in item
                },
                operations={method.upper(): item[method]["operationId"] for method in _METHODS if method in item},
            )
            for template, item in document["paths"].items()
        ),
    )


def _body_fields(document: dict[str, Any]) -> set[str]:
    """Return the fields of all bodies, following references from each request body inwards."""
    fields: set[str] = set()
    seen: set[str] = set()
    waiting: list[Any] = [
        operation["requestBody"]
        for item in document["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict) and "requestBody" in operation
    ]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            if isinstance(part.get("properties"), dict):
                fields.update(part["properties"])
            reference = part.get("$ref")
            if isinstance(reference, str) and reference not in seen:
                seen.add(reference)
                waiting.append(document["components"]["schemas"][reference.rpartition("/")[2]])
            waiting.extend(value for key, value in part.items() if key not in {"example", "examples"})
    return fields


def _query_names(parameters: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(parameter["name"] for parameter in parameters if parameter["in"] == "query")


def _room(path: str) -> str:
    return path.split("/")[1] if path.startswith("/") else ""


def _nearest(name: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(name.lower(), known, n=1, cutoff=0.6) or [
        one for one in known if one.startswith(name.lower()) or name.lower().startswith(one)
    ]
    if close:
        return f"Did you mean `{close[0]}`?"
    return f"It takes {', '.join(f'`{one}`' for one in known)}." if known else "It takes no parameters."
