"""Queries of registering, changing and merging identities."""

from dataclasses import asdict
from datetime import date
from uuid import UUID

from psycopg.types.json import Jsonb

from core.doors import PersonConnection, ServiceConnection, VisiblePatientId
from core.rows import fetch_all
from core.sqlfile import load_queries
from identity.duplicates import Alike, Cause
from identity.people import PatientTraits
from identity.records import EarlierRow, Merge, SuspectRow

_SQL = load_queries("identity")
_Either = PersonConnection | ServiceConnection


def load_alike(conn: _Either, birth_date: date, ins: str | None, most: int) -> list[Alike]:
    """Return who is registered with that birth date or INS."""
    params = {"birth_date": birth_date, "ins": ins, "most": most}
    return fetch_all(conn, _SQL["alike_patients"], params, Alike)


def save_suspect(conn: _Either, *, id: UUID, patient: UUID, other: UUID, cause: Cause) -> None:
    """Flag two records that may be of one person, once."""
    conn.execute(
        _SQL["note_suspect"], {"id": id, "patient": patient, "other": other, "cause": cause}
    )


def include_patient(
    conn: PersonConnection, traits: PatientTraits, memberships: tuple[UUID, UUID]
) -> bool:
    """Register a patient and let the actor into his circle; False without the right."""
    plain = {name: value for name, value in asdict(traits).items() if name != "patient_id"}
    plain["birth_date"] = traits.birth_date.isoformat()
    row = conn.execute(
        _SQL["include_patient"],
        {
            "patient": traits.patient_id,
            "memberships": list(memberships),
            "name": traits.full_name,
            "traits": Jsonb(plain),
        },
    ).fetchone()
    return bool(row and row[0])


def open_unshared(conn: PersonConnection, patient: UUID, change: UUID) -> None:
    """Open the record of a patient just registered to the actor's organisation alone."""
    conn.execute(_SQL["open_unshared"], {"patient": patient, "id": change})


def save_change(conn: PersonConnection, traits: PatientTraits, reason: str) -> bool:
    """Write the next version of an identity; False when somebody was faster."""
    params = {**asdict(traits), "reason": reason}
    return conn.execute(_SQL["change_traits"], params).rowcount == 1


def load_history(conn: PersonConnection, patient: VisiblePatientId, most: int) -> list[EarlierRow]:
    """Return earlier versions of an identity, latest first."""
    params = {"patient": patient, "most": most}
    return fetch_all(conn, _SQL["identity_history"], params, EarlierRow)


def load_suspects(conn: PersonConnection, pair: UUID | None, most: int) -> list[SuspectRow]:
    """Return pairs to judge, or one of them; two rows each."""
    return fetch_all(conn, _SQL["suspects"], {"pair": pair, "most": most}, SuspectRow)


def load_merges(conn: PersonConnection, link: UUID | None, most: int) -> list[Merge]:
    """Return records that are read as one, latest first."""
    return fetch_all(conn, _SQL["merges"], {"link": link, "most": most}, Merge)


def merge_pair(conn: PersonConnection, *, id: UUID, pair: UUID, keep: UUID, reason: str) -> str:
    """Link the two records of a pair; return what came of it, in the database's word."""
    params = {"id": id, "pair": pair, "keep": keep, "reason": reason}
    row = conn.execute(_SQL["merge_pair"], params).fetchone()
    return str(row[0]) if row else "gone"


def part_pair(conn: PersonConnection, pair: UUID, reason: str) -> bool:
    """Note that two records are of two persons; False when the pair was judged already."""
    row = conn.execute(_SQL["part_pair"], {"pair": pair, "reason": reason}).fetchone()
    return bool(row and row[0])


def unlink_pair(conn: PersonConnection, link: UUID, reason: str) -> bool:
    """End a link; False when it has ended already."""
    row = conn.execute(_SQL["unlink_pair"], {"link": link, "reason": reason}).fetchone()
    return bool(row and row[0])
