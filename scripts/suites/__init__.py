"""Every test suite in turn, each on services of its own kind, with times and budgets."""
