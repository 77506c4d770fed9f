"""The files of the bedside: modules and worker, named by what they hold so that they always fit."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
PAGE: Final = "/bedside"
_WORKER: Final = "worker.js"
_OF_THE_SHELL: Final = ("visits.js", "judging.js", "sending.js", "vault.js", "who.js")
_SHOWN: Final = ("chevet.css", "site.css", "icon.svg")


@lru_cache
def modules() -> dict[str, bytes]:
    """Return each module by its name."""
    found = sorted((HERE / "bedside").glob("*.js"))
    return {path.name: path.read_bytes() for path in found if path.name != _WORKER}


@lru_cache
def version() -> str:
    """Return what names the modules and styles as they are now."""
    whole = hashlib.sha256()
    for content in (
        *modules().values(),
        *((HERE / "static" / name).read_bytes() for name in _SHOWN),
    ):
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()[:16]


def module(name: str) -> str:
    """Return the address of a module."""
    return f"{PAGE}/app/{version()}/{name}"


@lru_cache
def worker() -> str:
    """Return the service worker: what it must know of this version, then its script."""
    shell = [PAGE, *map(module, _OF_THE_SHELL), *(f"/static/{name}" for name in _SHOWN)]
    known = {"VERSION": version(), "SHELL": shell}
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in known.items())
    return head + (HERE / "bedside" / _WORKER).read_text()
