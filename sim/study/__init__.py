"""What we ask: runs, estimates and contrasts."""
