"""Pages for people: server-rendered, usable without scripts, nothing loaded from elsewhere."""

from __future__ import annotations

from service.web.pages import mount

__all__ = ["mount"]
