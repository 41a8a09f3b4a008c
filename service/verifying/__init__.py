"""Verifying, step by step: judge a record against the lists, then raise, change or end the flag of its community."""
