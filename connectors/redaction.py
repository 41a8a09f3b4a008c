"""Secrets never leave: not in an exchange, not in an exception, not in a log line of the HTTP library."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

#: Query parameters that carry a key, an account or an address of a person, or sign an address in a bucket.
SECRET_PARAMETERS = frozenset(
    {
        "key",
        "uid",
        "app_identifier",
        "api_key",
        "apikey",
        "token",
        "access_token",
        "subscription-key",
        "password",
        "signature",
        "x-amz-credential",
        "sig",  # of signed addresses in Azure
    }
)

_HIDDEN = "REDACTED"
_QUERY = re.compile(rf"(?i)\b({'|'.join(sorted(SECRET_PARAMETERS, key=len, reverse=True))})=[^&#\s\"'<>]*")
_AUTHORIZATION = re.compile(r"(?i)\b(authorization|x-hdx-hapi-app-identifier)(['\"]?\s*[:=,]\s*['\"]?)[^\r\n'\"]+")
_SHORTEST_SECRET = 4  # shorter values would blot out innocent text


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return a text with the values of secret parameters and headers, and the given secrets, blotted out."""
    return _AUTHORIZATION.sub(rf"\1\2{_HIDDEN}", _QUERY.sub(rf"\1={_HIDDEN}", blot(text, secrets)))


def blot(text: str, secrets: Iterable[str]) -> str:
    """Return a text without these secrets, plain or escaped."""
    secrets = {part for secret in secrets for part in (secret, secret.strip())}
    for secret in sorted((secret for secret in secrets if len(secret) >= _SHORTEST_SECRET), key=len, reverse=True):
        for form in (secret, quote(secret, safe=""), quote_plus(secret)):
            text = text.replace(form, _HIDDEN)
    return text


def secrets_of(*named: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values that must not be seen, by the names of the parameters and headers they stand under."""
    hidden = SECRET_PARAMETERS | {"authorization", "x-hdx-hapi-app-identifier"}
    return tuple(value for values in named for name, value in values.items() if name.casefold() in hidden)


class SecretFilter(logging.Filter):
    """Blots secrets out of the records of a logger; httpx logs every address it asks, with its query."""

    def __init__(self) -> None:
        """Know the names that secrets travel under, and no values."""
        super().__init__()
        self._known: set[str] = set()

    def know(self, secrets: Iterable[str]) -> None:
        """Blot these out from now on, whatever the name they travel under."""
        self._known.update(secrets)

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the arguments and the text of a record, and let it pass."""
        if isinstance(record.args, tuple):
            record.args = tuple(map(self._redacted, record.args))
        if isinstance(record.msg, str):
            record.msg = redact(record.msg, self._known)
        return True

    def _redacted(self, value: Any) -> Any:
        return value if isinstance(value, int | float) else redact(str(value), self._known)
