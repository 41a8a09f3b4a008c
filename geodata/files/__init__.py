"""Files people keep lists in, read as tables of text and then as places; nothing is mended in silence, no row lost."""
