"""What the tests of releases begin with: a register whose places lie far apart, brought by a real sync."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from service import submit, sync, verify
from service.configuration.settings import Settings
from service.context import Context, close, open_context
from service.store import flags, records

MANIFEST = """
[source]
title = "Register of villages"
vintage = "{vintage}"
licence = "CC0-1.0"
attribution = "Written for a test"

[coverage]
completeness = "exhaustive"
lowest_level = "village"
kinds = ["village"]
countries = ["KEN"]
location_r95_m = 100

[defaults]
country = "KEN"
kind = "village"
"""
NAMES = (
    "Nambale Bukiri Matayos Lugulu Butula Marachi Elukhari Kingandole Bumala Sikoma Funyula Namboboto Nangina Bwiri "
    "Budalangi Mundere Bunyala Khajula Magombe Angurai Moding Kolanya Malaba Amukura Aburi Chakol Okuleu Ochude "
    "Alupe Mayenje Burumba Buyofu Esikulu Mungatsi Siteko Walatsi Igara Murumba Lwanya Kisoko Mabunge Madende Igero"
)
VILLAGES = {
    f"V{at:02}": {"id": f"V{at:02}", "name": name, "lat": 0.1 + 0.2 * (at // 6), "lon": 34.0 + 0.2 * (at % 6)}
    for at, name in enumerate(NAMES.split(" "))
}


class Register:
    """A list that is published again and again, and records compared with it."""

    villages = VILLAGES

    def __init__(self, context: Context, path: Path, scene: Any) -> None:
        """Begin with nothing published."""
        self.context, self.path, self.scene = context, path, scene
        self.caller = scene.caller(context.store)

    def publish(self, villages: Mapping[str, Mapping[str, Any]], vintage: str) -> str:
        """Publish a release and sync it; return its sha256."""
        return self.released(villages, vintage).snapshot

    def released(self, villages: Mapping[str, Mapping[str, Any]], vintage: str) -> sync.SyncResult:
        """Publish a release and sync it; return what that came to."""
        columns = ["id", "name", "lat", "lon", "persons", "geometry"]
        with self.path.open("w", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(villages.values())
        self.path.with_name(f"{self.path.name}.toml").write_text(MANIFEST.format(vintage=vintage))
        sync.configure(self.context, "ke-villages", "register", {"path": str(self.path)})
        return sync.sync(self.context, "ke-villages")

    def send(self, village: str, **parts: Any) -> str:
        """Send and verify an account of one of the villages; return its identifier."""
        known = VILLAGES[village]
        said = {"lat": known["lat"], "lon": known["lon"] + 0.0003, "own_id": village, **parts}
        account = self.scene.account(said.pop("name", known["name"]), **said)
        (receipt,) = submit.accept(self.context, [account], self.caller)
        verify.verify(self.context, [receipt.record_id])
        return receipt.record_id

    def record(self, record_id: str) -> Any:
        """Return a record as it stands."""
        with self.context.store.read() as session:
            return records.get(session, record_id)

    def flag(self, record_id: str) -> Any:
        """Return the flag of a record."""
        with self.context.store.read() as session:
            return flags.get(session, records.get(session, record_id).flag_id)


@pytest.fixture
def register(context: Context, tmp_path: Path, scene: Any) -> Register:
    """Give a register that nothing was published of."""
    return Register(context, tmp_path / "villages.csv", scene)


@pytest.fixture
def registers(sqlite_databases: Any, tmp_path: Path, scene: Any) -> Callable[[], AbstractContextManager[Register]]:
    """Give a function that opens a register in a service of its own, on SQLite: one for each example of a property."""

    @contextmanager
    def opened() -> Iterator[Register]:
        folder = tmp_path / uuid.uuid4().hex
        folder.mkdir()
        options: dict[str, Any] = {
            "data_dir": folder,
            "database_url": sqlite_databases.fresh(folder),
            "_env_file": None,
        }
        context = open_context(Settings(**options))
        yield Register(context, folder / "villages.csv", scene)
        close(context)

    return opened


@pytest.fixture
def without() -> Callable[..., dict[str, dict[str, Any]]]:
    """Give the villages but some."""
    return lambda *gone: {key: dict(village) for key, village in VILLAGES.items() if key not in gone}
