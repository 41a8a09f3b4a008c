"""Communities: which accounts speak of one, how far they support one another, and which are not to be trusted."""
