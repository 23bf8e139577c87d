"""What is asked: experiment files, factors, points, claims as a file states them."""
