"""The first page of each profession: what waits, what changed, nothing of what is hidden."""

import re
from datetime import date
from html import unescape
from uuid import UUID, uuid4

from starlette.testclient import TestClient

from identity import service as identity
from tests.as_owner import rows, run
from tests.integration.web.emergency.test_merged_records import merge_into
from tests.integration.web.scene import NewClient, Scene, open_account, sign_in
from tests.integration.web.test_timeline import IN_A_MONTH, words

ALERTS, WAITS, CHANGED = "Alertes en attente de réponse", "Ce qui m’attend", "Ce qui a changé"
VISITS, MINE = "Visites du jour", "Patients que je suis"
PROFESSIONS = {
    "gp": [ALERTS, WAITS, CHANGED, MINE],
    "home_nurse": [VISITS, ALERTS, WAITS, CHANGED, MINE],
    "home_help": [VISITS, WAITS, CHANGED, MINE],
    "social_worker": [WAITS, CHANGED, MINE],
    "dac_coordinator": [WAITS, CHANGED, ALERTS, MINE],
    "hospital_doctor": [WAITS, ALERTS, CHANGED, MINE],
}


def somebody(scene: Scene, role: str, login: str) -> UUID:
    """Somebody of a profession, with a post, in the patient's circle."""
    person = identity.register_person(f"Camille {role}")
    identity.give_post(person, identity.register_organisation(f"Maison {role}"), role)
    identity.join_circle(scene.home.care.patient, person, role)
    open_account(person, login)
    return person


def sign(client: TestClient, scene: Scene, text: str, **more: object) -> UUID:
    item = uuid4()
    form = {"item_id": str(item), "kind": "visit", "text": text, **more}
    answer = client.post(f"/patients/{scene.home.care.patient}/notes", data=form)
    assert answer.status_code == 200, answer.text
    return item


def test_each_profession_lands_on_its_own_page(scene: Scene, new_client: NewClient) -> None:
    for role, expected in PROFESSIONS.items():
        somebody(scene, role, f"own-{role}")
        page = sign_in(new_client(), f"own-{role}").get("/")
        heads = re.findall(r"<h2[^>]*>(.*?)</h2>", page.text, re.DOTALL)
        plain = [" ".join(unescape(re.sub(r"<[^>]+>", "", head)).split()) for head in heads]
        assert [re.sub(r" \(\d+\)$", "", head) for head in plain] == expected, role


def test_a_home_tells_what_changed_since_one_was_there(scene: Scene, new_client: NewClient) -> None:
    somebody(scene, "home_nurse", "marc")
    gp, marc = sign_in(new_client(), "gp"), sign_in(new_client(), "marc")
    record = f"/patients/{scene.home.care.patient}/timeline"
    sign(marc, scene, "Vu ce matin", mention=str(scene.home.care.gp.person))
    home = words(gp, "/")
    for part in (
        "Notes partagées (1)",
        "Alertes (1)",
        "Jeanne Martin – Visite",
        "À votre attention",
    ):
        assert part in home, part
    words(gp, record)
    home = words(gp, "/")
    assert "Rien de nouveau dans vos dossiers" in home
    assert "Jeanne Martin – Visite" in home, "what waits for him waits until he has opened it"
    run("update coordination.record_visit set last_at = last_at - interval '1 minute'")
    sign(gp, scene, "Ma propre note")
    assert "Rien de nouveau" not in words(marc, "/")
    run("update coordination.record_visit set last_at = now()")
    assert "Rien de nouveau dans vos dossiers" in words(gp, "/")


def test_a_home_tells_what_changed_in_the_record_merged_into_ones_own(
    scene: Scene, new_client: NewClient
) -> None:
    somebody(scene, "home_nurse", "marc")
    gp, marc = sign_in(new_client(), "gp"), sign_in(new_client(), "marc")
    sign(marc, scene, "Vu ce matin")
    kept = identity.register_patient(
        birth_name="Martin", birth_first_names="Jeanne", birth_date=date(1951, 4, 2), sex="female"
    )
    merge_into(kept)
    doctor = scene.home.care.gp.person
    run("update access.membership set patient_id = %s where party = %s", kept, doctor)
    item = {"item_id": str(uuid4()), "kind": "visit", "text": "Vu ce soir"}
    assert marc.post(f"/patients/{kept}/notes", data=item).status_code == 200
    home = words(gp, "/")
    assert ("Notes partagées (2)" in home, "Alertes (1)" in home) == (True, True)
    # Whichever of the two he looks at, he has looked.
    words(gp, f"/patients/{scene.home.care.patient}/timeline")
    run("update coordination.record_visit set last_at = now()")
    assert "Rien de nouveau dans vos dossiers" in words(gp, "/")


def test_no_count_of_a_home_betrays_a_hidden_or_withheld_note(
    scene: Scene, new_client: NewClient
) -> None:
    nurse = somebody(scene, "home_nurse", "marc")
    agreed = "update access.membership set agreed = '{notes:read}' where party = %s"
    helper = somebody(scene, "home_help", "fatou")
    run(agreed, helper)
    gp, marc, fatou = (sign_in(new_client(), who) for who in ("gp", "marc", "fatou"))
    sign(marc, scene, "Pour tous")
    before = words(fatou, "/"), words(gp, "/")
    assert "Notes partagées (1)" in before[0]
    sign(marc, scene, "Le fils garde sa pension", withheld="yes", cause="abuse",
         reason="Dit par la voisine", review_on=IN_A_MONTH)  # fmt: skip
    hidden = sign(marc, scene, "Entre nous")
    run(
        "insert into access.item_hidden (id, item_id, role, by, at, reason)"
        " values (%s, %s, 'gp', %s, now(), ''), (%s, %s, 'home_help', %s, now(), '')",
        uuid4(), hidden, nurse, uuid4(), hidden, nurse,
    )  # fmt: skip
    assert words(fatou, "/") == before[0], "neither is there for the home help"
    assert "Notes partagées (2)" in words(gp, "/"), "the doctor reads what is withheld alone"
    gone = "update access.membership set ends_at = now() where party = %s"
    run(gone, helper)
    assert "Jeanne Martin" not in words(fatou, "/")


def test_what_was_shown_of_records_is_traced_in_no_journal_of_a_patient(
    scene: Scene, new_client: NewClient
) -> None:
    words(sign_in(new_client(), "gp"), "/")
    found = rows(
        "select patient_id, detail->'patients' from audit.event where person = %s"
        " and detail ? 'patients'",
        scene.home.care.gp.person,
    )
    assert found == [(None, [str(scene.home.care.patient)])]
