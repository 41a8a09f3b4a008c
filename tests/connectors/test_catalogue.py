"""Connectors are found by their entry points, ours and strangers' alike."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from connectors import catalogue
from connectors.register import RegisterConnector
from tests.connectors.roster import declared


def test_finds_our_own():
    """The four sources of this package are installed under their names, and say what they need."""
    found = catalogue.connectors()
    assert {"register", "worldbank", "census", "gazetteer"} <= set(found)
    assert all(kind.name == name and kind.title for name, kind in found.items())
    assert "key" in found["census"].needs
    assert isinstance(catalogue.connector("register"), RegisterConnector)


def test_every_connector_we_declare_loads():
    """What `pyproject.toml` names exists, bears that name and says what it is."""
    for name, kind in declared().items():
        assert kind.name == name
        assert kind.title


def test_an_unknown_name_is_told_with_those_there_are():
    """Asking for what is not installed lists what is."""
    with pytest.raises(catalogue.UnknownConnector, match="'moon'") as caught:
        catalogue.connector("moon")
    assert "worldbank" in caught.value.hint


def test_a_broken_plug_in_is_named(monkeypatch: pytest.MonkeyPatch):
    """A stranger's connector that cannot be loaded is told by name and module."""
    broken = EntryPoint("moon", "moon.connector:Moon", catalogue.GROUP)
    monkeypatch.setattr(catalogue, "entry_points", lambda group: [broken] if group == catalogue.GROUP else [])
    with pytest.raises(catalogue.UnknownConnector, match=r"'moon' \(moon.connector:Moon\) cannot be loaded"):
        catalogue.connectors()


def test_no_connectors_at_all_is_told(monkeypatch: pytest.MonkeyPatch):
    """A package that was copied instead of installed says so."""
    monkeypatch.setattr(catalogue, "entry_points", lambda group: [])  # noqa: ARG005 - the name is the keyword
    with pytest.raises(catalogue.UnknownConnector, match="no connectors are installed"):
        catalogue.connector("register")
