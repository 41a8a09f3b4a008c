"""Quality of citizen data: what a collection declares of itself, what its rows show, and what follows from both."""
