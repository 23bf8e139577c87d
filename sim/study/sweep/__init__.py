"""Whole experiments: what is still asked, by whom it is played, how it is kept."""
