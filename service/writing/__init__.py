"""Writing: the formats people open, bit by bit where they are long. Rows are redacted already."""
