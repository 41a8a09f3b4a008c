"""Lists too large for memory: read in parts, joined in parts, kept in a file until somebody asks for them."""
