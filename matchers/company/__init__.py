"""What the company of other records changes: an entry of a list is one community."""
