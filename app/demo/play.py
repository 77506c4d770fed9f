"""Plays the demonstration: a patient at home gets worse, the nurse and then the GP are called."""

import signal
from time import sleep
from types import FrameType

from app.demo.stage import Stage, set_stage
from app.demo.story import Story
from app.demo.territory import PATIENTS
from core import clock
from core.doors import Actor
from identity.origin import Origin
from identity.session_service import open_with_two_factors, who_is

JEANNE = 0
CALM_SECONDS = 12
WORSE_OVER_SECONDS = 25


def play() -> int:
    """Run until Ctrl-C, telling what happens as it happens; return the exit status."""
    signal.signal(signal.SIGTERM, _interrupt)
    started = clock.monotonic()
    try:
        with set_stage(say) as stage:
            say("ready", f"after {clock.monotonic() - started:.0f} s; Ctrl-C ends everything")
            _print_addresses(stage)
            _tell(stage)
    except KeyboardInterrupt:
        say("end", "everything is being taken down")
    return 0


def say(what: str, words: str) -> None:
    """Print one line with the time of day (UTC)."""
    print(f"{clock.now():%H:%M:%S}  {what:<18} {words}", flush=True)


def nurse_of(stage: Stage) -> Actor:
    """Return the nurse as the doors know her, through a session of her own.

    Her password and the code of the moment stay unused: each code serves once, and whoever plays
    the demonstration is about to type one.
    """
    token = open_with_two_factors(stage.territory.nurse, is_patient=False, origin=Origin())
    signed_in = who_is(token)
    if signed_in is None:
        raise SystemExit("the nurse's session did not last")
    return signed_in.actor


def make_worse(stage: Stage) -> None:
    """Let Mme Martin's saturation fall to 88 % in half a minute."""
    stage.deteriorate(JEANNE, spo2=88, pulse=118, over_seconds=WORSE_OVER_SECONDS)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _print_addresses(stage: Stage) -> None:
    print(f"\n  Nurse's console   {stage.console_url}/console/")
    print(f"  Patient's phone   {stage.web_url}/p")
    print(f"  GP and others     {stage.web_url}/\n")
    for login in stage.territory.logins:
        print(f"  {login.who:<40} {login.login:<32} {login.password}  {login.secret}")
    print("\n  Last column, the second factor: `.venv/bin/chevet code SECRET` tells its code,")
    print("  or add it by hand to a code application. A code serves once, for some 30 s.\n")


def _tell(stage: Stage) -> None:
    story = Story(nurse_of(stage), stage.mailbox)
    begin = clock.monotonic()
    worse = False
    while True:
        if not worse and clock.monotonic() - begin > CALM_SECONDS:
            worse = True
            name = f"{PATIENTS[JEANNE].first_name} {PATIENTS[JEANNE].used_name}"
            say("oximeter", f"{name}'s saturation begins to fall; watch the console")
            make_worse(stage)
        for moment in story.look(clock.now()):
            say(moment.kind, moment.words)
        for name in set(stage.children.dead()) - {"history"}:
            say("BROKEN", f"{name} ended by itself: {stage.children.log_tail(name)}")
            raise SystemExit(1)
        sleep(0.5)
