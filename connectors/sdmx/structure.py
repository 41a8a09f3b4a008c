"""Structure messages of SDMX: the dimensions of a dataflow in their order, and what the codes of each mean.

Only what a reader of data needs; the rest of the information model stays in the message. See the decision in
docs/decisions about the reader of structures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from connectors.sdmx.xml import Element, children, every, kind, parse, text

#: urn:sdmx:…=AGENCY:ID(VERSION), perhaps with the id of a part behind
_URN = re.compile(r"=(?P<agency>[^=:]+):(?P<id>[^(]+)\((?P<version>[^)]+)\)(?:\.(?P<part>.+))?")


@dataclass(frozen=True, slots=True)
class Flow:
    """A dataflow: its name in full, and the data structure it follows."""

    name: str  # AGENCY:ID(VERSION)
    structure: str  # id


@dataclass(frozen=True, slots=True)
class Structure:
    """What a structure message holds, by id."""

    flows: Mapping[str, Flow]
    dimensions: Mapping[str, Mapping[str, str | None]]  # data structure -> dimension -> code list, in the key's order
    codes: Mapping[str, Mapping[str, str]]  # code list -> code -> name, English where there is English

    def key(self, flow: str) -> tuple[str, ...]:
        """Return the dimensions of a dataflow in the order of its key; none when the message does not say."""
        known = self.flows.get(flow)
        return tuple(self.dimensions.get(known.structure if known else flow, ()))

    def names(self, flow: str, dimension: str) -> Mapping[str, str]:
        """Return what the codes of a dimension mean; nothing when the message does not say."""
        known = self.flows.get(flow)
        listed = self.dimensions.get(known.structure if known else flow, {}).get(dimension)
        return self.codes.get(listed or "", {})


def read_structure(content: bytes) -> Structure:
    """Return what a structure message says. Raises `ValueError` when it says nothing of this kind."""
    root = parse(content)
    if kind(root) != "Structure":
        msg = f"a message {kind(root)}, and a structure was agreed"
        raise ValueError(msg)
    concepts = {
        f"{scheme.get('id')}.{concept.get('id')}": _listed(concept, "CoreRepresentation")
        for scheme in every(root, "ConceptScheme")
        for concept in children(scheme, "Concept")
    }
    found = Structure(
        flows={flow.get("id", ""): _flow(flow) for flow in every(root, "Dataflow") if flow.get("agencyID")},
        dimensions={
            one.get("id", ""): _dimensions(one, concepts) for one in every(root, "DataStructure") if one.get("agencyID")
        },
        codes={one.get("id", ""): _codes(one) for one in every(root, "Codelist") if one.get("agencyID")},
    )
    if not (found.flows or found.dimensions or found.codes):
        msg = "no dataflow, data structure or code list"
        raise ValueError(msg)
    return found


def _flow(flow: Element) -> Flow:
    name = f"{flow.get('agencyID')}:{flow.get('id')}({flow.get('version', '1.0')})"
    return Flow(name, next(_referenced(flow, "Structure"), ("", ""))[0])


def _dimensions(structure: Element, concepts: Mapping[str, str | None]) -> dict[str, str | None]:
    listed = [
        (int(one.get("position", place)), one)
        for place, one in enumerate(every(structure, "Dimension", "MeasureDimension"), start=1)
        if one.get("id")
    ]
    return {
        one.get("id", ""): _listed(one, "LocalRepresentation") or concepts.get(_concept(one))
        for _, one in sorted(listed, key=lambda pair: pair[0])
    }


def _concept(dimension: Element) -> str:
    scheme, concept = next(_referenced(dimension, "ConceptIdentity"), ("", ""))
    return f"{scheme}.{concept}"


def _listed(element: Element, representation: str) -> str | None:
    for part in children(element, representation):
        return next(_referenced(part, "Enumeration"), (None, ""))[0]
    return None


def _referenced(element: Element, part: str) -> Iterator[tuple[str, str]]:
    """Return what a part refers to: (id, id of a part of it). Standard 2.1 has an element for that, 3.0 a URN."""
    for one in children(element, part):
        for reference in children(one, "Ref"):
            own = reference.get("id", "")
            whole = reference.get("maintainableParentID")
            yield (whole, own) if whole else (own, "")
        if found := _URN.search(text(one)):
            yield found["id"], found["part"] or ""


def _codes(codelist: Element) -> dict[str, str]:
    return {code.get("id", ""): _name(code) for code in children(codelist, "Code")}


def _name(element: Element) -> str:
    names = {
        next((value for key, value in one.attrib.items() if key.endswith("}lang")), ""): text(one)
        for one in children(element, "Name")
    }
    return names.get("en") or next(iter(names.values()), "")
