"""The commands of rights: hold, list, lift, withdraw, as an operator types them."""

from __future__ import annotations

import pytest

from service import submit, verify
from service.store import records
from service.store.filters import RecordFilter
from service.store.values import RecordState
from tests.specimens.warm import ROOT, run_command


@pytest.fixture
def run(sqlite_context):
    """Give what runs a command on the database of the context."""
    settings = sqlite_context.settings
    environment = {
        "UNCOUNTED_DATA_DIR": str(settings.data_dir),
        "UNCOUNTED_DATABASE_URL": settings.database_url,
        "PATH": "",
    }

    return lambda *words: run_command(ROOT, words, environment)


@pytest.fixture
def record_ids(sqlite_context, scene):
    """Give two records of one collection."""
    by = scene.caller(sqlite_context.store)
    accounts = [scene.account(name, own_id=name, collection="survey") for name in ("Gatwekera", "Lindi")]
    kept = submit.accept(sqlite_context, accounts, by)
    verify.verify(sqlite_context, [one.record_id for one in kept])
    return [one.record_id for one in kept]


def states(context):
    """Return the states of the records that are left."""
    with context.store.read() as session:
        return [one.state for one in records.page(session, RecordFilter()).items]


@pytest.mark.usefixtures("record_ids")
def test_a_hold_is_begun_listed_and_lifted(run):
    """The id goes to standard output for scripts, what it means to standard error for people."""
    begun = run("hold", "begin", "Kenya", "--reason", "threats")
    assert begun.returncode == 0, begun.stderr
    hold_id = begun.stdout.strip()
    assert "2 records held now" in begun.stderr
    listed = run("hold", "list").stdout
    assert all(one in listed for one in (hold_id, "country KEN", "threats", "yes"))
    assert run("hold", "lift", hold_id).returncode == 0
    assert "yes" not in run("hold", "list").stdout
    again = run("hold", "lift", hold_id)
    assert (again.returncode, "was lifted at" in again.stderr) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "names nothing to hold"),
        (("--admin", "ward=Lindi"), "needs its country"),
        (("--bbox", "1,2"), "is no box"),
        (("--bbox", "1,2,500,4"), "reaches off the globe"),
        (("Atlantis",), "Atlantis"),
    ],
)
def test_what_makes_no_sense_is_explained(run, words, said):
    """A hold that would hide nothing stops with what is wrong."""
    stopped = run("hold", "begin", *words, "--reason", "threats")
    assert stopped.returncode == 1
    assert said in " ".join(stopped.stderr.split())


def test_records_are_withdrawn_by_id(run, sqlite_context, record_ids):
    """Those that are there go; one that is not is named, and keeps none from going."""
    done = run("withdraw", record_ids[0], "nothing", "--reason", "consent_withdrawn")
    assert done.stdout.strip() == "1 not found, 1 withdrawn"
    assert "There is no record nothing." in done.stderr
    assert states(sqlite_context) == [RecordState.WITHDRAWN, RecordState.VERIFIED]


@pytest.mark.usefixtures("record_ids")
def test_a_collection_is_erased(run, sqlite_context):
    """Every record of it goes, with what it said."""
    done = run("withdraw", "--collection", "map-kibera/survey", "--reason", "community_asked", "--erase")
    assert (done.stdout.strip(), states(sqlite_context)) == ("2 erased", [])


@pytest.mark.parametrize("words", [(), ("a", "--collection", "b/c"), ("--collection", "b")])
def test_what_is_to_go_has_to_be_plain(run, words):
    """Nothing, both ways at once, or a collection of nobody withdraws nothing."""
    assert run("withdraw", *words, "--reason", "x").returncode == 1
