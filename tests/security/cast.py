"""One scene with every role in every relation to one patient, and a session for each.

Everybody is put in by SQL as the owner, in bulk: what is proved is who gets in, not how he came.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import psycopg

from core import clock
from core.access import Role, natural_basis
from core.matrix import AGREEMENT_PERMISSIONS
from tests.integration.alerts.home import Home, make_home
from tests.integration.web.scene import raise_red
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
        made[name] = _party(conn, "organisation", f"Organisation {name}")
        if span is not None:
            _join(conn, span[0], made[name], Role.TELEMONITORING_CENTRE, span[1], span[2])
    return made


def _someone(conn: Owner, cast: Cast, standing: Standing) -> Someone:
    relation = standing.relation
    if relation is Relation.NOBODY:
        return Someone(standing, uuid4(), None, "")
    if standing.is_patient:
        person = _patient_person(cast, relation)
        _account(conn, person)
        return Someone(
            standing, person, None, mint(conn, person, None, ended=relation is Relation.REVOKED)
        )
    person = _party(conn, "person", f"{standing}")
    _account(conn, person)
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
    membership = _join(conn, patient, person, standing.role, *span)
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


def _party(conn: Owner, kind: str, name: str) -> UUID:
    party = uuid4()
    conn.execute(
        "insert into access.party (id, kind, name, created_at) values (%s, %s, %s, %s)",
        [party, kind, name, clock.now()],
    )
    return party


def _account(conn: Owner, person: UUID) -> None:
    conn.execute(
        "insert into identity.account (person, login, password_hash, created_at)"
        " values (%s, %s, 'none', %s) on conflict do nothing",
        [person, f"{person}@cast.example", clock.now()],
    )


def _join(
    conn: Owner,
    patient: UUID,
    party: UUID,
    role: str,
    starts: datetime,
    ends: datetime | None,
) -> UUID:
    membership = uuid4()
    conn.execute(
        "insert into access.membership (id, patient_id, party, role, basis, starts_at, ends_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        [membership, patient, party, role, natural_basis(role), starts, ends],
    )
    return membership


Maker = Callable[[Cast], object]
MAKERS: dict[str, Maker] = {}
"""By the name in braces of a path: how a thing of the patient's record is made, anew each time."""


def makes(name: str) -> Callable[[Maker], Maker]:
    """Register how the thing a path names is made."""

    def register(maker: Maker) -> Maker:
        MAKERS[name] = maker
        return maker

    return register


@makes("patient_id")
def _patient(cast: Cast) -> UUID:
    return cast.patient


@makes("alert_id")
def _alert(cast: Cast) -> UUID:
    return cast.alert


@makes("membership_id")
def _membership(cast: Cast) -> UUID:
    """A member who came and may go."""
    person = _party(cast.owner, "person", "Passant")
    return _join(cast.owner, cast.patient, person, Role.CARER, clock.now() - DAY, None)


@makes("item_id")
def _item(cast: Cast) -> UUID:
    """A note about the patient, signed by somebody who is in no other relation to him."""
    author, item = _party(cast.owner, "person", "Auteur"), uuid4()
    cast.owner.execute(
        "insert into access.item (item_id, patient_id, kind, author, author_name, author_role,"
        " patient_name, signed_at) values (%s, %s, 'note', %s, 'Auteur', 'gp', %s, now())",
        [item, cast.patient, author, CANARY],
    )
    cast.owner.execute(
        "insert into coordination.note (item_id, patient_id, author, sent, text)"
        " values (%s, %s, %s, now(), %s)",
        [item, cast.patient, author, f"Une note sur {CANARY}"],
    )
    return item


@makes("kind")
def _kind(_cast: Cast) -> str:
    """What nobody can hide: whoever may hide at all is told so, before whose item it is counts."""
    return "vitals"


@makes("person")
def _stranger(cast: Cast) -> UUID:
    """A professional with an account, of no organisation."""
    person = _party(cast.owner, "person", "Quelqu'un")
    _account(cast.owner, person)
    return person


@makes("post")
def _post_nearby(cast: Cast) -> UUID:
    """A post in the organisation that follows the patient."""
    post = uuid4()
    cast.owner.execute(
        "insert into access.post (id, person, organisation, role, starts_at)"
        " values (%s, %s, %s, %s, %s)",
        [post, _stranger(cast), cast.home.care.centre, Role.TELEMONITORING_NURSE, clock.now()],
    )
    return post


@makes("session")
def _session(cast: Cast) -> UUID:
    """A session of somebody else."""
    token = mint(cast.owner, _stranger(cast), None, ended=False)
    digest = hashlib.sha256(token.encode()).digest()
    found = cast.owner.execute("select id from identity.session where token_hash = %s", [digest])
    ((session,),) = found.fetchall()
    assert isinstance(session, UUID)
    return session


@makes("provider")
def _provider(_cast: Cast) -> str:
    """A provider this site is not registered with."""
    return "pro-sante-connect"


@makes("token")
def make_token(_: Cast) -> str:
    """A link by mail that was never sent."""
    return uuid4().hex


@makes("consent_id")
def _consent(cast: Cast) -> UUID:
    """What the patient agreed to for a member who came and may go."""
    member, consent = _membership(cast), uuid4()
    cast.owner.execute(
        "insert into coordination.consent (id, patient_id, membership_id, text_id, text_version,"
        " wording, given_on, given_by, means, recorded_by, recorded_at)"
        " values (%s, %s, %s, 'joining', 1, %s, now(), %s, 'spoken', %s, now())",
        [consent, cast.patient, member, CANARY, cast.patient, cast.patient],
    )
    return consent


@makes("access_id")
def _emergency(cast: Cast) -> UUID:
    """An access in an emergency, by somebody in no other relation, still to be reviewed."""
    person, access = _party(cast.owner, "person", "Urgentiste"), uuid4()
    cast.owner.execute(
        "insert into access.post (id, person, organisation, role, starts_at)"
        " values (%s, %s, %s, 'hospital_doctor', now() - interval '1 day')",
        [access, person, cast.home.care.centre],
    )
    now = clock.now()
    member = _join(cast.owner, cast.patient, person, Role.EMERGENCY, now, now + timedelta(hours=1))
    cast.owner.execute(
        "insert into coordination.break_glass (id, membership_id, patient_id, person, post,"
        " organisation, reason, opened_at, review_due_at) values"
        " (%s, %s, %s, %s, %s, %s, %s, now(), now() + interval '3 days')",
        [
            access,
            member,
            cast.patient,
            person,
            access,
            cast.home.care.centre,
            f"Malaise de {CANARY}",
        ],
    )
    return access


@makes("pair_id")
def make_pair(cast: Cast) -> UUID:
    """Two records of other people that may be of one person."""
    pair = uuid4()
    cast.owner.execute(
        "insert into identity.suspected_duplicate (id, patient_id, other_id, cause, found_at)"
        " values (%s, %s, %s, 'close_names', now())",
        [pair, cast.other_patient, make_patient(uuid4().hex, "Tiers")],
    )
    return pair


@makes("link_id")
def make_link(cast: Cast) -> UUID:
    """Two records of other people that are read as one."""
    link = uuid4()
    cast.owner.execute(
        "insert into access.patient_link"
        " (id, patient_id, into_patient, linked_at, linked_by, reason)"
        " values (%s, %s, %s, now(), %s, 'one person')",
        [link, make_patient(uuid4().hex, "Tiers"), cast.other_patient, cast.other_patient],
    )
    return link


@makes("import_id")
def make_import(cast: Cast) -> UUID:
    """What an import of the directory did."""
    made = uuid4()
    cast.owner.execute(
        "insert into identity.directory_import (id, at, format, source, dry_run, created, updated,"
        " unchanged, ended, refused) values (%s, now(), 'csv', 'x.csv', false, 1, 0, 0, 0, '[]')",
        [made],
    )
    return made
