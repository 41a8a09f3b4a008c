"""Bring official accounts: fetch, classify, parse, and hand over immutable snapshots."""
