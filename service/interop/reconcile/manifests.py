"""What a reconciliation service says of itself, for clients of either version."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from service.interop.reconcile.values import Service

#: Queries that clients are advised to send together; more are taken, up to the setting for batches.
BATCH = 100

_WIDTH, _HEIGHT = 430, 320  # pixels of a preview


def manifest(service: Service, room: str, own: str) -> dict[str, Any]:
    """Return the manifest of version 0.2.

    `room` is the address of all reconciliation as everybody may know it, which is kept in people's projects; `own` is
    the one that this caller asks, with their key where it stands in the address.
    """
    address, asked = f"{room}/{service.id}", f"{own}/{service.id}"
    suggest = {
        what: {
            "service_url": asked,
            "service_path": f"/suggest/{what}",
            "flyout_service_url": asked,
            "flyout_service_path": f"/flyout/{what}?id=${{id}}",
        }
        for what in ("entity", "property", "type")
    }
    return {
        "versions": ["0.2"],
        **_common(service, room),
        "identifierSpace": address,
        "schemaSpace": f"{address}/properties",
        "view": {"url": f"{address}/preview?id={{{{id}}}}"},
        "preview": {"url": f"{asked}/preview?id={{{{id}}}}", "width": _WIDTH, "height": _HEIGHT},
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": asked, "service_path": "/extend/propose"},
            "property_settings": [],
        },
    }


def draft_manifest(service: Service, room: str) -> dict[str, Any]:
    """Return the manifest of version 1.0-draft; its endpoints lie below its own address."""
    address = f"{room}/{service.id}"
    return {
        "versions": ["1.0-draft"],
        **_common(service, room),
        "identifierSpace": address,
        "schemaSpace": f"{address}/properties",
        "view": {"url": f"{address}/preview?id={{id}}"},
        "preview": {"width": _WIDTH, "height": _HEIGHT},
        "suggest": {"entity": True, "property": True, "type": True},
        "extend": {"proposeProperties": True, "propertySettings": []},
        "standardizedScore": True,
    }


def _common(service: Service, room: str) -> dict[str, Any]:
    return {
        "name": f"Uncounted: {service.title.lower()}",
        "documentation": f"{room.removesuffix('/reconcile')}/docs",
        "serviceVersion": version("uncounted"),
        "defaultTypes": [{"id": one.id, "name": one.name} for one in service.types[:6]],
        "batchSize": BATCH,
    }
