"""The ways out: one adapter for each channel."""
