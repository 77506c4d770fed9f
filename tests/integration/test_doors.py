"""The doors: who sees what, and that no access goes without its trace."""

import psycopg
import pytest

from core.access import NotInCircle, Permission
from core.audit.sealing import ChainAheadError, seal_finished, unsealed_age_seconds
from core.audit.verifying import verify_chain
from core.care import open_record
from core.doors import CareContext, acting_as
from core.settings import settings
from identity import service as identity
from identity import store
from identity.password_service import sign_in as check_password
from identity.session_service import sign_out, who_is
from identity.verdicts import Opened, WrongCredentials
from tests.conftest import Database
from tests.people import make_care, make_gp

pytestmark = pytest.mark.usefixtures("quiet")


def test_a_member_opens_and_a_stranger_does_not(database: Database) -> None:
    care = make_care()
    opened = open_record(care.nurse, care.patient, Permission.IDENTITY_READ)
    assert isinstance(opened, CareContext)
    with acting_as(opened) as conn:
        traits = store.load_traits(conn, opened.patient)
    assert traits is not None
    assert traits.shown_name == "MARTIN Jeanne"
    assert open_record(make_gp(), care.patient, Permission.IDENTITY_READ) == NotInCircle()


def test_row_security_hides_a_record_even_without_the_first_lock(database: Database) -> None:
    care, stranger = make_care(), make_gp()
    with acting_as(stranger) as conn:
        assert conn.execute("select count(*) from identity.patient").fetchone() == (0,)
    with acting_as(care.gp) as conn:
        assert conn.execute("select count(*) from identity.patient").fetchone() == (1,)


@pytest.mark.promise("S3")
def test_the_app_role_alone_reads_no_vitals(database: Database) -> None:
    with psycopg.connect(database.dsn("APP")) as conn, pytest.raises(psycopg.errors.Error):
        conn.execute("select * from vitals.reading")


@pytest.mark.promise("S10")
def test_every_opening_is_audited_sealed_and_verifiable(database: Database) -> None:
    care = make_care()
    opened = open_record(care.gp, care.patient, Permission.VITALS_READ)
    assert isinstance(opened, CareContext)
    for _ in range(3):
        with acting_as(opened) as conn:
            conn.execute("select 1 from doorway.reading limit 1")
    open_record(make_gp(), care.patient, Permission.VITALS_READ)
    anchor = settings().anchor_places()
    assert seal_finished(anchor) == 4
    assert verify_chain().problem is None
    assert unsealed_age_seconds() == 0
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("update audit.event set purpose = 'ETREAT' where id = 2")
    assert verify_chain().problem is not None


@pytest.mark.promise("S10")
def test_an_event_slipped_in_between_two_seals_is_found(database: Database) -> None:
    care = make_care()
    anchor = settings().anchor_places()
    for _ in range(2):
        opened = open_record(care.gp, care.patient, Permission.VITALS_READ)
        assert isinstance(opened, CareContext)
        with acting_as(opened):
            pass
        seal_finished(anchor)
    assert verify_chain().problem is None
    with psycopg.connect(database.dsn("OWNER")) as conn:
        # The first seal is made to end just after its last event: what is put in the gap changes
        # no digest and no count.
        conn.execute(
            "update audit.seal s set before_xid = (select max(xid)::text::bigint + 1 from"
            " audit.event where xid < s.before_xid)::text::xid8 where id = 1"
        )
        conn.execute(
            "update audit.seal set from_xid = (from_xid::text::bigint + 1)::text::xid8 where id = 2"
        )
    assert verify_chain().problem is not None


@pytest.mark.promise("S10")
def test_a_chain_that_is_ahead_of_its_database_says_so(database: Database) -> None:
    care = make_care()
    opened = open_record(care.gp, care.patient, Permission.VITALS_READ)
    assert isinstance(opened, CareContext)
    with acting_as(opened):
        pass
    anchor = settings().anchor_places()
    seal_finished(anchor)
    with psycopg.connect(database.dsn("OWNER")) as conn:
        # As after a dump is loaded into a younger cluster, whose transactions count from the start.
        conn.execute("update audit.seal set before_xid = '99999999999'")
    with acting_as(opened):
        pass
    with pytest.raises(ChainAheadError):
        seal_finished(anchor)


def test_sign_in_opens_a_session_that_says_who_is_there(database: Database) -> None:
    care = make_care()
    identity.open_account(care.nurse.person, "Nurse@Example.org", "correct horse battery")
    assert check_password("nurse@example.org", "wrong") == WrongCredentials()
    opened = check_password("nurse@example.org ", "correct horse battery")
    assert isinstance(opened, Opened)
    half = who_is(opened.token)
    assert half is not None
    assert (half.role, half.post) == ("telemonitoring_nurse", care.nurse.post)
    assert half.aal == "one"
    sign_out(opened.token)
    assert who_is(opened.token) is None
