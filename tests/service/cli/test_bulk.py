"""`uncounted bulk` as people run it: what it prints, and what it says where it cannot."""

from __future__ import annotations

from pathlib import Path

from tests.specimens.command import uncounted

VILLAGES = "id,name,country,lat,lon,kind\n" + "".join(
    f"V{at},{name},KE,{0.5 + 0.05 * at},35.0,village\n"
    for at, name in enumerate(("Kapchorwa", "Mashimoni", "Lindi", "Turbo", "Bondeni", "Soi", "Ziwa", "Nyaru"))
)


def test_a_file_against_a_file(tmp_path: Path) -> None:
    """Verdicts are counted and written, with the seconds of each stage and the memory it took."""
    (tmp_path / "list.csv").write_text(VILLAGES, encoding="utf-8")
    (tmp_path / "ours.csv").write_text(VILLAGES.replace("Mashimoni", "Mashimony"), encoding="utf-8")
    done = uncounted(tmp_path, "bulk", "ours.csv", "--list", "list.csv", "--out", "found", "--workers", "1", "--csv")
    for said in ("8 records verified against 8 entries", "consistent", "assessed, s", "MiB", "Written to found"):
        assert said in done.stderr
    assert len((tmp_path / "found" / "verdicts.csv").read_text(encoding="utf-8").splitlines()) == 9


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    """A file or a list that is missing, and two places to work at once, are each told in two lines."""
    (tmp_path / "ours.csv").write_text(VILLAGES, encoding="utf-8")
    rest = ("--out", "found")
    assert "no file theirs.csv" in uncounted(tmp_path, "bulk", "theirs.csv", "--list", "x.csv", *rest, expect=1).stderr
    missing = uncounted(tmp_path, "bulk", "ours.csv", "--list", "x.csv", *rest, expect=1)
    assert "x.csv" in missing.stderr
    both = ("--workers", "2", "--dask", "tcp://127.0.0.1:9")
    refused = uncounted(tmp_path, "bulk", "ours.csv", "--list", "ours.csv", *rest, *both, expect=1)
    assert "not both" in refused.stderr
