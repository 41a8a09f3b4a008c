"""Three villages as programs and people would save them, written from the documented rules of each. For tests only.

Each variant holds Lindi (1,250 persons), Makina (900) and Soweto (not counted), in Kenya, with their points.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date

import xlsxwriter

NAMES = ["Lindi", "Makina", "Soweto"]
POINTS = [(-1.3133, 36.7876), (-1.3121, 36.7805), (-1.3142, 36.7911)]
PERSONS = ["1250", "900", "unknown"]

#: Rows of Kobo's own columns: _id, _uuid, _submission_time, _validation_status, _notes, _status, _submitted_by, ….
_KOBO = ["_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by", "__version__"]
_KOBO += ["_tags", "_index"]


def _system(at: int, status: str = "") -> list[str]:
    moment = f"2026-03-0{at + 1}T08:00:00"
    return [str(4100 + at), f"uuid-{at}", moment, status, "", "submitted_via_web", "amina", "vA1", "", str(at + 1)]


def _quoted(rows: list[list[str]], delimiter: str = ";") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def kobo_csv() -> bytes:
    """Return semicolons, everything quoted, XML names with groups, a point in five columns, a rejected submission."""
    header = ["start", "end", "deviceid", "place/name", "place/gps", "place/_gps_latitude", "place/_gps_longitude"]
    header += ["place/_gps_altitude", "place/_gps_precision", "country", "population", *_KOBO]
    rows = [header]
    for at, (name, (lat, lon), persons) in enumerate(zip(NAMES, POINTS, PERSONS, strict=True)):
        point = [f"{lat} {lon} 1700.0 4.5", str(lat), str(lon), "1700.0", "4.5"]
        rows.append(["2026-03-01", "2026-03-01", "device-x", name, *point, "KEN", persons, *_system(at)])
    rows.append(["", "", "device-x", "Nowhere", "", "", "", "", "", "KEN", "7", *_system(3, "Not Approved")])
    return _quoted(rows)


def kobo_csv_labels() -> bytes:
    """Return labels in French, a row of HXL tags, a select-multiple in one column and in split ones."""
    header = ["Nom de la communauté", "Position GPS", "_Position GPS_latitude", "_Position GPS_longitude"]
    header += ["_Position GPS_altitude", "_Position GPS_precision", "Pays", "Nombre de personnes", "Groupes"]
    header += ["Groupes/Nubiens", "Groupes/Luo", *_KOBO]
    tags = ["#loc+name", "", "#geo+lat", "#geo+lon", "", "", "#country", "#population", "", "", "", *[""] * len(_KOBO)]
    rows = [header, tags]
    for at, (name, (lat, lon), persons) in enumerate(zip(NAMES, POINTS, PERSONS, strict=True)):
        point = [f"{lat} {lon} 0 0", str(lat), str(lon), "0", "0"]
        rows.append([name, *point, "Kenya", persons, "Nubiens Luo", "1", "1", *_system(at)])
    return _quoted(rows)


def kobo_xlsx() -> bytes:
    """Return a sheet of submissions and two of repeats, the name of the first cut at 31 letters, numbers as text."""
    first = "Community record of the Kibera villages 2026"[:31]
    sheets: dict[str, list[list[object]]] = {first: [["name", "gps", "country", "population", *_KOBO]]}
    for at, (name, (lat, lon), persons) in enumerate(zip(NAMES, POINTS, PERSONS, strict=True)):
        sheets[first].append([name, f"{lat} {lon} 0 0", "KE", persons, *_system(at)])
    link = ["_index", "_parent_table_name", "_parent_index", "_submission__id", "_submission__uuid"]
    parent = "Community record of the Kibera villages 2026"
    sheets["names"] = [
        ["other_name", "language", *link],
        ["Lindi Village", "en", 1, parent, 1, 4100, "uuid-0"],
        ["Kwa Lindi", "sw", 2, parent, 1, 4100, "uuid-0"],
        ["Makina Juu", "", 3, parent, 2, 4101, "uuid-1"],
    ]
    sheets["people"] = [
        ["group", "persons", "remark", *link],
        ["Nubian", 400, "", 1, parent, 1, 4100, "uuid-0"],
        ["Luo", "300", "x", 2, parent, 1, 4100, "uuid-0"],
        ["Luo", "5", "", 3, parent, 9, 4109, "uuid-9"],
    ]
    return xlsx(sheets)


def xlsx(sheets: dict[str, list[list[object]]]) -> bytes:
    """Return a workbook as Kobo's exporter writes it."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write(at, place, cell) if isinstance(cell, int | float) else sheet.write_string(
                        at, place, str(cell)
                    )
    return packed.getvalue()


def _kobo_record(at: int) -> dict[str, object]:
    lat, lon = POINTS[at]
    return {
        "_id": 4100 + at,
        "formhub/uuid": "f",
        "start": "2026-03-01T08:00:00+03:00",
        "deviceid": "device-x",
        "place/name": NAMES[at],
        "place/gps": f"{lat} {lon}" if at else f"{lat} {lon} 1700.0 4.5",
        "country": "Kenya",
        "people": PERSONS[at],
        "names": [{"names/other_name": f"{NAMES[at]} Village", "names/language": "en"}],
        "outline": f"{lat} {lon} 0 0;{lat + 0.001} {lon} 0 0;{lat + 0.001} {lon + 0.001} 0 0;{lat} {lon} 0 0",
        "__version__": "vA1",
        "meta/instanceID": f"uuid:{at}",
        "_xform_id_string": "a",
        "_uuid": str(at),
        "_attachments": [{"filename": "amina/attachments/1.jpg", "id": 1}],
        "_geolocation": [lat, lon],
        "_submission_time": f"2026-03-0{at + 1}T08:00:00",
        "_tags": [],
        "_notes": [],
        "_validation_status": {"uid": "validation_status_approved", "label": "Approved"} if at else {},
        "_submitted_by": "amina",
    }


def kobo_json() -> bytes:
    """Return a page of the API: groups flattened, a repeat as a list, points of two and four parts, an outline."""
    records = [_kobo_record(at) for at in range(3)]
    return json.dumps({"count": 3, "next": None, "previous": None, "results": records}).encode()


def kobo_list() -> bytes:
    """Return the same records as a bare list, one of them rejected."""
    rejected = _kobo_record(0) | {"_id": 9, "_validation_status": {"uid": "validation_status_not_approved"}}
    return json.dumps([*(_kobo_record(at) for at in range(3)), rejected]).encode()


def kobo_hook() -> bytes:
    """Return what a REST service is sent: one submission."""
    return json.dumps(_kobo_record(0)).encode()


def odk_zip() -> bytes:
    """Return a CSV for the form and one for its repeat, joined by KEY; one row rejected, one not decrypted."""
    system = ["KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected", "Status"]
    system += ["ReviewState", "DeviceID", "Edits", "FormVersion"]
    header = ["SubmissionDate", "community-name", "gps-Latitude", "gps-Longitude", "gps-Altitude", "gps-Accuracy"]
    header += ["country", "persons", "meta-instanceID", *system]
    rows = [header]
    for at, (name, (lat, lon), persons) in enumerate(zip(NAMES, POINTS, PERSONS, strict=True)):
        answers = [f"2026-03-0{at + 1}T08:00:00.000Z", name, str(lat), str(lon), "1700", "8", "KEN", persons]
        state = "hasIssues" if at else ""
        rows.append([*answers, f"uuid:{at}", f"uuid:{at}", "7", "Amina", "0", "0", "", state, "collect:x", "0", "1"])
    for key, status, state in (("uuid:3", "", "rejected"), ("uuid:4", "not decrypted", "")):
        rows.append(
            ["2026-03-04", "X", "", "", "", "", "KEN", "5", key, key, "7", "A", "0", "0", status, state, "d", "0", "1"]
        )
    repeat = [["other_name", "PARENT_KEY", "KEY"], ["Kwa Lindi", "uuid:0", "uuid:0/names[1]"]]
    repeat.append(["Lindi Juu", "uuid:0", "uuid:0/names[2]"])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("community.csv", _quoted(rows, ","))
        archive.writestr("community-names.csv", _quoted(repeat, ","))
        archive.writestr("media/1739.m4a", b"sound")
    return packed.getvalue()


def odk_odata() -> bytes:
    """Return OData of ODK Central: groups nested, coordinates longitude first, an outline."""
    rows = []
    for at, (name, (lat, lon), persons) in enumerate(zip(NAMES, POINTS, PERSONS, strict=True)):
        ring = [[lon, lat], [lon + 0.001, lat], [lon + 0.001, lat + 0.001], [lon, lat]]
        rows.append(
            {
                "community": {"name": name, "country": "KEN", "persons": persons},
                "gps": {"type": "Point", "coordinates": [lon, lat, 1700.0], "properties": {"accuracy": 6.5}},
                "outline": {"type": "Polygon", "coordinates": [ring]},
                "names@odata.navigationLink": "Submissions('uuid')/names",
                "meta": {"instanceID": f"uuid:{at}"},
                "__id": f"uuid:{at}",
                "__system": {"submissionDate": f"2026-03-0{at + 1}T08:00:00.000Z", "submitterName": "Amina"}
                | {"reviewState": None, "deviceId": "collect:x", "edits": 0, "status": None, "deletedAt": None},
            }
        )
    return json.dumps({"value": rows, "@odata.context": "https://odk.example/$metadata#Submissions"}).encode()


def odk_geojson() -> bytes:
    """Return GeoJSON of ODK Central: longitude first, answers as properties."""
    features = []
    for at, (name, (lat, lon), persons) in enumerate(zip(NAMES, POINTS, PERSONS, strict=True)):
        properties = {"name": name, "country": "KEN", "persons": persons, "__id": f"uuid:{at}"}
        properties |= {"__system/submissionDate": "2026-03-01T08:00:00Z", "__system/deviceId": "collect:x"}
        geometry = {"type": "Point", "coordinates": [lon, lat, 1700.0]}
        features.append({"type": "Feature", "id": f"uuid:{at}", "properties": properties, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def ushahidi_csv() -> bytes:
    """Return posts of a survey; the location in two columns, contacts and sets beside it, one post archived."""
    header = ["Post ID", "Survey", "Post Status", "Created (UTC)", "Updated (UTC)", "Post Date (UTC)", "Contact ID"]
    header += ["Contact", "Sets", "Title", "Description", "Location.lat", "Location.lon", "Country", "Number of people"]
    rows = [header]
    for at, (name, (lat, lon), persons) in enumerate(zip(NAMES, POINTS, PERSONS, strict=True)):
        own = [str(at + 10), "Communities", "published", "2026-03-01 08:00:00", "", "2026-03-01 08:00:00", "3"]
        rows.append([*own, "+254700000000", "", name, "by the dam", str(lat), str(lon), "Kenya", persons])
    rows.append(["99", "Communities", "archived", *[""] * 6, "Old", "", "1", "1", "Kenya", "4"])
    return _quoted(rows, ",")


def excel_unicode() -> bytes:
    """Return what Excel saves as Unicode text: tabs, UTF-16; headers in Spanish, decimal commas."""
    rows = ["Código\tNombre de la comunidad\tPaís\tLatitud\tLongitud\tNúmero de habitantes"]
    for at, (name, (lat, lon), persons) in enumerate(zip(NAMES, POINTS, PERSONS, strict=True)):
        said = "no sé" if persons == "unknown" else persons
        rows.append(f"c{at}\t{name}\tKEN\t{lat}\t{lon}\t{said}".replace(".", ","))
    return "\r\n".join(rows).encode("utf-16")


def excel_french() -> bytes:
    """Return CSV of a French Excel: semicolons, decimal commas, blanks for thousands, cp1252, a title, a total."""
    rows = [
        "Recensement communautaire de Kibera;;;;;",
        "Identifiant;Nom du village;Pays;Latitude;Longitude;Nombre d'habitants",
    ]
    counts = ["1 250", "900", "inconnu"]
    for at, (name, (lat, lon)) in enumerate(zip(NAMES, POINTS, strict=True)):
        rows.append(f"v{at};{name};Kenya;{lat};{lon};{counts[at]}".replace(".", ","))
    rows += ["Total;;;;;2 150", "Source : enquête d'avril;;;;;", ""]
    return "\r\n".join(rows).encode("cp1252")


def office_xlsx() -> bytes:
    """Return a workbook by hand: a title, a header in two rows, merged cells, dates, formulas, a total, a note."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Villages")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.merge_range(0, 0, 0, 7, "Villages of Kibera, 2026")
        sheet.write_row(1, 0, ["ID", "Ward", "Name", "Location", "", "Count", "", "Survey date", "Country"])
        sheet.write_row(2, 3, ["Latitude", "Longitude", "Persons", "Households"])
        sheet.merge_range(3, 1, 5, 1, "Laini Saba")
        for at, (name, (lat, lon), persons) in enumerate(zip(NAMES, POINTS, PERSONS, strict=True)):
            sheet.write_row(3 + at, 2, [name, lat, lon])
            sheet.write(3 + at, 0, at + 1)
            sheet.write(3 + at, 5, int(persons) if persons.isdigit() else "?")
            sheet.write_formula(3 + at, 6, "=F4/5", None, 250 if at == 0 else 180)
            sheet.write(3 + at, 8, "Kenya")
            sheet.write_datetime(3 + at, 7, date(2026, 3, at + 1), day)  # type: ignore[arg-type]
        sheet.write_row(6, 0, ["Total", "", "", "", "", 2150])
        sheet.write(7, 0, "* not counted: the night of the flood")
    return packed.getvalue()


def arabic_csv() -> bytes:
    """Return headers in Arabic, digits of Arabic, UTF-8 with a mark."""
    rows = ["المعرف,اسم القرية,الدولة,خط العرض,خط الطول,عدد السكان"]
    counts = ["١٢٥٠", "٩٠٠", "غير معروف"]
    rows += [f"{at},{name},KEN,{POINTS[at][0]},{POINTS[at][1]},{counts[at]}" for at, name in enumerate(NAMES)]
    return "\n".join(rows).encode("utf-8-sig")


def portuguese_pair() -> bytes:
    """Return one column for both coordinates, headers in Portuguese."""
    counts = ["1.250", "900", "não sei"]
    rows = ["identificador;nome da comunidade;país;coordenadas;número de pessoas"]
    rows += [f"{at};{name};Quênia;{POINTS[at][0]}, {POINTS[at][1]};{counts[at]}" for at, name in enumerate(NAMES)]
    return "\n".join(rows).replace("Quênia", "KEN").replace("1.250", "1250").encode()


def swahili_csv() -> bytes:
    """Return headers in Swahili, coordinates in a column that only its values give away."""
    rows = ["kitambulisho;jina la kijiji;nchi;wapi;idadi ya watu"]
    counts = ["1250", "900", "haijulikani"]
    rows += [f"{at};{name};KE;{POINTS[at][0]} {POINTS[at][1]};{counts[at]}" for at, name in enumerate(NAMES)]
    return "\n".join(rows).encode()
