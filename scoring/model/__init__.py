"""The trained model: what it is given, what it is to foresee, how it is made and judged."""
