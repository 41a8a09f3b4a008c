"""Releases: what a new snapshot changes for the records, told before it becomes the present one."""
