"""Disk space held back, so that a full disk can still note what no longer needs it.

Deleting from SQLite needs room in its log. Without a reserve a disk filled by anything at all
would refuse the very acknowledgements that empty the spool, and never recover by itself.
"""

import os
from pathlib import Path

# More than the log of settling one full envelope.
RESERVE_BYTES = 2 * 1024 * 1024


class Reserve:
    """A file that holds nothing but its place on the disk."""

    def __init__(self, path: Path) -> None:
        """Begin without; what an earlier process held is given up, so that opening has room."""
        self._path = path
        self.give_up()

    @property
    def held(self) -> bool:
        """Whether the space is held."""
        return self._path.exists()

    def give_up(self) -> None:
        """Let the space be used."""
        self._path.unlink(missing_ok=True)

    def take(self) -> bool:
        """Hold the space; False when there is not enough."""
        if self.held:
            return True
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.posix_fallocate(handle, 0, RESERVE_BYTES)
        except OSError:
            self.give_up()
        finally:
            os.close(handle)
        return self.held
