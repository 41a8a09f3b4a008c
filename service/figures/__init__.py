"""Figures of sets of communities: how many live there, where, and how many of them official counts leave out."""
