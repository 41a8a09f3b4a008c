"""Lettering: which letters our typeface has."""

from __future__ import annotations

from service.plots.lettering import folder, letters, missing


def test_letters_are_read_from_the_typeface(tmp_path):
    """What it has is not missing; a file that is no font has nothing."""
    assert missing("Gatwekera مخيم Деревня\n") == frozenset()
    assert missing("aক") == {"ক"}
    (tmp_path / "no.ttf").write_bytes(b"no font")
    assert letters(tmp_path / "no.ttf") == frozenset()
    assert folder().is_dir()
