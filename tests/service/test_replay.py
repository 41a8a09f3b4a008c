"""Replay: a finding's certificate is made again, byte for byte, from what is kept; what was changed since is named."""

from __future__ import annotations

import json
import shutil

import pytest
from sqlalchemy import text

from matchers.certificates.certificate import canonical
from service import submit, verify
from service.errors import Problem
from service.replay import replay, replay_certificate
from service.store import records


@pytest.fixture
def world(context, scene):
    """Publish a list that names every village but Bondeni."""
    scene.publish(context, scene.official(scene.without("Bondeni")))
    return context


def village(scene, name, **parts):
    """Return an account of one of the villages, at its place."""
    lat, lon = next((lat, lon) for known, lat, lon in scene.villages if known == name)
    return scene.account(parts.pop("called", name), own_id=name, **{"lat": lat, "lon": lon + 0.0005} | parts)


def found(context, scene, *accounts):
    """Return the primary findings of accounts, verified together."""
    receipts = submit.accept(context, accounts, scene.caller(context.store))
    return [record.findings[0] for record in verify.verify(context, [receipt.record_id for receipt in receipts])]


def test_every_kind_of_finding_is_reproduced(world, scene):
    """A hidden village, a listed one, one left to people and one with nothing to go by replay to the same bytes."""
    accounts = (
        village(scene, "Bondeni"),
        village(scene, "Lindi"),
        village(scene, "Soi", called="Matopeni"),
        scene.account("Turbo", own_id="nowhere", lat=None, lon=None, r95_m=None),
    )
    for finding in found(world, scene, *accounts):
        again = replay(world, finding.id)
        assert again.reproduced, again.differences
        assert canonical(again.stated) == canonical(again.found)


def test_the_competition_of_others_is_reproduced_without_them(world, scene):
    """Of two records that may be one entry, each replays alone to the probability they came to together."""
    listed = village(scene, "Olare")
    near, far = found(world, scene, listed, scene.account("Olari", own_id="rival", lat=listed.lat + 0.004, lon=35.002))
    assert far.p_absent > 0.5 > far.p_absent_alone
    assert far.competitor == near.record_id
    for finding in (near, far):
        assert replay(world, finding.id).reproduced
    told = replay(world, far.id).found["smallest_changes"][0]
    assert (told["feature"], told["verdict"]) == ("company", "consistent")


def test_a_finding_that_holds_no_longer_is_reproduced_from_the_archived_list(world, scene):
    """After the list was replaced and the record revised, the first finding still replays."""
    (before,) = found(world, scene, village(scene, "Bondeni"))
    scene.publish(world, scene.official(scene.villages, vintage="2026"))
    verify.everything(world)
    found(world, scene, village(scene, "Bondeni", called="Bondeni B"))
    world.lists.current()
    assert replay(world, before.id).reproduced


def test_what_was_changed_since_is_named(world, scene):
    """An account, a probability and a parameter set that somebody changed in the database are each told."""
    (finding,) = found(world, scene, village(scene, "Bondeni"))
    with world.store.begin() as session:
        session.execute(text("UPDATE findings SET p_absent = 0.5"))
        body = session.execute(text("SELECT body FROM revisions")).scalar_one()
        changed = json.loads(body) if isinstance(body, str) else body
        changed["r95_m"] = 101.0
        session.execute(text("UPDATE revisions SET body = :body"), {"body": json.dumps(changed)})
    again = replay(world, finding.id)
    assert not again.reproduced
    where = {line.partition(":")[0] for line in again.differences}
    assert {"finding.p_absent", "record.account"} <= where


def test_a_saved_certificate_is_held_against_its_smallest_changes_too(world, scene):
    """A certificate written to a file replays; one whose smallest change was altered does not."""
    (finding,) = found(world, scene, village(scene, "Soi", called="Matopeni"))
    saved = json.loads(canonical(replay(world, finding.id).found))
    assert replay_certificate(world, saved).reproduced
    saved["smallest_changes"][0]["bits"] += 1
    assert replay_certificate(world, saved).differences[0].startswith("smallest_changes.0.bits: stated ")


@pytest.mark.parametrize("saved", [{}, {"form": 99}, {"form": 1}, {"form": 1, "record": 7, "decisions_until": None}])
def test_what_is_no_certificate_is_refused(world, saved):
    """A file of something else is told so, not followed."""
    with pytest.raises(Problem, match="certificate"):
        replay_certificate(world, saved)


def test_a_damaged_archive_is_named(world, scene):
    """When the archived list is gone, the replay says so instead of comparing with another."""
    (finding,) = found(world, scene, village(scene, "Bondeni"))
    world.lists._loaded.clear()
    shutil.rmtree(next(path for path in (world.settings.data_dir / "snapshots").iterdir()))
    with pytest.raises(Problem, match="cannot be read again"):
        replay(world, finding.id)


def test_a_record_verified_again_alike_keeps_its_certificate(world, scene):
    """Verifying again finds nothing new, so that the finding and its certificate stay the ones that were told."""
    (finding,) = found(world, scene, village(scene, "Bondeni"))
    verify.everything(world)
    with world.store.read() as session:
        assert records.get(session, finding.record_id).findings == (finding,)
