"""Playing replicates of scenarios, and what that gives: results and contrasts."""
