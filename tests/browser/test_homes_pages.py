"""The first page of each profession, and the timeline behind it, as people see and use them."""

from uuid import UUID, uuid4

import pytest
from playwright.sync_api import expect

from core.i18n import zone
from tests.as_owner import rows, run
from tests.browser.conftest import NewVisitor, Visitor
from tests.integration.web.scene import Scene
from tests.integration.web.test_homes import somebody

STORIES = {
    "gp": ("desk", "Alertes en attente de réponse", True),
    "home_nurse": ("phone", "Visites du jour", True),
    "home_help": ("phone", "Visites du jour", False),
    "social_worker": ("desk", "Ce qui m’attend", False),
    "dac_coordinator": ("desk", "Ce qui m’attend", True),
    "hospital_doctor": ("desk", "Ce qui m’attend", True),
}
"""Each at the screen it is used on: what stands first, and whether it tells of alerts."""


def note_of(scene: Scene, person: UUID, text: str, to: UUID) -> None:
    """A note somebody signed a minute ago, for the attention of somebody."""
    item, patient = uuid4(), scene.home.care.patient
    run(
        "insert into access.item (item_id, patient_id, kind, author, author_name, author_role,"
        " patient_name, signed_at) values (%s, %s, 'note', %s, 'Dr Paul Lefèvre', 'gp',"
        " 'Jeanne Martin', now() - interval '1 minute')",
        item, patient, person,
    )  # fmt: skip
    run(
        "insert into coordination.note (item_id, patient_id, author, category, sent, text)"
        " values (%s, %s, %s, 'visit', now() - interval '1 minute', %s)",
        item, patient, person, text,
    )  # fmt: skip
    run("insert into coordination.note_mention values (%s, %s, %s)", item, patient, to)


def visit_of(scene: Scene, person: UUID) -> None:
    """Somebody comes every day at nine."""
    run(
        "insert into coordination.visit_line (id, patient_id, party, what, weekdays, at_time,"
        " starts_on, made_by, made_at) values (%s, %s, %s, 'Aide au lever', '{1,2,3,4,5,6,7}',"
        " '09:00', current_date - 3, %s, now())",
        uuid4(), scene.home.care.patient, person, scene.home.care.gp.person,
    )  # fmt: skip


def unfold(mine: Visitor, role: str) -> None:
    """What one opens daily is within reach of a thumb, the rest behind « Plus » by the keyboard."""
    line = mine.page.locator(".patient-line").first
    wide = mine.page.viewport_size
    assert wide is not None
    shown = line.get_by_role("link").all()
    assert 2 <= len(shown) <= 6, "the name and five at most"
    for link in shown:
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["x"] + box["width"] <= wide["width"]
    expect(line.get_by_role("link", name="Dossier")).to_be_hidden()
    line.locator("summary").press("Enter")
    expect(line.get_by_role("link", name="Dossier")).to_be_visible()
    mine.shot(f"home-{role}-more")


@pytest.mark.parametrize("role", STORIES)
def test_a_profession_finds_what_waits_and_what_changed(
    scene: Scene, visitor: NewVisitor, role: str
) -> None:
    size, first, alerts = STORIES[role]
    me = somebody(scene, role, "camille")
    run("update access.membership set agreed = '{notes:read}' where party = %s", me)
    note_of(scene, scene.home.care.gp.person, "Pansement à revoir demain", me)
    visit_of(scene, me)
    mine = visitor(size)
    if size == "phone":
        mine.page.set_viewport_size({"width": 360, "height": 800})
    mine.enter("camille")
    mine.page.goto(mine.url + "/")
    expect(mine.page.get_by_role("heading", level=2).first).to_contain_text(first)
    reads = role != "social_worker"
    waits = mine.page.get_by_role("link", name="Jeanne Martin – Visite")
    expect(waits).to_have_count(1 if reads else 0)
    visits = mine.page.get_by_role("link", name="09:00 Jeanne Martin – Aide au lever")
    expect(visits).to_have_count(1 if size == "phone" else 0)
    mine.shot(f"home-{role}")
    unfold(mine, role)
    changed = mine.page.get_by_role("region", name="Ce qui a changé")
    expect(changed.get_by_text("Alertes (1)")).to_have_count(1 if alerts else 0)
    changed.get_by_role("link", name="Jeanne Martin").press("Enter")
    expect(mine.page.get_by_role("heading", level=1)).to_contain_text("Synthèse temporelle")
    expect(mine.page.get_by_text("Pansement à revoir demain")).to_have_count(1 if reads else 0)
    expect(mine.page.get_by_text("L’alerte s’est déclenchée")).to_have_count(1 if alerts else 0)
    mine.shot(f"timeline-{role}")


def test_the_timeline_is_zoomed_filtered_and_printed_without_scripts(
    scene: Scene, visitor: NewVisitor
) -> None:
    """With a keyboard alone, from all years to the reading that rang."""
    gp = visitor("desk")
    gp.enter("gp")
    ((at,),) = rows("select max(measured_at) from vitals.reading where value = 90")
    local = at.astimezone(zone("Europe/Paris"))
    gp.page.goto(f"{gp.url}/patients/{scene.home.care.patient}/timeline")
    gp.shot("timeline")
    press(gp, "Toutes les années")
    gp.shot("timeline-years")
    press(gp, f"{local.year}")
    gp.page.locator("a.link-card").first.press("Enter")
    gp.page.locator("h3 a").first.press("Enter")
    gp.page.locator("h3 a").first.press("Enter")
    expect(gp.page.get_by_text(f"{local.hour} h {local.minute:02d}").first).to_be_visible()
    gp.shot("timeline-hour")
    gp.page.get_by_text("Filtres", exact=True).press("Enter")
    press(gp, "Mesures")
    expect(gp.page.get_by_text("90 %").first).to_be_visible()
    expect(gp.page.get_by_text("L’alerte s’est déclenchée")).to_have_count(0)
    gp.page.goto(f"{gp.url}/patients/{scene.home.care.patient}/timeline/print")
    gp.page.emulate_media(media="print")
    gp.shot("timeline-print")
    expect(gp.page.get_by_text("Imprimez cette page")).to_be_hidden()


def press(visitor: Visitor, name: str) -> None:
    """Follow a link by the keyboard."""
    visitor.page.get_by_role("link", name=name).first.press("Enter")
