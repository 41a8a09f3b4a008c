"""What people decided about pairs, remembered so that nobody is asked twice."""
