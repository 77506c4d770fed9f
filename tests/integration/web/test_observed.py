"""Numbers of answers that no time series holds: written by an answer, read by staff and patient."""

from uuid import uuid4

from tests.as_owner import rows
from tests.integration.web.scene import NewClient, Scene, sign_in
from tests.integration.web.test_carer import asked_today
from tests.integration.web.test_links import plain

WEEK = {
    "low": "none",
    "severe_low": "no",
    "high": "none",
    "vomiting": "no",
    "foot": "no",
    "glucose_morning": "1,12",
}


def test_sugar_is_read_on_both_sides_and_as_it_was_corrected(
    scene: Scene, new_client: NewClient
) -> None:
    patient, gp = sign_in(new_client(), "patient"), sign_in(new_client(), "gp")
    record = f"/patients/{scene.home.care.patient}"
    assert "Valeurs relevées" not in gp.get(f"{record}/answers").text
    task = asked_today(scene, "diabetes-weekly")
    sent = patient.post(f"/p/tasks/{task}", data={**WEEK, "client_key": uuid4().hex})
    assert sent.url.path == "/p/sent", sent.text
    assert rows("select loinc, value, unit from questionnaires.observation") == [
        ("41653-7", 1.12, "g/L")
    ]
    for page in (gp.get(f"{record}/answers").text, patient.get("/p/trends").text):
        assert "Dernière glycémie à jeun" in page
        assert "1,12 g/L" in plain(page)
    ((answer,),) = rows("select id from questionnaires.answer")
    form = {**WEEK, "glucose_morning": "1,21", "_reason": "Erreur", "client_key": uuid4().hex}
    assert gp.post(f"{record}/answers/{answer}/correct", data=form).status_code == 200
    table = plain(gp.get(f"{record}/answers").text).split("</table>")[0]
    assert "1,21 g/L" in table
    assert "1,12" not in table
    assert "1,12" not in plain(patient.get("/p/trends").text)
