"""Releases: what one state of a list says otherwise than the one before, and which records that may concern."""
