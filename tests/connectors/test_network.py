"""The network: asked at the address that was checked, under the name that was meant."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from connectors.client import Client, Question
from connectors.errors import RequestRefused, SourceUnavailable
from connectors.network import Network
from connectors.reach import ALLOWED, Allowed
from connectors.redirects import follow
from tests.connectors.loopback import LOOPBACK

NAME = "odk.office.example"
HERE = Allowed.of([NAME])


class Echo(BaseHTTPRequestHandler):
    """Says under which name it was asked; sends on where the path says."""

    def do_GET(self) -> None:
        """Answer."""
        onward = self.path.removeprefix("/onward/") if self.path.startswith("/onward/") else ""
        body = str(self.headers["Host"]).encode()
        self.send_response(302 if onward else 200)
        if onward:
            self.send_header("Location", onward)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture(autouse=True)
def _direct(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def echo() -> Iterator[int]:
    """Serve on the loopback; give the port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        yield from _serving(server)


def _serving(server: ThreadingHTTPServer) -> Iterator[int]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()


def ask(network: Network, url: str, allowed: Allowed = HERE) -> httpx.Response:
    """Ask through a network."""
    with httpx.Client(transport=network) as client:
        return client.get(url, extensions={ALLOWED: allowed})


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_the_own_machine_is_not_asked_however_it_is_written(echo: int, host: str):
    """A client by itself refuses it before anything is sent, and says what to do; nothing is tried again."""
    with Client() as client, pytest.raises(RequestRefused, match="not at a public address") as caught:
        client.get(Question("office", f"http://{host}:{echo}/"))
    assert "UNCOUNTED_ALLOWED_NETWORKS" in caught.value.hint


def test_the_connection_goes_to_the_address_that_was_checked(echo: int):
    """The name is resolved once; what it means a moment later, when the connection is made, changes nothing."""
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    answer = ask(Network(resolve), f"http://{NAME}:{echo}/")
    assert (answer.text, asked) == (f"{NAME}:{echo}", [NAME])
    assert str(answer.request.url) == f"http://{NAME}:{echo}/"


def test_a_name_that_turns_to_an_address_inside_is_refused(echo: int):
    """A name that was public for the first question and is not for the second gets no second answer."""
    answers = [["8.8.8.8"], ["127.0.0.1"]]
    network = Network(lambda *_: answers.pop(0))
    client = Client(transport=network)
    network._opened["", NAME] = httpx.MockTransport(lambda _: httpx.Response(200))
    with client:
        assert client.get(Question("office", f"http://{NAME}:{echo}/")).status == 200
        with pytest.raises(RequestRefused, match="not at a public address"):
            client.get(Question("office", f"http://{NAME}:{echo}/"))


def test_the_next_address_is_asked_where_the_first_does_not_answer(echo: int):
    """Of several addresses one may be down."""
    allowed = Allowed.of(["127.0.0.0/8", "::1"])
    network = Network(lambda *_: ["::1", "127.0.0.1"])
    assert ask(network, f"http://{NAME}:{echo}/", allowed).status_code == 200


def test_a_name_that_means_nothing_is_told_as_what_it_is():
    """It is tried again, as an office whose name servers are down."""

    def resolve(*_: object) -> list[str]:
        message = "Name or service not known"
        raise OSError(message)

    with Client(transport=Network(resolve)) as client, client.hurried(), pytest.raises(SourceUnavailable) as caught:
        client.get(Question("office", "https://office.example/"))
    assert "cannot be reached from here" in str(caught.value)


@pytest.mark.parametrize("onward", ["https://127.0.0.1:1/x", "https://inside.office.example/x"])
def test_a_redirect_to_the_inside_is_not_followed(echo: int, onward: str):
    """Every hop is checked as the first one was, also where the host is one that redirects may lead to."""
    addresses = {NAME: ["127.0.0.1"], "127.0.0.1": ["127.0.0.1"], "inside.office.example": ["10.0.0.1"]}
    client = Client(transport=Network(lambda host, _: addresses[host]))
    client.allow(HERE)
    with client, pytest.raises(RequestRefused, match="not at a public address"):
        follow(client, Question("office", f"http://{NAME}:{echo}/onward/{onward}"), (".office.example", "127.0.0.1"))


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "localhost", "0x7f.1", "[::1]"])
def test_a_proxy_is_not_asked_for_the_inside(echo: int, monkeypatch: pytest.MonkeyPatch, host: str):
    """What is written as an address is checked even where the proxy would find the way."""
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{echo}")
    with Client() as client:
        assert client.get(Question("office", "http://office.example/list")).status == 200
        with pytest.raises(RequestRefused, match="not at a public address"):
            client.get(Question("office", f"http://{host}/list"))
        client.allow(Allowed.of(["localhost", "127.0.0.0/8", "10.0.0.0/8", "::1", "0x7f.1"]))
        assert client.get(Question("office", f"http://{host}/list")).status == 200


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://office.example/x", "gopher://office.example/"])
def test_only_the_web_is_asked(url: str):
    """No other scheme, wherever it leads."""
    with Client() as client, pytest.raises(RequestRefused, match="not an address"):
        client.get(Question("office", url))


def test_certificates_are_checked_against_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The connection goes to an address, and the certificate has to be that of the name."""
    certificate = _certificate(tmp_path, NAME)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        for port in _serving(server):
            network = Network(lambda *_: ["127.0.0.1"])
            assert ask(network, f"https://{NAME}:{port}/").text == f"{NAME}:{port}"
            with pytest.raises(httpx.ConnectError, match="certificate"):  # nor is the open connection taken for it
                ask(Network(lambda *_: ["127.0.0.1"]), f"https://other.example:{port}/", LOOPBACK)


def _certificate(folder: Path, name: str) -> Path:
    """Write a certificate for a name, with its key, that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "server.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return path
