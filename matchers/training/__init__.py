"""Learning the model's numbers from pairs: comparison levels to counts, EM, priors of absence, calibration."""
