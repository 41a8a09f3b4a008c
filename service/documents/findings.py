"""What a report found, in numbers with words and in tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from service.documents.gathering import LISTED, Gathered
from service.documents.listing import flag_row
from service.documents.parts import Cell, Column, Number, Numbers, Part, Points, Section, Table, Words, plain
from service.documents.picturing import drawing
from service.documents.words import UNKNOWN, count, percent, several, span, status, summed, verdict
from service.plots import people as people_plot

#: Undercounts listed one by one.
_SHORT = 30

#: Verdict -> what so many records of it say; the first ones stand at a glance.
_GLANCE = {
    "hidden_place": "records of communities that the official list does not name",
    "undercount": "records of communities that the list names with too few people",
    "hidden_group": "records of groups that the list does not count by themselves",
    "needs_review": "records where the evidence points somewhere, but a person has to decide",
    "consistent": "records of communities that the list names",
}


def glance(report: Mapping[str, Any], found: Gathered) -> Section:
    """Return the numbers that people remember, each with the words it needs."""
    verdicts = report["verdicts"]
    numbers = [Number(count(verdicts[code]), words) for code, words in _GLANCE.items() if verdicts.get(code)]
    people = report["people"]
    if people["estimate"] is not None:
        within = span(people["low"], people["high"])
        words = f"people estimated in communities not found on a list ({within}, 95 %)"
        numbers.append(Number(count(people["estimate"]), words))
    parts: list[Part] = [Numbers(tuple(numbers))] if numbers else []
    return Section("glance", "At a glance", (*parts, Words(tuple(_sentences(report, found)))))


def _sentences(report: Mapping[str, Any], found: Gathered) -> Iterator[str]:
    statuses = report["statuses"]
    if not found.flags and not report["verdicts"]:
        yield "Nothing was found here that this reader may be told of. It does not follow that nobody is missing."
        return
    told = ", ".join(f"{number:,} {status(code).lower()}" for code, number in statuses.items())
    yield f"{several(sum(statuses.values()), 'flag')}" + (f": {told}." if told else ".")
    published = statuses.get("published", 0)
    yield (
        f"{several(published, 'of them was', 'of them were')} confirmed by one person and published by another. The "
        "others are findings of a model that nobody with a mandate has confirmed yet."
        if published < sum(statuses.values())
        else "All of them were confirmed by one person and published by another."
    )
    since = report.get("since_previous")
    if since:
        yield "Since the edition before: " + ", ".join(f"{number:,} {what}" for what, number in since.items()) + "."
    elsewhere = {code: number for code, number in report["verdicts"].items() if code not in _GLANCE}
    if elsewhere:
        yield "Other records: " + "; ".join(f"{verdict(code).lower()}, {n:,}" for code, n in elsewhere.items()) + "."


def people(report: Mapping[str, Any]) -> Iterator[Section]:
    """Yield the people behind the gaps, where there is anything to say about them."""
    estimate, missing = report["people"], report["undercounts"]["people"]
    if not (estimate["communities"] or estimate["without_count"] or missing["communities"]):
        return
    picture = people_plot.plot(report)
    parts: list[Part] = []
    if picture is not None:
        parts.append(drawing(picture))
    points = [_unlisted(estimate)]
    if missing["communities"]:
        points.append(
            f"Left out of official counts of listed communities: {summed(missing, 'people')}, over "
            f"{several(missing['communities'], 'community', 'communities')} that are publishable; "
            f"left out: {missing['overlapping']:,} of the same count, {missing['other_units']:,} in households."
        )
    yield Section("people", "People", (*parts, Points(tuple(points))))


def _unlisted(estimate: Mapping[str, Any]) -> str:
    words = f"In communities not found on a list: {summed(estimate, 'people')}"
    if estimate["communities"]:
        words += f", from {several(estimate['communities'], 'community', 'communities')} with a usable count"
    if estimate["without_count"]:
        none = several(estimate["without_count"], "community", "communities")
        words += f"; {none} without one, left out"
    if estimate["overlapping"]:
        words += f"; {estimate['overlapping']:,} left out because a larger count may include them"
    return f"{words}."


def undercounts(report: Mapping[str, Any], found: Gathered) -> Iterator[Section]:
    """Yield the official counts found too low, the surest first."""
    short = report["undercounts"]
    if not short["items"]:
        return
    rows = tuple(
        plain(
            Cell(found.short.get(one["flag_id"], "not shown"), one["flag_id"]),
            percent(one["probability"]),
            UNKNOWN
            if one["ratio"] is None
            else f"{percent(one['ratio'])} ({percent(one['ratio_low'])} to {percent(one['ratio_high'])})",
            f"{count(one['shortfall'])} {one['unit']}" if one["shortfall"] is not None else UNKNOWN,
            "yes" if one["publishable"] else "no",
        )
        for one in short["items"][:_SHORT]
    )
    columns = (
        Column("Community", 34),
        Column("Probability", 12, number=True),
        Column("Share of the true count (90 %)", 24, number=True),
        Column("Shortfall", 18, number=True),
        Column("Publishable", 12),
    )
    more = len(short["items"]) - len(rows)
    words = (
        f"{several(short['publishable'], 'undercount')} may be published together: of that list no more than "
        f"{percent(short['false_at_most'])} are expected to be false ({short['expected_false']:.2g})."
    )
    if more > 0:
        words += f" {more:,} more stand in the JSON of this report."
    table = Table("Official counts that are too low, the surest first", columns, rows)
    yield Section("undercounts", "Official counts that are too low", (Words((words,)), table))


def flags(found: Gathered) -> Section:
    """Return the flags, as many as a document holds."""
    if not found.flags:
        return Section("flags", "Flags", (Words(("There are no flags that this reader is shown.",)),))
    columns = (
        Column("Community", 25),
        Column("Where", 18),
        Column("What was found", 37),
        Column("Probability not listed", 11, number=True),
        Column("People", 12, number=True),
    )
    more = found.flags - len(found.listed)
    words = "Published ones first, then those nearest to it, each by its probability of not being on the list."
    rest = f" The first {LISTED} of {found.flags:,} flags are listed here; the other {more:,} stand in the CSV (f=csv)."
    rows = tuple(map(flag_row, found.listed))
    table = Table("Flags with the evidence in one sentence each", columns, rows)
    return Section("flags", "Flags", (Words((words + (rest if more else ""),)), table))


#: From the code of a reason to how it reads.
Label = Callable[[str], str]


def decisions(report: Mapping[str, Any], found: Gathered, label: Label) -> Iterator[Section]:
    """Yield what people decided and why, by code; and where flags stand."""
    parts: list[Part] = []
    if found.rulings:
        rows = tuple(
            plain(status(ruling.decision), _reason(ruling.reason_code, label), count(number))
            for ruling, number in sorted(found.rulings.items(), key=lambda pair: (-pair[1], pair[0]))
        )
        columns = (Column("Decision", 35), Column("Reason", 45), Column("Times", 20, number=True))
        parts.append(Table("Decisions by reason", columns, rows))
    if report["statuses"]:
        rows = tuple(plain(status(code), count(number)) for code, number in report["statuses"].items())
        parts.append(Table("Flags by status", (Column("Status", 70), Column("Flags", 30, number=True)), rows))
    if parts:
        words = (
            "A flag is published by two people of two keys. Decisions are never edited, only followed by others; who "
            "took them is in the record of events and not here."
        )
        yield Section("decisions", "Decisions and reasons", (Words((words,)), *parts))


def _reason(code: str, label: Label) -> Cell:
    words = label(code)
    return Cell(words, "" if words == code else code)


def releases(report: Mapping[str, Any]) -> Iterator[Section]:
    """Yield the releases of the lists and how many communities each made visible."""
    if not report["releases"]:
        return
    rows = tuple(
        plain(one["source"], one["vintage"], _visible(one["made_visible"]), one["snapshot"][:12])
        for one in report["releases"]
    )
    columns = (
        Column("List", 30),
        Column("Release", 24),
        Column("Communities made visible", 26, number=True),
        Column("Snapshot", 20),
    )
    words = "Communities that were missing from a list and that a later release of it names."
    yield Section("releases", "Communities made visible", (Words((words,)), Table("By release", columns, rows)))


def _visible(made: Mapping[str, Any]) -> str:
    number = made["communities"]
    return (f"withheld: {made['withheld']}" if made["withheld"] else "0") if number is None else count(number)


def goals(report: Mapping[str, Any]) -> Iterator[Section]:
    """Yield flags by goal of the 2030 Agenda, by factor, by theme and by group of people."""
    kinds = {"sdg": "Goal, target or indicator", "factors": "Factor", "themes": "Theme", "groups": "Group"}
    rows = tuple(
        plain(words, code, "under 10" if number is None else count(number))
        for kind, words in kinds.items()
        for code, number in report["by_tag"].get(kind, {}).items()
    )
    if rows:
        columns = (Column("Kind of tag", 40), Column("Tag", 35), Column("Flags", 25, number=True))
        words = ("A flag may bear several tags, so the numbers are not to be added.",)
        yield Section("goals", "Goals and factors", (Words(words), Table("Flags by tag", columns, rows)))
