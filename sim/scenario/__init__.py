"""Scenario files: reading, checking, resolving, in that order."""
