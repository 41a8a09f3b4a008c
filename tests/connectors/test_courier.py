"""The courier: where messages are taken, and what is brought back; real connections on loopback."""

from __future__ import annotations

import socket
import threading

import pytest

from connectors import courier
from connectors.courier import Courier, Message, Unreachable, check
from connectors.reach import Allowed
from tests.service.hooks.receiving import listening

LOOPBACK = Allowed.of(["127.0.0.0/8"])


def elsewhere(address: str):
    """Return a way to find names that leads to an address."""
    return lambda _host, _port: [address]


def take(url, allowed=LOOPBACK, resolve=None):
    """Take a message there."""
    with Courier("it@example.org", allowed, *([resolve] if resolve else [])) as one:
        return one.take(Message(url, {"webhook-id": "1"}, b"{}"))


def test_a_message_arrives_as_it_is():
    """Body and headers come as they were given; of the answer the status comes back, and the time."""
    with listening() as receiver:
        received = take(receiver.url)
    ((headers, body),) = receiver.requests
    assert (headers["webhook-id"], body) == ("1", b"{}")
    assert "it@example.org" in headers["user-agent"]
    assert (received.status, received.failure, received.well) == (204, None, True)
    assert received.milliseconds >= 0


def test_a_name_that_leads_elsewhere_by_the_time_of_connecting_is_not_followed():
    """Checked when it was public, a name that means loopback a moment later is refused, and nothing arrives."""
    with listening() as receiver:
        answers = ["93.184.215.14", "127.0.0.1", "127.0.0.1"]
        url = receiver.url.replace("http://127.0.0.1", "https://rebound.example")
        received = take(url, Allowed(), lambda _host, _port: [answers.pop(0)])
    assert (received.status, received.failure) == (None, "forbidden")
    assert receiver.requests == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1", "fd00::1", "100.64.0.1", "0.0.0.0"],  # noqa: S104
)
def test_names_of_private_addresses_are_refused(address):
    """Whatever a name is, where it leads decides."""
    with pytest.raises(Unreachable, match="not at a public address"):
        check("https://hooks.example/x", Allowed(), elsewhere(address))


def test_a_public_address_is_taken():
    """One on the port of the web, or on a free one."""
    check("https://hooks.example/x?token=1", Allowed(), elsewhere("93.184.215.14"))
    check("https://hooks.example:8443/x", Allowed(), elsewhere("93.184.215.14"))


def test_only_what_the_operator_allows_goes_without_a_certificate():
    """http:// is for hosts and networks that were named."""
    check("http://10.1.2.3/x", Allowed.of(["10.0.0.0/8"]))
    with pytest.raises(Unreachable, match="https:// only"):
        check("http://hooks.example/x", Allowed.of(["10.0.0.0/8"]), elsewhere("93.184.215.14"))


def test_nobody_there_is_told_so():
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert take(f"http://127.0.0.1:{port}/").failure == "unreachable"


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nX: "])
def test_one_that_says_nothing_or_drips_is_left(monkeypatch, said):
    """Within the time that an answer has, whatever comes a byte at a time."""
    monkeypatch.setattr(courier, "ANSWER_S", 0.5)
    monkeypatch.setattr(courier, "CONNECT_S", 0.5)
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server, said, ended), daemon=True)
        thread.start()
        received = take(f"http://127.0.0.1:{server.getsockname()[1]}/")
        ended.set()
        thread.join()
    assert (received.status, received.failure) == (None, "timeout")
    assert received.milliseconds < 10_000


def drip(server, said, ended):
    """Take a connection, say something, then a letter now and then."""
    connection, _ = server.accept()
    with connection:
        connection.sendall(said)
        while not ended.wait(0.1):
            try:
                connection.sendall(b"x" if said else b"")
            except OSError:
                return


def test_what_is_no_answer_of_http_is_told_so():
    """Something else listens there."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=greet, args=(server,), daemon=True)
        thread.start()
        assert take(f"http://127.0.0.1:{server.getsockname()[1]}/").failure == "broken"
        thread.join()


def greet(server):
    """Speak another protocol."""
    connection, _ = server.accept()
    with connection:
        connection.recv(1_000)
        connection.sendall(b"220 mail.example ESMTP\r\n")
