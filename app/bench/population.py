"""A region: 100,000 patients, 6,000 professionals, 600,000 memberships, made in the database.

All of it is invented and follows from the seed. Triggers and foreign keys are left aside while it
is made, so the connection has to be the superuser's; every row obeys them all the same.
"""

from dataclasses import dataclass
from hashlib import md5
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow

from core.doors import Actor
from core.sqlfile import load_queries

_SQL = load_queries("app.bench")
STEPS = (
    "populate_parties",
    "populate_patients",
    "populate_traits",
    "populate_posts",
    "populate_memberships",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """How large a region is; each patient has six memberships, himself among them."""

    patients: int = 100_000
    professionals: int = 6_000
    few: int = 10
    """Patients of the nurse who goes from home to home."""
    many: int = 2_000
    """Patients of the busiest general practitioner."""
    seed: int = 1

    @property
    def of_a_centre(self) -> int:
        """Patients followed by each of the five telemonitoring centres."""
        return self.patients // 5

    @property
    def memberships(self) -> int:
        """How many memberships there are."""
        return 6 * self.patients

    def professional(self, number: int) -> Actor:
        """Return a professional in the one post he has; numbers begin with 1."""
        person, post = self._id("professional", number), self._id("post", number)
        return Actor(person=person, post=post, session=None)

    def patient(self, number: int) -> UUID:
        """Return the id of a patient; numbers begin with 1."""
        return self._id("patient", number)

    def line(self, number: int) -> UUID:
        """Return the id of the one line of a patient's plan; numbers begin with 1."""
        return self._id("line", number)

    def _id(self, kind: str, number: int) -> UUID:
        """Return what the queries call `bench_id`: an MD5 read as an UUID."""
        text = f"{self.seed} {kind} {number}"
        return UUID(md5(text.encode(), usedforsecurity=False).hexdigest())


@dataclass(frozen=True, slots=True)
class Counts:
    """What stands in the database."""

    patients: int
    professionals: int
    memberships: int


def populate(conn: psycopg.Connection[TupleRow], region: Region) -> Counts:
    """Fill an empty database of Chevet with a region, in one transaction, and analyse it."""
    sizes = {
        "seed": region.seed,
        "patients": region.patients,
        "professionals": region.professionals,
        "few": region.few,
        "many": region.many,
    }
    with conn.transaction():
        conn.execute("set local session_replication_role = replica")
        conn.execute(_SQL["populate_ids"])
        for step in STEPS:
            conn.execute(_SQL[step], sizes)
    conn.execute("analyze")
    row = conn.execute(_SQL["count_region"]).fetchone()
    return Counts(*row) if row else Counts(0, 0, 0)


def populate_directory(conn: psycopg.Connection[TupleRow], region: Region) -> int:
    """Write the professionals of a region into the directory; return how many entries there are."""
    sizes = {"seed": region.seed, "professionals": region.professionals}
    with conn.transaction():
        conn.execute("set local session_replication_role = replica")
        for step in ("populate_communes", "populate_practices", "populate_professionals"):
            conn.execute(_SQL[step], sizes)
        conn.execute(_SQL["populate_entries"])
    conn.execute("vacuum analyze identity.directory_entry")
    row = conn.execute(_SQL["count_entries"]).fetchone()
    return int(row[0]) if row else 0
