"""Who is calling: one dependency for every route that has to know."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import structlog
from fastapi import Depends, Request, Security
from fastapi.security import (
    APIKeyCookie,
    APIKeyHeader,
    HTTPAuthorizationCredentials,
    HTTPBasic,
    HTTPBasicCredentials,
    HTTPBearer,
)
from starlette.concurrency import run_in_threadpool

from service.callers.caller import ANONYMOUS, Caller
from service.callers.permission import needed, not_permitted
from service.context import Context
from service.errors import KEY_NEEDED, KEY_UNKNOWN, NOT_PERMITTED, Problem
from service.http import scopes
from service.http.sessions import session_token, signed_in
from service.running.logs import told_safely
from service.store import keys
from service.store.keys import Holder

log = structlog.get_logger()


class _Basic(HTTPBasic):
    async def __call__(self, request: Request) -> None:  # type: ignore[override]
        """Read nothing: the framework would answer credentials that it cannot read by itself."""


#: Declared in the OpenAPI document; the reading itself is ours, so that every refusal is a problem.
BEARER = HTTPBearer(auto_error=False, scheme_name="bearer", description="A key, as `Authorization: Bearer KEY`.")
BASIC = _Basic(auto_error=False, scheme_name="basic", description="The same key, as the password of any user name.")
HEADER = APIKeyHeader(name="X-API-Key", auto_error=False, scheme_name="apiKey", description="The same key, by itself.")

COOKIE = APIKeyCookie(
    name="__Host-uncounted",
    auto_error=False,
    scheme_name="session",
    description="Of a browser in which somebody signed in; what it changes needs the header X-CSRF-Token as well.",
)

#: Under what a page that asks in the same process says who looks at it; a scope holds nothing that was sent.
SEATED = "uncounted.seated"

_LONGEST_KEY = 200
_MOST_REMEMBERED = 1_000  # keys; further ones are looked up again


def the_context(request: Request) -> Context:
    """Return the open context of this application."""
    context: Context = request.app.state.context
    return context


async def caller(
    request: Request,
    _bearer: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)],
    _header: Annotated[str | None, Security(HEADER)],
    _basic: Annotated[HTTPBasicCredentials | None, Security(BASIC)] = None,
    _session: Annotated[str | None, Security(COOKIE)] = None,
) -> Caller:
    """Return who is calling, once they hold what the operation needs; nobody in particular when no key was sent.

    Raises `Problem`: `key-unknown` for a key that opens nothing, `key-needed` and `not-permitted` by `scopes`.
    """
    seated: Caller | None = request.scope.get(SEATED)
    if seated is not None:
        return permitted(request, seated)
    key = sent_key(request)
    if key is None:
        return await _in_session(request)
    found = None
    if _may_be_one(key):
        context = the_context(request)
        # An embedded database answers sooner than a thread is woken, and its readers wait for nobody.
        found = _look_up(context, key) if context.store.embedded else await run_in_threadpool(_look_up, context, key)
    if found is None:
        raise Problem(KEY_UNKNOWN, "The key you sent is not known here, or was revoked.")
    await _used(the_context(request), found)
    return permitted(request, found.caller)


async def remembered(request: Request) -> Caller:
    """Return who is calling, as `caller` does, or did when this key was last seen.

    For whoever asks again, in the transaction that counts, whether the key was revoked: looking it up takes as long as
    a third of all else between the socket and there.
    """
    callers: dict[str, Caller] = request.app.state.callers
    key = sent_key(request)
    if key is None:  # a session may end any moment, and what it sends is looked at each time
        return await caller(request, None, None)
    digest = keys.digest_of(key)
    known = callers.get(digest)
    if known is not None:
        return permitted(request, known)
    found = await caller(request, None, None)
    if len(callers) >= _MOST_REMEMBERED:
        callers.clear()
    if found.key_id is not None:
        callers[digest] = replace(found, partners=frozenset())  # what is sent is shown as one's own
    return found


def forget(request: Request) -> None:
    """Let the keys that were seen be looked up again."""
    request.app.state.callers.clear()


def permitted(request: Request, calling: Caller) -> Caller:
    """Return the caller where `service.http.scopes` lets them do this; what has no line there is for nobody."""
    if calling.key_id is not None:
        request.state.key_id, request.state.role = calling.key_id, str(calling.role)
    operation = scopes.of(getattr(request.scope.get("route"), "operation_id", None))
    if operation is None:
        raise Problem(NOT_PERMITTED, "It is not laid down who may do this, so nobody may.")
    if operation.right is not None and calling.role is None:
        raise Problem(KEY_NEEDED, f"This needs a key with the right to {needed(operation.right)}.")
    if operation.right is not None and not calling.holds(operation.right):
        raise not_permitted(calling, operation.right)
    return calling


def of_key(context: Context, key: str) -> Caller | None:
    """Return who holds a key; None where it opens nothing."""
    found = _look_up(context, key) if _may_be_one(key) else None
    return None if found is None else found.caller


def needs_some_key(request: Request) -> None:
    """Raise `key-needed` for a request without any key, before its body is read: nobody in particular sends nothing."""
    if sent_key(request) is None and session_token(request) is None:
        raise Problem(KEY_NEEDED, "To send something, a key is needed.")


async def _in_session(request: Request) -> Caller:
    found = await signed_in(request)
    return permitted(request, ANONYMOUS if found is None else found.caller)


def _may_be_one(key: str) -> bool:
    return len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()


def _look_up(context: Context, key: str) -> Holder | None:
    with context.store.read() as session:
        return keys.holder(session, key)


async def _used(context: Context, held: Holder) -> None:
    """Note that a key was used today, once a day; where nothing can be written just now, another day tells it."""
    today = datetime.now(UTC).date()
    key_id = held.caller.key_id
    if held.last_used_on == today or key_id is None:
        return
    try:
        await run_in_threadpool(context.store.write, lambda session: keys.note_use(session, key_id, today))
    except Exception as error:  # noqa: BLE001 - whoever asks is answered, whatever becomes of our notes
        log.warning("key.use_not_noted", **told_safely(error))


def sent_key(request: Request) -> str | None:
    """Return what was sent as a key, None where nothing was. Raises `Problem` (key unknown) for what cannot be read."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip()
    if scheme.lower() == "basic":
        return _password(value)
    if scheme:
        raise Problem(KEY_UNKNOWN, "The header Authorization has to read `Bearer KEY`.")
    return request.headers.get("x-api-key", "").strip() or None


def _password(credentials: str) -> str:
    """Return the password of HTTP Basic, for senders that can send nothing else, such as REST services of surveys."""
    try:
        _, colon, password = b64decode(credentials.strip(), validate=True).decode().partition(":")
    except ValueError:
        colon, password = "", ""
    if not colon or not password.strip():
        raise Problem(KEY_UNKNOWN, "The header Authorization has to hold your key as the password of HTTP Basic.")
    return password.strip()


Opened = Annotated[Context, Depends(the_context)]
Calling = Annotated[Caller, Depends(caller)]
