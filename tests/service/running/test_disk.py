"""The disk: what the system says of it becomes a problem that says what to do, and room is held back for records."""

from __future__ import annotations

import errno

import pytest

from service.configuration.settings import Settings
from service.errors import READ_ONLY, STORAGE_FAILED, STORAGE_FULL, Problem
from service.running import disk


@pytest.mark.parametrize(
    ("code", "kind"),
    [(errno.ENOSPC, STORAGE_FULL), (errno.EDQUOT, STORAGE_FULL), (errno.EROFS, READ_ONLY), (errno.EIO, STORAGE_FAILED)],
)
def test_what_the_system_says_is_translated(code, kind):
    """A full, a read-only and a broken disk are told apart, with the time after which to come again."""
    with pytest.raises(Problem) as told, disk.written():
        raise OSError(code, "as the system says it", "/somewhere/private")
    assert told.value.kind is kind
    assert told.value.extra["retry_after"] > 0
    assert "private" not in told.value.detail


def test_other_failures_stay_what_they_are():
    """A file that is not there is a mistake of ours, not of the disk."""
    with pytest.raises(FileNotFoundError), disk.written():
        raise FileNotFoundError(errno.ENOENT, "no such file")


def test_room_is_held_back(tmp_path):
    """A file is refused where it would take what is held back; one that fits beside it is not."""
    free = disk.free(tmp_path)
    roomy = Settings(data_dir=tmp_path, disk_reserve_bytes=free // 2, _env_file=None)
    disk.require_room(roomy, free // 10)
    with pytest.raises(Problem) as told:
        disk.require_room(roomy, free)
    assert told.value.kind is STORAGE_FULL
    assert not disk.is_low(roomy)
    assert disk.is_low(Settings(data_dir=tmp_path, disk_reserve_bytes=2 * free, _env_file=None))


def test_room_of_a_folder_that_is_not_there_yet(tmp_path):
    """Before the first start the room is that of where the folder will be."""
    assert disk.free(tmp_path / "not" / "there") > 0
