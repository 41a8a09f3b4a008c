"""ODK Central: submissions of a form, by OData."""

from connectors.odk.puller import OdkPuller

__all__ = ["OdkPuller"]
