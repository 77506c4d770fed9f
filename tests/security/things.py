"""What the names in braces of a path stand for: each thing of the patient's record, made anew."""

import hashlib
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from app import phone_files
from core import clock
from core.access import Role
from questionnaires.library_service import active_edition
from questionnaires.plans.schedule import schedule_json
from questionnaires.plans.service import programmes
from tests.people import make_patient
from tests.security.cast import CANARY, DAY, Cast, add_account, add_member, add_party, mint
from tests.security.makers import MAKERS, makes
from tests.security.things_drill import make_drill
from tests.security.things_follow_up import make_episode
from tests.security.things_handover import make_handover
from tests.security.things_link import make_message_link, make_token
from tests.security.things_reaching import make_contact
from tests.security.things_repeat import make_repeat
from tests.security.things_swap import make_swap

__all__ = [
    "MAKERS",
    "SCHEDULE",
    "make_contact",
    "make_drill",
    "make_episode",
    "make_handover",
    "make_message_link",
    "make_repeat",
    "make_swap",
    "make_token",
]


@makes("patient_id")
def _patient(cast: Cast) -> UUID:
    return cast.patient


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


@makes("plan_id")
def make_plan(cast: Cast) -> UUID:
    """A running plan of the patient, of a programme nobody else uses."""
    plan = uuid4()
    cast.owner.execute(
        "insert into questionnaires.plan (id, patient_id, programme, programme_version, title,"
        " zone, starts_on, high_risk, required_by_law, created_at, created_by)"
        " values (%s, %s, %s, 1, %s, 'Europe/Paris', current_date, false, false, now(), %s)",
        [plan, cast.patient, f"x-{plan.hex}", f'{{"fr": "Plan de {CANARY}"}}', cast.patient],
    )
    return plan


@makes("questionnaire")
def _questionnaire(_cast: Cast) -> str:
    """One that is published, by its name: every plan may ask it."""
    return "mmrc"


SCHEDULE: Final = schedule_json(programmes()["covid-14"].lines[0].schedule)


@makes("task_id")
def make_task(cast: Cast) -> UUID:
    """A questionnaire the patient is asked today, in a plan of its own."""
    line, task = uuid4(), uuid4()
    cast.owner.execute(
        "insert into questionnaires.plan_line (id, plan_id, patient_id, questionnaire, edition,"
        " schedule, begins_at, planned_through)"
        " values (%s, %s, %s, 'home-daily', %s, %s, now(), 'infinity')",
        [line, make_plan(cast), cast.patient, active_edition("home-daily").digest, SCHEDULE],
    )
    cast.owner.execute(
        "insert into questionnaires.task (id, patient_id, line_id, edition, occasion, opens_at,"
        " due_at, alarm_at) select %s, patient_id, id, edition, now(), now(), now(),"
        " now() + interval '1 day' from questionnaires.plan_line where id = %s",
        [task, line],
    )
    return task


@makes("answer_id")
def _answer(cast: Cast) -> UUID:
    """What was measured at the patient's bedside, by somebody in no other relation."""
    answer, person = uuid4(), add_party(cast.owner, "person", "Infirmier")
    cast.owner.execute(
        "insert into questionnaires.answer (id, patient_id, instrument, version, edition, source,"
        " answers, answered_at, received_at, entered_by, client_key, words)"
        " values (%s, %s, 'bedside-measures', '1', %s, 'bedside', '{}', now(), now(), %s, %s, %s)",
        [
            answer,
            cast.patient,
            active_edition("bedside-measures").digest,
            person,
            str(answer),
            CANARY,
        ],
    )
    return answer


@makes("photo_id")
def _photo(cast: Cast) -> UUID:
    """A photograph the patient has sent."""
    photo = uuid4()
    cast.owner.execute(
        "insert into questionnaires.photo (id, patient_id, by_person, at, kind, width, height,"
        " bytes) values (%s, %s, %s, now(), 'image/jpeg', 1, 1, %s)",
        [photo, cast.patient, cast.patient, CANARY.encode()],
    )
    return photo


@makes("answer_link")
def _answer_link(cast: Cast) -> UUID:
    """A link by which the patient may answer one questionnaire."""
    link = uuid4()
    cast.owner.execute(
        "insert into questionnaires.link (id, patient_id, recipient, edition, token_hash,"
        " code_hash, made_at, expires_at) values (%s, %s, %s, %s, sha256(%s), sha256('x'), now(),"
        " now() + interval '1 day')",
        [link, cast.patient, cast.patient, active_edition("home-daily").digest, link.bytes],
    )
    return link


@makes("shell")
def _shell(_cast: Cast) -> str:
    return phone_files.version()


@makes("script")
def _script(_cast: Cast) -> str:
    return "start.js"
