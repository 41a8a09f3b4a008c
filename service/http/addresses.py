"""From where a request comes: who is connected, or whom a proxy of ours names.

Anybody can write `X-Forwarded-For`. It is read from its end, past the proxies that the operator trusts; the first
address that is none of them is the caller's, whatever stands before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from starlette.types import Scope

from service.configuration.bounds import Network

Address = IPv4Address | IPv6Address

NOWHERE = "unknown"  # a socket of the file system, or a test
_SITE = 64  # bits that one IPv6 site holds at least, so that it is not counted as 2^64 strangers


def behind_proxies(scope: Scope, headers: Mapping[bytes, bytes], trusted: tuple[Network, ...]) -> None:
    """Put the caller's own address and scheme into a request that came through a proxy that is trusted."""
    client = scope.get("client")
    if not client or not _within(client[0], trusted):
        return
    told = headers.get(b"x-forwarded-proto", b"").rpartition(b",")[2].strip().lower()
    if told in {b"http", b"https"}:
        scope["scheme"] = told.decode()
    named = [one.strip() for one in headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",") if one.strip()]
    for one in reversed(named):
        if _parsed(one) is None:
            return
        scope["client"] = (one, 0)
        if not _within(one, trusted):
            return


def counted_as(scope: Scope) -> str:
    """Return what requests of one caller without a key are counted under: the address, of IPv6 its site."""
    client = scope.get("client")
    address = _parsed(client[0]) if client else None
    if isinstance(address, IPv6Address):
        plain = address.ipv4_mapped
        return str(plain or IPv6Network((int(address) >> _SITE << _SITE, _SITE)))
    return NOWHERE if address is None else str(address)


def _within(address: str, trusted: tuple[Network, ...]) -> bool:
    parsed = _parsed(address)
    plain = parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed
    return plain is not None and any(plain in network for network in trusted)


def _parsed(address: str) -> Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None
