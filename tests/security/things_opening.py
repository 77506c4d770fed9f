"""Things of how a record stands that paths name: a statement, its paper, a transfer."""

from uuid import UUID, uuid4

from tests.security.cast import CANARY, Cast, add_party
from tests.security.makers import makes


@makes("statement_id")
def make_statement(cast: Cast) -> UUID:
    """Something the patient agreed to, which may be taken back."""
    statement = uuid4()
    cast.owner.execute(
        "insert into coordination.statement (id, patient_id, kind, text_id, text_version, wording,"
        " said_on, said_by, means, recorded_by, recorded_at) values (%s, %s, 'agreement',"
        " 'agreement', 1, %s, current_date, 'patient', 'paper', %s, now())",
        [statement, cast.patient, CANARY, cast.home.care.gp.person],
    )
    return statement


@makes("paper_id")
def make_paper(cast: Cast) -> UUID:
    """The picture of the paper on which it was signed."""
    paper = uuid4()
    cast.owner.execute(
        "insert into coordination.paper (id, statement_id, patient_id, by_person, at, width,"
        " height, bytes) values (%s, %s, %s, %s, now(), 1, 1, %s)",
        [paper, make_statement(cast), cast.patient, cast.home.care.gp.person, CANARY.encode()],
    )
    return paper


@makes("transfer_id")
def make_transfer(cast: Cast) -> UUID:
    """The record is proposed to the centre by somebody else's organisation."""
    transfer, by = uuid4(), cast.home.care.gp.person
    cast.owner.execute(
        "update coordination.transfer set state = 'withdrawn', answered_by = %s,"
        " answered_at = now() where state = 'proposed'",
        [by],
    )
    cast.owner.execute(
        "insert into coordination.transfer (id, patient_id, from_organisation, to_organisation,"
        " mission, stays, reason, patient_told_on, proposed_by, proposed_at) values (%s, %s, %s,"
        " %s, 'telemonitoring_centre', true, %s, current_date, %s, now())",
        [
            transfer,
            cast.patient,
            add_party(cast.owner, "organisation", "DAC"),
            cast.home.care.centre,
            CANARY,
            by,
        ],
    )
    return transfer
