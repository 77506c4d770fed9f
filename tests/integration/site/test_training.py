"""A training territory beside real people: no shared circle, no mail outside, gone when asked."""

from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from alerts import service as alerts
from app import training
from coordination.service import followed_patients
from core import clock
from core.doors import Service, serving
from core.settings import settings
from identity import service as identity
from identity.training_service import count_worlds, enter_training
from messages import service as messages
from messages.message import Message, Occurrence, Template
from messages.store import save_message
from tests.as_owner import rows
from tests.conftest import Database
from tests.integration.web.scene import NewClient, Scene, open_account, sign_in
from tests.mailbox import open_mailbox
from tests.people import make_care, make_gp, make_patient

DSN = "CHEVET_OWNER_DSN"
MIXED = psycopg.errors.CheckViolation


def test_no_circle_and_no_post_joins_the_two_worlds(database: Database) -> None:
    care = make_care()
    invented = enter_training(make_patient("Fictif", "Anne"))
    school = enter_training(identity.register_organisation("Centre de formation"))
    pupil = enter_training(identity.register_person("Paul Élève"))
    identity.give_post(pupil, school, "telemonitoring_nurse")
    identity.join_circle(invented, school, "telemonitoring_centre")
    for patient, party, role in (
        (invented, care.gp.person, "gp"),
        (invented, care.centre, "telemonitoring_centre"),
        (care.patient, pupil, "gp"),
        (care.patient, school, "telemonitoring_centre"),
    ):
        with pytest.raises(MIXED):
            identity.join_circle(patient, party, role)
    with pytest.raises(MIXED):
        identity.give_post(pupil, care.centre, "gp")
    with pytest.raises(MIXED):
        identity.give_post(care.gp.person, school, "gp")


def test_nobody_changes_worlds_once_he_is_in_company(database: Database) -> None:
    care = make_care()
    for party in (care.patient, care.centre, care.gp.person):
        with pytest.raises(MIXED):
            enter_training(party)
    invented = enter_training(make_patient())
    with psycopg.connect(database.dsn("OWNER")) as conn, pytest.raises(MIXED):
        conn.execute("update access.party set training = false where id = %s", [invented])


def test_with_the_trigger_dropped_the_check_finds_a_mixed_circle(database: Database) -> None:
    care, invented = make_care(), enter_training(make_patient("Fictif", "Anne"))
    assert mixed_circles() == 0
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("drop trigger membership_of_one_world on access.membership")
    identity.join_circle(invented, care.gp.person, "gp")
    assert mixed_circles() == 1


def mixed_circles() -> int:
    ((count,),) = rows(
        "select count(*) from access.membership m join access.party a on a.id = m.patient_id "
        "join access.party b on b.id = m.party where a.training <> b.training"
    )
    return int(str(count))


def test_the_territory_is_loaded_shown_apart_and_reset(database: Database) -> None:
    care = make_care()
    said: list[str] = []
    assert training.load(said.append) == 0
    assert "12 invented patients" in said[0]
    assert training.load(said.append) == 1
    worlds = count_worlds()
    assert (worlds.training_patients, worlds.real_patients) == (12, 1)
    assert followed_patients(care.gp).total == 1
    assert mixed_circles() == 0
    ((before,),) = rows("select count(*) from vitals.reading")
    assert int(str(before)) > 1000
    alerts.review(clock.now())
    assert training.reset(said.append) == 0
    assert count_worlds().training_patients == 12
    ((after,),) = rows("select count(*) from vitals.reading")
    assert abs(int(str(after)) - int(str(before))) < 60
    assert rows("select count(*) from access.patient where id = %s", care.patient) == [(1,)]


def test_a_reset_leaves_no_row_of_the_territory_and_every_real_one(database: Database) -> None:
    make_care()
    training.load(lambda _: None)
    alerts.review(clock.now())
    real = tables_with_rows(database, "where not training")
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("select access.forget_training()")
    assert tables_with_rows(database, "where training")["access.party"] == 0
    assert tables_with_rows(database, "where not training") == real
    for table in ("vitals.reading", "alerts.alert", "devices.device", "identity.account"):
        assert rows(f"select count(*) from {table}") == [(0,)], table


def tables_with_rows(database: Database, where: str) -> dict[str, int]:
    ((parties,),) = rows(f"select count(*) from access.party {where}")
    ((members,),) = rows(
        "select count(*) from access.membership where patient_id in "
        f"(select id from access.party {where})"
    )
    return {"access.party": int(str(parties)), "access.membership": int(str(members))}


def test_a_training_message_goes_to_training_addresses_alone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    pupil = enter_training(identity.register_person("Paul Élève"))
    real = make_gp().person
    with open_mailbox() as mailbox:
        monkeypatch.setenv("CHEVET_SMTP_PORT", str(mailbox.port))
        monkeypatch.setenv("CHEVET_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "operator@example.org")
        settings.cache_clear()
        with serving(Service.OUTBOX) as conn:
            for number, (party, address) in enumerate(
                ((pupil, "paul@demo.invalid"), (pupil, "paul@hospital.example"),
                 (real, "gp@hospital.example"))
            ):  # fmt: skip
                save_message(conn, letter(str(number), party, address), clock.now())
        messages.send_due(clock.now())
        assert sorted(taken.recipient for taken in mailbox.taken) == [
            "gp@hospital.example", "paul@demo.invalid",
        ]  # fmt: skip
        (trained,) = mailbox.to("paul@demo.invalid")
        assert str(trained.mail["Subject"]).startswith("[Formation – données fictives]")
        plain, shown = (part.get_content() for part in trained.mail.iter_parts())
        assert "FORMATION – DONNÉES FICTIVES" in plain
        assert "Formation – données fictives" in shown
        (letter_of_gp,) = mailbox.to("gp@hospital.example")
        assert "Formation" not in str(letter_of_gp.mail)
    assert rows("select state, last_error from messages.outbox where key = '1'") == [
        ("dead", messages.OUTSIDE_TRAINING)
    ]
    assert rows("select count(*) from messages.outbox where recipient is null") == [(0,)]


def letter(key: str, party: UUID, address: str) -> Message:
    return Message(
        key=key,
        recipient=party,
        address=address,
        template=Template.MESSAGE_WAITING,
        params={"alert_id": "1"},
        locale="fr",
    )


def test_the_operator_is_not_woken_for_an_invented_patient(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "operator@example.org")
    settings.cache_clear()
    invented, real = enter_training(make_patient()), make_patient()
    with serving(Service.ESCALATION) as conn:
        told = [
            messages.tell_operator(
                conn, Occurrence.LADDER_EXHAUSTED, str(who), clock.now(), about=who
            )
            for who in (invented, real)
        ]
    assert told == [False, True]


def test_every_page_of_somebody_in_training_says_so(
    scene: Scene, new_client: NewClient, clock_file: Path
) -> None:
    pupil = enter_training(identity.register_person("Paul Élève"))
    invented = enter_training(make_patient("Fictif", "Anne"))
    identity.join_circle(invented, pupil, "gp")
    open_account(pupil, "pupil")
    open_account(invented, "anne")
    words = "Formation – données fictives"
    for login, paths in (
        ("pupil", ("/", "/help", "/about", "/nothing", f"/patients/{invented}/circle")),
        ("anne", ("/p", "/p/questions", "/p/circle", "/p/journal")),
    ):
        client = sign_in(new_client(), login)
        for path in paths:
            assert words in client.get(path).text, path
    assert words not in sign_in(new_client(), "gp").get("/").text
    assert words not in new_client().get("/sign-in").text


def test_a_site_for_training_says_so_before_sign_in_too(
    scene: Scene, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_TRAINING", "true")
    settings.cache_clear()
    for page in (new_client().get("/sign-in"), sign_in(new_client(), "gp").get("/")):
        assert "Formation – données fictives" in page.text
