"""People to call in order, what came of each call, and somebody sent to the home."""

import pytest
from starlette.testclient import TestClient

from app.doctor import samu_numbers
from tests.as_owner import mutate, rows, run
from tests.integration.web.reaching.desk import (
    HEADERS,
    NO_PHONE,
    STATE,
    add,
    attempt,
    base,
    post,
    reach,
    set_samu,
    sheet,
    soon,
    text_of,
)
from tests.integration.web.scene import NewClient, Scene, open_account, sign_in
from tests.people import make_care


def test_people_are_kept_in_order_changed_and_removed(scene: Scene, nurse: TestClient) -> None:
    assert "Personne n’est sur la liste" in text_of(nurse.get(f"{base(scene)}/people").text)
    luc = add(nurse, scene, "Luc Martin", "06 39 98 01 13", tie="fils", has_key="yes")
    eva = add(nurse, scene, "Éva Petit", "0639980114", tie="voisine", may_know="alert")
    add(nurse, scene, "Fixe", "0199000001", of_patient="yes")
    page = text_of(nurse.get(f"{base(scene)}/people").text)
    places = [page.index(name) for name in ("1. Fixe", "2. Luc Martin (fils)", "3. Éva Petit")]
    assert places == sorted(places)
    assert "A la clé" in page
    moved = post(nurse, f"{base(scene)}/people/{eva}/move", direction="up")
    assert moved.index("Éva Petit (voisine)") < moved.index("Luc Martin (fils)")
    refused = post(nurse, f"{base(scene)}/people/{eva}/move", direction="up")
    assert "Rien n’a changé" in refused
    changed = post(nurse, f"{base(scene)}/people/{luc}", name="Luc Martin", phone="0639980115")
    assert "06 39 98 01 15" in changed
    gone = post(nurse, f"{base(scene)}/people/{luc}/remove")
    assert "Luc Martin" not in gone
    told = rows("select action, detail from audit.event where permission = 'monitoring:write'")
    assert {action for action, _ in told} == {"C", "U", "D"}
    assert "06399801" not in str(told)


def test_what_is_typed_wrong_is_said_and_not_lost(scene: Scene, nurse: TestClient) -> None:
    answer = nurse.post(
        f"{base(scene)}/people", data={"name": "Luc", "phone": "12"}, headers=HEADERS
    )
    assert answer.status_code == 422
    assert "Ce n’est pas un numéro de téléphone" in answer.text
    assert 'value="Luc"' in answer.text
    answer = nurse.post(
        f"{base(scene)}/reach",
        data={"outcome": "call_later", "note": "Chez le médecin"},
        headers=HEADERS,
    )
    assert answer.status_code == 422
    assert "Indiquez l’heure du rappel" in answer.text
    assert 'value="Chez le médecin"' in answer.text
    answer = nurse.post(
        f"{base(scene)}/home", data={"oxygen": "beaucoup", "floor": "3e"}, headers=HEADERS
    )
    assert answer.status_code == 422
    assert 'value="beaucoup"' in answer.text
    assert 'value="3e"' in answer.text
    assert rows("select count(*) from coordination.attempt") == [(0,)]


def test_nobody_answers_until_somebody_is_sent_there(scene: Scene, nurse: TestClient) -> None:
    """The whole chain; the alert stays as it was raised all along."""
    luc = add(nurse, scene, "Luc Martin", "0639980113", tie="fils", has_key="yes")
    eva = add(nurse, scene, "Éva Petit", "0639980114", tie="voisine")
    before = rows(STATE, scene.alert)
    assert "À appeler maintenant Le patient 06 39 98 01 12" in reach(nurse, scene)
    page = attempt(nurse, scene, "no_answer", note="Sonne dans le vide")
    assert "L’alerte reste ouverte comme avant" in page
    assert "À appeler maintenant Luc Martin (fils) 06 39 98 01 13" in page
    page = attempt(nurse, scene, "message_left", luc)
    assert "À appeler maintenant Éva Petit (voisine)" in page
    page = attempt(nurse, scene, "no_answer", eva)
    assert "Tout le monde a été appelé et personne ne répond" in page
    assert "Qui s’y rend" in page
    page = post(
        nurse,
        f"{base(scene)}/doubt-checks",
        alert=str(scene.alert),
        who="Luc Martin (fils)",
        expected=soon(30),
    )
    assert "Luc Martin (fils) est en route" in page
    ((check,),) = rows("select id from coordination.doubt_check")
    page = post(
        nurse,
        f"{base(scene)}/doubt-checks/{check}",
        alert=str(scene.alert),
        outcome="well",
        note="Dormait",
    )
    assert "Va bien" in page
    assert "Dormait" in page
    assert "Envoyez quelqu’un au domicile" not in page
    assert rows(STATE, scene.alert) == before
    assert "L’alerte est toujours ouverte" in page
    history = text_of(nurse.get(scene.page).text)
    for said in (
        "Appel, le patient : pas de réponse",
        "Appel, Luc Martin (fils) : message laissé",
        "Levée de doute au domicile : Luc Martin (fils)",
        "Au domicile : le patient va bien",
    ):
        assert said in history, said


@pytest.mark.parametrize(
    "act",
    [
        "next_step_at = next_step_at + interval '1 hour'",
        "receipts = jsonb_build_array(jsonb_build_object('by', access.current_person(),"
        " 'at', raised_at, 'level', 'red', 'bought', null))",
        "state = 'owned', owner = access.current_person(),"
        " owned_until = raised_at + interval '1 hour', hold = 'owned'",
        "state = 'closed', closed_at = raised_at, closed_by = access.current_person(),"
        " outcome = 'duplicate', next_step_at = null",
    ],
)
def test_an_attempt_that_takes_the_alert_is_caught(
    scene: Scene, nurse: TestClient, act: str
) -> None:
    """The faults: a call puts off who is called next, counts as seen, takes in charge, closes."""
    act_too = f"update alerts.alert set {act} where id = p_alert; perform coordination.mark_number"
    mutate("coordination.note_attempt", "perform coordination.mark_number", act_too)
    with pytest.raises(AssertionError, match="datetime"):
        test_nobody_answers_until_somebody_is_sent_there(scene, nurse)


def test_a_home_without_a_phone(scene: Scene, nurse: TestClient) -> None:
    run(NO_PHONE)
    page = nurse.get(f"{base(scene)}/reach?alert={scene.alert}").text
    assert "Aucun numéro de téléphone" in page
    assert "Personne de l’entourage n’est sur la liste" in page
    assert "Envoyer quelqu’un au domicile" in page
    said = post(
        nurse, f"{base(scene)}/doubt-checks", alert=str(scene.alert), who="Les pompiers (18)"
    )
    assert "Les pompiers (18) est en route" in said
    assert "Qui s’y rend" not in said


def test_a_relative_who_answers_leaves_the_next_one_at_hand(
    scene: Scene, nurse: TestClient
) -> None:
    luc = add(nurse, scene, "Luc Martin", "0639980113", tie="fils")
    add(nurse, scene, "Éva Petit", "0639980114", tie="voisine")
    attempt(nurse, scene, "no_answer")
    page = attempt(nurse, scene, "reached", luc, note="Est à Lyon")
    assert "Luc Martin (fils) a répondu" in page
    assert "Si cela ne suffit pas, à appeler ensuite Éva Petit (voisine)" in page
    page = attempt(nurse, scene, "reached")
    assert "Si cela ne suffit pas" not in page
    assert "L’alerte est toujours ouverte" in page


def test_a_wrong_number_is_marked_until_it_is_changed(scene: Scene, nurse: TestClient) -> None:
    luc = add(nurse, scene, "Luc Martin", "0639980113")
    page = attempt(nurse, scene, "wrong_number", luc)
    assert "Numéro à vérifier" in page
    page = attempt(nurse, scene, "wrong_number")
    assert page.count("Numéro à vérifier") == 2
    assert "Envoyez quelqu’un au domicile" in page
    assert "numéro à vérifier" in sheet(nurse, scene)
    post(nurse, f"{base(scene)}/people/{luc}", name="Luc Martin", phone="0639980199")
    run("update identity.patient set phone = '0639980198'")
    assert "Numéro à vérifier" not in reach(nurse, scene)


def test_the_desk_and_the_people_share_what_was_tried(scene: Scene, nurse: TestClient) -> None:
    post(nurse, f"{base(scene)}/calls", act="note", outcome="no_answer")
    assert "Pas de réponse" in text_of(nurse.get(f"{base(scene)}/reach").text)
    attempt(nurse, scene, "message_left")
    assert rows("select outcome, next_at is not null from coordination.call order by at") == [
        ("no_answer", True),
        ("message_left", True),
    ]


def test_the_person_named_at_the_inclusion_is_called(scene: Scene, nurse: TestClient) -> None:
    patient, care = scene.home.care.patient, scene.home.care
    run(
        "with i as (insert into coordination.inclusion (id, patient_id, organisation, state,"
        " opened_by, opened_at, saved_at, decided_at, decided_by) values (gen_random_uuid(), %s,"
        " %s, 'included', %s, now(), now(), now(), %s) returning id) insert into"
        " coordination.episode (id, inclusion_id, patient_id, organisation, programme, eligibility,"
        " person_to_call, included_by, included_at, first_contact_due_at) select"
        ' gen_random_uuid(), i.id, %s, %s, \'covid-14\', \'{}\', \'{"name": "Zoé", "phone":'
        ' "06 39 98 01 20", "tie": "sœur"}\', %s, now(), now() + interval \'1 day\' from i',
        patient,
        care.centre,
        care.nurse.person,
        care.nurse.person,
        patient,
        care.centre,
        care.nurse.person,
    )
    assert "2. Zoé (sœur)" in reach(nurse, scene)


def test_people_of_another_record_are_out_of_reach(
    scene: Scene, nurse: TestClient, new_client: NewClient
) -> None:
    luc = add(nurse, scene, "Luc Martin", "0639980113")
    other = make_care()
    open_account(other.nurse.person, "other")
    foreign = sign_in(new_client(), "other")
    where = f"/patients/{other.patient}"
    assert "Rien n’a changé" in post(foreign, f"{where}/people/{luc}", name="X", phone="0639980199")
    assert "Rien n’a changé" in post(
        foreign, f"{where}/reach", contact=str(luc), outcome="no_answer"
    )
    assert "Rien n’a changé" in post(
        foreign, f"{where}/reach", alert=str(scene.alert), outcome="no_answer"
    )
    assert "Rien n’a changé" in post(
        foreign, f"{where}/doubt-checks", alert=str(scene.alert), who="Les pompiers"
    )
    assert rows("select count(*) from coordination.attempt") == [(0,)]


def test_the_doctor_command_names_departements_without_a_number(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, nurse: TestClient
) -> None:
    test_the_person_named_at_the_inclusion_is_called(scene, nurse)
    assert [one.name for one in samu_numbers()] == ["home sheets"]
    post(nurse, f"{base(scene)}/home", postcode="77000")
    (found,) = samu_numbers()
    assert not found.well
    assert "SAMU 77" in found.found
    set_samu(monkeypatch, "77=01 64 10 33 33")
    (found,) = samu_numbers()
    assert found.well
