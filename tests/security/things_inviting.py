"""Invitations into the patient's circle, for the paths that name one."""

from uuid import UUID, uuid4

from tests.security.cast import CANARY, Cast
from tests.security.makers import makes

INVITED = (
    "insert into coordination.invitation (id, patient_id, invited_by, organisation, name, address,"
    " role, basis, token_hash, sends, invited_at, expires_at, asked_family, asked_given,"
    " asked_rpps, asked_at, asks) values (%s, %s, %s, %s, %s, %s, 'physiotherapist', 'care_team',"
    " %s, 1, now() - interval '2 days', now() + interval '5 days', 'Petit', 'Lina',"
    " '10000000009', now(), 1)"
)


@makes("invitation_id")
@makes("waiting_id")
def make_invitation(cast: Cast) -> UUID:
    """Of somebody who asked for an account and waits for the administrator of the centre."""
    made = uuid4()
    cast.owner.execute(
        INVITED,
        [
            made,
            cast.patient,
            cast.home.care.gp.person,
            cast.home.care.centre,
            f"Une amie de {CANARY}",
            f"{made}@invited.example",
            made.bytes * 2,
        ],
    )
    return made
