"""Which model is in use: put into use, taken back, or none; every turn is kept with its reason.

The file itself is kept in the database with the digest it had: each process that asks gets the very
bytes that were judged, and a turn back needs no file that somebody may have changed.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from alerts.store import models
from alerts.store.models import KeptModel, ModelFile, Turn
from core import clock
from core.doors import Service, ServiceConnection, note_run, serving
from core.ids import new_id
from scoring.edge.model_file import load_model
from scoring.model.heads import Heads
from scoring.refusal import Refused


def promote(path: Path, reason: str) -> str | Refused:
    """Put the model of a file into use; return its version, or why not."""
    if not reason.strip():
        return Refused(reason="say why, in words: it is read when somebody asks what changed")
    read = _read(path)
    if isinstance(read, Refused):
        return read
    heads, file = read
    with serving(Service.ADMINISTRATION) as conn:
        models.hold_models(conn)
        now = after_all(models.load_turns(conn), clock.now())
        version = _keep(conn, heads, file, now)
        if isinstance(version, Refused):
            return version
        if in_use(models.load_turns(conn)) == version:
            return Refused(reason=f"{version} is in use already")
        _turn(conn, version, "promoted", reason, now)
    return version


def roll_back(reason: str) -> str | Refused:
    """Put the model into use that was before; return its version, or « rules » when none was."""
    if not reason.strip():
        return Refused(reason="say why, in words: it is read when somebody asks what changed")
    with serving(Service.ADMINISTRATION) as conn:
        models.hold_models(conn)
        turns = models.load_turns(conn)
        now = after_all(turns, clock.now())
        if in_use(turns) is None:
            return Refused(reason="no model is in use: the rules speak alone")
        before = before_this(turns)
        kind = "rules_only" if before is None else "rolled_back"
        _turn(conn, before, kind, reason, now)
    return before or "rules"


def turns() -> list[Turn]:
    """Return every turn, the newest first."""
    with serving(Service.ADMINISTRATION) as conn:
        return models.load_turns(conn)


def kept() -> list[KeptModel]:
    """Return the models that never were in use, the newest first."""
    with serving(Service.ADMINISTRATION) as conn:
        return models.load_kept(conn)


def model_in_use() -> Heads | None:
    """Return the model in use; None when the rules speak alone, or its file cannot be read."""
    with serving(Service.REVIEW) as conn:
        version = in_use(models.load_turns(conn))
        file = models.load_file(conn, version) if version is not None else None
    return _heads(file) if file is not None else None


def keep(path: Path, reason: str) -> str | Refused:
    """Keep the model of a file without putting it into use; return its version, or why not."""
    if not reason.strip():
        return Refused(reason="say why, in words: it is read when somebody asks what changed")
    read = _read(path)
    if isinstance(read, Refused):
        return read
    heads, file = read
    with serving(Service.ADMINISTRATION) as conn:
        models.hold_models(conn)
        done = _keep(conn, heads, file, clock.now(), reason.strip())
        if not isinstance(done, Refused):
            note_run(conn, Service.ADMINISTRATION, "model_kept", about=done)
    return done


def heads_of(conn: ServiceConnection, version: str) -> Heads | None:
    """Return a version that is kept, whole; None when its file cannot be read."""
    file = models.load_file(conn, version)
    return _heads(file) if file is not None else None


def in_use(turns: Sequence[Turn]) -> str | None:
    """Return the version in use by the newest of the turns."""
    return turns[0].version if turns else None


def before_this(turns: Sequence[Turn]) -> str | None:
    """Return the version that was in use before the one that is, None when none was.

    Turns back are followed: after one, « before » is what was before the version gone back to.
    """
    stack: list[str | None] = [None]
    for turn in reversed(turns):
        if turn.kind == "rolled_back":
            while stack[-1] != turn.version:
                stack.pop()
        else:
            stack.append(turn.version)
    return stack[-2]


def _read(path: Path) -> tuple[Heads, bytes] | Refused:
    """Return the model of a file with the very bytes it was read from, or why not."""
    try:
        file = path.read_bytes()
    except OSError as error:
        return Refused(reason=f"{path.name} is not a model: {error}")
    heads = load_model(BytesIO(file), path.name)
    return heads if isinstance(heads, Refused) else (heads, file)


def _keep(
    conn: ServiceConnection, heads: Heads, file: bytes, now: datetime, kept_for: str | None = None
) -> str | Refused:
    version, sha256 = str(heads.card["version"]), hashlib.sha256(file).hexdigest()
    models.save_model(conn, version, sha256, heads.card, file, now, kept_for)
    for known in models.load_known(conn, version, sha256):
        if (known.version, known.sha256) != (version, sha256):
            other = "another file" if known.version == version else "the name"
            return Refused(reason=f"{known.version} is {other} of a model that is here already")
    return version


def after_all(turns: Sequence[Turn], now: datetime) -> datetime:
    """Return now, or just after the newest turn if a clock went back: the newest line counts."""
    return max(now, turns[0].at + timedelta(microseconds=1)) if turns else now


def _turn(
    conn: ServiceConnection, version: str | None, kind: str, reason: str, now: datetime
) -> None:
    models.save_turn(conn, new_id(now), version, kind, reason.strip(), now)
    if version is not None:
        models.ask_about_all(conn, now)
    note_run(conn, Service.ADMINISTRATION, f"model_{kind}", about=version or "rules")


@lru_cache(maxsize=2)
def _heads(file: ModelFile) -> Heads | None:
    if hashlib.sha256(file.file).hexdigest() != file.sha256:
        return None
    heads = load_model(BytesIO(file.file))
    return None if isinstance(heads, Refused) else heads
