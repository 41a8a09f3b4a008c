"""The XLSForm: what ODK's own converter says of it."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from geodata.communityform.definition import community_record
from geodata.communityform.xlsform import xlsform

xls2xform = pytest.importorskip("pyxform.xls2xform", reason="pyxform, the judge of XLSForms, is not installed")


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the XForm that pyxform makes of the workbook, without a warning."""
    path: Path = tmp_path_factory.mktemp("form") / "community-record.xlsx"
    path.write_bytes(xlsform())
    warnings: list[str] = []
    result = xls2xform.convert(str(path), warnings=warnings)
    assert warnings == []
    return str(result.xform)


def test_every_language_is_complete(converted: str) -> None:
    """Each language translates the same texts; none is left as a dash."""
    languages = re.findall(r'<translation[^>]*lang="([^"]+)"', converted)
    assert languages == [f"{name} ({code})" for code, name in community_record().languages.items()]
    translations = re.findall(r"<translation.*?</translation>", converted, flags=re.DOTALL)
    texts = [set(re.findall(r'<text id="([^"]+)"', one)) for one in translations]
    assert texts[0]
    assert all(one == texts[0] for one in texts)
    assert "<value>-</value>" not in converted


def test_every_question_is_asked_once(converted: str) -> None:
    """The form holds each question under its name, and the required ones say so in words."""
    for question in community_record().questions():
        assert len(re.findall(rf'<(?:input|select1?) [^>]*ref="/[^"]*/{question.name}"', converted)) == 1, question.name
    assert converted.count('required="true()"') == sum(one.required for one in community_record().questions())
    assert "jr:requiredMsg" in converted


def test_no_device_or_person_is_recorded(converted: str) -> None:
    """The form does not ask the device for its number, its SIM card or its user."""
    assert not re.search(r"jr:preload=\"property\"|deviceid|phonenumber|username|simserial", converted)


def test_the_workbook_is_always_the_same_bytes() -> None:
    """Whoever downloads it twice has the same form, whenever that is."""
    first = xlsform()
    assert xlsform() == first
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert {entry.date_time[0] for entry in packed.infolist()} == {1980}
        assert b"2000-01-01" in packed.read("docProps/core.xml")
