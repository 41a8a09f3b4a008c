"""Reason codes: why something is decided, in words that can be counted and told in the language of whoever reads."""
