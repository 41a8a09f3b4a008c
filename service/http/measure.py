"""What no honest request needs: addresses and headers without end, methods of proxies, names that are not ours."""

from __future__ import annotations

from starlette.types import Scope

from service.errors import HEADERS_TOO_LARGE, NOT_ALLOWED_METHOD, TOO_LONG, WRONG_HOST, Problem

LONGEST_TARGET = 16_384  # bytes of path and query
MOST_PARAMETERS = 300
LARGEST_HEADERS = 32_768  # bytes, all together
MOST_HEADERS = 100
_OF_PROXIES = frozenset({"TRACE", "TRACK", "CONNECT"})  # they repeat what was sent, or open a way elsewhere


def too_much(scope: Scope) -> Problem | None:
    """Return what a request is refused for before anything reads it; None for any usual one."""
    path, query = scope.get("raw_path") or scope["path"].encode(), scope["query_string"]
    if len(path) + len(query) > LONGEST_TARGET:
        return Problem(TOO_LONG, f"Path and query together are longer than {LONGEST_TARGET:,} bytes.")
    if query.count(b"&") >= MOST_PARAMETERS:
        return Problem(TOO_LONG, f"There are more than {MOST_PARAMETERS} parameters.")
    headers = scope["headers"]
    if len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > LARGEST_HEADERS:
        detail = f"There are more than {MOST_HEADERS} headers, or more than {LARGEST_HEADERS:,} bytes of them."
        return Problem(HEADERS_TOO_LARGE, detail)
    if scope["method"] in _OF_PROXIES:
        return Problem(NOT_ALLOWED_METHOD, f"{scope['method']} is not served.")
    return None


def not_ours(host: bytes, hosts: tuple[str, ...]) -> Problem | None:
    """Return what refuses a name that the service does not go by; none is refused where no names are laid down."""
    if not hosts:
        return None
    name = host.decode("latin-1").casefold()
    name = name.partition("]")[0] + "]" if name.startswith("[") else name.partition(":")[0]
    if any(name == one or (one.startswith(".") and name.endswith(one)) for one in map(str.casefold, hosts)):
        return None
    return Problem(WRONG_HOST, "The service does not go by the name in the header Host.")
