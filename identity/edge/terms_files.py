"""Reads the terms of use in force: the deployer's own, or the template that comes with Chevet."""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from core.i18n import LOCALES
from core.settings import settings
from identity.terms import Terms, latest_version, parse_terms

TEMPLATE: Final = Path(str(files("identity"))) / "terms_of_use"


def terms_in_force() -> dict[str, Terms]:
    """Return the latest terms by language; empty when the folder of the settings holds none."""
    return _read(settings().terms_folder or TEMPLATE)


def is_template() -> bool:
    """Say whether the deployer has not put a text of his own in place."""
    return settings().terms_folder is None


@lru_cache(maxsize=4)
def _read(folder: Path) -> dict[str, Terms]:
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    version = latest_version(names)
    if version is None:
        return {}
    return {
        locale: parse_terms(
            version, locale, (folder / f"{version}.{locale}.md").read_text(encoding="utf-8")
        )
        for locale in LOCALES
    }
