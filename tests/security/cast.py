"""One scene with every role in every relation to one patient, and a session for each.

Everybody is put in by SQL as the owner, in bulk: what is proved is who gets in, not how he came.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import psycopg

from core import clock
from core.access import Role, natural_basis
from core.matrix import AGREEMENT_PERMISSIONS
from tests.integration.alerts.home import Home, make_home
from tests.integration.web.scene import password_hash, raise_red
from tests.people import make_patient
from tests.security.relations import WITHOUT_SESSION, Relation, Standing, standings

Owner = psycopg.Connection[tuple[object, ...]]
CANARY = "Zanzibarre"
"""Family name of the patient: in no answer to somebody who has no business with him."""
CANARY_PHONE = "0639980199"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Someone:
    """An actor of the cast; `token` is what his cookie holds, empty for nobody."""

    standing: Standing
    person: UUID
    post: UUID | None
    token: str


@dataclass(slots=True)
class Cast:
    """Everybody, and the database they live in; `owner` is bound by no policy."""

    owner: Owner
    home: Home
    alert: UUID
    other_patient: UUID
    everybody: dict[Standing, Someone] = field(default_factory=dict)
    organisations: dict[str, UUID] = field(default_factory=dict)

    @property
    def patient(self) -> UUID:
        return self.home.care.patient

    def restore(self) -> None:
        """Undo what the last act did to the cast itself: a session ended, a member who left."""
        self.owner.execute(
            "update identity.session s set ended_at = k.ended_at from kept_session k"
            " where k.id = s.id and s.ended_at is distinct from k.ended_at"
        )
        self.owner.execute("delete from access.asleep")
        self.owner.execute("update access.record set shared = true, archived_at = null")
        self.owner.execute("delete from coordination.statement where kind = 'opposition'")
        self.owner.execute(
            "update access.membership m set ends_at = k.ends_at from kept_membership k"
            " where k.id = m.id and m.ends_at is distinct from k.ends_at"
        )

    def keep(self) -> None:
        """Remember the cast as it stands."""
        for name in ("session", "membership"):
            schema = "identity" if name == "session" else "access"
            self.owner.execute(f"create temp table kept_{name} as table {schema}.{name}")


def mint(conn: Owner, person: UUID, post: UUID | None, *, ended: bool) -> str:
    """Open a session by SQL and return its token: the only place that knows what a session is."""
    token, now = uuid4().hex, clock.now()
    conn.execute(
        "insert into identity.session (id, token_hash, person, post, created_at, last_seen_at,"
        " idle_seconds, ends_at, ended_at, aal)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'two')",
        [
            uuid4(),
            hashlib.sha256(token.encode()).digest(),
            person,
            post,
            now,
            now,
            36_000,
            now + timedelta(hours=12),
            now if ended else None,
        ],
    )
    return token


def make_cast(owner: Owner) -> Cast:
    """Put everybody in place around one patient with a red alert."""
    home = make_home()
    alert = raise_red(home)
    cast = Cast(owner, home, alert, make_patient("Quiberon", "Autre"))
    with owner.transaction():
        _name_the_patient(owner, cast.patient)
        cast.organisations = _organisations(owner, cast)
        for standing in standings():
            cast.everybody[standing] = _someone(owner, cast, standing)
    cast.keep()
    return cast


def _name_the_patient(conn: Owner, patient: UUID) -> None:
    conn.execute(
        "update identity.patient set birth_name = %s, phone = %s where patient_id = %s",
        [CANARY, CANARY_PHONE, patient],
    )
    conn.execute("update access.party set name = %s where id = %s", [f"Jeanne {CANARY}", patient])


def _organisations(conn: Owner, cast: Cast) -> dict[str, UUID]:
    """Return the organisations posts are in: one for each way to stand to the patient."""
    now = clock.now()
    spans: dict[str, tuple[UUID, datetime, datetime | None] | None] = {
        "left": (cast.patient, now - 9 * DAY, now - DAY),
        "later": (cast.patient, now + DAY, None),
        "elsewhere": (cast.other_patient, now - DAY, None),
        "nowhere": None,
    }
    made = {"here": cast.home.care.centre}
    for name, span in spans.items():
        made[name] = add_party(conn, "organisation", f"Organisation {name}")
        if span is not None:
            add_member(conn, span[0], made[name], Role.TELEMONITORING_CENTRE, span[1], span[2])
    return made


def _someone(conn: Owner, cast: Cast, standing: Standing) -> Someone:
    relation = standing.relation
    if relation is Relation.NOBODY:
        return Someone(standing, uuid4(), None, "")
    if standing.is_patient:
        person = _patient_person(cast, relation)
        add_account(conn, person)
        return Someone(
            standing, person, None, mint(conn, person, None, ended=relation is Relation.REVOKED)
        )
    person = add_party(conn, "person", f"{standing}")
    add_account(conn, person)
    _tie(conn, cast, person, standing)
    post = _post(conn, cast, person, standing)
    ended = relation in WITHOUT_SESSION and relation is not Relation.EX_POST
    return Someone(standing, person, post, mint(conn, person, post, ended=ended))


def _patient_person(cast: Cast, relation: Relation) -> UUID:
    return cast.other_patient if relation is Relation.NONE else cast.patient


Span = tuple[datetime, datetime | None]


def _own_span(relation: Relation, now: datetime) -> Span | None:
    """Return when the actor's own membership runs, if he has one."""
    live: Span = (now - DAY, None)
    return {
        Relation.CIRCLE: live,
        Relation.CIRCLE_AGREED: live,
        Relation.REVOKED: live,
        Relation.OTHER_CIRCLE: live,
        Relation.EX_CIRCLE: (now - 9 * DAY, now - timedelta(seconds=1)),
        Relation.EXPIRED: (now - 9 * DAY, now - DAY),
        Relation.NOT_YET: (now + DAY, None),
        Relation.BREAK_GLASS: (now - timedelta(minutes=1), now + timedelta(minutes=59)),
        Relation.BREAK_GLASS_OVER: (now - timedelta(minutes=61), now - timedelta(minutes=1)),
    }.get(relation)


def _tie(conn: Owner, cast: Cast, person: UUID, standing: Standing) -> None:
    span = _own_span(standing.relation, clock.now())
    if span is None:
        return
    elsewhere = standing.relation is Relation.OTHER_CIRCLE
    patient = cast.other_patient if elsewhere else cast.patient
    membership = add_member(conn, patient, person, standing.role, *span)
    if standing.relation is Relation.CIRCLE_AGREED:
        conn.execute(
            "update access.membership set agreed = %s where id = %s",
            [sorted(AGREEMENT_PERMISSIONS[standing.role]), membership],
        )


_PLACES = {
    Relation.CIRCLE_POST: "here",
    Relation.EX_CIRCLE_POST: "left",
    Relation.EX_POST: "here",
    Relation.OTHER_CIRCLE_POST: "elsewhere",
    Relation.NOT_YET_POST: "later",
}


def _post(conn: Owner, cast: Cast, person: UUID, standing: Standing) -> UUID | None:
    if standing.post_role is None:
        return None
    post, now = uuid4(), clock.now()
    ends = now - timedelta(seconds=1) if standing.relation is Relation.EX_POST else None
    place = cast.organisations[_PLACES.get(standing.relation, "nowhere")]
    conn.execute(
        "insert into access.post (id, person, organisation, role, starts_at, ends_at)"
        " values (%s, %s, %s, %s, %s, %s)",
        [post, person, place, standing.post_role, now - 9 * DAY, ends],
    )
    return post


def add_party(conn: Owner, kind: str, name: str) -> UUID:
    """Put in a person or an organisation."""
    party = uuid4()
    conn.execute(
        "insert into access.party (id, kind, name, created_at) values (%s, %s, %s, %s)",
        [party, kind, name, clock.now()],
    )
    return party


def add_account(conn: Owner, person: UUID) -> None:
    """Give a person an account with a password and no second factor."""
    conn.execute(
        "insert into identity.account (person, login, password_hash, created_at)"
        " values (%s, %s, %s, %s) on conflict do nothing",
        [person, f"{person}@cast.example", password_hash(), clock.now()],
    )


def add_member(
    conn: Owner,
    patient: UUID,
    party: UUID,
    role: str,
    starts: datetime,
    ends: datetime | None,
) -> UUID:
    """Put in a stay in a circle."""
    membership = uuid4()
    conn.execute(
        "insert into access.membership (id, patient_id, party, role, basis, starts_at, ends_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        [membership, patient, party, role, natural_basis(role), starts, ends],
    )
    return membership
