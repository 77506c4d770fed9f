"""How a patient reads who follows him and who has read him: as the site's policy says."""

import pytest

from core.settings import settings
from tests.integration.web.scene import NewClient, Scene, sign_in
from tests.integration.web.test_carer import READS, make_carer

CALM = {"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}


@pytest.mark.parametrize(
    ("policy", "names_gp", "says_role"),
    [("name", True, True), ("role", False, True), ("team", False, False)],
)
def test_names_roles_or_the_team_alone(
    scene: Scene,
    new_client: NewClient,
    monkeypatch: pytest.MonkeyPatch,
    policy: str,
    names_gp: bool,
    says_role: bool,
) -> None:
    monkeypatch.setenv("CHEVET_STAFF_NAMES", policy)
    settings.cache_clear()
    make_carer(scene, READS)
    patient, gp = sign_in(new_client(), "patient"), sign_in(new_client(), "gp")
    patient.post("/p/questions", data=CALM)
    gp.get(f"/patients/{scene.home.care.patient}/answers")
    for page in ("/p/team", "/p/messages"):
        text = patient.get(page).text
        main = text[text.index("<main") : text.index("<footer")]
        assert ("Lefèvre" in main) == names_gp, page
        if page != "/p/messages":
            assert ("Médecin traitant" in main) == says_role, page
            assert "Claire Martin" in main, page
            assert "Centre de télésuivi" in main, page
    # Who may open a record is always named to whom it is of.
    assert "Dr Paul Lefèvre" in patient.get("/p/circle").text
    by = {"name": "Dr Paul Lefèvre", "role": "Médecin traitant", "team": "l’équipe"}[policy]
    assert f"Relevé par {by} à " in patient.get("/p/messages").text.replace("\xa0", " ")
