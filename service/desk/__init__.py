"""The desk: where reviewers take flags in order, see both sides of each, and decide."""
