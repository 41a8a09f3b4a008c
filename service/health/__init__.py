"""Health: what this installation needs for its work, and whether it is there and whole."""
