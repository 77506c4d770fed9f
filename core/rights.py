"""The table of rights in force here: the proposed one, changed by the deployment's own file."""

import tomllib
from functools import lru_cache
from pathlib import Path

from core.access import Rights
from core.errors import ConfigurationError
from core.matrix import PROPOSED, RightsError, with_changes
from core.settings import settings


def rights() -> Rights:
    """Return the table in force; a file of changes is read once per process."""
    return _load(settings().rights_file)


@lru_cache
def _load(file: Path | None) -> Rights:
    if file is None:
        return PROPOSED
    try:
        return with_changes(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, RightsError) as error:
        raise ConfigurationError(f"CHEVET_RIGHTS_FILE {file}: {error}") from error
