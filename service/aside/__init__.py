"""Aside: accounts that nobody acts on before a person looked at them, and how they come back."""
