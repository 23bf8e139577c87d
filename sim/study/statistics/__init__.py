"""Estimates, effects and what explains them: numbers in, numbers out."""
