"""The identity of a patient: its status, its history, and traits that stay once validated."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import psycopg
import pytest

from core.access import Permission
from core.doors import Actor, Service, serving
from core.settings import settings
from identity import identity_service as identities
from identity import service as identity
from identity.numbers import Ins
from identity.people import PatientTraits
from identity.traits import NotThisStatus
from tests.conftest import Database
from tests.integration.alerts.home import opened
from tests.people import make_gp, make_patient

INS = Ins(number="251047505600164", oid="1.2.250.1.213.1.4.8")


@pytest.fixture
def gp(database: Database) -> Actor:
    return make_gp()


@pytest.fixture
def patient(gp: Actor) -> UUID:
    patient = make_patient()
    identity.join_circle(patient, gp.person, "gp")
    return patient


def traits_of(gp: Actor, patient: UUID) -> PatientTraits:
    found = identities.load_identity(opened(gp, patient, Permission.IDENTITY_READ))
    assert found is not None
    return found.traits


def change(gp: Actor, patient: UUID, reason: str = "CNI vue", **wanted: object) -> object:
    traits = replace(traits_of(gp, patient), **wanted)  # type: ignore[arg-type]
    ctx = opened(gp, patient, Permission.IDENTITY_WRITE)
    return identities.change_identity(ctx, traits, reason)


def validate(gp: Actor, patient: UUID) -> None:
    done = change(gp, patient, ins_status="validated", document="identity_card")
    assert done == identities.Changed()


def test_every_earlier_identity_is_kept_with_its_reason(gp: Actor, patient: UUID) -> None:
    assert change(gp, patient, "Faute de frappe", birth_name="Martine") == identities.Changed()
    assert change(gp, patient, "Nom d’épouse", used_name="Durand") == identities.Changed()
    found = identities.load_identity(opened(gp, patient, Permission.IDENTITY_READ))
    assert found is not None
    assert [(one.reason, one.differences) for one in found.changes] == [
        ("Nom d’épouse", (("used_name", None, "Durand"),)),
        ("Faute de frappe", (("birth_name", "Martin", "Martine"),)),
    ]
    assert found.traits.version == 3


def test_the_name_on_screens_follows_the_traits(
    gp: Actor, patient: UUID, database: Database
) -> None:
    change(gp, patient, used_name="Durand")
    with psycopg.connect(database.dsn("OWNER")) as conn:
        row = conn.execute("select name from access.party where id = %s", [patient]).fetchone()
    assert row == ("Jeanne Durand",)


def test_a_change_needs_a_reason_and_the_version_one_saw(gp: Actor, patient: UUID) -> None:
    assert change(gp, patient, " ", used_name="Durand") == identities.NoReason()
    change(gp, patient, used_name="Durand")
    assert change(gp, patient, used_name="Petit", version=1) == identities.Stale()


def test_a_status_needs_its_proof(gp: Actor, patient: UUID) -> None:
    for wanted in (
        {"ins_status": "validated"},
        {"ins_status": "recovered"},
        {"ins_status": "qualified", "document": "passport"},
        {"ins_status": "validated", "document": "passport", "ins": INS.number, "ins_oid": INS.oid},
    ):
        assert isinstance(change(gp, patient, **wanted), NotThisStatus), wanted
    both = {"ins": INS.number, "ins_oid": INS.oid, "document": "passport"}
    assert change(gp, patient, ins_status="qualified", **both) == identities.Changed()


def test_a_slave_leaves_validated_traits_alone_in_both_locks(
    gp: Actor, patient: UUID, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    """The Python check alone, then the database alone, then neither: only then it is changed."""
    validate(gp, patient)
    attempts: list[dict[str, object]] = [
        {"birth_name": "Martine"},
        {"birth_first_names": "Jeanne Marie"},
        {"birth_date": date(1951, 4, 3)},
        {"sex": "male"},
        {"ins_status": "provisional", "document": None},
    ]
    for wanted in attempts:
        assert change(gp, patient, **wanted) == identities.ReadOnly()
    monkeypatch.setattr(identities, "may_change_traits", lambda *_, **__: True)
    for wanted in attempts:
        assert change(gp, patient, **wanted) == identities.ReadOnly()
    for login in ("WORKER", "OWNER"):
        with psycopg.connect(database.dsn(login)) as conn, pytest.raises(psycopg.Error) as refused:
            conn.execute("update identity.patient set birth_name = 'Autre'")
        assert refused.value.sqlstate == "CHV01"
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("drop trigger traits_are_guarded on identity.patient")
    assert change(gp, patient, birth_name="Martine") == identities.Changed()


def test_used_name_and_telephone_stay_open(gp: Actor, patient: UUID) -> None:
    validate(gp, patient)
    assert change(gp, patient, used_name="Durand", phone="0639980112") == identities.Changed()


def test_a_doubt_takes_the_status_and_the_traits_stay(gp: Actor, patient: UUID) -> None:
    both = {"ins": INS.number, "ins_oid": INS.oid, "document": "passport"}
    change(gp, patient, ins_status="qualified", **both)
    assert change(gp, patient, "Usurpation ?", is_doubtful=True) == identities.Changed()
    now = traits_of(gp, patient)
    assert (now.ins_status, now.ins, now.is_doubtful) == ("provisional", None, True)
    assert change(gp, patient, birth_name="Autre") == identities.ReadOnly()
    assert isinstance(
        change(gp, patient, ins_status="validated", is_doubtful=False, document=None),
        NotThisStatus,
    )
    again = change(gp, patient, ins_status="validated", is_doubtful=False, document="passport")
    assert again == identities.Changed()


def test_a_doubtful_identity_is_never_validated_in_the_database_either(
    gp: Actor, patient: UUID
) -> None:
    with serving(Service.ADMINISTRATION) as conn, pytest.raises(psycopg.errors.CheckViolation):
        conn.execute("update identity.patient set is_fictitious = true, ins_status = 'validated'")


def test_a_master_changes_what_it_answers_for(
    gp: Actor, patient: UUID, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    validate(gp, patient)
    monkeypatch.setenv("CHEVET_IDENTITY_MODE", "master")
    settings.cache_clear()
    # The setting alone does not open the database: its owner has to say so when it migrates.
    assert change(gp, patient, birth_name="Martine") == identities.ReadOnly()
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("update identity.installation set identity_mode = 'master'")
    assert change(gp, patient, birth_name="Martine") == identities.Changed()


def test_who_only_reads_an_identity_does_not_change_it(gp: Actor, patient: UUID) -> None:
    ctx = opened(gp, patient, Permission.IDENTITY_READ)
    with pytest.raises(ValueError, match="identity:write"):
        identities.change_identity(ctx, traits_of(gp, patient), "Pour voir")
