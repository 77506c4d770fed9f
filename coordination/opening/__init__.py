"""How a record stands: shared or not, archived, handed over, and what was said of it."""
