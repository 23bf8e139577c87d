"""The science as formulas: one mechanism a file, in small pure functions of named numbers."""
