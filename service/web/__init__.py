"""Pages for people: server-rendered, usable without scripts, nothing loaded from elsewhere."""

from __future__ import annotations

from service.web.pages import mount
from service.web.refusing import refused

__all__ = ["mount", "refused"]
