"""Importing: files as people have them become records; what cannot be kept is told by row; every import is a job."""
