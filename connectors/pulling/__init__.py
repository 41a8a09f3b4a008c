"""Pulling: what the servers of survey tools have in common when submissions are asked of them."""
