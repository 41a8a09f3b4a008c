"""What is inside is listed, its licences are known, and nothing asked is never taken for nothing found."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def audit():
    """Load the script that `make audit` runs."""
    spec = importlib.util.spec_from_file_location("audit_script", ROOT / ".ci" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def package(name, **parts):
    """Return a package as pip-audit tells of it."""
    return {"name": name, "version": "1.0", "vulns": [], **parts}


def test_every_pin_is_in_the_bill_with_its_hashes_and_no_address(audit):
    """Whoever installs it can hold what they have against the list; no index is named."""
    pins = audit.pinned(audit.PINS.read_text())
    text = audit.PINS.read_text()
    assert len(pins) == sum(line[:1].isalnum() for line in text.splitlines())
    assert sum(len(hashes) for _, _, hashes in pins) == text.count("--hash=")
    bill = audit.bill(pins)
    assert "://" not in json.dumps(bill)
    names = {one["name"] for one in bill["components"]}
    assert {"fastapi", "httpx", "pyarrow", "sqlalchemy"} <= names
    assert audit.bill(pins) == bill
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)) is None


def test_every_licence_of_what_is_installed_is_on_the_list(audit):
    """What cannot be given on with this software is found before it is shipped."""
    found = audit.licences(audit.pinned(audit.PINS.read_text()))
    assert len(found) > 50
    assert [(name, licence) for name, licence in found if not audit.is_fine(licence)] == []


@pytest.mark.parametrize(
    "licence",
    ["", "Proprietary", "GPL-3.0-only", "AGPL-3.0-or-later", "MIT AND GPL-2.0-only", "MIT; Other/Proprietary License"],
)
def test_a_licence_that_is_not_on_the_list_is_not_fine(audit, licence):
    """Nor is one that names none, or one among several that hold together."""
    assert not audit.is_fine(licence)


@pytest.mark.parametrize("licence", ["MIT", "GPL-2.0-only OR MIT", "MPL-2.0 AND (Apache-2.0 OR MIT)", "LGPL-3.0-only"])
def test_a_licence_of_the_list_or_with_such_a_choice_is_fine(audit, licence):
    """Of several to choose from, one on the list is enough."""
    assert audit.is_fine(licence)


def test_a_known_weakness_is_told(audit):
    """By package, version and number."""
    answer = {"dependencies": [package("a"), package("b", vulns=[{"id": "PYSEC-1"}])]}
    assert audit.told(audit.read(answer)) == ["Weaknesses: b 1.0: PYSEC-1"]


def test_what_was_not_asked_is_not_called_safe(audit):
    """A mirror without advisories answers for every package that it is not there; pip-audit then finds nothing."""
    skipped = package("a", skip_reason="not found")
    assert audit.read({"dependencies": [skipped]}) is None
    assert "NOT CHECKED" in audit.told(None)[0]
    assert audit.told(audit.read({"dependencies": [skipped, package("b")]})) == [
        "Weaknesses: NOT CHECKED for a",
        "Weaknesses: none known of 1 packages",
    ]
