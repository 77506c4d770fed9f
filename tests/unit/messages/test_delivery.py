"""What becomes of a message: every answer of a relay, and none that loses a message by mistake."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import i18n
from core.sealing import seal_text
from core.settings import Settings, settings
from messages.delivery import (
    BACKOFF,
    GIVE_UP_AFTER,
    LEASE,
    TIME_FOR_ONE,
    Accepted,
    Dead,
    PermanentFailure,
    Retry,
    Sent,
    TransientFailure,
    decide_fate,
    read_reply,
)
from messages.edge.letter import SUBJECTS, write_mail
from messages.message import SEALED_PARAM, Claimed, Template, message_id

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("code", [250, 251])
def test_a_relay_that_takes_it_over_has_it(code: int) -> None:
    assert read_reply(code, to_recipient=True) == Accepted()


@pytest.mark.parametrize("code", [421, 450, 451, 452])
def test_a_busy_relay_is_asked_again(code: int) -> None:
    assert isinstance(read_reply(code, to_recipient=True), TransientFailure)


@pytest.mark.parametrize("code", [550, 551, 553, 554])
def test_only_a_refusal_of_the_recipient_is_for_good(code: int) -> None:
    assert isinstance(read_reply(code, to_recipient=True), PermanentFailure)
    assert isinstance(read_reply(code, to_recipient=False), TransientFailure)


@given(code=st.integers(100, 599), to_recipient=st.booleans())
def test_no_reply_outside_2xx_counts_as_sent(code: int, to_recipient: bool) -> None:
    accepted = read_reply(code, to_recipient=to_recipient) == Accepted()
    assert accepted == (200 <= code < 300)


@given(attempts=st.integers(1, 10_000))
def test_a_passing_trouble_never_ends_a_young_message(attempts: int) -> None:
    fate = decide_fate(TransientFailure("SMTP 451"), attempts, NOW, NOW + timedelta(minutes=5))
    assert isinstance(fate, Retry)
    assert timedelta(0) < fate.at - (NOW + timedelta(minutes=5)) <= BACKOFF[-1]


def test_a_message_ends_sent_dead_or_after_a_day() -> None:
    assert decide_fate(Accepted(), 1, NOW, NOW + 2 * GIVE_UP_AFTER) == Sent()
    assert decide_fate(PermanentFailure("SMTP 550"), 1, NOW, NOW) == Dead("SMTP 550")
    late = decide_fate(TransientFailure("SMTP 451"), 90, NOW, NOW + GIVE_UP_AFTER)
    assert late == Dead("SMTP 451")


def test_a_sender_never_begins_a_mail_that_outlives_its_lease() -> None:
    assert Settings().smtp_timeout_seconds <= TIME_FOR_ONE.total_seconds() < LEASE.total_seconds()


def test_the_same_key_gives_the_same_message_id_and_another_key_another() -> None:
    first, second = message_id("a:1:1:p:email", "c@x.fr"), message_id("a:1:2:p:email", "c@x.fr")
    assert first == message_id("a:1:1:p:email", "c@x.fr") == "<a.1.1.p.email@x.fr>"
    assert first != second


def claimed(template: Template, params: dict[str, str], *, training: bool = False) -> Claimed:
    return Claimed(
        id=uuid4(),
        key=f"{uuid4()}:1:1:p:email",
        channel="email",
        recipient=uuid4(),
        address="gp@example.org",
        template=template,
        params=params,
        locale="fr",
        created_at=NOW,
        attempts=1,
        training=training,
    )


KEYS = [urlsafe_b64encode(bytes([n]) * 32).decode() for n in (1, 2)]


@pytest.fixture(autouse=True)
def sealing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A sealing key, and none of it left afterwards."""
    monkeypatch.setenv("CHEVET_SEALING_KEY", KEYS[0])
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_the_mail_says_that_a_message_waits_and_nothing_of_the_patient() -> None:
    waiting = claimed(Template.MESSAGE_WAITING, {"link": seal_text("x-Y_z", SEALED_PARAM)})
    mail = write_mail(waiting, Settings(base_url="https://chevet.example"))
    assert mail["Subject"] == "Un message vous attend dans Chevet"
    plain, html = (part.get_content() for part in mail.iter_parts())
    for body in (plain, html):
        assert "https://chevet.example/l/x-Y_z" in body
        assert "&#" not in plain
    assert "Ce service n'est pas un service d'urgence" in plain
    assert not any(line.startswith("{") for line in plain.splitlines())


@pytest.mark.parametrize("key", ["none was written", "another one sealed it"])
def test_a_call_without_a_readable_link_leads_to_the_sign_in(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was queued before there were links, or before the site's key was changed, goes out."""
    alert = uuid4()
    params = {"alert_id": str(alert)}
    if key == "another one sealed it":
        params["link"] = seal_text("x-Y_z", SEALED_PARAM)
        monkeypatch.setenv("CHEVET_SEALING_KEY", KEYS[1])
        settings.cache_clear()
    waiting = claimed(Template.MESSAGE_WAITING, params)
    mail = write_mail(waiting, Settings(base_url="https://chevet.example"))
    for part in mail.iter_parts():
        assert f"https://chevet.example/a/{alert}" in part.get_content()


@pytest.mark.parametrize("template", SUBJECTS)
def test_every_mail_of_a_training_says_so_in_both_its_parts(template: Template) -> None:
    params = {"alert_id": "1", "path": "/", "token": "t", "what": "dead_address"}
    params |= {"reference": "r", "code": "123456", "count": "3", "occasion": "red", "by": "b"}
    subject = i18n.translator("fr")(SUBJECTS[template])
    for training in (True, False):
        mail = write_mail(claimed(template, params, training=training), Settings())
        plain, html = (part.get_content() for part in mail.iter_parts())
        assert html.startswith("<!doctype html>")
        assert f"<title>{subject}</title>" in html
        for body in (mail["Subject"], plain.lower(), html):
            assert ("formation – données fictives" in body.lower()) is training


def test_every_sentence_of_the_mails_is_in_the_french_catalogue() -> None:
    tr = i18n.translator("fr")
    for sentence in ("Hello,", "Open the message", "Chevet needs its operator", "Reference:"):
        assert tr(sentence) != sentence
