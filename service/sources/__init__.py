"""Sources: ask one of them, and be the only process that is at work on it."""
