"""A service of SDMX that changed, refuses or has nothing is told for what it is."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from connectors.client import Client
from connectors.errors import ConnectorError, RequestRefused, SourceChanged, SourceUnavailable, UnreadableFile
from connectors.sdmx.named import named
from tests.connectors.sdmx.homes import Answering, cells, fetch, rules


def changed(text: str, old: str, new: str) -> bytes:
    """Return a body in which something changed."""
    assert old in text
    return text.replace(old, new).encode()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("REF_AREA,KIND,", "REF_AREA,KINDS,", "no longer says KIND; it says DATAFLOW, REF_AREA, KINDS"),
        ("KIND,TIME_PERIOD", "KIND,TENURE,TIME_PERIOD", "new dimension TENURE"),
        ("DATAFLOW,REF_AREA,", "DATAFLOW;REF_AREA;", "parted by semicolons"),
        ("DATAFLOW,REF_AREA", "DATAFLOW,REF_AREA: Area", "'REF_AREA: Area' has a label"),
        ("DATAFLOW,", "FLOW,", "SDMX-CSV begins with DATAFLOW or STRUCTURE"),
        ("1502.5,A", '"1502,5",A', None),
        ("NL-NH,ALL,2024,1502.5,A", "NL-NH,ALL,2024,1502.5", "line 2 has 9 cells"),
        ("OBS_VALUE,", "VALUE,", "no longer says OBS_VALUE"),
    ],
)
def test_a_changed_message_is_refused_by_name(
    *, answering: Answering, homes: Path, old: str, new: str, said: str | None
):
    """What changed is said: a dimension, a separator, labels, a cell (SX2). One odd value is set aside and told."""
    text = (homes / "data.csv").read_text(encoding="utf-8")
    body = changed(text, old, new)
    if old.startswith("KIND,TIME"):
        body = re.sub(rb"(?m)^(XY[^\n]*),2024,", rb"\1,OWN,2024,", body)
    answer = answering(rules(homes)[0], ("/rest/data/", 200, body))()
    if said is None:
        snapshot = fetch(homes, answer)
        assert cells(snapshot)["NL-NH", "ALL", "2024"] == (None, "not_available")
        assert [problem.value for problem in snapshot.problems] == ["1502,5"]
        return
    with pytest.raises(SourceChanged, match=re.escape(said)):
        fetch(homes, answer)


def test_decimal_commas_throughout_are_a_change(answering: Answering, homes: Path):
    """When most values cannot be read the format has changed, and nothing is taken (SX2)."""
    text = (homes / "data-2.csv").read_text(encoding="utf-8")
    body = text.replace("1502.5", '"1502,5"').replace(",7,", ',"7,0",').encode()
    with pytest.raises(SourceChanged, match=r"'1502,5' is no number, nor are most others"):
        fetch(homes, answering(rules(homes)[0], ("/rest/data/", 200, body))())


def test_a_changed_structure_is_refused_before_a_figure_is_taken(answering: Answering, homes: Path):
    """The dimensions as they were and as they are stand in the message, and no figure is asked for."""
    text = (homes / "structure.xml").read_text(encoding="utf-8")
    asked: list[httpx.Request] = []
    answer = answering(("/dataflow/", 200, changed(text, 'id="KIND" position', 'id="SORT" position')), asked=asked)
    with pytest.raises(SourceChanged, match=r"were REF_AREA\.KIND and are REF_AREA\.SORT"):
        fetch(homes, answer())
    assert len(asked) == 1


def test_a_code_that_is_none_is_refused(answering: Answering, homes: Path):
    """Nothing published for a misspelt code would look like nothing published at all; the codes there are are shown."""
    with pytest.raises(RequestRefused, match=r"REF_AREA of XY:DF_HOMES\(1\.2\) has no code NL-XX") as caught:
        fetch(homes, answering(rules(homes)[0])(), REF_AREA="NL-NH,NL-XX")
    assert "NL-ZH (Zuid-Holland)" in caught.value.hint


@pytest.mark.parametrize(
    ("options", "said"),
    [({"REF_AREA": "NL-ZH"}, "REF_AREA NL-NH came"), ({"start": "2025"}, "TIME_PERIOD 2024 came")],
)
def test_an_ignored_filter_is_noticed(answering: Answering, homes: Path, options: dict[str, str], said: str):
    """A service that answers with more than was asked for is not believed."""
    with pytest.raises(SourceChanged, match=said):
        fetch(homes, answering(*rules(homes))(), **options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"SEX": "F"}, "SEX is neither a dimension"),
        ({"KIND": "A B"}, "KIND=A B cannot be read"),
        ({"KIND": "../../admin"}, "cannot be read"),
        ({"start": "last year"}, "start=last year"),
        ({"service": "moon"}, "no source 'moon'"),
    ],
)
def test_an_option_that_is_none_is_refused(answering: Answering, homes: Path, options: dict[str, str], said: str):
    """A misspelt option would be ignored in silence, and codes are codes: nothing else gets into an address."""
    with pytest.raises(RequestRefused, match=re.escape(said)):
        fetch(homes, answering()(), **options)


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (200, "footer.xml", SourceUnavailable, "written to a file"),
        (400, b"Semantic error", RequestRefused, "Semantic error"),
        (404, b"<html><title>Not found</title></html>", RequestRefused, "the address is not known"),
        (404, b"Could not find Dataflow and/or DSD related with this data request", RequestRefused, "Dataflow"),
        (406, b"", SourceChanged, "no longer served"),
        (413, b"Too large", RequestRefused, "too much for one answer"),
        (413, b'{"warning":{"status":413,"label":"ASYNCHRONOUS_RESPONSE"}}', SourceUnavailable, "ASYNCHRONOUS"),
        (501, b"", RequestRefused, "cannot answer this question"),
        (200, b"<html><title>Sign in</title></html>", SourceChanged, "a page instead of a message"),
        (200, b"", SourceUnavailable, "an empty answer"),
        (200, b'<!DOCTYPE d [<!ENTITY a "x">]><d>&a;</d>', SourceChanged, "a document type"),
        (200, b"<GenericData><DataSet>", SourceChanged, "broken XML"),
        (200, b'{"data": {"dataSets": [{"series": {"0": {"observations": {"0": [1', SourceChanged, "agreed shape"),
        (302, b"", SourceChanged, "HTTP 302"),
    ],
)
def test_what_is_no_answer_is_refused_as_what_it_is(
    *, answering: Answering, homes: Path, status: int, body: str | bytes, kind: type[ConnectorError], said: str
):
    """Errors with status 200, promises, pages, bombs and torn messages each have their class and their words (SX1)."""
    content = (homes / body).read_bytes() if isinstance(body, str) else body
    with pytest.raises(kind, match=re.escape(said)) as caught:
        fetch(homes, answering(rules(homes)[0], ("/rest/data/", status, content))())
    assert caught.value.hint


def test_too_much_is_answered_with_how_to_ask_for_less(answering: Answering, homes: Path):
    """The dimensions that could narrow it are named."""
    with pytest.raises(RequestRefused, match="too much for one answer") as caught:
        fetch(homes, answering(rules(homes)[0], ("/rest/data/", 413, b""))())
    assert caught.value.hint == "ask for less: codes of REF_AREA, KIND, or start and end"


@pytest.mark.parametrize(("status", "body"), [(404, b"NoRecordsFound"), (404, b""), (204, b""), (200, "error.xml")])
def test_no_results_are_an_answer(answering: Answering, homes: Path, status: int, body: str | bytes):
    """404, and an error message of code 100 with status 200, say that there is nothing: not a fault."""
    content = (homes / body).read_bytes() if isinstance(body, str) else body
    snapshot = fetch(homes, answering(rules(homes)[0], ("/rest/data/", status, content))())
    assert not cells(snapshot)
    assert "nothing is published in XY:DF_HOMES(1.2)" in snapshot.provenance.caveats[-1]


def test_too_much_is_not_asked_for(answering: Answering):
    """Where everything would be too much the dimension to narrow is named before the network is touched."""
    with Client(transport=answering()()) as client, pytest.raises(RequestRefused, match="all of IDBANK"):
        named()["insee"]().fetch(client, {})


def test_a_description_that_is_not_there_is_said(answering: Answering, tmp_path: Path):
    """A file that is missing or no TOML is named, with what to do."""
    with pytest.raises(UnreadableFile, match=r"homes\.toml cannot be opened"):
        fetch(tmp_path, answering()())
    (tmp_path / "homes.toml").write_text("[homes\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match=r"homes\.toml: that is no TOML"):
        fetch(tmp_path, answering()())
