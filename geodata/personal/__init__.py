"""Personal data at the door: which columns are about one person and not a community, and what is blotted out of texts."""
