"""KoboToolbox: submissions of one form, page by page.

Contract: https://support.kobotoolbox.org/api.html. What is read with care: a larger `limit` than 1,000 is clamped in
silence, so that `next` decides; an edit keeps the time of submission, and a deletion leaves nothing, so that only a
pull of everything learns of either.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import quote

from connectors.client import Client, Question
from connectors.errors import AccessRefused, RequestRefused
from connectors.outcomes import agreed_shape, text
from connectors.pulling.pages import Gathered, asked_from, document_of, latest, next_query, server
from connectors.pulling.values import Pulled

SOURCE = "kobo"

_PAGE = 1_000
_HEAVY = "_attachments"  # addresses of photographs: most of an answer, and never read


class KoboPuller:
    """Submissions of a form of KoboToolbox."""

    name: ClassVar[str] = SOURCE
    needs: ClassVar[Mapping[str, str]] = {"token": "the API key of an account that may see the form"}
    options: ClassVar[Mapping[str, str]] = {
        "url": "the server, such as https://kf.kobotoolbox.org",
        "form": "the form's id, as its address shows it: aBcD1234…",
    }

    def origin(self, request: Mapping[str, str]) -> str:
        """Return which form of which server is meant. Raises `RequestRefused`."""
        form = request.get("form", "").strip()
        if not form:
            msg = "which form is meant is not said"
            raise RequestRefused(msg, source=SOURCE, hint="set form to the id in the address of the form")
        return f"{server(request, SOURCE)}/api/v2/assets/{quote(form, safe='')}/data/"

    def pull(self, client: Client, request: Mapping[str, str], since: str | None) -> Pulled:
        """Bring what was submitted since the cursor, or everything; edits and deletions show in everything only."""
        token, url = request.get("token"), self.origin(request)
        if not token:
            msg = "KoboToolbox asks for a key"
            raise AccessRefused(msg, source=SOURCE, hint="set UNCOUNTED_KOBO_TOKEN to the API key of your account")
        client.hide([token])
        asked: dict[str, str] | None = {"format": "json", "limit": str(_PAGE), "sort": '{"_id":1}'}
        begin = asked_from(since)
        if asked is not None and begin is not None:
            asked["query"] = json.dumps({"_submission_time": {"$gte": begin.strftime("%Y-%m-%dT%H:%M:%S")}})
        gathered = Gathered(SOURCE, "_id")
        while asked is not None:
            answer = client.get(Question(SOURCE, url, asked, {"Authorization": f"Token {token}"}))
            page = document_of(answer, SOURCE, f"form {request['form']}")
            gathered.add(page.get("results"), page.get("count"))
            asked = next_query(page.get("next"), SOURCE)
        rows = gathered.whole(everything=since is None)
        with agreed_shape(SOURCE, "_submission_time of a submission"):
            times = [text(row["_submission_time"]) for row in rows]
        light = tuple({name: value for name, value in row.items() if name != _HEAVY} for row in rows)
        return Pulled(light, latest(times, SOURCE, since))
