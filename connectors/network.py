"""The network as it is reached from here: by the proxy that the environment names, or directly.

Directly only to where `connectors.reach` allows, and to the address that was checked there. A proxy looks names up by
itself, so that what it reaches is for whoever runs it to limit; addresses written as numbers are checked even then.
"""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address
from socket import inet_aton
from ssl import SSLContext
from urllib.request import getproxies, proxy_bypass

import httpx

from connectors.reach import ALLOWED, NOTHING, Address, Allowed, Forbidden, Resolve, is_public, resolved, ways

_PORTS = {"http": 80, "https": 443}


class Network(httpx.BaseTransport):
    """What a client asks through by itself, as a transport for those that stand between the two."""

    def __init__(self, resolve: Resolve = resolved) -> None:
        """Open nothing yet. `resolve` finds the addresses of a name."""
        self._resolve = resolve
        # By proxy and host: a connection that was made for one name is not used for another at the same address.
        self._opened: dict[tuple[str, str], httpx.BaseTransport] = {}
        self._trusted: SSLContext | None = None  # read once; it holds every authority

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Ask by the way that leads to this address. Raises `Forbidden`."""
        url = request.url
        if url.scheme not in _PORTS or not url.host:
            msg = f"{url.scheme or 'nothing'}:// is not asked"
            raise httpx.UnsupportedProtocol(msg, request=request)
        proxy = "" if proxy_bypass(url.host) else getproxies().get(url.scheme, "")
        allowed: Allowed = request.extensions.get(ALLOWED, NOTHING)
        if proxy:
            _refuse_numbers(url.host, allowed)
            return self._way(proxy, "").handle_request(request)
        return self._directly(request, allowed)

    def close(self) -> None:
        """Close the connections."""
        for way in self._opened.values():
            way.close()

    def _directly(self, request: httpx.Request, allowed: Allowed) -> httpx.Response:
        """Ask the first of the host's addresses that can be connected to."""
        url = request.url
        try:
            addresses = ways(url.host, url.port or _PORTS[url.scheme], allowed, self._resolve)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(str(error), request=request) from error
        way = self._way("", url.host)
        for address in addresses[:-1]:
            try:
                return way.handle_request(_to(address, request))
            except (httpx.ConnectError, httpx.ConnectTimeout):  # nothing was sent yet
                continue
        return way.handle_request(_to(addresses[-1], request))

    def _way(self, proxy: str, host: str) -> httpx.BaseTransport:
        if (proxy, host) not in self._opened:
            self._trusted = self._trusted or httpx.create_ssl_context()
            self._opened[proxy, host] = httpx.HTTPTransport(verify=self._trusted, proxy=proxy or None)
        return self._opened[proxy, host]


def _to(address: str, request: httpx.Request) -> httpx.Request:
    """Return the request for an address of its host; the host is still what is named, and what certificates must say.

    Taken from the request: its header Host, which httpx wrote when it was made.
    """
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.raw_host.decode("ascii")},
    )


def _refuse_numbers(host: str, allowed: Allowed) -> None:
    address = _written(host)
    inside = host.rstrip(".").casefold() == "localhost" if address is None else not is_public(address)
    if inside and not allowed.names(host) and not (address and allowed.holds(address)):
        msg = f"{host} is not at a public address"
        raise Forbidden(msg)


def _written(host: str) -> Address | None:
    """Return the address that a host is written as, in any way that C libraries read (127.1, 0x7f000001)."""
    try:
        return ip_address(host)
    except ValueError:
        try:
            return IPv4Address(inet_aton(host))
        except OSError:
            return None
