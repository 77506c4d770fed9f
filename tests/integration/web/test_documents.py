"""Documents through the pages: kept sealed, read by roles, hidden from whom the patient says."""

import re
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from PIL import Image

from coordination.documents.document import Kind
from core import clock, objects
from core.doors import Service, acting_as, serving
from tests.as_owner import rows
from tests.days import day_in_france
from tests.integration.web.hostile import PLACE, jpeg, pdf
from tests.integration.web.papers import (
    Papers,
    file_of,
    keep,
    make_papers,
    objects_kept,
    opened,
    photograph,
    send,
)
from tests.integration.web.scene import NewClient, sign_in


@pytest.fixture
def papers(new_client: NewClient) -> Papers:
    return make_papers()


def seen_of_documents(papers: Papers) -> list[tuple[object, ...]]:
    """What the patient's own journal tells of acts on one document or another."""
    with acting_as(papers.care.patient_actor, patient=papers.care.patient) as conn:
        return conn.execute(
            "select permission, action, entity_kind from doorway.access_journal"
            " where entity_kind in ('document', 'file', 'item') or permission = 'documents:write'"
        ).fetchall()


def test_a_photograph_is_kept_sealed_and_served_bare(papers: Papers, new_client: NewClient) -> None:
    gp, marc = sign_in(new_client(), "gp"), sign_in(new_client(), "marc")
    item = photograph(papers, gp)
    (kept,) = objects_kept()
    assert b"JFIF" not in kept.read_bytes()
    assert kept.stat().st_mode & 0o077 == 0
    shown = opened(papers, marc, item)
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert PLACE not in shown.content
    assert not Image.open(BytesIO(shown.content)).getexif()
    assert sign_in(new_client(), "stranger").get(papers.base).status_code == 404
    page = gp.get(f"{papers.base}/{item}").text
    assert "Marc Dubois" in page.split("Qui l’a lu")[1].split("</section>")[0]
    traces = rows(
        "select action, outcome from audit.event where person = %s and entity_kind = 'item'"
        " and entity_id = %s and detail ? 'version'",
        papers.home_nurse,
        str(item),
    )
    assert traces == [("R", "success")]


def test_a_pdf_leaves_as_it_came_and_comes_once(papers: Papers, new_client: NewClient) -> None:
    gp = sign_in(new_client(), "gp")
    sent, new = pdf(3), str(uuid4())
    for _ in range(2):
        keep(papers, gp, sent, new=new, name="../../../../etc/passwd")
    other = send(papers, gp, pdf(4), new=new)
    assert (other.status_code, "déjà été envoyé" in other.text) == (422, True)
    assert len(objects_kept()) == 1
    shown = opened(papers, gp, UUID(new))
    assert shown.content == sent
    assert "passwd" not in str(shown.headers) + gp.get(papers.base).text
    assert "PDF, pages : 3" in gp.get(f"{papers.base}/{new}").text


def test_a_file_that_was_changed_is_said_and_written_down(
    papers: Papers, new_client: NewClient
) -> None:
    gp = sign_in(new_client(), "gp")
    one, two = keep(papers, gp, pdf(1)), keep(papers, gp, pdf(2))
    place = objects.the_place()
    first, second = file_of(one), file_of(two)
    mine, others = place.get(first), place.get(second)
    assert mine is not None
    assert others is not None
    for harm in (mine[:-1] + bytes([mine[-1] ^ 1]), mine[:40], others, b""):
        place.put(first, harm)
        told = opened(papers, gp, one)
        assert told.status_code == 410
        assert "n’est plus celui" in told.text
    place.delete(first)
    assert not place.exists(first)
    assert opened(papers, gp, one).status_code == 410
    ((said,),) = rows(
        "select count(*) from audit.event where outcome = 'refused'"
        ' and detail @> \'{"damaged": true, "version": 1}\' and entity_id = %s',
        str(one),
    )
    assert said == 5
    assert opened(papers, gp, two).status_code == 200


def test_the_patient_hides_a_document_and_sees_who_read_it(
    papers: Papers, new_client: NewClient
) -> None:
    gp, marc, patient = (sign_in(new_client(), who) for who in ("gp", "marc", "patient"))
    item = keep(papers, gp, pdf())
    assert opened(papers, marc, item).status_code == 200
    page = patient.get(f"/p/documents/{item}").text
    assert "Marc Dubois" in page.split("Qui l’a lu")[1].split("</section>")[0]
    form = {"audience": f"party:{papers.home_nurse}"}
    told = patient.post(f"/p/items/document/{item}/hide", data=form)
    assert told.url.path == f"/p/documents/{item}"
    assert "Marc Dubois ne voit pas ceci" in told.text
    assert "Bilan sanguin" not in marc.get(papers.base).text
    absent = marc.get(f"{papers.base}/{uuid4()}")
    for hidden in (marc.get(f"{papers.base}/{item}"), opened(papers, marc, item)):
        assert (hidden.status_code, hidden.text) == (404, absent.text)
    late = send(papers, marc, b"", to=f"/{item}/versions", title="")
    assert (late.status_code, late.text) == (404, absent.text)
    (hiding,) = re.findall(
        r'name="hiding" value="([^"]+)"', patient.get(f"/p/documents/{item}").text
    )
    patient.post(f"/p/items/document/{item}/show", data={"hiding": hiding})
    assert opened(papers, marc, item).status_code == 200
    sensitive = patient.post(f"/p/items/document/{item}/flag", data={"sensitive": "yes"})
    assert "maintenant sensible" in sensitive.text
    assert opened(papers, marc, item).status_code == 404
    assert opened(papers, gp, item).status_code == 200


def test_versions_follow_one_another_and_share_who_sees_them(
    papers: Papers, new_client: NewClient
) -> None:
    gp, marc, patient = (sign_in(new_client(), who) for who in ("gp", "marc", "patient"))
    item = keep(papers, gp, pdf(1))
    first = file_of(item)
    more = {"to": f"/{item}/versions", "title": "Bilan corrigé", "after": "1"}
    assert "nouvelle version est au dossier" in send(papers, marc, pdf(2), **more).text
    late = send(papers, gp, pdf(3), **more)
    assert (late.status_code, "entre-temps" in late.text) == (422, True)
    for after in ("7", "99999999999"):
        ahead = send(papers, gp, pdf(3), **(more | {"after": after}))
        assert (ahead.status_code, "entre-temps" in ahead.text) == (422, True)
    assert len(objects_kept()) == 2
    assert "Bilan corrigé" in gp.get(papers.base).text
    assert gp.get(f"{papers.base}/files/{first}").content == pdf(1)
    patient.post(f"/p/items/document/{item}/hide", data={"audience": "role:home_nurse"})
    for version in (first, file_of(item)):
        assert marc.get(f"{papers.base}/files/{version}").status_code == 404


def test_what_was_entered_in_error_opens_no_more(papers: Papers, new_client: NewClient) -> None:
    gp, marc = sign_in(new_client(), "gp"), sign_in(new_client(), "marc")
    item = keep(papers, gp, pdf())
    page = f"{papers.base}/{item}"
    assert marc.post(f"{page}/withdrawn", data={"why": "faux"}).status_code == 422
    assert gp.post(f"{page}/withdrawn", data={"why": " "}).status_code == 422
    told = gp.post(f"{page}/withdrawn", data={"why": "Document d’un autre patient"})
    assert "marqué comme saisi par erreur" in told.text
    assert opened(papers, gp, item).status_code == 404
    assert send(papers, gp, pdf(2), to=f"/{item}/versions", after="1").status_code == 422
    assert "Saisi par erreur" in marc.get(papers.base).text


def test_a_document_that_is_not_communicable_is_never_shown_to_the_patient(
    papers: Papers, new_client: NewClient
) -> None:
    gp, patient = sign_in(new_client(), "gp"), sign_in(new_client(), "patient")
    wrong = send(papers, gp, pdf(), withheld="yes", cause="abuse", reason="Dit par la voisine")
    assert wrong.status_code == 422
    held = {
        "withheld": "yes",
        "cause": "abuse",
        "reason": "x",
        "review_on": str(day_in_france() + timedelta(days=200)),
    }
    assert send(papers, gp, pdf(), **held).status_code == 422  # more than six months
    held["review_on"] = str(day_in_france() + timedelta(days=30))
    item = keep(papers, gp, pdf(), **held)
    assert "Bilan sanguin" not in patient.get("/p/documents").text
    assert patient.get(f"/p/documents/{item}").status_code == 404
    assert patient.get(f"/p/documents/files/{file_of(item)}").status_code == 404
    for client in (gp, sign_in(new_client(), "marc")):
        client.get(f"{papers.base}/{item}")
        assert opened(papers, client, item).status_code == 200
    more = {"to": f"/{item}/versions", "title": "Bilan corrigé", "after": "1"}
    assert "nouvelle version est au dossier" in send(papers, gp, pdf(2), **more).text
    assert seen_of_documents(papers) == []
    page = f"{papers.base}/{item}/withheld"
    assert gp.post(page, data={"kept": "no"}).status_code == 422
    assert "est communicable" in gp.post(page, data={"kept": "no", "reason": "Dit"}).text
    assert patient.get(f"/p/documents/files/{file_of(item)}").status_code == 200


def test_who_left_opens_nothing(papers: Papers, new_client: NewClient) -> None:
    gp, marc = sign_in(new_client(), "gp"), sign_in(new_client(), "marc")
    item = keep(papers, gp, pdf())
    with serving(Service.ADMINISTRATION) as conn:
        conn.execute(
            "update access.membership set ends_at = %s where party = %s",
            [clock.now(), papers.home_nurse],
        )
    for answer in (marc.get(papers.base), opened(papers, marc, item), send(papers, marc, pdf())):
        assert answer.status_code == 404


def test_photographs_of_a_note_go_with_it_and_stand_side_by_side(
    papers: Papers, new_client: NewClient
) -> None:
    gp, marc, patient = (sign_in(new_client(), who) for who in ("gp", "marc", "patient"))
    note, notes = str(uuid4()), f"/patients/{papers.care.patient}/notes"
    gp.post(notes, data={"item_id": note, "text": "Plaie du talon."})
    first = photograph(papers, gp, note=note, dated_on="2026-01-02", title="Talon, début")
    second = photograph(papers, marc, title="Talon, suite")
    photograph(papers, marc, title="Sacrum", site="sacrum")
    assert "Talon, début" in marc.get(f"{notes}/{note}").text
    assert "Talon, début" in patient.get(f"/p/notes/{note}").text
    side = marc.get(f"{papers.base}/{second}/compare").text
    assert side.count("<figure") == 2
    assert "Talon, début" in side
    assert "Sacrum" not in side
    assert send(papers, gp, pdf(), kind=Kind.PHOTOGRAPH.value, site="back").status_code == 422
    patient.post(f"/p/items/note/{note}/hide", data={"audience": "role:home_nurse"})
    assert opened(papers, marc, first).status_code == 404
    assert "Talon, début" not in marc.get(f"{papers.base}/{second}/compare").text
    gone = send(papers, marc, jpeg(), note=note)
    assert gone.status_code == 404


def test_hidden_words_are_shown_as_words(papers: Papers, new_client: NewClient) -> None:
    gp, patient = sign_in(new_client(), "gp"), sign_in(new_client(), "patient")
    title = "<script>alert(1)</script>' or 1=1 -- =cmd|'/C calc'!A0"
    item = keep(papers, gp, pdf(), title=title)
    for page in (gp.get(papers.base), gp.get(f"{papers.base}/{item}"), patient.get("/p/documents")):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert" in page.text
    for bad in ("", " ", "a\r\nb\x07", "é" * 161):
        assert send(papers, gp, pdf(), title=bad).status_code == 422
    for field in ("kind", "dated_on", "valid_until", "site"):
        assert send(papers, gp, pdf(), **{field: "<script>", "kind": "72170-4"}).status_code == 422
    assert gp.post(papers.base, data={"new": "x", "note": "x"}).status_code == 404
