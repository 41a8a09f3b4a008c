"""Verify: what was found is kept with what it rests on, and nothing that fails is lost."""

from __future__ import annotations

import dataclasses

import pytest

from matchers.circumstances import Circumstances
from matchers.quality.policy import read_policy
from service import submit, verify
from service.store import events, findings, flags, records
from service.store.filters import FlagFilter, RecordFilter
from service.store.values import FlagStatus, RecordState
from service.verifying import grading, judging


@pytest.fixture
def world(context, scene):
    """Publish a list that names every village but Bondeni."""
    scene.publish(context, scene.official(scene.without("Bondeni")))
    return context


def village(scene, name, **parts):
    """Return an account of one of the villages, at its place."""
    lat, lon = next((lat, lon) for known, lat, lon in scene.villages if known == name)
    return scene.account(name, own_id=parts.pop("own_id", name), **{"lat": lat, "lon": lon + 0.0005} | parts)


def sent(context, scene, *accounts):
    """Accept accounts and return the identifiers of their records."""
    caller = scene.caller(context.store)
    return [receipt.record_id for receipt in submit.accept(context, accounts, caller)]


def test_records_come_back_in_order_with_verdict_findings_and_flag(world, scene):
    """A listed village is consistent and raises nothing; an unlisted one is hidden and raises a flag."""
    ids = sent(world, scene, village(scene, "Bondeni"), village(scene, "Lindi"))
    hidden, listed = verify.verify(world, ids)
    assert [hidden.id, listed.id] == ids
    assert (hidden.state, hidden.verdict, hidden.p_absent > 0.95) == (RecordState.VERIFIED, "hidden_place", True)
    assert (listed.state, listed.verdict, listed.flag_id) == (RecordState.VERIFIED, "consistent", None)
    with world.store.read() as session:
        flag = flags.get(session, hidden.flag_id)
    assert (flag.status, flag.version, flag.verdict) == (FlagStatus.OPEN, 1, "hidden_place")
    assert flag.record == hidden


def test_what_verify_returns_is_what_is_kept(world, scene):
    """The records handed back equal those read from the database afterwards."""
    returned = verify.verify(world, sent(world, scene, village(scene, "Bondeni"), village(scene, "Lindi")))
    with world.store.read() as session:
        assert list(records.many(session, [record.id for record in returned])) == returned


def test_records_at_hand_need_not_be_read(world, scene):
    """What a receipt carries is what was kept; verified without being read, a record ends up as any other."""
    (receipt,) = submit.accept(world, [village(scene, "Bondeni")], scene.caller(world.store))
    with world.store.read() as session:
        assert records.get(session, receipt.record_id) == receipt.record
    (record,) = verify.verify(world, [receipt.record_id], [receipt.record])
    assert record.verdict == "hidden_place"
    with world.store.read() as session:
        assert records.get(session, receipt.record_id) == record


def test_a_record_verified_twice_at_once_is_told_of_once(world, scene):
    """Whoever comes second finds nothing new: one finding, one flag, and both are told the same."""
    (receipt,) = submit.accept(world, [village(scene, "Bondeni")], scene.caller(world.store))
    (first,) = verify.verify(world, [receipt.record_id], [receipt.record])
    (second,) = verify.verify(world, [receipt.record_id], [receipt.record])
    assert second == first
    with world.store.read() as session:
        assert len(findings.history(session, first.id)) == 1
        assert flags.get(session, first.flag_id).version == 1
        assert [event.kind for event in events.about(session, "record", first.id)] == [
            "record.created",
            "record.verified",
        ]


def test_a_record_at_hand_that_was_corrected_meanwhile_waits(world, scene):
    """Nothing is kept about a revision that is no longer the present one."""
    caller = scene.caller(world.store)
    (receipt,) = submit.accept(world, [village(scene, "Bondeni")], caller)
    submit.accept(world, [village(scene, "Lindi", own_id="Bondeni")], caller)
    (record,) = verify.verify(world, [receipt.record_id], [receipt.record])
    assert (record.revision, record.state, record.findings) == (2, RecordState.PENDING, ())


def test_a_finding_names_the_snapshot_the_model_and_the_candidates(world, scene):
    """Every verdict can be traced to the list's content, the model's version and the rejected candidates."""
    (record,) = verify.verify(world, sent(world, scene, village(scene, "Bondeni")))
    (finding,) = record.findings
    (official,) = world.lists.current()
    assert (finding.snapshot, finding.source, finding.revision) == (official.snapshot, "ke-villages", 1)
    assert finding.model
    assert "ke-villages" in finding.reason
    assert [candidate["rank"] for candidate in finding.candidates] == list(range(1, len(finding.candidates) + 1))
    assert finding.candidates[0]["evidence"][0]["sentence"]


def test_a_country_without_a_list_gives_insufficient_evidence(world, scene):
    """Where no list may hold the community, nothing is claimed about it and nothing is flagged."""
    (record,) = verify.verify(world, sent(world, scene, scene.account(country="UGA", lat=0.3, lon=32.5)))
    assert (record.verdict, record.p_absent, record.findings, record.flag_id) == (
        "insufficient_evidence",
        None,
        (),
        None,
    )


def test_verifying_again_changes_nothing(world, scene):
    """The same record against the same list leaves record, findings, flag and events as they were."""
    ids = sent(world, scene, village(scene, "Bondeni"), village(scene, "Lindi"))
    first = verify.verify(world, ids)
    assert verify.everything(world) == 2
    with world.store.read() as session:
        assert list(records.many(session, ids)) == first
        assert len(findings.history(session, ids[0])) == 1
        assert flags.get(session, first[0].flag_id).version == 1
        told = [event.kind for event in events.about(session, "record", ids[0])]
    assert told == ["record.created", "record.verified"]


def test_identifiers_that_do_not_exist_are_left_out(world, scene):
    """Verifying something unknown is no error."""
    (record_id,) = sent(world, scene, village(scene, "Lindi"))
    assert [record.id for record in verify.verify(world, ["unknown", record_id])] == [record_id]


def test_a_record_that_breaks_the_matcher_stays_pending_and_takes_nobody_with_it(world, scene, monkeypatch):
    """One failing account of many is found, left pending, and verified once the matcher is mended."""
    working = judging.compare

    def breaking(citizen, official, **options):
        if "Ziwa" in citizen.primary_names:
            raise ZeroDivisionError
        return working(citizen, official, **options)

    monkeypatch.setattr(judging, "compare", breaking)
    names = ["Lindi", "Turbo", "Ziwa", "Soi", "Bondeni"]
    found = verify.verify(world, sent(world, scene, *(village(scene, name) for name in names)))
    assert [record.account.names[0].text for record in found] == names
    assert [record.state for record in found if record.account.names[0].text != "Ziwa"] == [RecordState.VERIFIED] * 4
    assert (found[2].state, found[2].verdict, found[2].findings) == (RecordState.PENDING, None, ())
    assert verify.pending(world) == 0
    monkeypatch.setattr(judging, "compare", working)
    assert verify.pending(world) == 1
    with world.store.read() as session:
        assert records.get(session, found[2].id).verdict == "consistent"


def test_what_a_crash_left_pending_is_taken_up(world, scene):
    """Records that were accepted but never verified are found and verified, with progress."""
    sent(world, scene, *(village(scene, name) for name in ("Lindi", "Turbo", "Soi")))
    steps = []
    assert verify.pending(world, lambda done, total=None: steps.append((done, total))) == 3
    assert steps == [(3, 3)]
    assert verify.pending(world) == 0


def test_a_record_revised_meanwhile_stays_pending(world, scene, monkeypatch):
    """A finding about an older revision is never kept as one about the newer."""
    working = judging.compare
    caller = scene.caller(world.store)
    (receipt,) = submit.accept(world, [village(scene, "Bondeni")], caller)

    def slow(citizen, official, **options):
        submit.accept(world, [village(scene, "Lindi", own_id="Bondeni")], caller)
        return working(citizen, official, **options)

    monkeypatch.setattr(judging, "compare", slow)
    (record,) = verify.verify(world, [receipt.record_id])
    assert (record.revision, record.state, record.verdict, record.findings) == (2, RecordState.PENDING, None, ())
    monkeypatch.setattr(judging, "compare", working)
    (record,) = verify.verify(world, [receipt.record_id])
    assert record.verdict == "consistent"


def test_a_list_replaced_meanwhile_is_compared_anew(world, scene, monkeypatch):
    """A finding is never kept when the list it speaks of is no longer the present one."""
    working = judging.compare
    moved = []

    def slow(citizen, official, **options):
        if not moved:
            moved.append(scene.publish(world, scene.official(scene.villages, vintage="2026")))
        return working(citizen, official, **options)

    monkeypatch.setattr(judging, "compare", slow)
    (record,) = verify.verify(world, sent(world, scene, village(scene, "Bondeni")))
    assert [finding.snapshot for finding in record.findings] == moved
    assert record.verdict == "consistent"


def test_a_correction_renews_findings_and_keeps_the_old_ones_as_history(world, scene):
    """After a revision the record shows what was found about that revision; the older finding stays kept."""
    caller = scene.caller(world.store)
    (receipt,) = submit.accept(world, [village(scene, "Bondeni")], caller)
    (before,) = verify.verify(world, [receipt.record_id])
    submit.accept(world, [village(scene, "Lindi", own_id="Bondeni")], caller)
    with world.store.read() as session:
        waiting = records.get(session, receipt.record_id)
    assert (waiting.verdict, waiting.findings, waiting.flag_id) == (None, (), before.flag_id)
    (after,) = verify.verify(world, [receipt.record_id])
    assert (after.verdict, after.findings[0].revision) == ("consistent", 2)
    with world.store.read() as session:
        assert [finding.revision for finding in findings.history(session, receipt.record_id)] == [1, 2]
        flag = flags.get(session, after.flag_id)
        told = events.about(session, "flag", flag.id)
    assert flag.status is FlagStatus.WITHDRAWN
    assert [event.kind for event in told] == ["flag.raised", "flag.closed"]
    assert told[-1].by.organisation is None
    assert "no longer finds" in told[-1].data["why"]


def test_a_newer_release_that_lists_the_community_resolves_its_flag(world, scene):
    """When the next release names the community the flag says so; when a later one drops it, the flag is open again."""
    ids = sent(world, scene, village(scene, "Bondeni"))
    (record,) = verify.verify(world, ids)
    statuses = []
    for vintage, places in (("2026", scene.villages), ("2027", scene.without("Bondeni"))):
        scene.publish(world, scene.official(places, vintage=vintage))
        verify.verify(world, ids)
        with world.store.read() as session:
            statuses.append(flags.get(session, record.flag_id).status)
    assert statuses == [FlagStatus.RESOLVED_BY_RELEASE, FlagStatus.OPEN]


def test_being_on_one_list_speaks_for_a_record_and_the_contradiction_is_marked(world, scene):
    """With two lists both findings are kept; the one that lists the community is primary."""
    scene.publish(world, scene.official(scene.villages, source="ke-register"))
    (record,) = verify.verify(world, sent(world, scene, village(scene, "Bondeni")))
    assert [finding.verdict for finding in record.findings] == ["consistent", "hidden_place"]
    assert all("conflicting_sources" in finding.attributes for finding in record.findings)
    assert record.verdict == "consistent"


def test_more_records_than_one_batch_are_verified(world, scene, monkeypatch):
    """Batches are cut and put together again in order."""
    monkeypatch.setattr(verify, "BATCH", 3)
    ids = sent(world, scene, *(village(scene, name) for name, _, _ in scene.villages))
    found = verify.verify(world, ids)
    assert [record.id for record in found] == ids
    assert {record.state for record in found} == {RecordState.VERIFIED}
    assert verify.everything(world) == len(ids)
    with world.store.read() as session:
        assert [flag.record.account.names[0].text for flag in flags.iterate(session, FlagFilter())] == ["Bondeni"]
        assert records.count(session, RecordFilter(state=RecordState.VERIFIED)) == len(ids)


def test_findings_say_the_same_after_a_round_trip(world, scene):
    """No number or text of a finding changes by being kept."""
    (record,) = verify.verify(world, sent(world, scene, village(scene, "Bondeni")))
    (official,) = world.lists.current()
    with world.store.read() as session:
        declared = grading.declared(session, [record])
    known = Circumstances(quality=grading.qualities(world.store, read_policy(), [record], declared))
    again = judging.judge([record], [official], known=known)[record.id]
    plain = [dataclasses.replace(finding, id="", created_at=record.updated_at) for finding in again]
    with world.store.read() as session:
        kept = records.get(session, record.id).findings
    assert [dataclasses.replace(finding, id="", created_at=record.updated_at) for finding in kept] == plain
