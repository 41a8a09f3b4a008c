"""Names of places in any script, and the normal forms they are compared by."""

from geodata.names.forms import NameForms, form, forms
from geodata.names.parts import NameForm
from geodata.names.sound import skeleton

__all__ = ["NameForm", "NameForms", "form", "forms", "skeleton"]
