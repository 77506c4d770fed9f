"""A nurse asks about an alert, the GP replies: on top of his page, in the record, live."""

import psycopg
import pytest

from alerts import service as alerts
from alerts.talking import Kind
from alerts.views import AlertPage
from core.access import Permission
from core.doors import Actor, listening
from core.settings import settings
from tests.conftest import Database
from tests.integration.alerts.home import opened, rows
from tests.integration.web.scene import NewClient, Scene, sign_in

QUESTION = "Faut-il monter l’oxygène à 2 L/min ?"
REPLY = "Oui, 2 L/min.\nJe la vois à 18 h."


def say(scene: Scene, who: Actor, kind: Kind, words: str, key: str = "k1") -> AlertPage:
    ctx = opened(who, scene.home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    page = alerts.say(ctx, scene.alert, kind, words, key=key)
    assert isinstance(page, AlertPage), page
    return page


def talk() -> list[tuple[object, ...]]:
    return rows_as_owner("select kind, words, by_person from alerts.said order by at, id")


def rows_as_owner(query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(settings().owner_dsn) as owner:
        return owner.execute(query.encode()).fetchall()


def test_the_question_stands_on_top_and_goes_once_it_is_replied_to(
    scene: Scene, new_client: NewClient
) -> None:
    care, client = scene.home.care, sign_in(new_client(), "gp")
    before = rows("select state, next_step_at from alerts.alert")
    say(scene, care.nurse, Kind.QUESTION, QUESTION)
    text = client.get(scene.page).text
    assert text.index("Inès Moreau vous demande") < text.index('id="answer"')
    assert text.count(QUESTION) == 2
    key = text.partition('name="key" value="')[2].partition('"')[0]
    for _ in range(2):
        sent = client.post(f"{scene.page}/reply", data={"words": REPLY, "key": key})
        assert sent.status_code == 200
    assert "votre réponse figure au dossier" in sent.text
    assert "vous demande" not in sent.text
    assert sent.text.count(QUESTION) == 1
    assert talk() == [
        ("question", QUESTION, care.nurse.person),
        ("reply", REPLY, care.gp.person),
    ]
    assert "Répond par écrit" in sent.text
    assert rows("select what, by_person from alerts.alert_event order by id desc limit 2") == [
        ("replied", care.gp.person),
        ("asked", care.nurse.person),
    ]
    assert rows("select state, next_step_at from alerts.alert") == before


def test_each_is_in_the_journal_and_wakes_the_consoles(scene: Scene, database: Database) -> None:
    with listening("chevet_queue") as heard:
        say(scene, scene.home.care.nurse, Kind.QUESTION, QUESTION)
        say(scene, scene.home.care.gp, Kind.REPLY, REPLY)
        hints = [note.payload for note in heard.notifies(timeout=5, stop_after=2)]
    assert hints == [str(scene.home.care.centre)] * 2
    with psycopg.connect(database.dsn("OWNER")) as owner:
        traced = owner.execute(
            "select detail->>'act', detail::text from audit.event"
            " where action = 'C' and detail ? 'act' order by id"
        ).fetchall()
    assert [act for act, _ in traced] == ["asked", "replied"]
    assert not any(QUESTION in text or "18 h" in text for _, text in traced)


def test_a_question_is_open_until_somebody_else_replies(scene: Scene) -> None:
    care = scene.home.care
    say(scene, care.nurse, Kind.QUESTION, QUESTION)
    page = say(scene, care.nurse, Kind.REPLY, "Toujours pas de réponse.", "k2")
    assert [said.words for said in page.questions] == [QUESTION]
    page = say(scene, care.gp, Kind.REPLY, REPLY, "k1")
    assert page.questions == ()


@pytest.mark.parametrize(
    ("words", "said"),
    [("", "Rien n’est encore écrit"), ("  \n", "Rien n’est encore"), ("é" * 1001, "1 000")],
)
def test_words_that_are_not_taken_are_named_and_not_lost(
    scene: Scene, new_client: NewClient, words: str, said: str
) -> None:
    client = sign_in(new_client(), "gp")
    sent = client.post(f"{scene.page}/reply", data={"words": words, "key": "k"})
    assert sent.status_code == 422
    assert said in sent.text.replace("\xa0", " ").replace("\u202f", " ")
    assert words.strip() in sent.text
    assert talk() == []


def test_nobody_outside_the_circle_says_or_reads_anything(
    scene: Scene, new_client: NewClient
) -> None:
    say(scene, scene.home.care.nurse, Kind.QUESTION, QUESTION)
    form = {"words": REPLY, "key": "k"}
    for login in ("stranger", "patient"):
        client = sign_in(new_client(), login)
        assert client.post(f"{scene.page}/reply", data=form).status_code in (403, 404)
        assert QUESTION not in client.get(scene.page).text
    assert len(talk()) == 1


def test_markup_in_words_is_shown_as_it_was_written(scene: Scene, new_client: NewClient) -> None:
    say(scene, scene.home.care.nurse, Kind.QUESTION, "<b>SpO₂</b> & pouls\x00 ?")
    text = sign_in(new_client(), "gp").get(scene.page).text
    assert "&lt;b&gt;SpO₂&lt;/b&gt; &amp; pouls ?" in text
