"""What the names in braces of a path stand for: each thing of the patient's record, made anew."""

import hashlib
from datetime import timedelta
from uuid import UUID, uuid4

from app import phone_files
from core import clock
from core.access import Role
from questionnaires.library_service import active_edition
from tests.people import make_patient
from tests.security.cast import CANARY, DAY, Cast, add_account, add_member, add_party, mint
from tests.security.makers import MAKERS, makes
from tests.security.things_asked import SCHEDULE, make_answer_link
from tests.security.things_chat import make_conversation, make_room
from tests.security.things_directory import make_colleague
from tests.security.things_documents import make_document, make_file
from tests.security.things_drill import make_drill
from tests.security.things_follow_up import make_episode
from tests.security.things_handover import make_handover
from tests.security.things_inviting import make_invitation
from tests.security.things_link import make_message_link, make_token
from tests.security.things_opening import make_paper
from tests.security.things_plan import make_action, make_line, make_stay, make_support
from tests.security.things_reaching import make_contact
from tests.security.things_repeat import make_repeat
from tests.security.things_runs import make_run
from tests.security.things_swap import make_swap

__all__ = [
    "MAKERS",
    "SCHEDULE",
    "make_action",
    "make_answer_link",
    "make_colleague",
    "make_contact",
    "make_conversation",
    "make_document",
    "make_drill",
    "make_episode",
    "make_file",
    "make_handover",
    "make_invitation",
    "make_line",
    "make_message_link",
    "make_paper",
    "make_repeat",
    "make_room",
    "make_run",
    "make_stay",
    "make_support",
    "make_swap",
    "make_token",
]


@makes("patient_id")
def _patient(cast: Cast) -> UUID:
    return cast.patient


@makes("score")
def _score(cast: Cast) -> str:
    """Nobody's: a name of the list."""
    return "news2"


@makes("alert_id")
def _alert(cast: Cast) -> UUID:
    return cast.alert


@makes("membership_id")
def _membership(cast: Cast) -> UUID:
    """A member who came and may go."""
    person = add_party(cast.owner, "person", "Passant")
    return add_member(cast.owner, cast.patient, person, Role.CARER, clock.now() - DAY, None)


@makes("item_id")
def _item(cast: Cast) -> UUID:
    """A note about the patient, signed by somebody who is in no other relation to him."""
    author, item = add_party(cast.owner, "person", "Auteur"), uuid4()
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
    person = add_party(cast.owner, "person", "Quelqu'un")
    add_account(cast.owner, person)
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


@makes("digest")
@makes("edition")
def _digest(_cast: Cast) -> str:
    """A shipped questionnaire: those who manage questionnaires see it, and no patient is in it."""
    return active_edition("home-daily").digest


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
    person, access = add_party(cast.owner, "person", "Urgentiste"), uuid4()
    cast.owner.execute(
        "insert into access.post (id, person, organisation, role, starts_at)"
        " values (%s, %s, %s, 'hospital_doctor', now() - interval '1 day')",
        [access, person, cast.home.care.centre],
    )
    now = clock.now()
    member = add_member(
        cast.owner, cast.patient, person, Role.EMERGENCY, now, now + timedelta(hours=1)
    )
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


@makes("subscription_id")
def make_subscription(cast: Cast) -> UUID:
    """A browser of the patient's that takes notifications."""
    made = uuid4()
    cast.owner.execute(
        "insert into messages.subscription (id, party, endpoint_digest, sealed, browser,"
        " created_at) values (%s, %s, %s, 'sealed', %s, now())",
        [made, cast.patient, made.bytes * 2, CANARY],
    )
    return made


@makes("shell")
def _shell(_cast: Cast) -> str:
    return phone_files.version()


@makes("script")
def _script(_cast: Cast) -> str:
    return "start.js"
