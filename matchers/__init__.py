"""Compare two accounts of places and say how sure we are. Pure: columns in, columns out; no I/O, no clock."""
