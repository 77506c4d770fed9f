"""Backup and restore: the database and the files that matter, encrypted for somebody else's key."""
