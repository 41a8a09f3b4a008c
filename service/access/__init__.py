"""Access: who lets whom in, for how long and how far, and what organisations share with one another."""
