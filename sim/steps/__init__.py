"""What happens: every step of a week over things with names, one mechanism a file; `week` has the order."""
