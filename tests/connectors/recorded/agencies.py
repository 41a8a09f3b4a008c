"""Messages of SDMX, of data and of structure, from many agencies."""

from __future__ import annotations

from connectors.client import Answer
from connectors.errors import ConnectorError, SourceChanged, SourceUnavailable
from connectors.outcomes import agreed_shape
from connectors.sdmx.answers import classify
from connectors.sdmx.message import read_message
from connectors.sdmx.structure import read_structure
from tests.connectors.recorded.body import Body, answered


def rows(answer: Answer) -> int:
    """Return how many observations a data message has."""
    with agreed_shape("sdmx", "the message"):
        return sum(1 for _ in read_message(answer.body).rows)


def described(answer: Answer) -> int:
    """Return how many dataflows, data structures and code lists a structure message has."""
    with agreed_shape("sdmx", "the structure"):
        found = read_structure(answer.body)
    return len(found.flows) + len(found.dimensions) + len(found.codes)


def data(file: str, expected: int = 0, refused: type[ConnectorError] | None = None) -> Body:
    """Return a data message."""
    return Body("sdmx", f"sdmx/{file}", answered(classify, rows), expected, refused)


def structure(file: str, expected: int = 0, refused: type[ConnectorError] | None = None) -> Body:
    """Return a structure message; the large one was packed when it was put by."""
    headers = {"Content-Encoding": "gzip"} if file.endswith(".gz") else {}
    return Body("sdmx", f"sdmx/{file}", answered(classify, described), expected, refused, headers=headers)


BODIES = (
    data("ECB_EXR/flat.json", 4),
    data("ESTAT/NAMA_10_GDP-ss.xml", 4),
    data("IMF/PCPS.xml", 1),
    data("IMF_RES/WEO-data.xml", 1),
    data("INSEE/CNA-2010-CONSO-SI-A17.xml", 2),
    data("ISTAT/22_289.xml", 8),
    data("OECD/data-PART2-all-all.json", 7),
    data("WB/gh-78.xml", 1),
    data("live2026/istat_data_47_850.xml", 22),
    data("v3/csv/example-01.csv", 2),
    data("ESTAT/footer.xml", refused=SourceUnavailable),  # a promise to write a file, with status 200
    data("v3/csv/example-04.csv", refused=SourceChanged),  # semicolons, labels, decimal commas
    data("v3/csv/example-05.csv", refused=SourceChanged),  # labels
    structure("ESTAT/CL_FREQ.xml", 1),
    structure("INSEE/gh-205.xml", 2),
    structure("UNICEF/GLOBAL_DATAFLOW-structure.xml", 23),
    structure("UNSD/codelist_partial.xml", 3),
    structure("live2026/ilo_CL_ECO_8ef5b1633e82e0ac.xml.gz", 47),
    structure("live2026/istat_dataflow_47_850.xml", 2),
    structure("BIS/gh-180.xml", refused=SourceChanged),  # categories, which no reader of data needs
    structure("IAEG-SDGs/metadatastructure-0.xml", refused=SourceChanged),  # structure of reference metadata
    structure("IMF_STA/availableconstraint_CPI.xml", refused=SourceChanged),  # constraints, which nobody asks for
    structure("OECD/actualconstraint-0.xml", refused=SourceChanged),
    structure("SPC/actualconstraint-0.xml", refused=SourceChanged),
)
