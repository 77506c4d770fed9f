"""The files of the phone: modules and worker, named by what they hold so that they always fit.

A page names the version of its modules; the worker keeps the very same, so that a page opened
without a network never runs with scripts of another day.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Final

from core.i18n import Translate
from identity.edge.http import Visit
from identity.phone_owner import owner_of

PHONE: Final = Path(__file__).parent / "phone"
STATIC: Final = Path(__file__).parent / "static"
STYLES: Final = ("chevet.css", "site.css", "phone.css")
OFFLINE: Final = "/p/offline"
_SHOWN: Final = (*STYLES, "icon.svg", "icon-192.png")


def _is_worker(path: Path) -> bool:
    """Files of the service worker are one script: `worker.js` and what follows it."""
    return path.name.startswith("worker")


@lru_cache
def modules() -> dict[str, bytes]:
    """Return each module by its name."""
    return {
        path.name: path.read_bytes() for path in sorted(PHONE.glob("*.js")) if not _is_worker(path)
    }


@lru_cache
def version() -> str:
    """Return what names the modules and styles as they are now."""
    whole = hashlib.sha256()
    for content in (*modules().values(), *((STATIC / name).read_bytes() for name in _SHOWN)):
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()[:16]


def module(name: str) -> str:
    """Return the address of a module."""
    return f"/p/app/{version()}/{name}"


@lru_cache
def worker() -> str:
    """Return the service worker: what it must know of this version, then its scripts."""
    shell = [OFFLINE, *map(module, modules()), *(f"/static/{name}" for name in _SHOWN)]
    known = {"VERSION": version(), "SHELL": shell, "OFFLINE": OFFLINE}
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in known.items())
    parts = [path.read_text() for path in sorted(PHONE.glob("*.js")) if _is_worker(path)]
    return head + "\n".join(parts)


def manifest(locale: str, say: Translate) -> str:
    """Return the web app manifest in a language."""
    shell = json.loads((PHONE / "manifest.webmanifest").read_text())
    shortcuts = (("Answer now", "/p/questions"), ("My messages", "/p/messages"))
    said = {
        "lang": locale,
        "description": say("Answer your team's questions, see who has read them."),
        "shortcuts": [{"name": say(name), "url": url} for name, url in shortcuts],
    }
    return json.dumps({**shell, **said}, ensure_ascii=False)


def owner(at: Visit) -> str:
    """Return a name for whoever uses this phone that says nothing of him, empty for nobody."""
    return owner_of(at.signed_in.person) if at.signed_in else ""
