"""HDX HAPI: OCHA's humanitarian figures by country and P-code."""
