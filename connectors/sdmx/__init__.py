"""SDMX: what statistical offices and agencies publish over one standard, each described by data alone."""
