"""Secrets out of files: read as they are meant, told where they are not there, and shown nowhere."""

from __future__ import annotations

import pytest

from service.configuration.settings import Settings
from service.errors import INVALID, Problem

PLANTED = "cGxhbnRlZCBzZWNyZXQgb2YgdGhlIHRlc3Rz"
SECRET = [name for name, field in Settings.model_fields.items() if field.repr is False]


def test_every_setting_that_is_called_secret_is_left_out_of_what_is_printed():
    """A new key, token or password that could be printed is found here."""
    telling = ("key", "token", "password", "secret", "identifier", "uid", "email", "url")
    named = {name for name in Settings.model_fields if name.rpartition("_")[2] in telling} - {
        "snapshots_url",
        "public_url",
    }
    assert named <= set(SECRET)


@pytest.mark.parametrize("name", SECRET)
def test_every_secret_can_be_a_file(name, tmp_path, monkeypatch):
    """The line break at its end is none of it; nothing printed shows it."""
    (tmp_path / "secret").write_text(f"{PLANTED}\n")
    monkeypatch.delenv(f"UNCOUNTED_{name.upper()}", raising=False)
    monkeypatch.setenv(f"UNCOUNTED_{name.upper()}_FILE", str(tmp_path / "secret"))
    settings = Settings(_env_file=None)
    assert getattr(settings, name) == PLANTED
    assert PLANTED not in repr(settings) + str(settings)


def test_a_connector_of_strangers_is_given_its_key_by_file_too(tmp_path, monkeypatch):
    """What it needs is read as the keys of ours are."""
    (tmp_path / "secret").write_text(PLANTED)
    monkeypatch.setenv("UNCOUNTED_TIDES_KEY_FILE", str(tmp_path / "secret"))
    assert Settings(_env_file=None).key("tides", "key") == PLANTED


def told(name="KOBO_TOKEN"):
    """Return what is said when the settings are read."""
    with pytest.raises(Problem) as caught:
        Settings(_env_file=None)
    assert caught.value.kind is INVALID
    assert f"UNCOUNTED_{name}_FILE" in caught.value.detail
    assert PLANTED not in f"{caught.value!r} {caught.value.detail} {caught.value.__cause__!r}"
    return caught.value.detail


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "no such file or directory"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (PLANTED.encode("utf-16"), "it holds no text"),
        (PLANTED.encode() * 10_000, "is too large to be a secret"),
    ],
)
def test_a_file_that_holds_no_secret_is_told(tmp_path, monkeypatch, content, why):
    """Which setting, which file and why; nothing of what stands in it."""
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    monkeypatch.setenv("UNCOUNTED_KOBO_TOKEN_FILE", str(tmp_path / "secret"))
    assert told().endswith(f"{why}.")


def test_a_secret_given_twice_is_told(tmp_path, monkeypatch):
    """One of the two would be taken, and nobody would know which."""
    (tmp_path / "secret").write_text(PLANTED)
    monkeypatch.setenv("UNCOUNTED_KOBO_TOKEN_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("UNCOUNTED_KOBO_TOKEN", "another")
    assert "both given" in told()


def test_a_variable_for_a_setting_that_is_no_secret_reads_no_file(tmp_path, monkeypatch):
    """Only secrets come out of files; another setting is given as it is."""
    (tmp_path / "contact").write_text("who@example.org")
    monkeypatch.setenv("UNCOUNTED_CONTACT_FILE", str(tmp_path / "contact"))
    assert Settings(_env_file=None).contact == ""
