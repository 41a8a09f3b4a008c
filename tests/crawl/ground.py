"""The ground of a crawl: an application with canaries in it, and what the filler has to know of them."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.testclient import TestClient

from matchers.base import OfficialList
from service.app import create_app
from service.configuration.settings import Settings
from service.context import Context
from service.housekeeping import totals
from service.running import clock, holders
from service.store import leases, snapshots
from service.store.identifiers import new_id
from service.store.leases import Claim
from tests.crawl.canaries import KNOWN_GROUP, Canary, Maker
from tests.crawl.filling import Filler
from tests.crawl.oracle import Audience
from tests.crawl.planting import NOBODY_LISTENS, World, furnish, settle, waiting_file
from tests.crawl.scanning import Hidden
from tests.crawl.walking import Crawl

#: Everybody who asks, the one who sees least first.
ASKING = (
    Audience.ANONYMOUS,
    Audience.WRONG_KEY,
    Audience.STRANGER,
    Audience.ELSEWHERE,
    Audience.STEWARD,
    Audience.PARTNER,
    Audience.READER,
    Audience.REVIEWER,
    Audience.OWN,
    Audience.ADMIN,
)
METRICS_TOKEN = "what an operator's Prometheus sends"  # noqa: S105 - of the crawl

#: What nobody is answered well: once the crawl has withdrawn everything there is nothing to appeal against, and one was
#: made before (`planting`); one page sends on to another; forms are for browsers (`tests/service/web`); and no unit of
#: so few records has a number that may be told.
SPENT = {
    "POST /v1/flags/{flag_id}/appeals",
    "GET /imports",
    "GET /collections/{collection_id}/imports",
    "GET /ogc/collections/gap-areas/items/{area_id}",
}

_WITHOUT_EMBARGO = Path(__file__).parents[1] / "specimens" / "without-embargo.toml"
_NO_FLAG = "0" * 32
_NOTHING = {
    "flag_id": _NO_FLAG,
    "report_id": _NO_FLAG,
    "import_id": _NO_FLAG,
    "collection_id": "nobody's",
    "source_id": "nobody",
}
_QUESTIONS = ("country=KEN", "verdict=hidden_place&lang=sw", "f=csv", "limit=1", "unknown=1", "lang=x-rtl")
_BOXES = (1.0, 0.1, 0.01, 0.001)  # degrees to each side, closing in


def settings_of(directory: Path, url: str | None = None) -> Settings:
    """Return the settings of a crawl: what is published is public at once, and nobody asks too often."""
    told: dict[str, Any] = {name: "off" for name in Settings.model_fields if name.startswith("rate_")}
    told |= {"data_dir": directory, "database_url": url, "_env_file": None, "log_level": "info"}
    told |= {"sensitivity_policy": _WITHOUT_EMBARGO, "allowed_networks": ("127.0.0.0/8",)}  # of receivers of webhooks
    return Settings(**told, metrics_token=METRICS_TOKEN)


@contextmanager
def planted(context: Context, canaries: Sequence[Canary], maker: Maker) -> Iterator[tuple[Any, World]]:
    """Serve a context in which canaries were planted; its official lists stand already."""
    led = Claim(holders.name(), clock.now(), timedelta(minutes=4))  # totals are settled once, not between two readings
    context.store.write(lambda session: leases.take(session, totals.LEASE, led))
    with TestClient(create_app(context), raise_server_exceptions=False) as client:
        for thread in threading.enumerate():
            if thread.name == "catch-up":  # else it would compare what is meant to stay pending
                thread.join()
        world = settle(context, canaries)
        furnish(world, client, maker)
        totals.settle(context)
        with waiting_file(world, client):
            yield client, world


def crawl_of(
    client: Any, world: World, breadth: int = 6, *, most: int | None = None, asking: Sequence[Audience] = ASKING
) -> Crawl:
    """Return the crawl of this world by these audiences.

    `breadth` is how many canaries parameters are filled from, `most` how many paths of one operation are asked.
    """
    hidden = {who: Hidden.of(who, world.canaries, world.secrets) for who in (*asking, Audience.LOG)}
    return Crawl(client, _filler(world, breadth, most), hidden, {who: world.key(who) for who in asking})


def pages_of(app: Any, document: dict[str, Any], named: Mapping[str, Sequence[str]] | None = None) -> dict[str, str]:
    """Return the addresses an application serves beside those of its document, filled, and the template of each.

    `named` is what the things are called that pages are of; of those it leaves out, one that is not there is asked for.
    """
    declared = set(document["paths"])
    found = {path for route in app.routes for path in _under(route)} - declared
    if app.state.desk is None:  # nobody signs in: those pages answer like none (`tests/service/login`)
        found -= {"/login", "/login/callback", "/account"}
    filled = {path.replace("{country}", "KEN").replace("{code}", "not-found"): path for path in found}
    for name, nothing in _NOTHING.items():
        each = (named or {}).get(name, (nothing,))
        filled = {
            path.replace(f"{{{name}}}", quote(one, safe="")): template
            for path, template in filled.items()
            for one in each
        }
    editions = (named or {}).get("report_id", ())
    filled |= {f"/reports/compare?before={one}&after={one}": "/reports/compare" for one in editions}
    filled |= {f"/flags?{query}": "/flags" for query in _QUESTIONS if named}
    left = [path for path in filled if "{" in path]
    assert not left, f"teach the crawl to fill {left} (tests/crawl/ground.py)"
    return dict(sorted({**filled, "/static/uncounted.css": "/static/uncounted.css"}.items()))


def named_in(world: World, breadth: int = 6) -> dict[str, list[str]]:
    """Return what the pages of a crawl are of: some canaries of every state, files, editions, and what is not there."""
    flags = _ids(world, "flag_id")
    imports, editions = [*world.own_imports, *world.imports], list(world.editions)
    some = [canary.words["collection"] for canary in world.canaries]
    return {
        "flag_id": [*flags[:: max(1, len(flags) // breadth)], _NO_FLAG],
        "report_id": [*editions[:breadth], _NO_FLAG],
        "import_id": [*imports[:breadth], _NO_FLAG],
        "collection_id": [*some[:: max(1, len(some) // breadth)], *list(world.collections)[:breadth], "nobody's"],
        "source_id": ["ke-villages", "nobody"],
    }


def _under(route: Any) -> Iterator[str]:
    path = getattr(route, "path_format", None) or getattr(route, "path", None)
    inner = getattr(getattr(route, "original_router", None), "routes", ())
    if inner:
        for each in inner:
            yield from _under(each)
    elif path and "GET" in (getattr(route, "methods", None) or ()):
        yield path


def _ids(world: World, name: str) -> list[str]:
    return [canary.ids[name] for canary in world.canaries if name in canary.ids]


def _filler(world: World, breadth: int, most: int | None) -> Filler:
    with world.context.store.read() as session:
        shas = [one.sha256 for one in snapshots.page(session).items]
    some = [canary for canary in world.canaries if canary.state in {"published", "flagged", "quarantined"}]
    few = some[:: max(1, len(some) // breadth)]
    tiles = [(0, 0, 0), *(_tile(canary, z) for canary in few for z in (9, 14))]
    collections = [canary.words["collection"] for canary in few] + [*world.collections, *world.surveys, "nobody's"]
    organisations = [*world.surveys.values(), "gamma-group", "statistics-office"]
    return Filler(
        paths={
            "record_id": [*_ids(world, "record_id"), new_id()],
            "flag_id": [*_ids(world, "flag_id"), new_id()],
            "finding_id": [*_ids(world, "finding_id"), new_id()],
            "import_id": [*world.own_imports, *world.imports, new_id()],
            "collection_id": collections,
            "sha256": shas,
            "other": list(reversed(shas)),
            "country": ["KEN", "TZA", "Atlantis"],
            "organisation": organisations,
            "hold_id": [*world.holds, new_id()],
            "key_id": [*world.spare_keys, new_id()],
            "invitation_id": [*world.invitations, new_id()],
            "limit_id": [*world.limits, new_id()],
            "webhook_id": [*(hook for hook, _ in world.webhooks), new_id()],
            "delivery_id": [*(message for _, message in world.webhooks), new_id()],
            "report_id": [*world.editions, new_id()],
            "other_id": [*reversed(world.editions), new_id()],
            **{name: [str(tile[at]) for tile in tiles] for at, name in enumerate("zxy")},
            "ogc_collection": ["flags", "official-places", "gap-areas", "nobody's"],
            "place_id": ["ke-villages:V000", "nobody:1"],
            "area_id": ["nobody"],
            "partner": ["nobody-here"],  # else the crawl itself would let them see one another
            "collection": [*world.surveys, "survey of nobody"],
            "database": ["official-places", "groups"],
            "what": ["entity", "property", "type"],
        },
        queries={
            "q": [word for canary in few for word in (canary.words["name"], canary.words["name_cyrillic"])],
            "bbox": [box for canary in few for box in _boxes(canary)],
            "admin": [canary.words["admin"] for canary in few],
            "id": [*(canary.words["own_id"] for canary in few), "ke-villages:V000"],
            "collection": [canary.words["collection"] for canary in few],
            "country": ["KEN", "TZA"],
            "organisation": organisations[:3],
            "source": ["ke-villages", "nobody"],
            "updated_since": ["2020-01-01T00:00:00Z"],
            "since": ["2020-01-01T00:00:00Z"],
            "limit": ["1", "7", "200"],
            "name": [few[0].words["name"], "Lindi"],
            "near": [f"{few[0].lat},{few[0].lon}"],
            "datetime": ["2020-01-01/..", "2020-01-01"],
            "theme": ["disability"],
            "group": [KNOWN_GROUP, "deaf"],
            "factor": ["geography"],
            "sdg": ["11", "1.4"],
            "lists": [*world.surveys.values(), "citizens"],
            "stratify": ["kind"],
            "seeded": ["alpha-group:beta-group"],
            "kind": ["village"],
            "cursor": ["YWZ0ZXI6MQ"],
            "sheet": ["first"],
            "profile": ["default"],
            "map": ["name=name"],
            "lang": ["en"],
            "layout": ["record", "list"],
            "prefix": [few[0].words["name"], "Lindi"],
            "queries": [json.dumps({"q": {"query": canary.words["name"]}}) for canary in few],
            "extend": [json.dumps(_extension(world))],
        },
        headers={"Idempotency-Key": ["key-of-alpha-group", "key-of-beta-group"], "If-Match": ['W/"1"', "*"]},
        bodies={
            "saveMapping": [{"headers": ["id", "name"]}],
            "describeCollection": [{"country": "KEN"}],
            "withdrawRecord": [{"reason_code": "no_longer_agreed"}],
            "withdrawRecords": [{"reason_code": "no_longer_agreed", "own_ids": ["nobody's"]}],
            "setEmbargo": [{"reason_code": "community_agreed"}],
            "hold": [{"country": "TUV", "reason": "nobody lives there"}],
            "limitExposure": [{"collection": "nothing yet", "consent": "internal", "reason_code": "asked"}],
            "createInvitation": [{"role": "contributor", "label": "desk"}],
            "rotateKey": [{"overlap_hours": 24}],
            "describeOrganisation": [{"kind": "other"}],
            "claimFlag": [{"minutes": 1}],
            "decideBySheet": [f"flag_id,version,decision,reason_code\n{_NO_FLAG},1,,\n".encode()],
            "createGapReport": [{"country": "TUV"}],
            "extendDraft": [_extension(world)],
            "reconcileDraft": [
                {"queries": [{"conditions": [{"matchType": "name", "propertyValue": canary.words["name"]}]}]}
                for canary in few
            ],
            "createWebhook": [{"url": NOBODY_LISTENS}],
            "changeWebhook": [{"label": "crawl"}],
            "exchangeWebhookSecret": [{"overlap_hours": 1}],
        },
        tokens={"getMetrics": METRICS_TOKEN, "acceptInvitation": world.token},
        most=most,
    )


def _tile(canary: Canary, z: int) -> tuple[int, int, int]:
    """Return the tile in which a canary truly lies."""
    side, south = 2**z, math.radians(canary.lat)
    return z, int((canary.lon + 180) / 360 * side), int((1 - math.asinh(math.tan(south)) / math.pi) / 2 * side)


def _extension(world: World) -> dict[str, Any]:
    """Ask of every listed village what was found there: who may not know of a community is told of none."""
    ids = [
        f"{official.source}:{own}"
        for official in world.context.lists.current()
        if isinstance(official, OfficialList)
        for own in official.index.places.ids[:300]
    ]
    return {"ids": ids, "properties": [{"id": name} for name in ("code", "verdict", "flag_status", "counted_persons")]}


def _boxes(canary: Canary) -> list[str]:
    return [
        f"{canary.lon - side:.6f},{canary.lat - side:.6f},{canary.lon + side:.6f},{canary.lat + side:.6f}"
        for side in _BOXES
    ]
