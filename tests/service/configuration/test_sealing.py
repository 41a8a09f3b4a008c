"""Sealing: what follows from the secret key of an installation, and what only it can read."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.configuration.sealing import fingerprint, key_of, seal, unseal
from service.configuration.settings import Settings
from service.errors import STORAGE_FAILED, Problem

KEYS = st.binary(min_size=32, max_size=32)


def settings(directory, **parts):
    """Return settings with a data directory."""
    return Settings(data_dir=directory, _env_file=None, **parts)


@given(KEYS, st.binary(min_size=1, max_size=32))
def test_what_is_sealed_is_read_again(key, plain):
    """Whatever it is, and the same gives the same."""
    assert unseal(key, seal(key, plain)) == plain
    assert seal(key, plain) == seal(key, plain)


@given(KEYS, KEYS, st.binary(min_size=8, max_size=32), st.integers(0, 58))
def test_nobody_else_reads_or_makes_one(key, other, plain, at):
    """With another key, or a letter changed, it is none of ours."""
    text = seal(key, plain)
    changed = text[: at % len(text)] + ("A" if text[at % len(text)] != "A" else "B") + text[at % len(text) + 1 :]
    if other != key:
        assert unseal(other, text) is None
    assert unseal(key, changed) in {None, plain}  # the last letter may hold bits that mean nothing


@pytest.mark.parametrize("text", ["", "A", "é", "AAAA", "=" * 8])
def test_other_texts_are_none_of_ours(text):
    """Nothing breaks on them."""
    assert unseal(b"k" * 32, text) is None


def test_more_than_fits_is_refused():
    """One block and no more, because only that is masked."""
    with pytest.raises(ValueError, match="33 bytes"):
        seal(b"k" * 32, b"x" * 33)


def test_processes_that_start_at_once_make_one_key(tmp_path):
    """The file is made once, for its owner alone, and read from then on."""
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: key_of(settings(tmp_path), "a"), range(16)))
    assert len(found) == 1
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_the_setting_goes_before_the_file(tmp_path):
    """A key that was given is the same on every machine, and makes no file; purposes have keys of their own."""
    given_key = settings(tmp_path, secret_key="s" * 32)
    assert key_of(given_key, "a") == key_of(given_key, "a") != key_of(given_key, "b")
    assert list(tmp_path.iterdir()) == []
    assert fingerprint(key_of(given_key, "a")) != fingerprint(key_of(given_key, "b"))


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    """A directory in its place is named, and nothing is made up."""
    (tmp_path / "secret.key").mkdir()
    with pytest.raises(Problem, match=r"secret\.key in the data directory cannot be read") as raised:
        key_of(settings(tmp_path), "a")
    assert raised.value.kind is STORAGE_FAILED
