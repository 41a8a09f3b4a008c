"""Rights of communities over what was said about them: embargo, emergency hold, withdrawal, and what these leave."""
