"""What the tests of imports begin with: an organisation that sends files, and what is kept of them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from service.context import Context
from service.importing import jobs, uploads
from service.importing.importer import work_in_turn
from service.importing.plan import Upload, Wish
from service.store import import_problems, imports, records
from service.store.filters import RecordFilter
from service.store.import_problems import Fault
from service.store.imports import Import
from service.store.values import Record

VILLAGES = """id,name,country,latitude,longitude,population
k1,Kapchorwa,Kenya,0.500,35.0,120
k2,Mashimoni,Kenya,0.509,35.0,340
k3,Bondeni,Kenya,0.536,35.0,90
"""


class Sending:
    """An organisation that sends files."""

    villages = VILLAGES

    def __init__(self, context: Context, caller: Any) -> None:
        """Remember who sends, and where to."""
        self.context = context
        self.caller = caller

    def upload(self, content: str | bytes, name: str = "villages.csv", collection: str = "villages") -> Upload:
        """Put a file where uploads lie."""
        import_id, path = uploads.fresh(self.context)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Upload(import_id, path, name, collection)

    def wait(self, content: str | bytes, collection: str = "villages", **wish: Any) -> Import:
        """Send a file that nobody works on yet."""
        return jobs.begin(self.context, self.upload(content, collection=collection), Wish(**wish), self.caller).job

    def send(self, content: str | bytes, collection: str = "villages", **wish: Any) -> Import:
        """Send a file and import it."""
        return work_in_turn(self.context, self.wait(content, collection, **wish))

    def now(self, job: Import) -> Import:
        """Return an import as it stands now."""
        with self.context.store.read() as session:
            return imports.get(session, job.id)

    def faults(self, job: Import) -> list[Fault]:
        """Return what was wrong in a file."""
        with self.context.store.read() as session:
            return list(import_problems.of(session, job.id))

    def records(self, **wanted: Any) -> dict[str, Record]:
        """Return the records of the organisation, by its own identifiers."""
        with self.context.store.read() as session:
            found = records.page(session, RecordFilter(organisation=self.caller.organisation, **wanted), None, 1_000)
        return {str(record.account.own_id): record for record in found.items}

    def everything(self) -> str:
        """Return all that the database holds, as text."""
        with self.context.store.read() as session:
            tables = ("records", "revisions", "events", "imports", "import_problems", "mappings", "collections")
            return "\n".join(str(session.execute(text(f"SELECT * FROM {table}")).all()) for table in tables)  # noqa: S608 - named above


@pytest.fixture
def sending(context, scene):
    """Give an organisation that sends files, on both databases."""
    return Sending(context, scene.caller(context.store))


@pytest.fixture
def sqlite_sending(sqlite_context, scene):
    """Give an organisation that sends files, on SQLite only."""
    return Sending(sqlite_context, scene.caller(sqlite_context.store))
