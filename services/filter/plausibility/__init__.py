"""What the rule `plausible` looks for, a file for each."""
