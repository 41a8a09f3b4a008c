"""Configuration: every setting and secret of an installation, read once."""
