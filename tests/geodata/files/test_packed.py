"""Archives from strangers: what is sound is read, what is a trap is refused before it costs anything."""

from __future__ import annotations

import io
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.files.packed import Limits, Packed, opened
from geodata.files.sheet import UnreadableTable


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def unpacked(content: bytes | Path, limits: Limits | None = None) -> dict[str, bytes]:
    """Read every file of an archive."""
    with opened(content, limits) as archive:
        return {name: archive.read(name) for name in archive.names}


def announcing(content: bytes, size: int) -> bytes:
    """Return an archive of one file whose list of contents says another size than it unpacks to."""
    entry, local = content.rindex(b"PK\x01\x02"), content.index(b"PK\x03\x04")
    changed = bytearray(content)
    changed[entry + 24 : entry + 28] = changed[local + 22 : local + 26] = struct.pack("<I", size)
    return bytes(changed)


@pytest.fixture(scope="module")
def zeros() -> bytes:
    """Two gigabytes of zeros, packed into nine megabytes."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("villages.csv", "w") as file,
    ):
        for _ in range(2_000):
            file.write(bytes(1_000_000))
    return packed.getvalue()


def test_sound_archives_are_read(tmp_path: Path):
    """Files come in their order, from bytes and from a path; folders and what systems leave behind are passed over."""
    files = {"a/b.csv": b"x", "__MACOSX/a/._b.csv": b"junk", "a/.DS_Store": b"junk", "Thumbs.db": b"junk", "c.csv": b""}
    content = zipped(files | {"folder/": b""})
    (tmp_path / "x.zip").write_bytes(content)
    assert unpacked(content) == unpacked(tmp_path / "x.zip") == {"a/b.csv": b"x", "c.csv": b""}


def test_paths_of_windows_are_paths():
    """A name with backslashes is the same name with slashes."""
    content = zipped({"folder_x.csv": b"1"}).replace(b"folder_x.csv", b"folder\\x.csv")
    assert unpacked(content) == {"folder/x.csv": b"1"}


def test_zeros_are_refused_without_unpacking_them(zeros: bytes):
    """Two gigabytes packed into nine cost neither memory nor time, and the sentence says what they are."""
    tracemalloc.start()
    with pytest.raises(UnreadableTable, match="unpacks to more than") as caught:
        unpacked(zeros)
    with pytest.raises(UnreadableTable, match=r"2,000,000,000 bytes out of .*: no table does"):
        unpacked(zeros, Limits(each=4 << 30, total=4 << 30))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.hint
    assert peak < 10_000_000


@pytest.mark.parametrize("size", [0, 100, 5_000_000])
def test_an_archive_that_announces_less_is_found_out(zeros: bytes, size: int):
    """What runs on behind its announced end is refused there, after no more than was announced."""
    tracemalloc.start()
    with pytest.raises(UnreadableTable, match="not as long as announced"):
        unpacked(announcing(zeros, size))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000


def test_many_files_that_are_one_too_much_together():
    """The sum counts, not only each file."""
    content = zipped({f"{n}.csv": b"x" * 1_000 for n in range(5)})
    assert len(unpacked(content, Limits(total=5_000))) == 5
    with pytest.raises(UnreadableTable, match="more than 4,999 bytes"):
        unpacked(content, Limits(total=4_999))


def test_too_many_entries_are_refused_before_they_are_listed():
    """The list of contents is counted before an object is made of each entry."""
    with pytest.raises(UnreadableTable, match="more than 20 files"):
        unpacked(zipped({f"{n}.csv": b"" for n in range(21)}), Limits(entries=20))


@pytest.mark.parametrize(
    "name",
    ["../x.csv", "a/../../x.csv", "/etc/passwd", "C:\\x.csv", "c:x.csv", "..\\x.csv", "a\nb.csv", "..", "\\\\a\\b"],
)
def test_names_that_point_elsewhere_are_refused(name: str):
    """Paths out of the archive, absolute ones, drives and control characters are no names of tables."""
    with pytest.raises(UnreadableTable, match="points elsewhere"):
        unpacked(zipped({"good.csv": b"1", name: b"2"}))


def test_a_name_cut_by_a_nul_is_refused():
    """Programs would disagree about what such a file is called."""
    content = zipped({"good.csv.exe": b"1"}).replace(b"good.csv.exe", b"good.csv\0exe")
    with pytest.raises(UnreadableTable, match="points elsewhere"):
        unpacked(content)


def test_links_are_refused():
    """A link in an archive points outside of it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("villages.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(UnreadableTable, match="points elsewhere"):
        unpacked(packed.getvalue())


@pytest.mark.parametrize("name", ["inner.zip", "inner.KMZ", "inner.tar.gz", "inner.csv"])
def test_archives_in_archives_are_refused(name: str):
    """Told by the ending, and by the content where the ending says otherwise."""
    with pytest.raises(UnreadableTable, match="holds another archive"):
        unpacked(zipped({name: zipped({"x.csv": b"1"})}))


def test_a_workbook_in_an_archive_is_no_archive():
    """It is handed on as it is; whoever opens it opens it as safely."""
    inner = zipped({"content.xml": b"<x/>"})
    assert unpacked(zipped({"list.xlsx": inner})) == {"list.xlsx": inner}


def test_a_name_that_stands_twice_is_refused():
    """Programs would disagree about which of them is meant."""
    content = zipped({"a.csv": b"1", "b.csv": b"2"}).replace(b"b.csv", b"a.csv")
    with pytest.raises(UnreadableTable, match=r"holds a\.csv twice"):
        unpacked(content)


def test_a_locked_archive_is_told():
    """The sentence says that it is the password, and not damage."""
    content = bytearray(zipped({"a.csv": b"1"}))
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableTable, match="locked with a password"):
        unpacked(bytes(content))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_at_one_stroke_are_refused(method: int):
    """A few bytes of them may become gigabytes before anybody can count."""
    with pytest.raises(UnreadableTable, match="packed by a method that is not read"):
        unpacked(zipped({"a.csv": b"1"}, method))


def test_a_cut_archive_is_told():
    """The list of contents stands at the end, so a cut download has none."""
    with pytest.raises(UnreadableTable, match="damaged or cut"):
        unpacked(zipped({"a.csv": b"1" * 100})[:-10])


def test_a_damaged_file_is_told_by_its_name():
    """Bytes changed on the way are noticed."""
    content = bytearray(zipped({"a.csv": bytes(range(256))}, zipfile.ZIP_STORED))
    content[60] ^= 0xFF
    with pytest.raises(UnreadableTable, match=r"a\.csv in the archive is damaged"):
        unpacked(bytes(content))


def test_errors_of_the_reader_stay_what_they_are():
    """What goes wrong while somebody uses an archive is not taken for damage of the archive."""

    def use(archive: Packed) -> None:
        raise ValueError(archive.names[0])

    with pytest.raises(ValueError, match=r"^a\.csv$"), opened(zipped({"a.csv": b"1"})) as archive:
        use(archive)


SOUND = zipped({"a.csv": b"id,name\n" * 50, "b/c.csv": b"x"})


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), max_size=8), st.integers(0, len(SOUND)))
def test_broken_bytes_are_refused_in_words(changes: list[tuple[int, int]], cut: int):
    """Whatever is changed or cut away, an archive is read or refused, and never anything else."""
    content = bytearray(SOUND)
    for where, value in changes:
        content[where] = value
    for broken in (bytes(content), bytes(content[:cut])):
        try:
            unpacked(broken)
        except UnreadableTable as error:
            assert error.hint  # noqa: PT017 - either outcome is right; nothing else may come
