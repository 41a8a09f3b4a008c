"""Layers: what maps and exports draw of flags and official places, in columns, for each audience what it may see."""
