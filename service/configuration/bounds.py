"""What operators lay down about requests: how often somebody may ask, and which proxies are believed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network

from limits import RateLimitItem, parse

Network = IPv4Network | IPv6Network

OFF = "off"


def rate(said: str) -> RateLimitItem | None:
    """Read a rate such as `600/minute` or `20 per 5 seconds`; None for `off`. Raises `ValueError` for what is none."""
    if said.strip().casefold() == OFF:
        return None
    try:
        found = parse(said)
    except ValueError:
        found = None
    if found is None or found.amount < 1 or found.get_expiry() < 1:
        msg = f"{said!r} is no rate, such as 600/minute, 20 per 5 seconds, or {OFF}"
        raise ValueError(msg)
    return found


def rates(said: Mapping[str, str]) -> dict[str, RateLimitItem | None]:
    """Read the rates of settings by their names. Raises `ValueError` naming the first that is none."""
    found = {}
    for name, one in said.items():
        try:
            found[name] = rate(one)
        except ValueError as error:
            msg = f"UNCOUNTED_{name.upper()}: {error}"
            raise ValueError(msg) from None
    return found


def networks(said: Iterable[str]) -> tuple[Network, ...]:
    """Read networks, such as 10.0.0.0/8 or one address. Raises `ValueError` for what is none."""
    return tuple(ip_network(one.strip()) for one in said)
