"""Housekeeping: what the service does beside answering, so that its answers stay fast and nothing is left waiting."""
