"""Importing: good rows are kept, the others told; the same file changes nothing; modes do what they say."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from geodata.files import streaming
from service import review, submit
from service.callers.caller import Role
from service.errors import BUSY, INVALID, NOT_FOUND, STALE_STATE, Problem
from service.importing import jobs, uploads
from service.importing.description import describe
from service.importing.importer import work_in_turn
from service.importing.plan import Mode, Usual
from service.importing.working import How
from service.store import flags, imports, leases
from service.store.filters import FlagFilter
from service.store.import_tables import ImportState
from service.store.values import FlagStatus, RecordState


def counts(job):
    """Return what became of the rows."""
    return job.created, job.revised, job.unchanged, job.set_aside, job.withdrawn


def test_good_rows_are_kept_and_the_others_told_by_row_and_column(sending):
    """Three of six rows are kept and verified; the others are told with their own row, column and a hint."""
    job = sending.send(
        "id,name,country,latitude,longitude\n"
        "1,Lindi,Kenya,0.518,35.0\n"
        "2,,Kenya,0.5,35.0\n"
        "3,Turbo,Kenya,35.0,0.527\n"
        "4,Soi,Nowhere,0.554,35.0\n"
        "5,Ziwa,Kenya,0.563,35.0\n"
        "1,Nyaru,Kenya,0.572,35.0\n"
    )
    assert (job.state, job.rows_read, counts(job), job.verified) == (ImportState.DONE, 6, (2, 0, 0, 4, 0), 2)
    assert sending.records().keys() == {"1", "5"}
    refused = {(fault.row, fault.column): fault for fault in sending.faults(job) if not fault.kept}
    assert {row for row, _ in refused} == {3, 4, 5, 7}
    assert refused[3, "name"].hint
    assert refused[4, "latitude and longitude"].proposal == {"lat": 0.527, "lon": 35.0}
    assert refused[5, "country"].value == "Nowhere"
    assert refused[7, "id"].message == "the id is used before in this file"


def test_the_same_file_again_changes_nothing(sending):
    """With ids or without, a second upload of the same bytes keeps no revision and tells nothing new."""
    for content in (sending.villages, "name,country,lat,lon\nLindi,Kenya,0.518,35\nTurbo,Kenya,0.527,35\n"):
        first = sending.send(content)
        before = sending.records()
        again = sending.send(content)
        assert counts(again) == (0, 0, first.created, 0, 0)
        assert sending.records() == before


def test_a_changed_row_is_a_revision_of_its_record(sending):
    """A corrected count corrects the record, under an own id as under one that was made from what the row says."""
    sending.send(sending.villages)
    assert counts(sending.send(sending.villages.replace(",340", ",350"))) == (0, 1, 2, 0, 0)
    assert sending.records()["k2"].revision == 2
    unnamed = "name,country,lat,lon,population\nLindi,Kenya,0.518,35,10\nTurbo,Kenya,0.527,35,20\n"
    sending.send(unnamed)
    inserted = unnamed.replace("Lindi,Kenya", "Soi,Kenya,0.554,35,5\nLindi,Kenya").replace(",20", ",25")
    assert counts(sending.send(inserted)) == (1, 1, 1, 0, 0)


def test_rows_that_say_the_same_without_ids_are_numbered_in_their_order(sqlite_sending):
    """Two rows about one name and point are two records, the same two at the next upload."""
    twice = "name,country,county,population\nLindi,Kenya,Nandi,10\nLindi,Kenya,Nandi,20\n"
    assert counts(sqlite_sending.send(twice)) == (2, 0, 0, 0, 0)
    assert counts(sqlite_sending.send(twice)) == (0, 0, 2, 0, 0)
    first, second = sorted(sqlite_sending.records(), key=len)
    assert second == f"{first}-2"


def test_an_id_means_something_within_its_collection_only(sending):
    """Row 1 of another survey does not overwrite row 1 of this one, however often both are sent."""
    other = sending.villages.replace("Kapchorwa", "Cheptiret").replace("0.500", "0.61")
    for expected in ((3, 0, 0, 0, 0), (0, 0, 3, 0, 0)):
        assert counts(sending.send(sending.villages)) == expected
        assert counts(sending.send(other, "schools")) == expected
    found = sending.records()
    assert found["k1"].account.names[0].text == "Kapchorwa"
    assert found["schools/k1"].account.names[0].text == "Cheptiret"


def test_a_record_that_was_posted_is_corrected_by_a_file_under_the_same_id(sending, scene):
    """Ids of the API and of files of the same collection are the same ids."""
    posted = scene.account("Mashimoni", own_id="k2", lat=0.509, lon=35.0, collection="villages")
    submit.accept(sending.context, [posted], sending.caller)
    assert counts(sending.send(sending.villages)) == (2, 1, 0, 0, 0)


def test_correct_only_revises_what_is_known(sending):
    """Rows of new ids are set aside and told, and nothing is withdrawn."""
    sending.send(sending.villages)
    job = sending.send(
        "id,name,country,latitude,longitude\nk1,Kapchorwa Town,Kenya,0.5,35\nk9,Soi,Kenya,0.55,35\n", mode=Mode.CORRECT
    )
    assert counts(job) == (0, 1, 0, 1, 0)
    assert [fault.row for fault in sending.faults(job)] == [3]
    assert sending.records().keys() == {"k1", "k2", "k3"}


def test_replace_withdraws_what_the_file_no_longer_has(sending):
    """A withdrawn record says nothing any more; a broken row keeps its record, and other collections keep theirs."""
    sending.send(sending.villages)
    sending.send(sending.villages.replace("k", "s"), "schools")
    shorter = "".join(line for line in sending.villages.splitlines(keepends=True) if "k2" not in line)
    job = sending.send(shorter.replace("0.536,35.0", ","), mode=Mode.REPLACE)
    assert counts(job) == (0, 0, 1, 1, 1)
    found = {own_id: record.state for own_id, record in sending.records().items()}
    assert found.pop("k2") is RecordState.WITHDRAWN
    assert set(found.values()) == {RecordState.VERIFIED}
    again = sending.send(sending.villages, mode=Mode.REPLACE)
    assert counts(again) == (0, 1, 2, 0, 0)
    assert sending.records()["k2"].state is RecordState.VERIFIED


def test_replace_withdraws_nothing_where_nobody_knows_which_rows_are_missing(sending):
    """A row without an id that cannot be kept might be any record, and a file without a good row none."""
    sending.send(sending.villages)
    job = sending.send("id,name,country,lat,lon\nk1,Kapchorwa,Kenya,0.5,35\n,,Kenya,0.6,35\n", mode=Mode.REPLACE)
    assert job.withdrawn == 0
    assert "nothing was withdrawn" in sending.faults(job)[-1].message
    empty = sending.send("id,name,country,lat,lon\nk1,,Kenya,0.5,35\n", mode=Mode.REPLACE)
    assert (empty.state, empty.withdrawn) == (ImportState.FAILED, 0)
    assert len(sending.records(state=RecordState.VERIFIED)) == 3


def test_decisions_hold_again_when_a_withdrawn_record_comes_back(sending, scene):
    """What people confirmed is closed while the record is gone, and is confirmed again without asking anybody."""
    scene.publish(sending.context, scene.official(scene.without("Bondeni")))
    sending.send(sending.villages)
    reviewer = scene.caller(sending.context.store, "office", Role.REVIEWER)
    flag = only_flag(sending)
    review.decide(sending.context, flag.id, review.Decision(FlagStatus.CONFIRMED, "field_visit"), reviewer)
    shorter = sending.villages.replace("k3,Bondeni,Kenya,0.536,35.0,90\n", "")
    assert sending.send(shorter, mode=Mode.REPLACE).withdrawn == 1
    assert only_flag(sending).status is FlagStatus.WITHDRAWN
    sending.send(sending.villages, mode=Mode.REPLACE)
    back = only_flag(sending)
    assert (back.id, back.status, len(back.reviews)) == (flag.id, FlagStatus.CONFIRMED, 1)


def only_flag(sending):
    """Return the one flag there is."""
    with sending.context.store.read() as session:
        (found,) = flags.page(session, FlagFilter()).items
    return found


def test_what_a_row_does_not_say_comes_from_the_collection(sending):
    """Country and kind are the collection's; consent and sensitivity are the stricter of both."""
    usual = Usual("KEN", "village", "public_masked", "caution")
    describe(sending.context, "villages", usual, sending.caller)
    sending.send(
        "id,name,latitude,longitude,consent,sensitivity\n"
        "1,Lindi,0.518,35.0,,\n"
        "2,Turbo,0.527,35.0,public_exact,open\n"
        "3,Soi,0.554,35.0,internal,restricted\n"
        "4,Ziwa,0.563,35.0,whatever,whatever\n"
    )
    said = {own_id: (one.account.consent, one.account.sensitivity) for own_id, one in sending.records().items()}
    assert said == {
        "1": ("public_masked", "caution"),
        "2": ("public_masked", "caution"),
        "3": ("internal", "restricted"),
        "4": ("internal", "closed"),
    }
    assert {(one.account.country, one.account.kind) for one in sending.records().values()} == {("KEN", "village")}


def test_what_is_about_people_is_never_stored(sending):
    """Neither a phone number nor a respondent's name reaches the database, also not out of a row that is broken."""
    job = sending.send(
        "id,name,country,latitude,longitude,respondent name,phone,remarks\n"
        "1,Lindi,Kenya,0.518,35.0,Wanjiku Kamau,0722123456,call 0733987654 at night\n"
        "2,Turbo,Kenya,0.527,35.0,Otieno Ouma,0722123457,\n"
        "3,Soi,Kenya,0.554,35.0,Akinyi Atieno,0722123458,,too many\n"
        "4,Ziwa,Kenya,north,35.0,Njeri Mwangi,0722123459,\n"
    )
    assert job.created == 2
    kept = sending.everything()
    assert "Lindi" in kept
    for secret in ("Wanjiku", "Otieno", "Akinyi", "Njeri", "07221234", "0733987654"):
        assert secret not in kept
    assert {one["header"] for one in job.dropped} == {"respondent name", "phone"}


def test_the_file_lies_in_a_private_place_until_its_import_ends(sending):
    """Nobody else can read it, and nothing of it is left afterwards."""
    job = sending.wait(sending.villages)
    assert uploads.room(sending.context).stat().st_mode & 0o777 == 0o700
    assert uploads.path_of(sending.context, job.id).exists()
    sending.send(sending.villages)  # of the same organisation: it is worked on after the first
    assert sending.now(job).state is ImportState.WAITING
    jobs.cancel(sending.context, job.id, sending.caller)
    assert not uploads.path_of(sending.context, job.id).exists()


def test_an_import_that_ended_cannot_be_cancelled_and_keeps_what_it_kept(sending):
    """Cancelling what is done is refused, and says how it ended."""
    job = sending.send(sending.villages)
    with pytest.raises(Problem, match="is done already") as refused:
        jobs.cancel(sending.context, job.id, sending.caller)
    assert refused.value.kind is STALE_STATE
    assert len(sending.records()) == 3


def test_strangers_see_no_import_and_admins_see_all(sending, scene):
    """To another organisation an import does not exist."""
    job = sending.send(sending.villages)
    stranger = scene.caller(sending.context.store, "another-group")
    with pytest.raises(Problem) as refused:
        jobs.seen(sending.context, job.id, stranger)
    assert refused.value.kind is NOT_FOUND
    admin = scene.caller(sending.context.store, "desk", Role.ADMIN)
    assert jobs.seen(sending.context, job.id, admin).id == job.id


@pytest.mark.parametrize(
    ("content", "wish", "told"),
    [
        (b"", {}, "empty"),
        (b"%PDF-1.7", {}, "PDF"),
        (b"id,name\n1,Lindi\n", {"columns": {"name": "Nom"}}, "no column 'Nom'"),
        (b"id,name,phone\n1,Lindi,0722123456\n", {"columns": {"kind": "phone"}}, "phone"),
        (b"id,name\n1,Lindi\n", {"profile": "kobo"}, "no profile 'kobo'"),
    ],
)
def test_what_cannot_be_read_is_refused_before_anything_is_kept(sqlite_sending, content, wish, told):
    """The problem says what to mend; no job is left, and no file."""
    with pytest.raises(Problem, match=told) as refused:
        sqlite_sending.wait(content, **wish)
    assert refused.value.kind in {INVALID, NOT_FOUND}
    assert list(uploads.room(sqlite_sending.context).iterdir()) == []


def test_a_cell_that_no_database_can_hold_takes_no_other_row_with_it(sending):
    """A NUL sets its own row aside."""
    named = ("Lin\x00di", 0.518), ("Turbo", 0.527)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [35, lat]},
            "properties": {"name": name, "country": "Kenya"},
        }
        for name, lat in named
    ]
    job = sending.send(json.dumps({"type": "FeatureCollection", "features": features}))
    assert (job.created, job.set_aside) == (1, 1)
    assert [fault.row for fault in sending.faults(job) if "(NUL)" in fault.message] == [1]


def test_uploads_that_broke_off_are_swept_and_imports_under_way_are_not(sqlite_sending, monkeypatch):
    """A file that no import speaks of goes after a while; the file of one that waits stays."""
    waiting = sqlite_sending.wait(sqlite_sending.villages)
    left = sqlite_sending.upload("id,name\n")
    assert uploads.sweep(sqlite_sending.context) == 0
    monkeypatch.setattr(uploads, "_LEFT_S", -1)
    assert uploads.sweep(sqlite_sending.context) == 1
    assert not left.path.exists()
    assert uploads.path_of(sqlite_sending.context, waiting.id).exists()


def test_nobody_works_on_an_organisation_whose_turn_another_process_has(sqlite_sending):
    """The import stays as it is, for whoever has the turn or takes it over."""
    from service.importing.importer import work_in_turn  # noqa: PLC0415
    from service.importing.working import turn_of  # noqa: PLC0415
    from service.sources import turns  # noqa: PLC0415 - only this test plays another process

    job = sqlite_sending.wait(sqlite_sending.villages)
    with sqlite_sending.context.store.begin() as session:
        leases.take(session, turn_of(job.organisation), turns.claim())
    assert work_in_turn(sqlite_sending.context, job).state is ImportState.WAITING
    assert sqlite_sending.records() == {}


def test_a_broken_row_does_not_take_the_id_of_a_good_one(sqlite_sending):
    """Of two rows of one id the one that can be kept is kept, whichever comes first."""
    job = sqlite_sending.send("id,name,country,lat,lon\n1,,Kenya,0.518,35\n1,Lindi,Kenya,0.518,35\n")
    assert (job.created, job.set_aside) == (1, 1)
    assert sqlite_sending.records()["1"].account.names[0].text == "Lindi"


def test_a_part_that_somebody_else_kept_is_not_kept_again(sending, monkeypatch):
    """A process that was taken for dead and wakes up leaves the import to the one that goes on with it."""
    monkeypatch.setattr(streaming, "PART_ROWS", 1)
    job = sending.wait(sending.villages)

    def overtaken(now):
        if now.parts == 1:  # and another process is at the third already
            sending.context.store.write(lambda session: imports.put(session, replace(now, parts=2)))

    left = work_in_turn(sending.context, job, How(overtaken))
    assert (left.state, left.parts) == (ImportState.RUNNING, 2)
    assert len(sending.records()) == left.created
    done = work_in_turn(sending.context, left)
    assert done.state is ImportState.DONE
    assert len(sending.records()) == done.created < 3


def test_only_so_many_files_wait(sending, monkeypatch):
    """Beyond that the sender is told to come again, and nothing is made of the file."""
    monkeypatch.setattr(jobs, "MOST_OPEN", 2)
    waiting = [sending.wait(sending.villages) for _ in range(2)]
    with pytest.raises(Problem, match="2 files of map-kibera wait") as told:
        sending.wait(sending.villages)
    assert (told.value.kind, told.value.extra["retry_after"]) == (BUSY, 60)
    for job in waiting:
        work_in_turn(sending.context, job)
    sending.wait(sending.villages)
