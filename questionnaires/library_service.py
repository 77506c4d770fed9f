"""The library: questionnaires shipped with Chevet, and any edition by what it is pinned with."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

from core import clock
from core.doors import Service, before_sign_in, serving
from core.errors import MigrationError
from core.settings import settings
from questionnaires import edition_store as store
from questionnaires.edition_store import Connection
from questionnaires.fhir import parse_questionnaire
from questionnaires.outside import Finding, OutsideSubset
from questionnaires.questionnaire import Questionnaire
from questionnaires.wire import read_json


class UnknownEditionError(LookupError):
    """No edition has this digest or name: an answer or a plan was pinned to what never was."""


def shipped() -> Iterator[tuple[Questionnaire, dict[str, Any]]]:
    """Yield each questionnaire of the library with its FHIR resource.

    MigrationError when one of them cannot be read: a test finds it long before.
    """
    for name, text in _texts():
        resource = read_json(text)
        read = resource if isinstance(resource, Finding) else parse_questionnaire(resource)
        if isinstance(read, Finding | OutsideSubset):
            raise MigrationError(f"questionnaires/library/{name}: {read}")
        yield read, cast(dict[str, Any], resource)


def library_fingerprint() -> str:
    """Return one SHA-256 over the library: what decides the content of a migrated database."""
    return hashlib.sha256(b"\0".join(text for _, text in _texts())).hexdigest()


def _texts() -> list[tuple[str, bytes]]:
    folder = files("questionnaires") / "library"
    return sorted((one.name, one.read_bytes()) for one in folder.iterdir() if one.is_file())


def install_library(conn: Connection) -> None:
    """Bring the editions of this version into the database of the owner's connection.

    A version already there is left alone. MigrationError when its content differs: a change of any
    word needs a new version.
    """
    now = clock.now()
    for edition, resource in shipped():
        known = store.load_shipped_digest(conn, edition.name, edition.version)
        if known == edition.digest:
            continue
        if known is not None:
            raise MigrationError(
                f"questionnaire {edition.name}: version {edition.version} was changed after it was "
                "installed, and answers may have been given to it. Give it a new version."
            )
        store.save_shipped(conn, edition, resource, now)


@lru_cache(maxsize=512)
def load_edition(digest: str) -> Questionnaire:
    """Return an edition by its digest; it never changes, so it is read once a process.

    UnknownEditionError when there is none.
    """
    with _anybody() as conn:
        resource = store.load_resource(conn, digest)
    read = parse_questionnaire(resource) if resource is not None else None
    if not isinstance(read, Questionnaire) or read.digest != digest:
        raise UnknownEditionError(digest)
    return read


def active_edition(name: str) -> Questionnaire:
    """Return the edition of a name that may be planned now, else UnknownEditionError."""
    with _anybody() as conn:
        digest = store.load_active_digest(conn, name)
    if digest is None:
        raise UnknownEditionError(name)
    return load_edition(digest)


def edition_of_version(name: str, version: str) -> Questionnaire:
    """Return the edition of a name and version; UnknownEditionError when there is none."""
    with _anybody() as conn:
        digest = store.load_digest_of_version(conn, name, version)
    if digest is None:
        raise UnknownEditionError(f"{name} {version}")
    return load_edition(digest)


@contextmanager
def _anybody() -> Iterator[Connection]:
    """Open the door this process has: editions hold nothing of any patient."""
    if settings().gate_dsn:
        with before_sign_in() as gate:
            yield gate
    else:
        with serving(Service.REVIEW) as machine:
            yield machine
