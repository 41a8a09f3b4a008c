"""Sheets of the desk: the queue as a table that people fill where they work, and the filled one read back."""
