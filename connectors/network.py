"""The network as it is reached from here: by the proxy that the environment names, or directly."""

from __future__ import annotations

from urllib.request import getproxies, proxy_bypass

import httpx


class Network(httpx.BaseTransport):
    """What a client asks through by itself, as a transport for those that stand between the two."""

    def __init__(self) -> None:
        """Open nothing yet."""
        self._opened: dict[str, httpx.BaseTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Ask by the way that leads to this address."""
        proxy = "" if proxy_bypass(request.url.host) else getproxies().get(request.url.scheme, "")
        if proxy not in self._opened:
            self._opened[proxy] = httpx.HTTPTransport(proxy=proxy or None)
        return self._opened[proxy].handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        for way in self._opened.values():
            way.close()
