"""Sockets of the rooms, and who listens in this process."""
