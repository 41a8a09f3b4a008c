"""Bodies of webhooks, shown in the OpenAPI document. The address is one that nobody has."""

from __future__ import annotations

from service.api.examples import body

MADE = body(
    {
        "published": {
            "summary": "What is published in Kenya",
            "value": {
                "url": "https://example.org/hooks/uncounted",
                "label": "map of the county",
                "types": ["flag.published", "flag.resolved"],
                "countries": ["KEN"],
            },
        }
    }
)
CHANGED = body({"off": {"summary": "Switch it off", "value": {"active": False}}})
