"""Search certificates: what was searched for a record, and the smallest change that would have decided otherwise."""
