"""Backup: everything of an installation in one file, and an installation again from that file."""
