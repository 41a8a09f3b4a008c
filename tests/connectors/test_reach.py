"""Where this software connects to: public addresses, and what the operator names."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from connectors.reach import NOTHING, Allowed, Forbidden, is_public, ways

INSIDE = [
    "127.0.0.1",
    "127.8.9.10",
    "0.0.0.0",  # noqa: S104 - nobody listens here
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.0.8",
    "192.88.99.1",
    "198.18.0.1",
    "203.0.113.7",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::1",
    "2002:c0a8:101::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "fd00:ec2::254",
    "fc00::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "100::1",
]
PUBLIC = [
    "8.8.8.8",
    "193.0.6.139",
    "2001:67c:2e8:22::c100:68b",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


@pytest.mark.parametrize("written", INSIDE)
def test_what_is_inside_is_not_public(written: str):
    """Own machine, own network, metadata of clouds, groups of machines; also wrapped into addresses of other kinds."""
    assert not is_public(ip_address(written))
    with pytest.raises(Forbidden, match=r"office\.example is not at a public address") as caught:
        ways("office.example", 443, NOTHING, lambda *_: [written])
    assert written not in str(caught.value)


@pytest.mark.parametrize("written", PUBLIC)
def test_what_everybody_reaches_is_public(written: str):
    """An official source is asked wherever it is, by either protocol."""
    assert is_public(ip_address(written))
    assert ways("office.example", 443, NOTHING, lambda *_: [written]) == [written]


def test_of_a_name_with_addresses_inside_only_the_public_ones_are_asked():
    """A name that leads to both is asked where everybody else would ask it."""
    found = ["10.0.0.1", "8.8.8.8", "::1", "8.8.4.4", "8.8.8.8"]
    assert ways("office.example", 443, NOTHING, lambda *_: found) == ["8.8.8.8", "8.8.4.4"]


@pytest.mark.parametrize("port", [22, 25, 111, 445, 1023])
def test_only_ports_of_the_web_are_asked(port: int):
    """A public mail server is no official source."""
    with pytest.raises(Forbidden, match=f"port {port} of office.example"):
        ways("office.example", port, NOTHING, lambda *_: ["8.8.8.8"])


@pytest.mark.parametrize("port", [80, 443, 1024, 8443])
def test_ports_of_the_web_are_asked(port: int):
    """The usual ones, and those that no service of the system has."""
    assert ways("office.example", port, NOTHING, lambda *_: ["8.8.8.8"]) == ["8.8.8.8"]


@pytest.mark.parametrize(
    "said", ["odk.office.example", ".office.example", "10.0.0.0/8", "10.1.2.3", "ODK.Office.Example"]
)
def test_what_the_operator_names_is_asked(said: str):
    """A server of one's own stands in one's own network: by its name, those below a name, or the network."""
    allowed = Allowed.of([said])
    assert ways("odk.office.example", 25, allowed, lambda *_: ["10.1.2.3"]) == ["10.1.2.3"]


@pytest.mark.parametrize("said", ["office.example", "xodk.office.example", "10.2.0.0/16", "fd00::/8"])
def test_nothing_beside_what_the_operator_names_is_asked(said: str):
    """One name is not another, nor those below it; one network is not the next."""
    with pytest.raises(Forbidden):
        ways("odk.office.example", 443, Allowed.of([said]), lambda *_: ["10.1.2.3"])


def test_a_network_is_allowed_however_its_addresses_are_wrapped():
    """An address of the network stays one when IPv6 carries it."""
    allowed = Allowed.of(["10.0.0.0/8"])
    assert ways("odk.example", 443, allowed, lambda *_: ["::ffff:10.1.2.3"]) == ["::ffff:10.1.2.3"]


@pytest.mark.parametrize("said", ["", "10.0.0.0/33", "10.0.0.1/8", "http://odk.example", "odk example", "300.1.2.3"])
def test_what_is_neither_host_nor_network_is_told(said: str):
    """A mistyped network does not silently allow nothing."""
    with pytest.raises(ValueError, match="neither the name of a host nor a network"):
        Allowed.of([said])
