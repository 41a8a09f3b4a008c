"""Tables as spreadsheet programs want them, in their languages, and what these programs make of cells."""
