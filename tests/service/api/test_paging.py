"""Pages: every shown thing once, and nothing about what lies hidden between."""

from __future__ import annotations

import pytest

from service.store.identifiers import new_id

MASKED = {"consent": "public_masked"}
HIDDEN = {"consent": "public_masked", "sensitivity": "restricted"}


def published(api, *parts):
    """Publish communities far from one another, in this order, and return the ids of their flags."""
    return [
        api.published(
            id=f"r{at}",
            name=f"Kijiji {at}",
            location={"lat": 0.2 + 0.02 * at, "lon": 36.0, "uncertainty_m": 50},
            **part,
        )
        for at, part in enumerate(parts)
    ]


def walked(api, path, who=None):
    """Return the ids of all items, page by page of one, and how many pages there were."""
    seen, pages = [], 0
    while path is not None:
        page = api.get(path, who).json()
        seen += [item["id"] for item in page["items"]]
        path, pages = page["next"], pages + 1
    return seen, pages


@pytest.mark.parametrize("who", [None, "stranger", "contributor", "reviewer", "admin"])
def test_pages_hold_every_shown_flag_once(api, who):
    """Walking one by one gives what one large page gives, with hidden flags in between, and no empty page."""
    ids = published(api, MASKED, HIDDEN, MASKED, HIDDEN, HIDDEN, MASKED)
    shown = ids if who in {"contributor", "reviewer", "admin"} else [ids[0], ids[2], ids[5]]
    assert walked(api, "/v1/flags?limit=1", who) == (shown, len(shown))
    assert [item["id"] for item in api.get("/v1/flags", who).json()["items"]] == shown


@pytest.mark.parametrize("who", [None, "contributor", "reviewer"])
def test_pages_hold_every_shown_record_once(api, who):
    """The same holds for records, which the public finds through flags."""
    published(api, MASKED, HIDDEN, MASKED)
    whole = [item["id"] for item in api.get("/v1/records", who).json()["items"]]
    assert len(whole) == (2 if who is None else 3)
    assert walked(api, "/v1/records?limit=1", who) == (whole, len(whole))


def test_no_page_follows_where_only_hidden_things_do(api):
    """Whether something hidden stands after the last shown thing is not told, even where a filter would find it."""
    ids = published(api, MASKED, HIDDEN)
    for path in ("/v1/flags?limit=1", "/v1/records?limit=1", "/v1/flags?limit=1&q=Kijiji"):
        answer = api.get(path)
        assert (answer.json()["numberReturned"], answer.json()["next"]) == (1, None)
        assert "Link" not in answer.headers
    assert walked(api, "/v1/flags?limit=1", "reviewer") == (ids, 2)


def test_a_cursor_is_what_was_shown_and_nothing_else(api):
    """It is the identifier of the last item; one of a hidden thing is refused like one of nothing."""
    ids = published(api, MASKED, HIDDEN, MASKED)
    assert api.get("/v1/flags?limit=1").json()["next"] == f"/v1/flags?limit=1&cursor={ids[0]}"
    refused = [api.get(f"/v1/flags?cursor={one}") for one in (ids[1], new_id(), "YWZ0ZXI6MQ")]
    assert [answer.status_code for answer in refused] == [422] * 3
    assert len({(answer.json()["detail"], answer.json()["hint"]) for answer in refused}) == 1
    assert api.get(f"/v1/flags?cursor={ids[1]}", "reviewer").status_code == 200
