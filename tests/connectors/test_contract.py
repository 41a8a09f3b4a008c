"""The contract notices every promise that a connector breaks."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any, ClassVar

import httpx
import pyarrow as pa
import pytest

from connectors.client import Client, Question
from connectors.contract import BrokenPromises, check
from connectors.errors import SourceChanged
from connectors.snapshot import OBSERVATIONS, Exchange, Provenance, Snapshot
from geodata.coverage import CoverageManifest
from geodata.places import Places

ROW = {"area": "KEN", "area_scheme": "iso3166-1-a3", "aggregate": False, "indicator": "P", "period": "2019"}
GOOD = ROW | {"value": "5", "status": "observed", "raw": "5"}
SECRET = "0123456789"  # noqa: S105 - nobody's


def observations(*rows: Mapping[str, Any]) -> pa.Table:
    """Make a table of observations."""
    return pa.Table.from_pylist(list(rows), schema=OBSERVATIONS)


class Sample:
    """A connector that keeps its promises, unless told to change its snapshot."""

    name: ClassVar[str] = "sample"
    title: ClassVar[str] = "A sample"
    needs: ClassVar[Mapping[str, str]] = {}

    def __init__(self, change: Callable[[Snapshot, dict[str, str]], Snapshot] = lambda snapshot, _: snapshot) -> None:
        """Say how to spoil the snapshot, given the headers of the answer."""
        self.change = change

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Ask one question."""
        answer = client.get(Question("sample", "https://example.org/data", {"key": request["key"]}))
        if answer.text != "five":
            raise SourceChanged("not five", source="sample", hint="wait")  # noqa: EM101, TRY003 - a sample
        snapshot = Snapshot(
            provenance=Provenance("sample", "t", "https://example.org", "2019", "release", "CC0", None, "us"),
            coverage=CoverageManifest(notes=("no places",)),
            exchanges=(answer.exchange,),
            observations=observations(GOOD),
        )
        return self.change(snapshot, dict(answer.headers))


def answering() -> httpx.MockTransport:
    """Answer "five" today."""
    return httpx.MockTransport(lambda _: httpx.Response(200, text="five", headers={"Last-Modified": "today"}))


def test_a_good_connector_passes():
    """Nothing is found where nothing is wrong, and the snapshot comes back."""
    assert check(Sample(), {"key": SECRET}, answering).provenance.vintage == "2019"


def places(*ids: str, lat: float = 1.0) -> Places:
    """Make places."""
    return Places.from_rows([{"id": one, "names": ["x"], "lat": lat, "lon": 1.0} for one in ids])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s, _: replace(s, provenance=replace(s.provenance, licence=" ")), "does not state its licence"),
        (lambda s, h: replace(s, provenance=replace(s.provenance, vintage=h["last-modified"])), "on another day"),
        (lambda s, _: replace(s, coverage=CoverageManifest()), "coverage is not declared"),
        (lambda s, _: replace(s, exchanges=()), "no exchange"),
        (lambda s, _: replace(s, exchanges=(Exchange("x", 200, "", 0, datetime.now(UTC)),)), "lacks a sha256"),
        (lambda s, _: replace(s, observations=None), "neither places nor observations"),
        (lambda s, _: replace(s, observations=observations()), "must say in its caveats"),
        (lambda s, _: replace(s, observations=observations(GOOD, GOOD)), "two observations of iso3166-1-a3 KEN P 2019"),
        (lambda s, _: replace(s, observations=observations(GOOD | {"value": None})), "neither a value nor a reason"),
        (lambda s, _: replace(s, observations=observations(GOOD | {"status": "suppressed"})), "neither a value nor"),
        (lambda s, _: replace(s, observations=observations(GOOD | {"value": "1,5"})), "neither a value nor a reason"),
        (lambda s, _: replace(s, observations=pa.table({"a": [1]})), "columns of OBSERVATIONS"),
        (lambda s, _: replace(s, places=places("a", "a")), "not unique"),
        (lambda s, _: replace(s, places=places("a", lat=95.0)), "impossible coordinates, the first is a"),
        (
            lambda s, _: replace(s, provenance=replace(s.provenance, endpoint=f"https://example.org/{SECRET}")),
            "a secret of the request",
        ),
    ],
)
def test_each_broken_promise_is_named(change: Callable[[Snapshot, dict[str, str]], Snapshot], said: str):
    """Every rule has its sentence."""
    with pytest.raises(BrokenPromises, match=said):
        check(Sample(change), {"key": SECRET}, answering)


def test_all_broken_promises_are_told_at_once():
    """Whoever writes a connector sees everything that is wrong in one run."""

    def spoil(snapshot: Snapshot, _: dict[str, str]) -> Snapshot:
        return replace(snapshot, exchanges=(), coverage=CoverageManifest())

    with pytest.raises(BrokenPromises) as caught:
        check(Sample(spoil), {"key": SECRET}, answering)
    assert len(caught.value.promises) == 2


def test_a_connector_that_never_asks_twice_alike_is_caught():
    """What it asked in the morning cannot be found in a folder in the evening, so it does nothing offline."""
    numbers = count()

    class Restless(Sample):
        def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
            client.get(Question("sample", "https://example.org/data", {"request": str(next(numbers))}))
            return super().fetch(client, request)

    with pytest.raises(BrokenPromises, match="do not do offline: UnreadableFile"):
        check(Restless(), {"key": SECRET}, answering)


def test_a_connector_that_falls_into_bottomless_json_is_caught():
    """What the standard library says of it is no `ValueError`, and reaches whoever only expects those."""

    class Trusting(Sample):
        def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
            answer = client.get(Question("sample", "https://example.org/data"))
            if answer.text[:1] in "[{":
                with suppress(ValueError):
                    json.loads(answer.text)
            return super().fetch(client, request)

    with pytest.raises(BrokenPromises) as caught:
        check(Trusting(), {"key": SECRET}, answering)
    assert [promise.partition(" makes it raise ")[2] for promise in caught.value.promises] == [
        "RecursionError instead of a ConnectorError"
    ] * 2


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (lambda _: " ", "must be a text that says something"),
        (lambda _: 5, "must be a text that says something"),
        (lambda answer: answer.headers["last-modified"], "another state"),
        (lambda _: SECRET, "can be read in its state"),
        (lambda answer: answer.headers["nowhere"], "cannot be told: KeyError"),
        (lambda _: "always", "is taken for its state"),
    ],
)
def test_a_state_that_says_nothing_is_caught(state: Callable[[Any], Any], said: str):
    """What a connector says of its source's state comes from the answer, and only from what that says."""

    class Telling(Sample):
        def state(self, client: Client, request: Mapping[str, str]) -> str | None:
            """Ask for it."""
            return state(client.get(Question("sample", "https://example.org/state", {"key": request["key"]})))

    with pytest.raises(BrokenPromises, match=said):
        check(Telling(), {"key": SECRET}, answering)


def test_a_state_that_is_told_passes():
    """A connector that reads it off the answer keeps all promises."""

    class Telling(Sample):
        def state(self, client: Client, request: Mapping[str, str]) -> str | None:
            """Ask for it."""
            answer = client.get(Question("sample", "https://example.org/state", {"key": request["key"]}))
            return answer.text if answer.text == "five" else None

    assert check(Telling(), {"key": SECRET}, answering).observations is not None


def test_a_connector_that_swallows_garbage_is_caught():
    """A page of HTML taken for an answer, and a crash that is no ConnectorError, are broken promises."""

    class Credulous(Sample):
        def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
            answer = client.get(Question("sample", "https://example.org/data"))
            if answer.body.startswith(b"\x00"):
                raise KeyError("value")  # noqa: EM101 - a sample
            return replace(Sample().fetch(Client(transport=answering()), request), exchanges=(answer.exchange,))

    with pytest.raises(BrokenPromises) as caught:
        check(Credulous(), {"key": SECRET}, answering)
    assert any("taken for an answer" in promise for promise in caught.value.promises)
    assert any("raise KeyError" in promise for promise in caught.value.promises)
