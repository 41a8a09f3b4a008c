"""Names of places in any script, and the normal forms they are compared by."""

from geodata.names.forms import NameForm, NameForms, form, forms, skeleton

__all__ = ["NameForm", "NameForms", "form", "forms", "skeleton"]
