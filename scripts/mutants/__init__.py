"""Small faults put into a pure file one at a time, to see whether its tests notice."""
