"""A long table of records against a long list, part by part: how far matching looks, and what a part comes to."""
