"""KoboToolbox: submissions of a form, by version 2 of its API."""

from connectors.kobo.puller import KoboPuller

__all__ = ["KoboPuller"]
