"""The demonstration without a terminal: each step asserted through the interfaces people use.

MQTT is listened to, pages are opened in a browser, mails arrive over SMTP. Prints a line a step,
then the delays; the exit status is 1 on any miss.
"""

import re
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from time import sleep

from paho.mqtt.client import Client, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from app.demo.browsers import Browsers, open_browsers
from app.demo.play import JEANNE, make_worse, nurse_of, say
from app.demo.stage import Stage, set_stage
from app.demo.story import Moment, Story
from app.demo.territory import LIVE_GATEWAY, PATIENTS, oximeter_address
from core import clock
from core.settings import settings

NAME = "MARTIN Jeanne"
FIRST_SEND_SECONDS = 5.0
TO_GP_SECONDS = 20.0
TO_GP_TOLERANCE_SECONDS = 30.0
ON_SCREEN_SECONDS = 5.0


@dataclass(slots=True)
class Checks:
    """What was asserted so far."""

    missed: int = 0
    met: int = 0
    delays: list[str] = field(default_factory=list)

    def that(self, what: str, holds: bool, found: str = "") -> None:
        """Note and print one assertion."""
        self.met += holds
        self.missed += not holds
        say("met" if holds else "MISSED", f"{what}{f': {found}' if found else ''}")

    def delay(self, what: str, seconds: float, bound: float) -> None:
        """Note a delay and assert its bound."""
        self.delays.append(f"{what:<52} {seconds:6.2f} s  (bound {bound:g} s)")
        self.that(what, seconds <= bound, f"{seconds:.2f} s")

    def eventually(self, what: str, condition: Callable[[], bool], patience: float) -> bool:
        """Wait for a condition; note whether it came."""
        deadline = clock.monotonic() + patience
        while not (held := condition()) and clock.monotonic() < deadline:
            sleep(0.2)
        self.that(what, held)
        return held


def check() -> int:
    """Play everything once; return 0 when every step was met."""
    started = clock.monotonic()
    checks = Checks()
    with set_stage(say) as stage, open_browsers(stage) as browsers:
        _check_pages(stage, checks)
        _check_air(checks)
        story = Story(nurse_of(stage), stage.mailbox)
        browsers.nurse_signs_in()
        _check_deterioration(stage, story, browsers, checks)
        _check_mail(story, stage, checks)
        _check_answer(stage, story, browsers, checks)
    print()
    for line in checks.delays:
        print(f"  {line}")
    print(f"\n{checks.met} passed, {checks.missed} failed")
    say("end", f"{clock.monotonic() - started:.0f} s")
    return 1 if checks.missed else 0


def _check_pages(stage: Stage, checks: Checks) -> None:
    for path, wanted in (("/healthz", 200), ("/readyz", 200), ("/", 200), ("/nothing", 404)):
        status = _status(stage.web_url + path)
        checks.that(f"GET {path} answers {wanted}", status == wanted, str(status))
    status = _status(f"{stage.console_url}/console/_dash-layout")
    checks.that("the console's data are closed before sign-in", status == 401, str(status))


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def _check_air(checks: Checks) -> None:
    """Hear the patient's oximeter on the broker, as published by the gateway."""
    heard = threading.Event()
    wanted = oximeter_address(JEANNE).encode()
    listener = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv311)
    listener.username_pw_set("ingest", settings().mqtt_ingest_password)
    listener.tls_set_context(ssl.create_default_context(cafile=str(settings().mqtt_ca)))
    listener.on_connect = lambda client, *_: client.subscribe(f"chevet/v1/gw/{LIVE_GATEWAY}/up", 0)
    listener.on_message = lambda _client, _data, message: (
        heard.set() if wanted in message.payload and b'"spo2"' in message.payload else None
    )
    listener.connect(settings().mqtt_host, settings().mqtt_port)
    listener.loop_start()
    checks.eventually("the oximeter's SpO2 is on the broker", heard.is_set, 40)
    listener.disconnect()
    listener.loop_stop()


def _check_deterioration(stage: Stage, story: Story, browsers: Browsers, checks: Checks) -> None:
    def told(kind: str, words: str = "") -> Callable[[], bool]:
        return lambda: _look(story) and story.first(kind, words) is not None

    checks.eventually("the patient is green before", told("state green", NAME), 30)
    checks.eventually("the console shows her", lambda: browsers.console_shows("Vert"), 20)
    make_worse(stage)
    checks.eventually("her state turns orange", told("state orange", NAME), 60)
    checks.eventually("an orange alert is raised", told("alert orange raised", "spo2"), 10)
    checks.eventually("her state turns red", told("state red", NAME), 60)
    checks.eventually("the alert worsens to red", told("alert red raised", "spo2"), 10)
    red = clock.monotonic()
    checks.eventually(
        "the console shows red by itself", lambda: browsers.console_shows("Rouge"), 20
    )
    checks.delay(
        "red judged to red on the nurse's screen", clock.monotonic() - red, ON_SCREEN_SECONDS
    )


def _look(story: Story) -> bool:
    for moment in story.look(clock.now()):
        say(moment.kind, moment.words)
    return True


def _check_mail(story: Story, stage: Stage, checks: Checks) -> None:
    nurse, gp = stage.territory.logins[0].login, stage.territory.logins[1].login

    raised = story.first("alert orange raised", "spo2")
    since = raised.at if raised else None

    def mail_to(address: str) -> Moment | None:
        _look(story)
        return story.first("mail", address, since)

    checks.eventually("a mail reaches the nurse", lambda: mail_to(nurse) is not None, 15)
    checks.eventually("unanswered, a mail reaches the GP", lambda: mail_to(gp) is not None, 60)
    red = story.first("alert red raised", "spo2")
    first, second = mail_to(nurse), mail_to(gp)
    if raised and first and red and second:
        checks.delay(
            "alert raised to first mail", (first.at - raised.at).total_seconds(), FIRST_SEND_SECONDS
        )
        checks.delay(
            "red and unanswered to the GP's mail",
            (second.at - red.at).total_seconds(),
            TO_GP_SECONDS + TO_GP_TOLERANCE_SECONDS,
        )
    leaked = _leaks(stage)
    checks.that("no mail names a patient or holds a value", not leaked, ", ".join(leaked))


def _leaks(stage: Stage) -> list[str]:
    names = [p.used_name or p.birth_name for p in PATIENTS] + [p.first_name for p in PATIENTS]
    found = []
    for mail in stage.mailbox.received():
        whole = mail.message.as_string() + mail.text
        found += [name for name in names if re.search(rf"\b{name}\b", whole, re.IGNORECASE)]
        found += re.findall(r"SpO|\d+\s?%", mail.text)
    return found


def _check_answer(stage: Stage, story: Story, browsers: Browsers, checks: Checks) -> None:
    """The GP opens the link of the mail on a phone and answers; the nurse sees who."""
    gp = stage.territory.logins[1]
    mail = next(m for m in reversed(stage.mailbox.received()) if m.recipient == gp.login)
    link = re.search(r"http://\S+", mail.text)
    checks.that("the mail holds a link", link is not None)
    if link is None:
        return
    page = browsers.gp_follows(link.group(), gp)
    checks.that("the page says who and why", NAME in page and "SpO" in page)
    answered = clock.monotonic()
    page = browsers.gp_answers("Je rappelle le patient")
    checks.that("the page confirms the answer", "Noté à" in page)
    checks.eventually(
        "the nurse sees that the GP is calling",
        lambda: _look(story) and browsers.console_shows("Fontaine"),
        20,
    )
    checks.delay(
        "GP's answer to the nurse's screen", clock.monotonic() - answered, ON_SCREEN_SECONDS
    )
