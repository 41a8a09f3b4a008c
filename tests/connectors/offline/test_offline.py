"""A folder of saved or downloaded files answers as the source did, and what is missing in it is told by its address."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from connectors.archive import content_sha256
from connectors.base import Connector
from connectors.census import CensusConnector
from connectors.client import Question
from connectors.errors import SourceChanged, SourceUnavailable, UnreadableFile
from connectors.gazetteer import GazetteerConnector
from connectors.offline.replaying import Replaying
from connectors.offline.routes import ONLINE, FromFolder, SavedTo
from connectors.offline.saving import Saving
from connectors.snapshot import Snapshot
from connectors.worldbank import WorldBankConnector
from tests.connectors.loopback import LoopbackClient

KEY = "0123456789abcdef0123456789abcdef"
POPULATION = {"indicators": "SP.POP.TOTL", "date": "2019:2020"}
ADDRESS = "https://example.org/files/list.csv"
Answering = Callable[..., Callable[[], httpx.MockTransport]]
Specimen = Callable[[str], bytes]


def fetch(connector: Connector, request: dict[str, str], transport: httpx.BaseTransport) -> Snapshot:
    """Fetch over a transport."""
    with LoopbackClient(transport=transport) as client:
        return connector.fetch(client, request)


@pytest.fixture
def bank(answering: Answering, specimen: Specimen) -> httpx.MockTransport:
    """Give a World Bank of two pages."""
    return answering(
        ("/metadata", 200, specimen("worldbank/metadata.json")),
        ("SP.POP.TOTL?format=json&per_page=5000&page=1", 200, specimen("worldbank/population_page1.json")),
        ("SP.POP.TOTL?format=json&per_page=5000&page=2", 200, specimen("worldbank/population_page2.json")),
        ("/country?", 200, specimen("worldbank/country.json")),
    )()


def get(transport: httpx.BaseTransport, url: str = ADDRESS) -> bytes:
    """Return the body of one answer."""
    with LoopbackClient(transport=transport) as client:
        return client.get(Question("s", url)).body


def test_what_was_saved_gives_the_same_snapshot_offline(tmp_path: Path, bank: httpx.MockTransport):
    """Pages, metadata and dates come back as they were; the exchanges still say when the source was asked."""
    before = datetime.now(UTC)
    online = fetch(WorldBankConnector(), POPULATION, Saving(tmp_path, "worldbank", network=bank))
    after = datetime.now(UTC)
    offline = fetch(WorldBankConnector(), POPULATION, Replaying(tmp_path, "worldbank"))
    assert content_sha256(offline) == content_sha256(online)
    assert [one.url for one in offline.exchanges] == [one.url for one in online.exchanges]
    assert [one.sha256 for one in offline.exchanges] == [one.sha256 for one in online.exchanges]
    assert all(before <= one.retrieved_at <= after for one in offline.exchanges)
    assert len([path for path in tmp_path.iterdir() if not path.name.endswith(".note.json")]) == 4


def test_a_file_downloaded_by_hand_is_recognised_by_its_name(tmp_path: Path, specimen: Specimen):
    """The name of the address is enough, and the file's own time is when it was retrieved."""
    file = tmp_path / "2025_Gaz_place_national.zip"
    file.write_bytes(specimen("gazetteer/2025_Gaz_place_national.txt"))
    os.utime(file, (1_700_000_000, 1_700_000_000))
    snapshot = fetch(GazetteerConnector(), {}, Replaying(tmp_path, "gazetteer"))
    assert snapshot.provenance.vintage == "2025"
    assert snapshot.exchanges[0].retrieved_at == datetime.fromtimestamp(1_700_000_000, UTC)


def test_an_answer_saved_by_hand_under_the_name_that_is_told_is_recognised(tmp_path: Path):
    """What is missing is told with its address and a name, and saving it so, with a browser's ending, mends it."""
    asked = "https://example.org/data?page=2&key=hush-hush"
    with pytest.raises(UnreadableFile, match="holds no answer of") as raised:
        get(Replaying(tmp_path, "somewhere"), asked)
    assert "hush-hush" not in f"{raised.value} {raised.value.hint}"
    assert "uncounted sync somewhere --save" in raised.value.hint
    name = raised.value.hint.rpartition(" as ")[2]
    (tmp_path / f"{name}.json").write_text('{"a": 1}')
    assert get(Replaying(tmp_path, "somewhere"), asked) == b'{"a": 1}'


def test_questions_apart_have_names_apart(tmp_path: Path):
    """Pages, bodies of posts and folders of one file name do not answer for one another; a key makes no difference."""
    asked: list[str] = []

    def echo(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, content=f"{request.url.path} {request.url.query.decode()}".encode())

    urls = [f"https://example.org/{rest}" for rest in ("a?page=1", "a?page=2", "2024/list.csv", "2025/list.csv")]
    said = [get(Saving(tmp_path, "s", network=httpx.MockTransport(echo)), url) for url in urls]
    assert [get(Replaying(tmp_path, "s"), url) for url in urls] == said
    get(Saving(tmp_path, "s", network=httpx.MockTransport(echo)), "https://example.org/b?key=aaaa-aaaa")
    assert get(Replaying(tmp_path, "s"), "https://example.org/b?key=bbbb-bbbb") == b"/b key=REDACTED"


def test_no_key_is_in_any_saved_file(tmp_path: Path, answering: Answering, specimen: Specimen):
    """Neither in names nor in notes nor in a body in which the source repeats it; offline none is asked for."""
    body = specimen("census/decennial.json")
    honest = fetch(
        CensusConnector(),
        {"key": KEY, "for": "state:*"},
        Saving(tmp_path, "census", (KEY,), answering(("/data/", 200, body))()),
    )
    repeating = answering(("/list", 200, f"asked with {KEY}".encode()))()
    get(Saving(tmp_path, "census", (KEY,), repeating), "https://example.org/list.csv")
    written = [path.name.encode() + path.read_bytes() for path in tmp_path.iterdir()]
    assert len(written) == 4
    assert all(KEY.encode() not in one for one in written)
    request = FromFolder(tmp_path).request("census", {"for": "state:*"}, CensusConnector.needs)
    offline = fetch(CensusConnector(), request, Replaying(tmp_path, "census"))
    assert content_sha256(offline) == content_sha256(honest)


def test_a_compressed_answer_in_which_a_key_could_hide_is_not_saved(tmp_path: Path):
    """A source that compresses although asked not to is refused where a key was sent."""
    network = httpx.MockTransport(
        lambda _: httpx.Response(200, stream=httpx.ByteStream(b"?"), headers={"Content-Encoding": "br"})
    )
    with pytest.raises(SourceChanged, match="compressed"):
        get(Saving(tmp_path, "s", (KEY,), network))
    assert list(tmp_path.iterdir()) == []


def test_a_body_that_breaks_off_or_says_later_is_not_saved(tmp_path: Path):
    """Half an answer and an answer that says "later" leave nothing behind, so that the next run asks again."""

    class Breaking(httpx.SyncByteStream):
        def __iter__(self):
            yield b"half"
            msg = "gone"
            raise httpx.ReadError(msg)

    for answer in (lambda _: httpx.Response(200, stream=Breaking()), lambda _: httpx.Response(503)):
        with pytest.raises(SourceUnavailable):
            get(Saving(tmp_path, "s", network=httpx.MockTransport(answer)))
        assert list(tmp_path.iterdir()) == []


def test_a_file_that_changed_on_the_way_is_refused(tmp_path: Path, answering: Answering):
    """A body cut short on a stick is told, and never parsed."""
    get(Saving(tmp_path, "s", network=answering(("list", 200, b"id,name\n1,Lindi\n"))()))
    (body,) = (path for path in tmp_path.iterdir() if not path.name.endswith(".note.json"))
    body.write_bytes(b"id,name\n1,Li")
    with pytest.raises(UnreadableFile, match="cut short"):
        get(Replaying(tmp_path, "s"))


def test_a_note_that_is_none_is_told(tmp_path: Path, answering: Answering):
    """A damaged note says which file to copy again."""
    get(Saving(tmp_path, "s", network=answering(("list", 200, b"x"))()))
    next(tmp_path.glob("*.note.json")).write_text("[]")
    with pytest.raises(UnreadableFile, match="note beside it"):
        get(Replaying(tmp_path, "s"))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, answering: Answering):
    """The place of the folder is taken by a file."""
    (tmp_path / "s").write_text("")
    with pytest.raises(UnreadableFile, match="cannot be written"):
        get(Saving(tmp_path / "s", "s", network=answering(("list", 200, b"x"))()))


def test_errors_of_a_source_are_saved_as_answers(tmp_path: Path, answering: Answering):
    """That there is nothing at an address is an answer too, and stays one offline."""
    network = answering(("list", 404, b"no such list"))()
    for transport in (Saving(tmp_path, "s", network=network), Replaying(tmp_path, "s")):
        with LoopbackClient(transport=transport) as client:
            answer = client.get(Question("s", ADDRESS))
        assert (answer.status, answer.body) == (404, b"no such list")


def test_no_address_leads_out_of_the_folder(tmp_path: Path):
    """A source that redirects to a name with dots and slashes reads no other file of the machine."""
    (tmp_path / "secret.txt").write_text("not yours")
    inner = tmp_path / "s"
    inner.mkdir()
    for url in ("https://example.org/..%2Fsecret.txt", "https://example.org/x/%2e%2e/secret.txt?"):
        with pytest.raises(UnreadableFile, match="holds no answer"):
            get(Replaying(inner, "s"), url)


def test_of_two_files_of_one_name_each_answers_for_its_own_address(tmp_path: Path):
    """A folder as in the address tells them apart; without one, a file never answers for two addresses."""
    (tmp_path / "KE.zip").write_bytes(b"places")
    transport = Replaying(tmp_path, "geonames")
    assert get(transport, "https://example.org/dump/KE.zip") == b"places"
    assert get(transport, "https://example.org/dump/KE.zip") == b"places"
    with pytest.raises(UnreadableFile, match="alternatenames"):
        get(transport, "https://example.org/alternatenames/KE.zip")
    (tmp_path / "alternatenames").mkdir()
    (tmp_path / "alternatenames" / "KE.zip").write_bytes(b"names")
    assert get(transport, "https://example.org/alternatenames/KE.zip") == b"names"


def test_options_that_name_a_file_find_it_in_the_folder(tmp_path: Path):
    """A path of another machine is looked for by its name, beside the folder's own files; other options stay."""
    (tmp_path / "ke").mkdir()
    (tmp_path / "ke" / "villages.csv").write_text("id\n")
    asked = {"path": "/elsewhere/villages.csv", "year": "2025", "metadata": "/elsewhere/missing.csv"}
    found = FromFolder(tmp_path).request("ke", asked, ())
    assert found == {**asked, "path": str(tmp_path / "ke" / "villages.csv")}
    assert FromFolder(tmp_path).holds("ke")
    assert not FromFolder(tmp_path).holds("worldbank")
    for route in (ONLINE, SavedTo(tmp_path)):
        assert route.request("ke", asked, ("key",)) == asked
        assert route.holds("worldbank")
    assert ONLINE.transport("ke") is None


@pytest.fixture
def served() -> Iterator[int]:
    """Serve a file on this machine, to who asks for it directly and to who asks through a proxy; give the port."""

    class Serving(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"asked for {self.path}".encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Serving)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.mark.parametrize("proxied", [False, True])
def test_saving_asks_the_network_as_the_environment_says(
    tmp_path: Path, served: int, monkeypatch: pytest.MonkeyPatch, *, proxied: bool
):
    """Directly, or through the proxy that an office must use; what comes is saved either way."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    url = f"http://127.0.0.1:{served}/list.csv"
    if proxied:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{served}")
        url = "http://statistics.invalid/list.csv"
    said = f"asked for {url if proxied else '/list.csv'}".encode()
    assert get(SavedTo(tmp_path).transport("s"), url) == said
    assert get(FromFolder(tmp_path).transport("s"), url) == said
