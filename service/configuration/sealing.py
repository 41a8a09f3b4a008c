"""Sealing: the secret key of this installation, what follows from it, and texts that only it can read.

The key stands in `UNCOUNTED_SECRET_KEY`, or else in a file of the data directory that is made when it is first needed.
It is in no database and no backup of one: whoever reads those learns no secret of a webhook.
"""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from service.configuration.settings import Settings
from service.errors import STORAGE_FAILED, Problem

_BYTES = 32
_TAG = 12  # bytes of a sealed text that tell it is ours, and make each keystream another one


def key_of(settings: Settings, purpose: str) -> bytes:
    """Return the key for one purpose, 32 bytes: it tells nothing of the key for another.

    Raises `Problem` (storage failed) where the file can neither be read nor made.
    """
    given = settings.secret_key
    whole = given.strip().encode() if given else _kept(settings.data_dir.resolve() / "secret.key")
    return hmac.new(whole, purpose.encode(), sha256).digest()


def fingerprint(key: bytes) -> str:
    """Return by what a key is told from another one; it says nothing about the key."""
    return sha256(b"fingerprint" + key).hexdigest()[:16]


def seal(key: bytes, plain: bytes) -> str:
    """Return a short text, URL-safe, that only `unseal` with the same key reads. The same gives the same.

    Deterministic encryption with a synthetic nonce, as RFC 5297 describes it, built of HMAC-SHA256: the nonce is the
    code that proves the content. For at most 32 bytes. Raises `ValueError` for more.
    """
    if len(plain) > _BYTES:
        msg = f"{len(plain)} bytes are more than are sealed here"
        raise ValueError(msg)
    tag = _mac(key, b"tag", plain)[:_TAG]
    return base64.urlsafe_b64encode(tag + _masked(key, tag, plain)).decode().rstrip("=")


def unseal(key: bytes, text: str) -> bytes | None:
    """Return what was sealed; None for a text that is none, or was sealed with another key."""
    try:
        held = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
    except ValueError:
        return None
    plain = _masked(key, held[:_TAG], held[_TAG:])
    return plain if hmac.compare_digest(_mac(key, b"tag", plain)[:_TAG], held[:_TAG]) else None


def _masked(key: bytes, nonce: bytes, text: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(text, _mac(key, b"mask", nonce), strict=False))


def _mac(key: bytes, use: bytes, text: bytes) -> bytes:
    return hmac.new(key, use + text, sha256).digest()


def _kept(path: Path) -> bytes:
    """Return the key in a file, which is made where there is none; of several processes one makes it."""
    try:
        with suppress(FileExistsError):
            _make(path)
        return path.read_bytes()
    except OSError as error:
        why = (error.strerror or "").lower()
        detail = f"The secret key {path.name} in the data directory cannot be read or made: {why}."
        raise Problem(STORAGE_FAILED, detail) from error


def _make(path: Path) -> None:
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    new.touch(mode=0o600)
    try:
        new.write_bytes(secrets.token_hex(_BYTES).encode())
        os.link(new, path)  # all of it or nothing, and never over another one
    finally:
        new.unlink()
