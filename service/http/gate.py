"""The gate: who asks from where, how much of it, how often; a HEAD is answered like the GET it stands for.

It stands before everything that reads a request, and lets nothing through that is too large, asks too often, or goes by
another name. What is counted is what was asked for by the OpenAPI document; pages count like reads of the API.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.configuration.bounds import networks
from service.configuration.settings import Settings
from service.errors import RATE_LIMITED, Problem
from service.http import scopes
from service.http.addresses import behind_proxies, counted_as
from service.http.budgets import FAILURES, Budgets, Drawn, sent, session_of
from service.http.contract import contract_of
from service.http.measure import not_ours, too_much
from service.http.problems import problem_response
from service.http.scopes import Budget

_UNKNOWN_KEY = 401


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who asks from where, for what. A session that is over is nobody in particular, where a wrong key is a guess."""

    budget: Budget
    address: str
    sent: bytes | None
    session: bool = False


class Gate:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Wrap an application, with budgets of its own."""
        self.app = app
        self._hosts = settings.hosts
        self._trusted = networks(settings.trusted_proxies)
        self._budgets = Budgets(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or say why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        behind_proxies(scope, headers, self._trusted)
        budget = _budget(scope)
        refused = too_much(scope) or (
            None if budget is Budget.FREE else not_ours(headers.get(b"host", b""), self._hosts)
        )
        if refused is not None:
            await problem_response(refused, Request(scope))(scope, receive, send)
        elif budget is Budget.FREE:
            await _answered(self.app, scope, receive, send)
        else:
            key = sent(headers)
            asking = _Asking(budget, counted_as(scope), key or session_of(headers), session=key is None)
            await self._counted(scope, receive, send, asking)

    async def _counted(self, scope: Scope, receive: Receive, send: Send, asking: _Asking) -> None:
        """Answer where the budget allows it, and learn what the key was worth."""
        known = self._budgets.proven(asking.sent)
        if asking.sent is None or asking.session or known is not None:
            drawn = self._budgets.ask(asking.budget, asking.address, known)
        else:
            drawn = self._budgets.try_key(asking.budget, asking.address)
        if drawn is not None and drawn.refused:
            await _too_often(drawn, Request(scope))(scope, receive, send)
            return
        status = 0

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if drawn is not None:
                    MutableHeaders(scope=message).update(drawn.headers())
            await send(message)

        await _answered(self.app, scope, receive, told)
        key_id = scope.get("state", {}).get("key_id")
        if asking.session and key_id is None:
            return
        if asking.sent is not None and (known is None or status == _UNKNOWN_KEY):
            self._budgets.learn(asking.sent, key_id, asking.address)


def _budget(scope: Scope) -> Budget:
    """Return what a request is counted as; what the API does not declare is a page, or nothing at all."""
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    operation = scopes.of(contract_of(scope["app"]).operation(method, scope["path"]))
    return operation.budget if operation else Budget.READS


async def _answered(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer; a HEAD with the headers of the GET and no body (RFC 9110, 9.3.2)."""
    if scope["method"] != "HEAD":
        await app(scope, receive, send)
        return
    asked = {**scope, "method": "GET"}

    async def without_body(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    await app(asked, receive, without_body)
    scope["route"] = asked.get("route")  # for the log


def _too_often(drawn: Drawn, request: Request) -> Response:
    """Return the answer to whoever spent a budget: what was allowed, and when to go on."""
    who = "Keys that open nothing came from your address" if drawn.name == FAILURES else "You asked"
    rate = f"{drawn.rate.amount:,} times in {drawn.rate.get_expiry():,} seconds"
    detail = f"{who} more often than {rate}, which is what is answered; go on in {drawn.wait_s} s."
    response = problem_response(Problem(RATE_LIMITED, detail, retry_after=drawn.wait_s), request)
    response.headers.update(drawn.headers())
    return response
