"""How a record stands: shared or not, archived, handed over, what was said of it."""
