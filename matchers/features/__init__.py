"""Features: columns of pairs in, levels and evidence in bits out; what is missing is no evidence."""
