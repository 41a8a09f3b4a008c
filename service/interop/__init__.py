"""What other programs speak with us, in protocols that are not ours: one room for each."""
