"""What the rooms tell the timeline and the first pages, and to whom they tell nothing."""

import re
from uuid import UUID, uuid4

from starlette.testclient import TestClient

from coordination.documents.document import Kind
from identity import service as identity
from tests.as_owner import rows, run
from tests.days import day_in_france
from tests.integration.care_plan.conftest import Circle
from tests.integration.care_plan.test_actions import LATER, give, note, say
from tests.integration.care_plan.test_visits import plan
from tests.integration.care_plan.test_visits import say as say_visit
from tests.integration.web.papers import Papers, keep
from tests.integration.web.scene import NewClient, open_account, sign_in

HOSTILE = "<script>alert(1)</script> =cmd|'/C calc'"


def told(circle: Circle, who: TestClient, page: str = "") -> str:
    return circle.words(who, f"{circle.record}/timeline{page}")


def room(circle: Circle, who: TestClient, label: str) -> str:
    text = who.get(f"{circle.record}/chat").text
    found = re.findall(
        rf'href="({circle.record}/chat/[0-9a-f-]+)".*?<strong>(.*?)</strong>', text, re.S
    )
    return {name: href for href, name in found}[label]


def shout(circle: Circle, who: TestClient, place: str, text: str, **more: str) -> None:
    form = {"key": str(uuid4()), "text": text, **more}
    assert who.post(place, data=form).status_code == 200


def test_every_room_tells_the_timeline_what_its_reader_may_read(circle: Circle) -> None:
    line = plan(circle, circle.lea_id, "Toilette")
    other = plan(circle, circle.marc_id, "Pansement")
    assert say_visit(circle, circle.lea, line, "problem", words=f"Porte close {HOSTILE}") == 200
    assert say_visit(circle, circle.marc, other, "done") == 200
    item = give(circle, circle.gp, "Appeler le pharmacien", f"party:{circle.lea_id}")
    assert say(circle, circle.lea, item, "refuse", "Je suis en congé") == 200
    assert circle.gp.post(f"{circle.record}/stays", data={"act": "emergency"}).status_code == 200
    papers = Papers(circle.care, circle.marc_id)
    keep(papers, circle.gp, title="Bilan de novembre", kind=Kind.LABORATORY.value)
    carers = room(circle, circle.gp, "Soignants")
    shout(circle, circle.marc, carers, "Il s’étouffe", urgent="yes")
    shout(circle, circle.marc, carers, "Bonjour à tous")
    seen = told(circle, circle.gp)
    for part in (
        "Problème : Toilette – Porte close",
        "Passages faits : 1",
        "Confiée : Appeler le pharmacien",
        "Refusée : Appeler le pharmacien – Je suis en congé",
        "Passage aux urgences",
        "Résultats de biologie : Bilan de novembre",
        "Soignants : Il s’étouffe",
    ):
        assert part in seen, part
    assert "Bonjour à tous" not in seen, "only what is urgent, or was kept as a note"
    assert "<script>alert" not in circle.gp.get(f"{circle.record}/timeline").text
    assert "Passage fait : Pansement" in told(circle, circle.gp, f"?span={day_in_france()}")
    for page in ("?kind=visits", "/print?kind=visits", "/file?kind=visits"):
        only = told(circle, circle.gp, page)
        assert ("Toilette" in only, "pharmacien" in only) == (True, False), page
    for who in (circle.patient, circle.lea):
        assert "étouffe" not in told(circle, who), "the room of the professionals is not theirs"
    assert "Bilan de novembre" not in told(circle, circle.luc), "he reads no documents"
    stay = rows("select id from coordination.stay")[0][0]
    run("update coordination.stay set state = 'cancelled', asks_at = null where id = %s", stay)
    assert "Passage aux urgences" not in told(circle, circle.gp), "it never was"
    own = circle.patient.get("/p/timeline", follow_redirects=False)
    assert (own.status_code, own.headers["location"]) == (303, f"{circle.record}/timeline")


def test_what_is_hidden_or_withheld_is_told_to_nobody_who_may_not_know(circle: Circle) -> None:
    withheld = note(circle, withheld="yes", cause="abuse", reason="Voisine", review_on=LATER)
    pages = ("", "/print", "/file", f"?span={day_in_france().year}")
    before = [told(circle, circle.patient, page) for page in pages]
    homes = circle.words(circle.lea, "/"), circle.words(circle.luc, "/")
    gp = f"party:{circle.care.gp.person}"
    give(circle, circle.marc, "Parler au fils", gp, note=str(withheld))
    assert [told(circle, circle.patient, page) for page in pages] == before
    assert (circle.words(circle.lea, "/"), circle.words(circle.luc, "/")) == homes
    assert "Parler au fils" in told(circle, circle.gp)
    assert "Action – Parler au fils" in circle.words(circle.gp, "/")
    for page in ("/print", "/file"):
        assert "Parler au fils" not in told(circle, circle.gp, page), "on no paper, in no file"
    shown, papers = note(circle), Papers(circle.care, circle.marc_id)
    give(circle, circle.marc, "Revoir la plaie", gp, note=str(shown))
    document = keep(papers, circle.marc, title="Compte rendu intime", kind=Kind.VISIT.value)
    assert "Revoir la plaie" in told(circle, circle.gp)
    assert "Compte rendu intime" in told(circle, circle.gp)
    hide = {"audience": gp, "reason": ""}
    for kind, item in (("note", shown), ("document", document)):
        assert circle.patient.post(f"/p/items/{kind}/{item}/hide", data=hide).status_code == 200
    for page in pages:
        seen = told(circle, circle.gp, page)
        assert "Revoir la plaie" not in seen
        assert "Compte rendu intime" not in seen
    assert "Revoir la plaie" not in circle.words(circle.gp, "/")


def test_a_first_page_tells_what_waits_and_the_visits_of_today(
    circle: Circle, new_client: NewClient
) -> None:
    house = identity.register_organisation("Aide du Rhône")
    identity.give_post(circle.lea_id, house, "home_help")
    lea = sign_in(new_client(), "lea")
    line = plan(circle, circle.lea_id, "Repas de midi")
    item = give(circle, circle.gp, "Acheter du pain", f"party:{circle.lea_id}")
    home = circle.words(lea, "/")
    for part in ("09:00", "Repas de midi", "Action – Acheter du pain", "À accepter"):
        assert part in home, part
    assert say(circle, lea, item, "accept") == 200
    assert say(circle, lea, item, "done") == 200
    assert say_visit(circle, lea, line, "done") == 200
    home = circle.words(lea, "/")
    assert ("Acheter du pain" in home, "Passage fait" in home) == (False, True)
    # Urgent for whoever reads the room; for his attention alone where he is named; until read.
    carers = room(circle, circle.gp, "Soignants")
    shout(circle, circle.marc, carers, "Il s’étouffe", urgent="yes")
    assert "Message urgent, non lu" in circle.words(circle.gp, "/")
    for who in (lea, circle.marc, circle.patient):
        assert "Message urgent, non lu" not in circle.words(who, "/")
    gone = "update access.membership set ends_at = now() where party = %s"
    assert circle.gp.get(carers).status_code == 200
    assert "Message urgent" not in circle.words(circle.gp, "/")
    shout(circle, circle.gp, carers, "À voir", mention=str(circle.marc_id))
    assert "Message à votre attention, non lu" in circle.words(circle.marc, "/")
    run(gone, circle.marc_id)
    assert "Message à votre" not in circle.words(circle.marc, "/"), "he has left the circle"
    anne = identity.register_person("Anne Cousine")
    open_account(anne, "anne")
    assert "Vous êtes invité" not in circle.words(sign_in(new_client(), "anne"), "/")
    invite(circle, anne)
    assert "Vous êtes invité" in circle.words(sign_in(new_client(), "anne"), "/")


def invite(circle: Circle, person: UUID) -> None:
    """Somebody close who has an account is invited to the circle."""
    run(
        "insert into coordination.invitation (id, patient_id, invited_by, name, address, role,"
        " basis, person, token_hash, invited_at, expires_at) values (%s, %s, %s, 'Anne',"
        " 'anne@example.org', 'carer', 'care_team', %s, '', now(), now() + interval '7 days')",
        uuid4(), circle.care.patient, circle.care.gp.person, person,
    )  # fmt: skip
