"""The story of one flag: sent, judged blind, appealed, judged by another, published, and resolved by a release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service import sync
from service.app import create_app
from service.auditing.verifying import verify
from service.callers.caller import Role
from service.context import Context
from service.store import keys
from service.store.engine import Store
from service.verify import silent

HEADER = "official_id,name,kind,country,lat,lon,location_uncertainty_m\n"
NAMES = ("Kapchorwa", "Mashimoni", "Lindi", "Turbo", "Bondeni", "Soi", "Ziwa")
VILLAGES = {
    name: f"V{number},{name},village,KEN,{0.5 + 0.009 * number:.3f},35.0,100\n" for number, name in enumerate(NAMES)
}
MANIFEST = """[source]
title = "Register of villages"
vintage = "{vintage}"
licence = "CC0-1.0"
attribution = "Written for a test"

[coverage]
completeness = "exhaustive"
lowest_level = "village"
kinds = ["village"]
countries = ["KEN"]
reference_date = {vintage}
"""
BONDENI = {
    "id": "mk-1",
    "name": "Bondeni",
    "country": "KEN",
    "kind": "village",
    "location": {"lat": 0.536, "lon": 35.0, "uncertainty_m": 100},
    "counts": [{"value": 640, "method": "door to door enumeration", "date": "2019-08-01"}],
    "consent": "public_masked",
}
WHO = {
    "mappers": ("map-kibera", Role.CONTRIBUTOR),
    "first": ("statistics-office", Role.REVIEWER),
    "second": ("statistics-office", Role.REVIEWER),
    "publisher": ("statistics-office", Role.PUBLISHER),
}


class Desk:
    """The service as each of them meets it over HTTP."""

    def __init__(self, client: TestClient, store: Store) -> None:
        """Make a key for each."""
        self._client = client
        with store.begin() as session:
            made = {who: keys.create(session, *held, "story") for who, held in WHO.items()}
        self._keys = {who: {"Authorization": f"Bearer {secret}"} for who, secret in made.items()}

    def get(self, path: str, who: str | None = None) -> Any:
        """Read something that is there."""
        answer = self._client.get(path, headers=self._keys.get(who or "", {}))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any, who: str) -> Any:
        """Send something."""
        return self._client.post(path, json=body, headers=self._keys[who])

    def decide(self, flag_id: str, who: str, decision: str, reason_code: str) -> Any:
        """Decide about a flag."""
        return self.post(f"/v1/flags/{flag_id}/reviews", {"decision": decision, "reason_code": reason_code}, who)


def release(context: Context, folder: Path, vintage: str, names: tuple[str, ...]) -> None:
    """Bring a release of the register that names these villages."""
    path = folder / "villages.csv"
    path.write_text(HEADER + "".join(VILLAGES[name] for name in names))
    path.with_name("villages.csv.toml").write_text(MANIFEST.format(vintage=vintage))
    sync.configure(context, "ke-villages", "register", {"path": str(path)})
    sync.sync(context, "ke-villages")


@pytest.fixture
def unhurried(context: Context) -> Context:
    """Give an installation in which every decision is judged a second time."""
    return replace(context, settings=context.settings.model_copy(update={"second_review_share": 1.0}))


@pytest.fixture
def desk(unhurried: Context, tmp_path: Path) -> Iterator[Desk]:
    """Give the service over a register that leaves one village out."""
    release(unhurried, tmp_path, "2019-08-24", tuple(name for name in NAMES if name != "Bondeni"))
    with TestClient(create_app(unhurried)) as client:
        yield Desk(client, unhurried.store)


def test_a_flag_goes_from_record_to_release_with_both_sides_heard(
    desk: Desk, unhurried: Context, tmp_path: Path
) -> None:
    """Each step is where the next person finds it, nobody does two steps that two have to do, and the chain holds."""
    sent = desk.post("/v1/records", BONDENI, "mappers").json()
    assert sent["verdict"] == "hidden_place"
    flag_id = sent["flag_id"]

    (waiting,) = desk.get("/v1/queue?blind=true", "first")["items"]
    assert (waiting["flag_id"], waiting["probability"]) == (flag_id, None)
    taken = desk.post("/v1/queue/next?blind=true", None, "first")
    assert (taken.status_code, taken.json()["case"]["flag_id"]) == (201, flag_id)
    assert desk.decide(flag_id, "second", "confirmed", "field_visit").json()["code"] == "claimed"
    assert desk.decide(flag_id, "first", "rejected", "not_a_community").status_code == 201

    (told,) = desk.get("/v1/outcomes", "mappers")["items"]
    assert (told["decision"], told["appeal"]["possible"]) == ("rejected", True)
    grounds = {"grounds": "640 people live there.", "evidence": {"documents": ["https://example.org/minutes"]}}
    assert desk.post(told["appeal"]["address"], grounds, "mappers").status_code == 201
    assert "took part" in desk.decide(flag_id, "first", "rejected", "not_a_community").json()["detail"]
    assert desk.decide(flag_id, "second", "confirmed", "field_visit").status_code == 201
    assert desk.decide(flag_id, "second", "published", "four_eyes").json()["code"] == "not-permitted"
    assert desk.get("/v1/flags")["items"] == []
    assert desk.decide(flag_id, "publisher", "published", "four_eyes").status_code == 201
    assert [one["id"] for one in desk.get("/v1/flags")["items"]] == [flag_id]
    assert [one["decision"] for one in desk.get("/v1/outcomes", "mappers")["items"]] == [
        "rejected",
        "confirmed",
        "published",
    ]

    before = desk.post("/v1/gap-reports", {"country": "KEN"}, "first").json()
    release(unhurried, tmp_path, "2025-08-24", NAMES)
    assert desk.get(f"/v1/flags/{flag_id}", "first")["status"] == "resolved_by_release"
    after = desk.post("/v1/gap-reports", {"country": "KEN"}, "first").json()
    newest = desk.get(f"/v1/gap-reports/{after['id']}", "first")
    assert [(one["vintage"], one["made_visible"]["communities"]) for one in newest["releases"]] == [("2025-08-24", 1)]
    changes = desk.get(f"/v1/gap-reports/{before['id']}/diff/{after['id']}", "first")
    assert changes["counted"]["resolved"] == 1

    audited = verify(unhurried.store, silent)
    assert audited.sound, audited.broken
