"""Whose figures these are: from the resources that rows name to their datasets, with licence and date of update."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.client import Client, Question
from connectors.cod.ckan import Dataset, read_dataset
from connectors.cod.ckan import classify as classify_catalogue
from connectors.errors import ConnectorError
from connectors.outcomes import Outcome, agreed_shape
from connectors.snapshot import Exchange

CATALOGUE = "https://data.humdata.org/api/action/package_show"

_MOST = 40  # datasets asked about one by one


@dataclass(frozen=True, slots=True)
class Terms:
    """What the datasets behind some figures say of themselves, all together."""

    updated: str | None  # the latest date of update of a resource
    licence: str
    licence_url: str | None
    attribution: str
    caveats: tuple[str, ...]
    exchanges: tuple[Exchange, ...]


def terms_of(client: Client, source: str, used: Iterable[Mapping[str, Any]]) -> Terms:
    """Return the terms of the datasets of these resources (rows of `metadata/resource`).

    A dataset whose page cannot be read leaves a caveat, not a failure: its figures are good all the same.
    """
    with agreed_shape(source, "a row of metadata/resource"):
        dates = sorted(str(row["update_date"])[:10] for row in used if row.get("update_date"))
        ids = sorted({str(row["dataset_hdx_id"]) for row in used})
    datasets: list[Dataset] = []
    exchanges: list[Exchange] = []
    caveats = [f"the terms of {len(ids) - _MOST} more datasets stand on HDX"] if len(ids) > _MOST else []
    for one in ids[:_MOST]:
        try:
            answer = client.get(Question(source, CATALOGUE, {"id": one}))
            exchanges.append(answer.exchange)
            found = classify_catalogue(answer)
            if found.outcome is Outcome.OK:
                datasets.append(read_dataset(answer.text))
                continue
            why = found.said
        except ConnectorError as error:
            why = str(error)
        caveats.append(f"the terms of the dataset {one} could not be read: {why}")
    return Terms(
        updated=dates[-1] if dates else None,
        licence="; ".join(dict.fromkeys(one.licence for one in datasets))
        or "not stated: each dataset on HDX has its own",
        licence_url=next((one.licence_url for one in datasets if one.licence_url), None),
        attribution="; ".join(dict.fromkeys(f"{one.source} ({one.publisher})" for one in datasets)) or "OCHA, HDX HAPI",
        caveats=(*caveats, *dict.fromkeys(f"{one.title}: {one.caveats}" for one in datasets if one.caveats)),
        exchanges=tuple(exchanges),
    )
