"""What the records of one community are worth together: whom each repeats, and what their counts come to."""
