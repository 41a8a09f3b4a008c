"""A thin client for scripts and notebooks: typed answers, safe retries, pages as iterators, one tree of errors.

::

    from service.client import Client

    with Client("https://uncounted.example", key="unc_…") as uncounted:
        record = uncounted.submit({"name": "Gatwekera", "country": "KE", "location": {"lat": -1.3151, "lon": 36.7826}})
        print(record.verdict, record.reason)
        for flag in uncounted.flags(country="KEN", verdict="hidden_place"):
            print(flag.name, flag.probability)

`AsyncClient` has the same methods. It speaks HTTP to a service somewhere else and shares nothing with the one that may
run in this process.
"""

from service.client.asynchronous import AsyncClient
from service.client.blocking import Client
from service.client.errors import (
    Conflict,
    Gone,
    Invalid,
    NotFound,
    NotPermitted,
    Refused,
    TooOften,
    Unavailable,
    UncountedError,
    Unreachable,
)
from service.client.frames import to_geodataframe
from service.client.patience import Patience
from service.client.values import Batch, Change, ChangePage, Flag, Import, Item, Record

__all__ = [
    "AsyncClient",
    "Batch",
    "Change",
    "ChangePage",
    "Client",
    "Conflict",
    "Flag",
    "Gone",
    "Import",
    "Invalid",
    "Item",
    "NotFound",
    "NotPermitted",
    "Patience",
    "Record",
    "Refused",
    "TooOften",
    "Unavailable",
    "UncountedError",
    "Unreachable",
    "to_geodataframe",
]
