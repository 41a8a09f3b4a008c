"""The pages by which organisations send files: collections, a file looked at before it counts, how far it came."""

from __future__ import annotations
