"""UN SDG: the global database of the indicators of the Sustainable Development Goals."""
