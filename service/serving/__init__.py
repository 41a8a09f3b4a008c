"""Serving: the application behind a port, in one process by default, in several when asked."""

from service.serving.address import Address, PortTaken, require_free

__all__ = ["Address", "PortTaken", "require_free"]
