"""Counts of matched pairs, and what can be said of their difference."""
