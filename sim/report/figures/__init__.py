"""Figures as functions: each takes plain data and returns a plotly.graph_objects.Figure."""
