"""Answers to the form as KoboToolbox and ODK export them: XML names or labels of a language, with groups or without."""

from __future__ import annotations

import csv
import io

from geodata.communityform.definition import Question, community_record

ANSWERS = {
    "name": "Kambi Moto",
    "other_name_1": "Huruma Ghetto",
    "other_name_1_language": "Sheng",
    "other_name_2": "كامبي موتو",
    "kind": "informal_settlement",
    "country": "KEN",
    "adm1_name": "Nairobi",
    "adm2_name": "Mathare",
    "gps": "-1.2605 36.8731 1620.0 4.5",
    "households": "270",
    "persons": "1120",
    "count_low": "1000",
    "count_high": "1300",
    "count_method": "full_enumeration",
    "count_date": "2026-03-30",
    "founded": "1998",
    "groups": ("refugees", "waste_pickers"),
    "groups_own_words": "Nubians; Luo speakers",
    "drivers": ("eviction", "no_identity"),
    "sdg": "11.1; 6",
    "observed": "2026-03-31",
    "evidence": "https://example.org/kambi-moto",
    "known_from": "lives_there",
    "authority": "assembly",
    "consent": "public_masked",
    "sensitivity": "restricted",
}

#: What Kobo adds to every export.
SYSTEM = {
    "_id": "4471",
    "_uuid": "5f2b0c9d-8e7a-4b6c-9d0e-1f2a3b4c5d6e",
    "_submission_time": "2026-03-31T10:22:33",
    "_submitted_by": "jane",
}


def exported(language: str | None, *, groups: bool) -> dict[str, str]:
    """Return one submission, header to cell: labels of a language, or XML names for None; with or without groups."""
    form = community_record()
    cells: dict[str, str] = {}
    for section in form.sections:
        before = section.name if language is None else section.label[language]
        for question in section.questions:
            asked = question.name if language is None else question.label[language]
            header = f"{before}/{asked}" if groups else asked
            cells[header] = _cell(question, language)
            if question.type == "geopoint":
                parts = zip(("latitude", "longitude", "altitude", "precision"), cells[header].split(), strict=True)
                cells |= {f"_{header}_{part}": value for part, value in parts}
    return cells | SYSTEM


def kobo_csv(language: str | None, *, groups: bool) -> bytes:
    """Return one submission as Kobo's CSV: semicolons, everything quoted."""
    cells = exported(language, groups=groups)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(cells)
    writer.writerow(cells.values())
    return out.getvalue().encode()


def _cell(question: Question, language: str | None) -> str:
    given = ANSWERS.get(question.name, "")
    names = given if isinstance(given, tuple) else (given,)
    if language is None or not question.choices:
        return " ".join(names)
    labels = {choice.name: choice.label[language] for choice in question.choices}
    return " ".join(labels[name] for name in names)
