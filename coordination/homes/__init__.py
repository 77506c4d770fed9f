"""The first page of each profession: what waits for him, what changed, his patients."""
