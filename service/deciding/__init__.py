"""Deciding about many flags at once: what would become of each, and then each by the one way there is to decide."""
