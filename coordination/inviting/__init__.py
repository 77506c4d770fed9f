"""Invitations into a circle, of people who may not be on the platform yet."""
