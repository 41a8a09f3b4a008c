"""Where this software may connect to: public addresses on the ports of the web, and what the operator names besides.

Addresses of servers are given by people, and sources send on to others. Without this, whoever may name one could have
the service ask the machines around it, or the metadata of its cloud, in its own name (CWE-918). A name is resolved
here, and the connection goes to the very address that was checked: what the name means a moment later changes nothing.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]

#: Of a request (httpx): what the operator allows besides public addresses.
ALLOWED = "uncounted.allowed"

_UNICAST = IPv6Network("2000::/3")  # all that was ever given out, RFC 4291
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_SPECIAL = (IPv4Network("192.88.99.0/24"), IPv4Network("192.0.0.0/24"))  # relays to 6to4; protocols, RFC 6890
_WEB = frozenset({80, 443})
_FIRST_FREE_PORT = 1_024  # below it are mail, shells, directories, files
_NAME = re.compile(r"\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.IGNORECASE)


class Forbidden(Exception):
    """Nothing here connects to there. The message names the host and no address: where names lead is for insiders."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hosts, with those below them for a name that begins with a dot, and networks that are reached whatever they are.

    They may be asked on any port.
    """

    hosts: tuple[str, ...] = ()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, said: Iterable[str]) -> Allowed:
        """Read names and networks as people write them. Raises `ValueError` for what is neither."""
        hosts, networks = [], []
        for one in said:
            try:
                networks.append(ip_network(one.strip()))
            except ValueError:
                if not _NAME.fullmatch(one.strip()) or one.strip().replace(".", "").isdigit():
                    msg = f"{one!r} is neither the name of a host nor a network, such as odk.example or 10.1.0.0/16"
                    raise ValueError(msg) from None
                hosts.append(one.strip().casefold())
        return cls(tuple(hosts), tuple(networks))

    def names(self, host: str) -> bool:
        """Return whether a host is allowed by its name."""
        host = host.casefold().rstrip(".")
        return any(host == one or (one.startswith(".") and host.endswith(one)) for one in self.hosts)

    def holds(self, address: Address) -> bool:
        """Return whether an address lies in a network that is allowed."""
        plain = _meant(address)
        return any(one in network for network in self.networks for one in (address, plain) if one is not None)


NOTHING = Allowed()


def resolved(host: str, port: int) -> list[str]:
    """Return the addresses of a host as this machine finds them. Raises `OSError` where it finds none."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def ways(host: str, port: int, allowed: Allowed, resolve: Resolve = resolved) -> list[str]:
    """Return the addresses at which a host may be asked on a port, in the order in which they were found.

    Raises `Forbidden` where there is none, and `OSError` where the name means nothing.
    """
    named = allowed.names(host)
    found = list(dict.fromkeys(resolve(host, port)))
    inside = [one for one in found if named or allowed.holds(ip_address(one))]
    if inside:
        return inside
    public = [one for one in found if is_public(ip_address(one))]
    if not public:
        msg = f"{host} is not at a public address"
        raise Forbidden(msg)
    if port not in _WEB and port < _FIRST_FREE_PORT:
        msg = f"port {port} of {host} is none of the web"
        raise Forbidden(msg)
    return public


def is_public(address: Address) -> bool:
    """Return whether an address is one of the public internet, also where another one is wrapped into it.

    By the special-purpose registries of IANA, as `ipaddress` holds them.
    """
    meant = _meant(address)
    if meant is not None:
        return is_public(meant)
    if isinstance(address, IPv6Address) and address not in _UNICAST:
        return False
    if any(address in network for network in _SPECIAL):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _meant(address: Address) -> Address | None:
    """Return the IPv4 address that an IPv6 one stands for, None where it stands for itself."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
