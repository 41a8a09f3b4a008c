"""How the counts of an official list are to be read, and what its manifest says about that."""
