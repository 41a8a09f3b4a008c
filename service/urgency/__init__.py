"""Urgency: which flag a person should look at next, by the loss to be expected while nobody does."""
