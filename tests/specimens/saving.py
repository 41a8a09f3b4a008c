"""Save the same rows as people's programs would: CSV, TSV, XLSX, ODS, GeoJSON, Parquet. For tests only."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq

Cell = str | int | float | None


def save_as(rows: Sequence[Mapping[str, Cell]], path: Path) -> None:
    """Write rows in the format of the path's ending."""
    header = list(rows[0])
    table = [header, *([row[name] for name in header] for row in rows)]
    match path.suffix:
        case ".csv" | ".tsv":
            text = io.StringIO()
            csv.writer(text, delimiter="\t" if path.suffix == ".tsv" else ",", lineterminator="\r\n").writerows(table)
            path.write_text(text.getvalue(), encoding="utf-8", newline="")
        case ".xlsx":
            path.write_bytes(workbook({"Data": table}))
        case ".ods":
            path.write_bytes(open_document(table))
        case ".geojson":
            features = [{"type": "Feature", "properties": row, "geometry": None} for row in rows]
            path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        case ".parquet":
            pq.write_table(pa.Table.from_pylist([dict(row) for row in rows]), path)


def workbook(sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """Return a minimal XLSX file: Office Open XML with inline strings."""
    names = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, start=1)
    )
    kind = "http://schemas.openxmlformats.org"
    office = f"{kind}/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/s{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/s{n}.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    book = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{kind}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{book}"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{kind}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{kind}/package/2006/relationships">{links}'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{kind}/spreadsheetml/2006/main" xmlns:r="{office}">'
        f"<sheets>{names}</sheets></workbook>",
    }
    for n, rows in enumerate(sheets.values(), start=1):
        body = "".join(f'<row r="{r}">{"".join(map(_xlsx_cell, row))}</row>' for r, row in enumerate(rows, start=1))
        files[f"xl/worksheets/s{n}.xml"] = (
            f'<worksheet xmlns="{kind}/spreadsheetml/2006/main"><sheetData>{body}</sheetData></worksheet>'
        )
    return _zipped(files)


def _xlsx_cell(value: Cell) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def open_document(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return a minimal ODS file: OpenDocument with one sheet."""
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    content = (
        f'<office:document-content xmlns:office="{urn}:office:1.0" xmlns:table="{urn}:table:1.0" '
        f'xmlns:text="{urn}:text:1.0" office:version="1.3"><office:body><office:spreadsheet>'
        f'<table:table table:name="Data">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return _zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def _ods_cell(value: Cell) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


def _zipped(files: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text if name == "mimetype" else f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return packed.getvalue()
