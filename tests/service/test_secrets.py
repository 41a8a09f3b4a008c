"""Keys of official sources show nowhere: no log, snapshot, database or error holds them, whatever the source does."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from traceback import format_exception
from urllib.parse import quote, quote_plus

import httpx
import pytest
import stamina
from structlog.testing import capture_logs

from connectors import catalogue
from connectors.base import Connector
from connectors.census import CensusConnector
from connectors.client import Client, Question
from connectors.errors import ConnectorError
from connectors.hapi import HapiConnector
from connectors.kept.keeping import Keeping
from connectors.kept.shelf import Shelf
from connectors.nomis import NomisConnector
from connectors.offline.routes import Online
from connectors.redaction import SECRET_PARAMETERS
from connectors.snapshot import Snapshot
from service import sync
from service.configuration.settings import Settings
from service.context import Context
from service.sources.fetching import How
from service.store import sources
from tests.connectors.roster import declared

ROOT = Path(__file__).parents[2]
PLANTED = "cGxhbnRlZCs/a2V5+b2Y/bm9ib2R5="  # has what addresses and headers escape


@dataclass(frozen=True)
class Keyed:
    """A connector that is given a key, and how its source answers when all is well."""

    kind: type[Connector]
    need: str
    answers: dict[str, str]  # part of an address -> specimen
    options: dict[str, str] = field(default_factory=dict)


KEYED = {
    "census": Keyed(CensusConnector, "key", {"/data/": "census/decennial.json"}, {"for": "state:*"}),
    "hapi": Keyed(
        HapiConnector,
        "app_identifier",
        {
            "baseline-population": "hapi/population.json",
            "metadata/resource": "hapi/resource.json",
            "package_show": "cod/package_show.json",
        },
    ),
    "nomis": Keyed(
        NomisConnector,
        "uid",
        {".def": "nomis/definition.json", ".csv": "nomis/figures.csv"},
        {"dataset": "NM_9999_1", "geography": "TYPE154"},
    ),
}


@dataclass(frozen=True)
class Replying(Online):
    """The network, with this for every source's answer."""

    answer: Callable[[httpx.Request], httpx.Response]

    def transport(
        self,
        source: str,  # noqa: ARG002 - answers any
        keys: tuple[str, ...] = (),
        shelf: Shelf | None = None,
    ) -> httpx.BaseTransport:
        """Return what answers instead of the source, and is kept as its answers are."""
        assert shelf is not None
        return Keeping(shelf, keys, httpx.MockTransport(self.answer))


def said_back(request: httpx.Request) -> str:
    """Return everything a source could repeat of a request."""
    return f"{request.url} {dict(request.headers)} {request.content!r}"


def unreachable(request: httpx.Request) -> httpx.Response:
    """Fail as a network does, naming what was asked."""
    message = f"cannot reach {said_back(request)}"
    raise httpx.ConnectError(message, request=request)


#: What a source does that repeats what it was asked.
TRICKS: dict[str, Callable[[httpx.Request], httpx.Response]] = {
    "a text": lambda asked: httpx.Response(400, text=f"error: bad request {said_back(asked)}"),
    "a refusal": lambda asked: httpx.Response(403, json={"detail": said_back(asked), "error": said_back(asked)}),
    "a page": lambda asked: httpx.Response(200, html=f"<title>Invalid Key</title><p>{said_back(asked)}</p>"),
    "another shape": lambda asked: httpx.Response(200, json={"error": said_back(asked), "data": [said_back(asked)]}),
    "a table": lambda asked: httpx.Response(200, json=[[said_back(asked)], [said_back(asked)]]),
    "a fault": lambda asked: httpx.Response(500, text=said_back(asked)),
    "elsewhere": lambda asked: httpx.Response(302, headers={"Location": f"https://example.org/?echo={asked.url}"}),
    "the key elsewhere": lambda _: httpx.Response(302, headers={"Location": f"https://example.org/{PLANTED}"}),
    "nobody": unreachable,
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Try as often as in earnest, without waiting."""
    monkeypatch.setattr("connectors.hapi.connector._PAUSE_S", 0)
    with stamina.set_testing(True, attempts=5):
        yield


@pytest.fixture
def synced(sqlite_context: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Give a function that syncs with the planted key and returns all that could be read of it afterwards."""
    context = sqlite_context

    def run(name: str, reply: Callable[[httpx.Request], httpx.Response]) -> str:
        keyed = KEYED[name]
        asked: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(request)
            return reply(request)

        monkeypatch.setattr(catalogue, "connector", lambda _: keyed.kind())
        settings = context.settings.model_copy(update={f"{name}_{keyed.need}": PLANTED})
        with_key = type(context)(settings, context.store, context.archive, context.lists)
        sync.configure(with_key, name, name, keyed.options)
        told = repr(settings)
        try:
            told += repr(sync.sync(with_key, name, how=How(route=Replying(answer))))
        except ConnectorError as error:
            told += "".join(format_exception(error)) + repr(error) + error.hint
        assert any(PLANTED in json.dumps([*one.headers.values(), *one.url.params.values()]) for one in asked)
        with context.store.read() as session:
            source = sources.get(session, name)
        if source.current is not None:
            snapshot = context.archive.get(source.current.sha256)
            assert snapshot.observations is not None
            told += repr((snapshot, snapshot.observations.to_pylist()))
        return told + repr(source)

    with every_line() as lines, capture_logs() as events:
        yield run
        assert shown(repr(events) + lines.getvalue()) == []
    files = [path for path in context.settings.data_dir.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if shown(path.read_bytes().decode("latin-1"))] == []


@contextmanager
def every_line() -> Iterator[io.StringIO]:
    """Give what every logger writes at every level."""
    written, before = io.StringIO(), logging.root.level
    handler = logging.StreamHandler(written)
    logging.root.addHandler(handler)
    logging.root.setLevel(logging.DEBUG)
    try:
        yield written
    finally:
        logging.root.removeHandler(handler)
        logging.root.setLevel(before)


def shown(text: str) -> list[str]:
    """Return the forms of the planted key that can be read in a text."""
    return [form for form in {PLANTED, quote(PLANTED, safe=""), quote_plus(PLANTED), PLANTED[:12]} if form in text]


def test_every_connector_that_takes_a_key_is_tried() -> None:
    """A new one that needs a key is planted with one here."""
    assert {name for name, kind in declared().items() if SECRET_PARAMETERS & set(kind.needs)} == set(KEYED)
    assert all(f"{name}_{keyed.need}" in Settings.model_fields for name, keyed in KEYED.items())


@pytest.mark.parametrize("name", KEYED)
def test_a_good_answer_keeps_the_key_to_itself(name: str, synced: Callable[..., str]) -> None:
    """The snapshot with its addresses, the database and the log lines know the source, and not the key."""

    def reply(request: httpx.Request) -> httpx.Response:
        file = next(file for part, file in KEYED[name].answers.items() if part in str(request.url))
        content = (ROOT / "tests" / "specimens" / file).read_bytes()
        echo = said_back(request).replace("\n", " ")
        return httpx.Response(200, content=content, headers={"X-Echo": echo, "ETag": f'"{PLANTED}"'})

    told = synced(name, reply)
    assert "'updated'" in told
    assert shown(told) == []


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("name", KEYED)
def test_a_source_that_repeats_the_key_is_not_repeated(name: str, trick: str, synced: Callable[..., str]) -> None:
    """Its words are kept and shown without the key, in the error and beside the source."""
    told = synced(name, TRICKS[trick])
    assert "Error" in told or "Refused" in told or "Changed" in told or "Unavailable" in told
    assert shown(told) == []


def test_a_key_that_ends_with_a_line_break_is_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it comes out of a file; the break would make a header that cannot be sent, and the key part of the message."""
    monkeypatch.setenv("UNCOUNTED_HAPI_APP_IDENTIFIER", f"{PLANTED}\n")
    monkeypatch.setenv("UNCOUNTED_NOMIS_UID", "\n")
    settings = Settings(_env_file=None)
    assert settings.key("hapi", "app_identifier") == PLANTED
    assert settings.key("nomis", "uid") is None


def test_a_connector_of_strangers_is_given_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it says it needs is read from the environment under its name, though no setting is written for it."""
    monkeypatch.setenv("UNCOUNTED_SEA_LEVEL_SUBSCRIPTION_KEY", PLANTED)
    assert Settings(_env_file=None).key("sea-level", "subscription-key") == PLANTED
    assert Settings(_env_file=None).key("sea-level", "token") is None


def test_a_file_of_a_source_with_a_key_is_not_kept(sqlite_context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even what is asked for without the key may repeat it: nothing of such a source lies on the disk."""
    asked: list[httpx.Request] = []

    class Filing(NomisConnector):
        def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
            client.save(
                Question("nomis", "https://example.org/list.zip"), sqlite_context.settings.data_dir / "x", 1_000
            )
            return super().fetch(client, request)

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=PLANTED.encode(), headers={"ETag": f'"{PLANTED}"'})

    monkeypatch.setattr(catalogue, "connector", lambda _: Filing())
    for key in (PLANTED, None):
        settings = sqlite_context.settings.model_copy(update={"nomis_uid": key})
        context = type(sqlite_context)(settings, sqlite_context.store, sqlite_context.archive, sqlite_context.lists)
        sync.configure(context, "nomis", "nomis", KEYED["nomis"].options)
        with pytest.raises(ConnectorError):
            sync.sync(context, "nomis", how=How(route=Replying(answer)))
        assert any("list.zip" in str(one.url) for one in asked)
        assert bool(Shelf(settings.kept / "nomis").size) is (key is None)  # without a key it is a file like any other
