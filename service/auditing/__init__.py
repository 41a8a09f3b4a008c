"""Auditing: whether what happened is still what is kept, and what happened to one thing."""
