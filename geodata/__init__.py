"""What a place is: names, points, areas, codes, kinds and counts, as columns. Knows nothing of sources or verdicts."""
