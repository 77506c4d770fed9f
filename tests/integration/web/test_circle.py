"""The circle: who enters and leaves, and that leaving closes the record at once."""

import re

import pytest

from identity import service as identity
from tests.integration.web.scene import NewClient, Scene, open_account, sign_in


@pytest.mark.promise("S9")
def test_a_gp_adds_a_nurse_who_can_then_read_and_ends_it(
    scene: Scene, new_client: NewClient
) -> None:
    nurse = identity.register_person("Marc Dubois")
    open_account(nurse, "marc")
    gp, marc = sign_in(new_client(), "gp"), sign_in(new_client(), "marc")
    circle = f"/patients/{scene.home.care.patient}/circle"
    assert marc.get(circle).status_code == 404
    form = {"login": " Marc ", "role": "home_nurse"}
    assert "Marc Dubois" in gp.post(circle, data=form).text
    assert marc.get(scene.page).status_code == 200
    again = gp.post(circle, data=form)
    assert again.status_code == 422
    assert "déjà ce rôle" in again.text
    ends = re.findall(r'action="([^"]+/end)"', gp.get(circle).text)
    gone = gp.post(ends[-1], data={"reason": "Fin de mission"})
    assert "désormais fermé" in gone.text
    assert "Fin de mission" in gone.text
    assert marc.get(scene.page).status_code == 404
    assert "Rien n’a été modifié" in gp.post(ends[-1]).text


def test_bad_requests_for_the_circle_are_named(scene: Scene, new_client: NewClient) -> None:
    gp = sign_in(new_client(), "gp")
    circle = f"/patients/{scene.home.care.patient}/circle"
    nobody = gp.post(circle, data={"login": "nobody-here", "role": "gp"})
    assert nobody.status_code == 422
    assert 'value="nobody-here"' in nobody.text
    assert gp.post(circle, data={"login": "nurse", "role": "patient"}).status_code == 422
    assert gp.post(circle, data={"login": "nurse", "role": "root"}).status_code == 422


def test_a_nurse_sees_the_circle_but_does_not_change_it(
    scene: Scene, new_client: NewClient
) -> None:
    nurse = sign_in(new_client(), "nurse")
    circle = f"/patients/{scene.home.care.patient}/circle"
    page = nurse.get(circle)
    assert "Dr Paul Lefèvre" in page.text
    assert "/end" not in page.text
    assert nurse.post(circle, data={"login": "stranger", "role": "gp"}).status_code == 403
    assert nurse.get(f"/patients/{scene.home.care.patient}/journal").status_code == 403
    gp = sign_in(new_client(), "gp")
    assert gp.get(f"/patients/{scene.home.care.patient}/journal").status_code == 200
