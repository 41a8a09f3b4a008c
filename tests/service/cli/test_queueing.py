"""`uncounted queue`, run as people run it."""

from __future__ import annotations

from service import submit, verify
from service.accounts.account import Count, Name
from tests.specimens.command import uncounted


def test_the_queue_is_printed_most_urgent_first(sqlite_context, scene, monkeypatch, tmp_path):
    """Name, people and the flag stand in the row; a limit says that more waits, and an empty queue says so."""
    monkeypatch.setenv("UNCOUNTED_DATABASE_URL", sqlite_context.settings.database)
    scene.publish(sqlite_context, scene.official(scene.without("Bondeni")))
    accounts = [
        scene.account(names=(Name(name),), lat=lat, lon=35.0, counts=(Count(value=people, method="enumeration"),))
        for name, lat, people in (("Dogo", 1.0, 20.0), ("Kubwa", 2.0, 4_000.0))
    ]
    receipts = submit.accept(sqlite_context, accounts, scene.caller(sqlite_context.store))
    found = verify.verify(sqlite_context, [one.record_id for one in receipts])
    shown = uncounted(tmp_path, "queue", columns=200).stdout
    assert shown.index("Kubwa") < shown.index("Dogo")
    assert "4,000" in shown
    assert all(str(record.flag_id) in shown for record in found)
    first = uncounted(tmp_path, "queue", "-n", "1", columns=200)
    assert "Dogo" not in first.stdout
    assert "More waits" in first.stderr
    assert "Nothing waits that fits these filters." in uncounted(tmp_path, "queue", "--country", "TZ").stderr
