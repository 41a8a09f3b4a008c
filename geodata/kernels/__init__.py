"""Loops that run compiled where numba is installed: pairs of names, points on a grid, postings of letter groups.

Each has a plain way beside it, of NumPy, SciPy and RapidFuzz, that gives the same answers. Kernels are serial and let
go of the interpreter's lock: whoever wants more cores gives slices of a column to threads of their own.
"""
