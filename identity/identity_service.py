"""Use cases: reading the identity of a patient with its history, and changing it."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import psycopg

from core.access import Permission
from core.doors import CareContext, acting_as
from core.settings import settings
from identity import store
from identity.people import PatientTraits
from identity.records import Change, changes_of
from identity.store import records
from identity.traits import (
    STRICT,
    SURE,
    WITH_INS,
    NotThisStatus,
    check_status,
    may_change_traits,
)

MOST_CHANGES = 50
READ_ONLY = "CHV01"
"""SQLSTATE by which the database refuses to change a validated identity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An identity as its page shows it; `open` says its strict traits may be changed here."""

    traits: PatientTraits
    changes: tuple[Change, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """The identity has a new version."""


@dataclass(frozen=True, slots=True)
class ReadOnly:
    """The identity is validated and this installation is a slave: its traits stay."""


@dataclass(frozen=True, slots=True)
class Stale:
    """Somebody changed the identity meanwhile: look again."""


@dataclass(frozen=True, slots=True)
class NoReason:
    """A change of an identity needs a reason."""


def is_master() -> bool:
    """Whether this installation may change validated identities."""
    return settings().identity_mode == "master"


def load_identity(ctx: CareContext) -> Identity | None:
    """Return the identity of the patient in hand with its latest changes; needs `identity:read`."""
    with acting_as(ctx) as conn:
        traits = store.load_traits(conn, ctx.patient)
        earlier = records.load_history(conn, ctx.patient, MOST_CHANGES)
    if traits is None:
        return None
    return Identity(
        traits=traits,
        changes=tuple(changes_of(_plain(traits), earlier)),
        open=may_change_traits(traits, is_master=is_master()),
    )


def _plain(traits: PatientTraits) -> dict[str, Any]:
    return {**asdict(traits), "birth_date": traits.birth_date.isoformat()}


def change_identity(
    ctx: CareContext, wanted: PatientTraits, reason: str
) -> Changed | ReadOnly | Stale | NoReason | NotThisStatus:
    """Write the next version of an identity; needs `identity:write`.

    The version of `wanted` is the one the person had before his eyes. Every earlier version stays
    readable. Once validated, a slave lets nothing be changed but used names, telephone, the
    attributes, and a doubt, which takes status and INS number away.
    """
    if ctx.permission is not Permission.IDENTITY_WRITE:
        raise ValueError(f"changing an identity needs identity:write, not {ctx.permission}")
    if not reason.strip():
        return NoReason()
    wanted = doubted(wanted)
    wrong = check_status(
        wanted.ins_status,
        ins=wanted.ins,
        document=wanted.document,
        is_doubtful=wanted.is_doubtful,
        is_fictitious=wanted.is_fictitious,
    )
    if wrong is not None:
        return wrong
    try:
        with acting_as(ctx, action="U", detail={"version": wanted.version + 1}) as conn:
            current = store.load_traits(conn, ctx.patient)
            if current is None or current.version != wanted.version:
                return Stale()
            if _touches(current, wanted) and not may_change_traits(current, is_master=is_master()):
                return ReadOnly()
            kept = records.save_change(conn, wanted, reason.strip())
            return Changed() if kept else Stale()
    except psycopg.Error as error:
        if error.sqlstate == READ_ONLY:
            return ReadOnly()
        raise


def doubted(traits: PatientTraits) -> PatientTraits:
    """Return a doubtful or fictitious identity as it has to be: provisional, without INS."""
    if not (traits.is_doubtful or traits.is_fictitious):
        return traits
    return replace(traits, ins_status="provisional", ins=None, ins_oid=None)


def _touches(current: PatientTraits, wanted: PatientTraits) -> bool:
    """Whether a change would touch what a slave may not change."""
    strict = any(getattr(current, trait) not in (None, getattr(wanted, trait)) for trait in STRICT)
    doubt = wanted.is_doubtful or wanted.is_fictitious
    ins = current.ins is not None and wanted.ins != current.ins and not doubt
    lowered = current.ins_status in SURE and wanted.ins_status not in SURE and not doubt
    gains_ins = current.ins is None and wanted.ins is not None
    return strict or ins or lowered or (gains_ins and wanted.ins_status not in WITH_INS)
