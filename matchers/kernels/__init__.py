"""Loops over candidate pairs that run compiled where numba is installed; each stands beside a plain way of NumPy."""
