"""The compiled engine's loops: the same week over flat arrays, in plain Python that Numba compiles."""
