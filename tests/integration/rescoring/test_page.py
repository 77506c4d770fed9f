"""The administrator's page of runs: begun, followed, stopped, compared; of his centre alone."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from alerts.rescoring_service import MOST_RUNS, begin, compare
from alerts.share_service import work_share
from core import clock
from identity import service as identity
from tests.as_owner import rows, run
from tests.integration.rescoring.period import WELL, asked, every_eight, patient, shipped
from tests.integration.web.conftest import new_client
from tests.integration.web.scene import NewClient, open_account, sign_in
from tests.people import make_centre

__all__ = ["new_client"]
PAGE = "/admin/model-runs"
GONE = "Ce passage n’existe pas ici"
FORM = {
    "version": "ward-1",
    "first": "2026-03-02",
    "until": "2026-03-02",
    "every": "8",
    "programme": "",
    "reason": "La nouvelle est-elle meilleure ?",
}


@pytest.fixture
def centre(new_client: NewClient) -> UUID:
    """A centre whose administrator is Ada."""
    found, _ = make_centre()
    person = identity.register_person("Ada Ministre")
    identity.give_post(person, found, "administrator")
    open_account(person, "admin")
    return found


@pytest.fixture
def admin(centre: UUID, new_client: NewClient) -> TestClient:
    """She, signed in."""
    return sign_in(new_client(), "admin")


def begun() -> UUID:
    ((found,),) = rows("select id from alerts.risk_run")
    assert isinstance(found, UUID)
    return found


def test_a_run_is_begun_followed_and_compared(admin: TestClient, centre: UUID) -> None:
    assert "chevet model keep" in admin.get(PAGE).text
    shipped()
    assert "Aucune version n’a encore été interrogée" in admin.get(PAGE).text
    for _ in range(5):
        every_eight(patient(centre), WELL, WELL)
    every_eight(patient(make_centre("Autre")[0]), WELL)
    assert "Le passage a commencé" in admin.post(PAGE, data=FORM).text
    listed = admin.get(f"{PAGE}/list").text
    assert "faites\u00a0: 0 sur 1, 0\u00a0%" in listed
    assert "Patients\u00a0: 5" in listed
    assert "<form" in listed
    assert 'name="reason"' not in listed
    run_id = begun()
    assert work_share(run_id) == 15
    listed = admin.get(f"{PAGE}/list").text
    assert "faites\u00a0: 1 sur 1, 100\u00a0%" in listed
    assert "Lignes\u00a0: 15" in listed
    # However many were begun since, this one is there.
    run("update alerts.risk_run set at = at - interval '1 day'")
    run(
        "insert into alerts.risk_run (id, version, asked_from, asked_until, every, organisation,"
        " reason, at) select gen_random_uuid(), version, asked_from, asked_until, every,"
        " organisation, reason, now() from alerts.risk_run, generate_series(1, %s)",
        MOST_RUNS,
    )
    assert str(run_id) not in admin.get(f"{PAGE}/list").text
    assert compare(run_id, run_id) is not None
    page = admin.get(f"{PAGE}/{run_id}?other={run_id}").text
    assert "Sur 5 patients avec un risque des deux côtés" in page
    assert "La nouvelle est-elle meilleure" in listed
    table = admin.get(f"{PAGE}/{run_id}/file?other={run_id}")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert "patients;;;;5" in table.text
    assert admin.get(f"{PAGE}/{run_id}").text.count("Moins de 5 patients") == 1
    assert GONE in admin.get(f"{PAGE}/{run_id}/file").text
    acts = rows("select detail from audit.event where permission = 'accounts:manage' order by id")
    assert {"model_run": str(run_id)} in [detail for (detail,) in acts]


def test_a_run_is_stopped_and_goes_on(admin: TestClient, centre: UUID) -> None:
    shipped()
    every_eight(patient(centre), WELL)
    admin.post(PAGE, data=FORM)
    run_id = begun()
    assert "Le passage est arrêté" in admin.post(f"{PAGE}/{run_id}/cancel").text
    assert "Rien n’a changé" in admin.post(f"{PAGE}/{run_id}/cancel").text
    assert work_share(run_id) is None
    assert "Le passage reprend" in admin.post(f"{PAGE}/{run_id}/resume").text
    run("update alerts.model set sha256 = repeat('0', 64)")
    assert work_share(run_id) == 0
    listed = admin.get(f"{PAGE}/list").text
    assert "vous attend" in listed
    assert "NoModelError" not in listed
    assert "1. Le fichier de cette version est illisible" in listed
    assert 'data-running="no"' in listed


def test_a_form_with_a_fault_is_shown_again_with_what_was_typed(
    admin: TestClient, centre: UUID
) -> None:
    shipped()
    every_eight(patient(centre), WELL)
    tomorrow = (clock.now() + timedelta(days=2)).date().isoformat()
    for field, value, said in (
        ("version", "ward-9", "Cette version n’existe pas"),
        ("first", "hier", "Indiquez un jour"),
        ("until", "2026-02-01", "finit avant de commencer"),
        ("until", tomorrow, "doit être passée"),
        ("every", "5", "un des intervalles"),
        ("programme", "autre", "un des programmes"),
        ("reason", " ", "Dites pourquoi"),
    ):
        answer = admin.post(PAGE, data={**FORM, "every": "12", field: value})
        assert answer.status_code == 422, field
        assert said in answer.text, field
        assert f'href="#{field}"' in answer.text
        if field not in ("first", "reason"):
            assert 'value="2026-03-02"' in answer.text
            assert "La nouvelle est-elle meilleure ?</textarea>" in answer.text
        if field != "every":
            assert '<option value="12" selected>' in answer.text
    assert rows("select from alerts.risk_run") == []


def test_runs_of_others_are_like_none(admin: TestClient, centre: UUID) -> None:
    shipped()
    other, _ = make_centre("Autre centre")
    every_eight(patient(other), WELL)
    every_eight(patient(centre), WELL)
    admin.post(PAGE, data=FORM)
    mine = begun()
    theirs, everybody = begin(asked(centre=other)), begin(asked())
    assert isinstance(theirs, UUID)
    said: list[list[tuple[int, str, str]]] = []
    for hidden in (theirs, everybody, uuid4()):
        assert str(hidden) not in admin.get(PAGE).text
        answers = [
            *(
                admin.get(f"{PAGE}/{address}")
                for address in (
                    f"{hidden}",
                    f"{hidden}?other={mine}",
                    f"{hidden}/file",
                    f"{hidden}/file?other={mine}",
                    f"{mine}?other={hidden}",
                    f"{mine}/file?other={hidden}",
                )
            ),
            *(admin.post(f"{PAGE}/{hidden}/{act}") for act in ("cancel", "resume")),
        ]
        assert all(GONE in answer.text for answer in answers)
        said.append([(one.status_code, str(one.url), one.text) for one in answers])
    # Theirs, everybody's and none: not a letter differs.
    assert said[0] == said[1] == said[2]
    states = {state for (state,) in rows("select state from alerts.risk_run")}
    assert states == {"running"}
