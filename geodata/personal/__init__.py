"""Personal data at the door: columns about one person and not a community, and what is blotted out of texts."""
