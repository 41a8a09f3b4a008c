"""ODK Central: submissions of one form by OData, with repeats in place, and those that were deleted.

Contract: https://docs.getodk.org/central-api-odata-endpoints/. Submissions that were deleted are left out of an answer
unless the filter speaks of `deletedAt`; servers of before 2024.3 do not know it, and refuse the question.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote

from connectors.client import Client, Question
from connectors.errors import AccessRefused, RequestRefused
from connectors.outcomes import agreed_shape, text
from connectors.pulling.pages import Gathered, asked_from, document_of, latest, next_query, server
from connectors.pulling.values import Pulled

SOURCE = "odk"

_PAGE = 1_000
_NO_DELETIONS = "the server does not tell which submissions were deleted; pull --all finds out by comparing"
_HINT = "set UNCOUNTED_ODK_EMAIL and UNCOUNTED_ODK_PASSWORD, or UNCOUNTED_ODK_TOKEN"


class OdkPuller:
    """Submissions of a form of ODK Central."""

    name: ClassVar[str] = SOURCE
    needs: ClassVar[Mapping[str, str]] = {
        "email": "the e-mail of a web user that may see the submissions",
        "password": "its password",
        "token": "instead of both: the token of a session",
    }
    options: ClassVar[Mapping[str, str]] = {
        "url": "the server, such as https://odk.example.org",
        "project": "the number of the project",
        "form": "the form's id",
    }

    def origin(self, request: Mapping[str, str]) -> str:
        """Return which form of which server is meant. Raises `RequestRefused`."""
        project, form = (request.get(name, "").strip() for name in ("project", "form"))
        if not project.isdecimal() or not form:
            msg = "which form is meant is not said"
            raise RequestRefused(msg, source=SOURCE, hint="set project to its number and form to the id of the form")
        return f"{server(request, SOURCE)}/v1/projects/{project}/forms/{quote(form, safe='')}.svc/Submissions"

    def pull(self, client: Client, request: Mapping[str, str], since: str | None) -> Pulled:
        """Bring what was submitted, edited, reviewed or deleted since the cursor, or everything."""
        url, begin = self.origin(request), asked_from(since)
        asking = _Asking(client, url, _token(client, request), f"form {request['form']}")
        if begin is None:
            rows = asking.rows("", everything=True)
            return Pulled(rows, latest(_times(rows), SOURCE, since))
        at = _written(begin)
        rows = asking.rows(f"__system/submissionDate ge {at} or __system/updatedAt ge {at}", everything=False)
        deleted = asking.deleted(at)
        notes = (_NO_DELETIONS,) if deleted is None else ()
        # One deleted between the two questions came with the first as well: that it is gone is the later news.
        of = {str(row["__id"]): row for row in (*rows, *(deleted or ()))}
        return Pulled(tuple(of.values()), latest(_times(tuple(of.values())), SOURCE, since), notes)


@dataclass(frozen=True)
class _Asking:
    client: Client
    url: str
    token: str
    form: str

    def rows(self, condition: str, *, everything: bool) -> tuple[Mapping[str, Any], ...]:
        gathered = Gathered(SOURCE, "__id")
        asked: dict[str, str] | None = self._first(condition)
        while asked is not None:
            page = document_of(self.client.get(self._question(asked)), SOURCE, self.form)
            gathered.add(page.get("value"), page.get("@odata.count"))
            asked = next_query(page.get("@odata.nextLink"), SOURCE)
        return gathered.whole(everything=everything)

    def deleted(self, at: str) -> tuple[Mapping[str, Any], ...] | None:
        """Return what was deleted since, None where the server cannot be asked that."""
        condition = f"__system/deletedAt ge {at}"
        if self.client.get(self._question(self._first(condition))).status in {400, 501}:
            return None
        return self.rows(condition, everything=False)

    def _first(self, condition: str) -> dict[str, str]:
        asked = {"$top": str(_PAGE), "$count": "true", "$expand": "*", "$wkt": "false"}
        return asked | ({"$filter": condition} if condition else {})

    def _question(self, asked: Mapping[str, str]) -> Question:
        return Question(SOURCE, self.url, asked, {"Authorization": f"Bearer {self.token}"})


def _token(client: Client, request: Mapping[str, str]) -> str:
    """Return the token that was given, or that of a new session; nobody sees it, nor what it was asked for with."""
    given, email, password = (request.get(name) for name in ("token", "email", "password"))
    client.hide([secret for secret in (given, email, password) if secret])
    if given:
        return given
    if not email or not password:
        msg = "ODK Central asks for a web user"
        raise AccessRefused(msg, source=SOURCE, hint=_HINT)
    content = json.dumps({"email": email, "password": password}).encode()
    answer = client.get(Question(SOURCE, f"{server(request, SOURCE)}/v1/sessions", content=content))
    session = document_of(answer, SOURCE, "the session")
    with agreed_shape(SOURCE, "the session"):
        token = session["token"]
        if not isinstance(token, str) or not token:
            msg = "no token"
            raise ValueError(msg)
    client.hide([token])
    return token


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _times(rows: tuple[Mapping[str, Any], ...]) -> Iterator[str | None]:
    for row in rows:
        with agreed_shape(SOURCE, "__system of a submission"):
            said = row["__system"]
            yield text(said["submissionDate"])
            yield from (said.get("updatedAt"), said.get("deletedAt"))
