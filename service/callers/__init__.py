"""Callers: who is asking, with which role, and within which countries and administrative units."""
