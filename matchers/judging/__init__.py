"""From weighed pairs to findings: the verdict, what it rests on, and the words for it."""
