"""Where identity meets HTTP."""
