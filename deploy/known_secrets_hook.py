"""Puts the digests of what stands in the repository into the wheel, while it is built."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class KnownSecrets(BuildHookInterface):
    """Adds `app/known_secrets.bin`; an editable install reads the files themselves."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the list beside the build and have it included."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from app.known_secrets import LIST_NAME, write_list

        self._folder = tempfile.TemporaryDirectory()
        target = Path(self._folder.name) / LIST_NAME
        write_list(Path(self.root), target)
        build_data["force_include"][str(target)] = f"app/{LIST_NAME}"
